from odoo import fields, models
from odoo.tools import SQL

from ...const import POINTS
from ..figures.point_values import get_point_values

_MONEY = {"currency_field": "currency_id", "readonly": True}


class B2b2cLiabilityAge(models.Model):
    """What is owed now, by how old it is and when it lapses: told from the lots.

    Reserved points are in no lot while they wait; they count with the lots they were
    taken from.  So the points add up to what the figures call owed.
    """

    _name = "b2b2c.liability.age"
    _description = "What We Owe"
    _auto = False
    _order = "company_id, unit_id, program_id, earned_on desc, id"
    _rec_name = "earned_on"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    unit_id = fields.Many2one("b2b2c.unit", readonly=True)
    symbol = fields.Char(related="unit_id.symbol")
    program_id = fields.Many2one("b2b2c.program", readonly=True)
    earned_on = fields.Date(readonly=True, string="Month Earned")
    lapses_on = fields.Date(readonly=True, string="Month of Expiry")
    age = fields.Selection(
        [
            ("1", "Up to 3 months"),
            ("2", "3 to 6 months"),
            ("3", "6 to 12 months"),
            ("4", "1 to 2 years"),
            ("5", "Over 2 years"),
        ],
        readonly=True,
    )
    available = fields.Float(**POINTS, readonly=True)
    reserved = fields.Float(**POINTS, readonly=True)
    points = fields.Float(**POINTS, readonly=True, string="Points Owed")
    gross = fields.Monetary(**_MONEY, string="Worth")
    lapsing = fields.Monetary(
        **_MONEY, string="Expected to Lapse", help="By the estimate of the program."
    )
    target = fields.Monetary(
        **_MONEY, string="Owed", help="Worth, less what is expected to lapse."
    )

    @property
    def _table_query(self):
        """The SQL behind the report: open lots, and what is reserved of any."""
        return SQL(
            """
            WITH value AS MATERIALIZED (%s), hold AS (
                SELECT coalesce(related_id, id) AS id,
                       coalesce(-sum(points_held) FILTER (WHERE entry_type = 'redeem'),
                                0) AS captured
                  FROM b2b2c_ledger_entry WHERE points_held <> 0
              GROUP BY 1 HAVING sum(points_held) <> 0
            ), taken AS (
                SELECT a.lot_id, a.points, h.captured,
                       sum(a.points) OVER (PARTITION BY h.id ORDER BY a.id) AS upto
                  FROM hold h
                  JOIN b2b2c_ledger_allocation a ON a.entry_id = h.id AND a.points > 0
            ), part AS (
                SELECT id AS lot_id, remaining AS available, 0 AS reserved
                  FROM b2b2c_ledger_lot WHERE remaining > 0
                 UNION ALL
                -- a capture spends what was taken first
                SELECT lot_id, 0,
                       points - greatest(least(upto, captured) - (upto - points), 0)
                  FROM taken
                 UNION ALL
                -- a release brings back what was taken last
                SELECT a.lot_id, 0, a.points
                  FROM hold h
                  JOIN b2b2c_ledger_allocation a ON a.origin_id = h.id
                  JOIN b2b2c_ledger_entry e ON e.id = a.entry_id
                 WHERE e.entry_type = 'release'
            ), sums AS (
                SELECT min(p.lot_id) AS id, o.company_id, o.unit_id, o.program_id,
                       date_trunc('month', o.effective_at)::date AS earned_on,
                       date_trunc('month', l.expires_at)::date AS lapses_on,
                       CASE WHEN o.effective_at > now() - interval '3 months' THEN '1'
                            WHEN o.effective_at > now() - interval '6 months' THEN '2'
                            WHEN o.effective_at > now() - interval '1 year' THEN '3'
                            WHEN o.effective_at > now() - interval '2 years' THEN '4'
                            ELSE '5' END AS age,
                       sum(p.available) AS available, sum(p.reserved) AS reserved
                  FROM part p
                  JOIN b2b2c_ledger_lot l ON l.id = p.lot_id
                  JOIN b2b2c_ledger_entry o ON o.id = l.entry_id
              GROUP BY 2, 3, 4, 5, 6, 7
            )
            SELECT s.*, v.unit_currency_id AS currency_id,
                   s.available + s.reserved AS points,
                   (s.available + s.reserved) * v.value AS gross,
                   (s.available + s.reserved) * v.value
                       * coalesce(p.expected_expiry, 0) / 100 AS lapsing,
                   (s.available + s.reserved) * v.value
                       * (1 - coalesce(p.expected_expiry, 0) / 100) AS target
              FROM sums s
              JOIN value v USING (company_id, unit_id)
         LEFT JOIN b2b2c_program p ON p.id = s.program_id
             WHERE s.available + s.reserved <> 0
            """,
            get_point_values(),
        )
