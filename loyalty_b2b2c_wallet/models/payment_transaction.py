from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.loyalty_b2b2c.exceptions import InsufficientPoints


class PaymentTransaction(models.Model):
    """Points are reserved before any money moves, and never refused after it did."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        """Reserve the points of orders that somebody begins to pay.

        :raise ValidationError: they were spent meanwhile; shown on the payment page
        """
        payments = super().create(vals_list)
        try:
            payments._b2b2c_get_part_payments()._settle(is_paid=False)
        except InsufficientPoints as error:
            raise ValidationError(
                self.env._(
                    "The points for this order changed meanwhile. Open the order "
                    "again: it shows how many can be used now. (%s)",
                    error,
                )
            ) from error
        return payments

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._b2b2c_get_part_payments().filtered(
                lambda part: part.order_id.state in ("draft", "sent")
            )._settle(is_paid=True)
        return result

    def _b2b2c_get_part_payments(self):
        """Return the part payments of the orders these payments are for (sudo)."""
        payments = self.sudo().filtered(
            lambda payment: payment.operation not in ("validation", "refund")
        )
        return payments.sale_order_ids.b2b2c_part_payment_ids
