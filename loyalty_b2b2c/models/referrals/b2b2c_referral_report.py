from odoo import fields, models
from odoo.tools import SQL

from ...const import POINTS
from .b2b2c_referral_touch import CHANNELS, WAYS


class B2b2cReferralReport(models.Model):
    """The way of recommendations: opened, named with an order, sold, earned from.

    By day, code and channel.  Points are those of recommenders of every level, on the
    day of the purchase they are for.
    """

    _name = "b2b2c.referral.report"
    _description = "Recommendation Figures"
    _auto = False
    _order = "day desc, link_id"
    _rec_name = "link_id"

    company_id = fields.Many2one("res.company", readonly=True)
    campaign_id = fields.Many2one("b2b2c.referral.campaign", readonly=True)
    link_id = fields.Many2one("b2b2c.referral.link", string="Code", readonly=True)
    member_id = fields.Many2one("b2b2c.member", string="Recommender", readonly=True)
    day = fields.Date(readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    way = fields.Selection(WAYS, string="Shared By", readonly=True)
    opened = fields.Integer(readonly=True, help="People who opened the link, by day.")
    named = fields.Integer(
        string="Codes Used", readonly=True, help="Orders and sales with the code."
    )
    sold = fields.Integer(string="Purchases", readonly=True)
    brought = fields.Integer(string="New Customers", readonly=True)
    refused = fields.Integer(readonly=True)
    points = fields.Float(**POINTS, string="Points to Use", readonly=True)
    points_pending = fields.Float(**POINTS, string="Points on the Way", readonly=True)

    @property
    def _table_query(self):
        """The SQL behind the figures: what was opened, purchases, and customers."""
        return SQL(
            """
            SELECT row_number() OVER () AS id, l.company_id, l.campaign_id,
                   l.id AS link_id, l.member_id, f.*
              FROM (%(touches)s UNION ALL %(uses)s UNION ALL %(referrals)s
                    UNION ALL %(points)s)
                AS f (of_link, day, channel, way, opened, named, sold, brought, refused,
                      points, points_pending)
              JOIN b2b2c_referral_link l ON l.id = f.of_link
            """,
            touches=self._select_touches(),
            uses=self._select_uses(),
            referrals=self._select_referrals(),
            points=self._select_points(),
        )

    def _select_touches(self):
        return SQL(
            "SELECT link_id, touched_on, channel, way, 1, 0, 0, 0, 0, 0::numeric,"
            " 0::numeric FROM b2b2c_referral_touch"
        )

    def _select_uses(self):
        return SQL(
            """SELECT u.link_id, u.named_at::date, u.channel, NULL, 0,
                      (u.how = 'code')::int, (r.state IN ('held', 'active'))::int,
                      0, 0, 0, 0
                 FROM b2b2c_referral_use u
            LEFT JOIN b2b2c_referral r ON r.id = u.referral_id"""
        )

    def _select_referrals(self):
        return SQL(
            """SELECT link_id, bound_at::date, channel, NULL, 0, 0, 0,
                      (state IN ('held', 'active') AND is_single IS NOT TRUE)::int,
                      (state = 'refused')::int, 0, 0
                 FROM b2b2c_referral"""
        )

    def _select_points(self):
        """Select what recommenders got for purchases: by rules for who brought them."""
        return SQL(
            """SELECT u.link_id, u.named_at::date, u.channel, NULL, 0, 0, 0, 0, 0,
                      e.points, e.points_pending
                 FROM b2b2c_referral_use u
                 JOIN b2b2c_ledger_entry e
                   ON e.document_model = u.document_model
                  AND e.document_id = u.document_id
                 JOIN b2b2c_earning_rule r ON r.id = e.rule_id
                WHERE u.referral_id IS NOT NULL AND e.award_key IS NOT NULL
                  AND (r.pick = 'referrer' OR EXISTS (
                       SELECT FROM b2b2c_earning_rule_share s
                        WHERE s.rule_id = r.id AND s.pick = 'referrer'))"""
        )
