from odoo import models
from odoo.exceptions import UserError

from ...models.pricing.order_guard import OrderGuard


class SaleOrderDiscount(models.TransientModel):
    """Price guard: the discount wizard is not for dealers."""

    _inherit = "sale.order.discount"

    def action_apply_discount(self):
        order = self.sale_order_id
        if OrderGuard(order).is_managed():
            raise UserError(
                self.env._(
                    "The discount of %s follows from its tier. Ask for a price "
                    "exception instead.",
                    order.partner_id.commercial_partner_id.name,
                )
            )
        return super().action_apply_discount()
