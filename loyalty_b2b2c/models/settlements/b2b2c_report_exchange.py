from odoo import fields, models
from odoo.tools import SQL

from ...const import POINTS


class B2b2cReportExchange(models.Model):
    """Who brings buyers to whom: points that were given at one partner and spent at
    another.

    Exact, by the lots that each payment took its points from; points that nobody of the
    network gave are those of the company itself.
    """

    _name = "b2b2c.report.exchange"
    _description = "Who Brings Buyers to Whom"
    _auto = False
    _order = "month desc, earned_at_id, spent_at_id"
    _rec_name = "spent_at_id"

    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date(readonly=True)
    earned_at_id = fields.Many2one(
        "res.partner", readonly=True, help="Where points were given. Empty: by us."
    )
    spent_at_id = fields.Many2one("res.partner", readonly=True)
    unit_id = fields.Many2one("b2b2c.unit", readonly=True)
    points = fields.Float(**POINTS, readonly=True, aggregator="sum")
    buyers = fields.Integer(
        readonly=True, aggregator="sum", help="People who did, in each month."
    )

    @property
    def _table_query(self):
        """The SQL behind the figures: allocations of payments, by where lots came
        from."""
        return SQL(
            """
            SELECT min(l.id) AS id, s.company_id, e.unit_id,
                   date_trunc('month', e.effective_at AT TIME ZONE 'UTC' AT TIME ZONE
                              coalesce(c.b2b2c_timezone, 'UTC'))::date AS month,
                   ea.partner_id AS earned_at_id, sa.partner_id AS spent_at_id,
                   sum(l.points) AS points, count(DISTINCT e.account_id) AS buyers
              FROM b2b2c_spend s
              JOIN res_company c ON c.id = s.company_id
              JOIN b2b2c_partner_agreement sa ON sa.id = s.agreement_id
              JOIN b2b2c_ledger_entry e
                ON e.document_model = 'b2b2c.spend' AND e.document_id = s.id
              JOIN b2b2c_ledger_allocation l ON l.origin_id = e.id
              JOIN b2b2c_ledger_lot t ON t.id = l.lot_id
              JOIN b2b2c_ledger_entry o ON o.id = t.entry_id
         LEFT JOIN b2b2c_partner_visit v
                ON v.document_model = o.document_model
               AND v.document_id = o.document_id AND v.company_id = s.company_id
         LEFT JOIN b2b2c_partner_agreement ea ON ea.id = v.agreement_id
             WHERE s.state = 'spent'
          GROUP BY s.company_id, e.unit_id, 4, ea.partner_id, sa.partner_id
            HAVING sum(l.points) <> 0
            """
        )
