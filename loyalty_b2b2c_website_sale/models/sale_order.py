from odoo import models


class SaleOrder(models.Model):
    """Carts follow the tier."""

    _inherit = "sale.order"

    def _b2b2c_is_flagged_only(self, standing):
        """Price carts anew in any case: no salesperson is there to do it."""
        is_cart = self.website_id and self.state == "draft"
        return not is_cart and super()._b2b2c_is_flagged_only(standing)
