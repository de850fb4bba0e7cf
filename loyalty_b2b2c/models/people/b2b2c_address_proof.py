from odoo import api, fields, models
from odoo.tools import SQL

from ..base.days import word_day


class B2b2cAddressProof(models.Model):
    """An address that somebody proved to have: a phone number or an e-mail address.

    Points go to people who are named by an address, so writing it somewhere is not
    enough: a code was sent there and typed in, or somebody of the office saw that it
    is right, and stands here with name and day.  A proof is of one address: another
    one, written by whomever, has none until it is proved as well.
    """

    _name = "b2b2c.address.proof"
    _description = "Proved Address"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "address"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    address = fields.Char(
        required=True, readonly=True, help="A phone number or an e-mail address."
    )
    way = fields.Selection(
        [
            ("code", "A code was sent there"),
            ("office", "Somebody of the office saw it"),
            ("before", "Known before proofs were kept"),
        ],
        string="How",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Seen By", readonly=True, ondelete="set null"
    )
    proved_at = fields.Datetime(string="Proved", required=True, readonly=True)

    _once = models.UniqueIndex("(partner_id, address)")
    _by_address = models.Index("(address)")

    @api.model
    def _keep(self, partner, addresses, way, user=None):
        """Remember that a contact proved addresses; the last proof of each stays.

        :param partner: ``res.partner``
        :param addresses: in normal form, see ``res.partner._get_loyalty_reach``
        :param str way: key of :attr:`way`
        :param user: ``res.users`` who saw it
        """
        for address in filter(None, addresses):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO b2b2c_address_proof
                           (partner_id, address, way, user_id, proved_at)
                    VALUES (%(partner)s, %(address)s, %(way)s, %(user)s, %(now)s)
                    ON CONFLICT (partner_id, address) DO UPDATE
                       SET way = EXCLUDED.way, user_id = EXCLUDED.user_id,
                           proved_at = EXCLUDED.proved_at
                    """,
                    partner=partner.id,
                    address=address,
                    way=way,
                    user=user.id if user else None,
                    now=fields.Datetime.now(),
                )
            )
        self.invalidate_model()

    def _word(self):
        """Return what was proved, how, when and who saw it, as a line."""
        ways = dict(self._fields["way"]._description_selection(self.env))
        seen_by = self.user_id.name or ""
        day = word_day(self.env, self.proved_at)
        return " · ".join(filter(None, (self.address, ways[self.way], seen_by, day)))

    @api.model
    def _get_holders(self, address):
        """Return the ids of the contacts that proved an address, now theirs or not."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM b2b2c_address_proof WHERE address = %s", address
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _get_proved(self, partners):
        """Return the pairs (id of a contact, address) of what contacts proved."""
        return set(
            self.env.execute_query(
                SQL(
                    """SELECT partner_id, address FROM b2b2c_address_proof
                        WHERE partner_id = ANY(%s)""",
                    partners.ids,
                )
            )
        )

    @api.model
    def _get_address(self, person, *, phone_first):
        """Return an address that a person has and proved to have, empty without one.

        :param person: ``res.partner`` record
        :param bool phone_first: which of two is taken
        """
        reach, proved = person._get_loyalty_reach(), self._get_proved(person)
        addresses = [reach.email, reach.phone]
        for address in reversed(addresses) if phone_first else addresses:
            if (person.id, address) in proved:
                return address
        return ""
