from odoo import api, fields, models
from odoo.tools import SQL

from ..base.rows import insert_rows


class B2b2cReferralPerson(models.Model):
    """Who takes part in recommendations, in the order in which people appeared.

    Somebody recommends only who appeared later.  That is why nobody can be, over
    however many others, among those who brought him: the order has no cycles, and two
    people who bring each other at the same time need no lock.  The order is that of the
    ids; a row is inserted when somebody gets a link, or is brought, and stays.
    """

    _name = "b2b2c.referral.person"
    _description = "Person in Recommendations"
    _inherit = "b2b2c.closed"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    appeared_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(partner_id)")

    @api.model
    def _appear(self, partners):
        """Give people a place in the order, unless they have one.

        A place that another transaction gives meanwhile makes this one repeat: with
        REPEATABLE READ an insert that meets a row it does not see fails.

        :param partners: ``res.partner``
        """
        now = fields.Datetime.now()
        known = self._get_places(partners)
        rows = [
            {"partner_id": partner.id, "appeared_at": now}
            for partner in partners.sorted("id")
            if partner.id not in known
        ]
        if rows:
            insert_rows(self, rows)

    @api.model
    def _join(self, partners, target):
        """Give people that become one the earliest place of theirs.

        :param partners: ``res.partner`` that become one
        :param target: the one that stays
        """
        places = self._get_places(partners)
        if not places:
            return
        first = min(places.values())
        others = [place for place in places.values() if place != first]
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_referral_person WHERE id = ANY(%s) RETURNING id",
                others,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_referral_person SET partner_id = %s WHERE id = %s"
                " RETURNING id",
                target.id,
                first,
            )
        )
        self.invalidate_model()

    @api.model
    def _get_places(self, partners):
        """Return partner id -> place in the order, of those who have one."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT partner_id, id FROM b2b2c_referral_person
                        WHERE partner_id = ANY(%s)""",
                    partners.ids,
                )
            )
        )

    @api.model
    def _is_before(self, partner, other):
        """Tell whether a person appeared before another one.

        :param partner: ``res.partner`` who recommends, and so has a place
        :param other: ``res.partner``; without a place he appears now
        """
        places = self._get_places(partner | other)
        if partner.id not in places:
            return False  # a recommender always has one, unless he was erased
        return other.id not in places or places[partner.id] < places[other.id]
