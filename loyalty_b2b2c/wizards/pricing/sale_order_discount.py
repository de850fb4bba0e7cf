from odoo import models
from odoo.exceptions import UserError

from ...models.pricing.price_guard import plain


class SaleOrderDiscount(models.TransientModel):
    """Price guard: the discount wizard is not for dealers."""

    _inherit = "sale.order.discount"

    def action_apply_discount(self):
        order = self.sale_order_id
        if plain(order)._b2b2c_dealers() or order.sudo().b2b2c_standing_id:
            raise UserError(
                self.env._(
                    "The discount of %s follows from its tier. Ask for a price "
                    "exception instead.",
                    order.partner_id.commercial_partner_id.name,
                )
            )
        return super().action_apply_discount()
