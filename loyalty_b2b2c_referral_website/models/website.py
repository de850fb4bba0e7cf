from odoo import models
from odoo.http import request

from odoo.addons.loyalty_b2b2c.models.sharing import referral_visit


class Website(models.Model):
    """A new cart knows the recommendation that was opened on this phone."""

    _inherit = "website"

    def _create_cart(self):
        cart = super()._create_cart()
        text = request.cookies.get(referral_visit.COOKIE)
        if text:
            found = referral_visit.read_visit(self.env, text, cart.company_id)
            if found.link:
                cart._b2b2c_take_visit(found.link)
            elif found.problem == "ended":
                cart._b2b2c_say(found.message)
        return cart
