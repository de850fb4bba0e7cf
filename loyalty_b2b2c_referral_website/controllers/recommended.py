from odoo.http import request

from odoo.addons.loyalty_b2b2c_portal.controllers.recommended import (
    LoyaltyRecommended,
)


class LoyaltyRecommendedShop(LoyaltyRecommended):
    """Who has a cart already gets the discount there."""

    def _keep(self, link):
        result = super()._keep(link)
        if request.cart:
            request.cart._b2b2c_take_visit(link)
        return result
