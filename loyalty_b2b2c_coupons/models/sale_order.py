from odoo import models


class SaleOrder(models.Model):
    """A coupon that is only for one person cannot be used by another customer.

    Neither typed, nor put on the order in another way, nor left there when the order
    becomes somebody else's.
    """

    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"partner_id", "applied_coupon_ids"}:
            self._b2b2c_drop_foreign_cards()
        return result

    def action_confirm(self):
        self._b2b2c_drop_foreign_cards()
        return super().action_confirm()

    def _try_apply_code(self, code):
        cards = self.env["loyalty.card"].sudo().search([("code", "=", code)])
        if cards and not all(card._is_for_customer(self.partner_id) for card in cards):
            # the same words as for a code that does not exist
            error = self.env._("This code is invalid (%s).", code)
            return {"error": error, "not_found": True}
        return super()._try_apply_code(code)

    def _b2b2c_drop_foreign_cards(self):
        """Take personal coupons of others off quotations."""
        for order in self.sudo():
            if order.state not in ("draft", "sent"):
                continue
            cards = order.applied_coupon_ids | order.order_line.coupon_id
            foreign = cards.filtered(
                lambda card, order=order: not card._is_for_customer(order.partner_id)
            )
            if foreign:
                lines = order.order_line.filtered(
                    lambda line, foreign=foreign: line.coupon_id in foreign
                )
                lines.unlink()
                order.applied_coupon_ids -= foreign
