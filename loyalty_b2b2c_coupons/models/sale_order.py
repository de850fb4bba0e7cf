from odoo import models


class SaleOrder(models.Model):
    """A coupon that is only for one person cannot be typed by another customer."""

    _inherit = "sale.order"

    def _try_apply_code(self, code):
        cards = self.env["loyalty.card"].sudo().search([("code", "=", code)])
        if cards and not all(card._is_for_customer(self.partner_id) for card in cards):
            # the same words as for a code that does not exist
            error = self.env._("This code is invalid (%s).", code)
            return {"error": error, "not_found": True}
        return super()._try_apply_code(code)
