from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LoyaltyCard(models.Model):
    """Taking a coupon or a gift card back."""

    _inherit = "loyalty.card"

    def _withdraw(self):
        """Make these cards worth nothing: they come back unused.

        The UPDATE is the guard: a card that an order or a till used meanwhile is not
        found any more.

        :raise UserError: one of them was used, or somebody changed its balance
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE loyalty_card SET points = 0, active = FALSE
                 WHERE id = ANY(%s) AND active AND abs(points - b2b2c_points) < 0.005
             RETURNING id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["points", "active"])
        if len(rows) < len(self):
            raise UserError(self.env._("It was used already."))
        for card in self:
            card._write_history(self.env._("Taken back"), used=card.b2b2c_points)
