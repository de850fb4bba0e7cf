from odoo import models
from odoo.http import request

from odoo.addons.loyalty_b2b2c.engine.typed_text import get_network


class SaleOrder(models.Model):
    """Recommendations in a cart."""

    _inherit = "sale.order"

    def _b2b2c_get_asker(self):
        """Count wrong codes of a visitor by the network they come from."""
        if not request or not self.website_id or self.env.user._is_internal():
            return super()._b2b2c_get_asker()
        return f"net:{get_network(request.httprequest.remote_addr)}"

    def _b2b2c_get_channel(self):
        return "shop" if self.website_id else super()._b2b2c_get_channel()

    def _b2b2c_take_visit(self, link):
        """Let a cart be the recommendation that was opened, unless it has one."""
        self.ensure_one()
        if not self.env["b2b2c.referral.use"]._find(self):
            self._b2b2c_say(self._b2b2c_recommend(link, "shop"))

    def _b2b2c_say(self, sentence):
        """Let the cart's page say a sentence, once."""
        if request and sentence:
            request.session["error_promo_code"] = sentence

    def _b2b2c_check_recommendation(self, use=None):
        """Say why a code was taken off, now that it is known who buys."""
        sentence = super()._b2b2c_check_recommendation(use)
        if self.website_id:
            self._b2b2c_say(sentence)
        return sentence

    def write(self, vals):
        """Remember who a visitor turned out to be."""
        result = super().write(vals)
        visitor = request.session.get("b2b2c_visitor") if request else ""
        if visitor and "partner_id" in vals:
            touches = self.env["b2b2c.referral.touch"].sudo()
            for order in self.filtered("website_id"):
                touches._know(visitor, order._b2b2c_get_buyer())
        return result

    def _cart_update_order_line(self, order_line, quantity, **kwargs):
        """Let who removes the discount be nobody's recommendation."""
        if quantity <= 0 and order_line.coupon_id._b2b2c_of_referrals():
            self._b2b2c_forget_recommendation()
            return self.env["sale.order.line"]
        return super()._cart_update_order_line(order_line, quantity, **kwargs)
