from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

_KEPT_DAYS = 400


class B2b2cFormerAddress(models.Model):
    """An address somebody had, or a company somebody belonged to: who edits the own
    phone, or leaves a shop, stays who he is.

    A digest tells that two addresses are one, and not which.  It is forgotten after
    some time, as numbers go to other people.
    """

    _name = "b2b2c.former.address"
    _description = "Former Address"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "digest"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    digest = fields.Char(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(partner_id, digest)")

    @api.model
    def _digest(self, address):
        """Return what stands for an address in normal form."""
        local, at, host = address.partition("@")
        if at:  # what follows a plus is the same mailbox
            address = f"{local.partition('+')[0]}@{host}"
        return hmac(self.env(su=True), "b2b2c_former_address", address)[:32]

    @api.model
    def _name_company(self, company):
        """Return what stands for a company among addresses: no address has a slash."""
        return f"company/{company.id}"

    @api.model
    def _has_left(self, people_ids, companies, since):
        """Tell whether contacts belonged to one of some companies until lately.

        :param people_ids: ids of ``res.partner``
        :param companies: ``res.partner``
        :param datetime since: who left before does not belong to it any more
        """
        digests = [self._digest(self._name_company(one)) for one in companies]
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM b2b2c_former_address
                        WHERE partner_id = ANY(%s) AND digest = ANY(%s) AND until > %s
                        LIMIT 1""",
                    list(people_ids),
                    digests,
                    since,
                )
            )
        )

    @api.model
    def _get_digests(self, people):
        """Return the digests of what contacts had before."""
        rows = self.env.execute_query(
            SQL(
                "SELECT digest FROM b2b2c_former_address WHERE partner_id = ANY(%s)",
                people.ids,
            )
        )
        return {digest for (digest,) in rows}

    @api.model
    def _keep(self, partner, addresses):
        """Keep addresses in normal form that a contact has until now."""
        for address in addresses:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO b2b2c_former_address (partner_id, digest, until)
                    VALUES (%(partner)s, %(digest)s, %(now)s)
                    ON CONFLICT (partner_id, digest) DO UPDATE SET until = %(now)s
                    """,
                    partner=partner.id,
                    digest=self._digest(address),
                    now=fields.Datetime.now(),
                )
            )

    @api.autovacuum
    def _gc(self):
        """Forget what is long ago."""
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_former_address WHERE until < %s RETURNING id",
                fields.Datetime.now() - timedelta(days=_KEPT_DAYS),
            )
        )
