from odoo import fields, models
from odoo.tools import SQL

from ...const import POINTS


class B2b2cReportPlace(models.Model):
    """Shops of partners: what people earned and spent there, and which are quiet."""

    _name = "b2b2c.report.place"
    _description = "Shops of Partners"
    _auto = False
    _order = "points_given desc, id"
    _rec_name = "shop_id"

    company_id = fields.Many2one("res.company", readonly=True)
    agreement_id = fields.Many2one("b2b2c.partner.agreement", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    shop_id = fields.Many2one("res.partner", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "In Force"),
            ("paused", "Paused"),
            ("ended", "Ended"),
        ],
        string="Agreement",
        readonly=True,
    )
    sales = fields.Integer(
        readonly=True, aggregator="sum", string="Sales That Gave Points"
    )
    points_given = fields.Float(**POINTS, readonly=True, aggregator="sum")
    payments = fields.Integer(readonly=True, aggregator="sum")
    points_spent = fields.Float(**POINTS, readonly=True, aggregator="sum")
    last_on = fields.Date(
        readonly=True, string="Last Seen", help="The last sale or payment with points."
    )
    quiet_days = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Days since the last sale or payment, or since the agreement began.",
    )

    @property
    def _table_query(self):
        """The SQL behind the figures."""
        return SQL(
            """
            WITH place AS (
                SELECT id AS agreement_id, partner_id AS shop_id
                  FROM b2b2c_partner_agreement a
                 WHERE NOT EXISTS (SELECT FROM b2b2c_partner_agreement_shop_rel r
                                    WHERE r.b2b2c_partner_agreement_id = a.id)
                 UNION
                SELECT b2b2c_partner_agreement_id, res_partner_id
                  FROM b2b2c_partner_agreement_shop_rel
                 UNION
                SELECT agreement_id, shop_id FROM b2b2c_partner_visit
                 UNION
                SELECT agreement_id, place_id FROM b2b2c_spend
                 WHERE agreement_id IS NOT NULL AND place_id IS NOT NULL
            ), given AS (
                SELECT v.agreement_id, v.shop_id, count(DISTINCT v.id) AS sales,
                       coalesce(sum(e.points - e.points_debt - e.points_lost), 0)
                           AS points, max(v.sold_on) AS last_on
                  FROM b2b2c_partner_visit v
             LEFT JOIN b2b2c_ledger_entry e
                    ON e.document_model = v.document_model
                   AND e.document_id = v.document_id AND e.company_id = v.company_id
                   AND e.entry_type IN ('earn', 'confirm', 'reverse')
              GROUP BY v.agreement_id, v.shop_id
            ), taken AS (
                SELECT agreement_id, place_id AS shop_id, count(*) AS payments,
                       sum(points - points_back) AS points,
                       max(settled_at)::date AS last_on
                  FROM b2b2c_spend WHERE state = 'spent' AND agreement_id IS NOT NULL
              GROUP BY agreement_id, place_id
            )
            SELECT row_number() OVER (ORDER BY p.agreement_id, p.shop_id) AS id,
                   a.company_id, a.id AS agreement_id, a.partner_id, p.shop_id, a.state,
                   coalesce(g.sales, 0) AS sales, coalesce(g.points, 0) AS points_given,
                   coalesce(t.payments, 0) AS payments,
                   coalesce(t.points, 0) AS points_spent,
                   greatest(g.last_on, t.last_on) AS last_on,
                   current_date - greatest(g.last_on, t.last_on, a.starts_on)
                       AS quiet_days
              FROM place p
              JOIN b2b2c_partner_agreement a ON a.id = p.agreement_id
         LEFT JOIN given g ON g.agreement_id = p.agreement_id AND g.shop_id = p.shop_id
         LEFT JOIN taken t ON t.agreement_id = p.agreement_id AND t.shop_id = p.shop_id
             WHERE a.state <> 'draft'
            """
        )
