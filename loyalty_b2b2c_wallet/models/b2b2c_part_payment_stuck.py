from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

#: A payment that is still on its way after so long is one to look at.
_HOURS = 24


class B2b2cPartPayment(models.Model):
    """Points stay reserved as long as money may still come: somebody has to say that
    it came, or that it never will."""

    _inherit = "b2b2c.part.payment"

    is_stuck = fields.Boolean(
        "Payment Does Not Come In",
        compute="_compute_is_stuck",
        search="_search_is_stuck",
        help="Points are reserved for a payment that has been on its way for over a "
        "day.",
    )

    def _compute_is_stuck(self):
        stuck = set(self._find_stuck())
        for part in self:
            part.is_stuck = part.id in stuck

    def _search_is_stuck(self, operator, value):
        if operator != "in":
            return NotImplemented
        stuck = [("id", "in", self._find_stuck())]
        return stuck if True in value else ["!", *stuck]

    def _find_stuck(self):
        """Return the ids of the part payments whose points wait for too long."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id FROM b2b2c_part_payment p
                  JOIN sale_order o ON o.id = p.order_id
                 WHERE o.state IN ('draft', 'sent')
                   AND EXISTS (SELECT FROM sale_order_transaction_rel r
                                 JOIN payment_transaction t
                                   ON t.id = r.transaction_id
                                WHERE r.sale_order_id = o.id
                                  AND t.state IN ('pending', 'authorized')
                                  AND t.last_state_change < %(since)s)
                   AND (SELECT sum(e.points_held) FROM b2b2c_ledger_entry e
                         WHERE e.document_model = %(model)s
                           AND e.document_id = p.id) > 0
                """,
                since=fields.Datetime.now() - timedelta(hours=_HOURS),
                model=self._name,
            )
        )
        return [row[0] for row in rows]
