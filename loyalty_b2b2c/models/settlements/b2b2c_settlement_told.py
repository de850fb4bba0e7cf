from odoo import models

from ...engine import to_decimal


class B2b2cSettlement(models.Model):
    """The partner's system hears of settlements, and what became of them."""

    _inherit = "b2b2c.settlement"

    def _move_to(self, state, left, **columns):
        result = super()._move_to(state, left, **columns)
        self.env["b2b2c.webhook.fact"]._publish(
            "settlements",
            self.company_id,
            self.partner_id,
            {
                "settlement": self.name,
                "state": state,
                "date_from": self.date_from.isoformat(),
                "date_to": self.date_to.isoformat(),
                "currency": self.currency_id.name,
                "earned_amount": to_decimal(self.earned_amount),
                "spent_amount": to_decimal(self.spent_amount),
                "shipped_amount": to_decimal(self.shipped_amount),
            },
        )
        return result
