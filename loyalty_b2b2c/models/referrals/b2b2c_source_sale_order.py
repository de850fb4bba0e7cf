from odoo import models
from odoo.fields import Domain


class B2b2cSourceSaleOrder(models.AbstractModel):
    """An order that was cancelled is no purchase."""

    _inherit = "b2b2c.source.sale.order"

    def _get_purchases_domain(self, companies, partners):
        domain = super()._get_purchases_domain(companies, partners)
        return domain & Domain("state", "=", "sale")
