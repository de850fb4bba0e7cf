from odoo import api, fields, models
from odoo.tools import SQL

#: What a card shows: more than any order needs; nothing is ever taken from it.
_USES = 1_000_000


class LoyaltyCard(models.Model):
    """The code of a recommender as core's loyalty knows it."""

    _inherit = "loyalty.card"

    b2b2c_referral_link_id = fields.Many2one(
        "b2b2c.referral.link",
        string="Recommendation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="loyalty_b2b2c.group_user",
    )

    _b2b2c_link_once = models.UniqueIndex(
        "(b2b2c_referral_link_id) WHERE b2b2c_referral_link_id IS NOT NULL",
        "A recommendation has one code.",
    )

    def write(self, vals):
        """Take nothing from codes that many people use: no row is busy, none runs dry.

        Core takes a use when an order is confirmed, changed, cancelled or paid at a
        till; each is kept with the order, and in the history of the card.
        """
        ours = self._b2b2c_of_referrals() if "points" in vals else self.browse()
        if not ours:
            return super().write(vals)
        others = self - ours
        if others:
            super(LoyaltyCard, others).write(vals)
        rest = {name: value for name, value in vals.items() if name != "points"}
        return super(LoyaltyCard, ours).write(rest) if rest else True

    @api.model
    def _b2b2c_give(self, links):
        """Give links their cards where their campaign has a program: in one statement,
        and nothing where they have one.

        :param links: ``b2b2c.referral.link``
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO loyalty_card (program_id, company_id, code, points, active,
                            b2b2c_referral_link_id, create_uid, write_uid, create_date,
                            write_date)
                SELECT p.id, p.company_id, l.code, %(uses)s, TRUE, l.id, %(uid)s,
                       %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM b2b2c_referral_link l
                  JOIN loyalty_program p
                    ON p.b2b2c_referral_campaign_id = l.campaign_id
                 WHERE l.id = ANY(%(links)s)
                       ON CONFLICT DO NOTHING
             RETURNING id
                """,
                uses=_USES,
                uid=self.env.uid,
                links=links.ids,
            )
        )
        self.invalidate_model()

    @api.model
    def _b2b2c_is_code_of_core(self, code):
        """Tell whether a text is a code of core's loyalty that is none of ours."""
        is_code = [("code", "=", code)]
        cards = self.sudo().search([*is_code, ("b2b2c_referral_link_id", "=", False)])
        rules = self.env["loyalty.rule"].sudo()
        return bool(cards or rules.search_count(is_code, limit=1))

    @api.model
    def _b2b2c_find(self, link):
        """Return the card of a recommendation, empty when it gives no discount."""
        return self.sudo().search([("b2b2c_referral_link_id", "=", link.id)])

    def _b2b2c_of_referrals(self):
        """Return those of these cards that are recommendations (sudo)."""
        return self.sudo().filtered("b2b2c_referral_link_id")
