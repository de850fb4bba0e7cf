from odoo import models


class B2b2cSourceSaleOrder(models.AbstractModel):
    """What a dealer ordered."""

    _inherit = "b2b2c.source.sale.order"

    def _get_dealer_domain(self, companies, partners):
        domain = super()._get_dealer_domain(companies, partners)
        return domain & self._get_happened_domain()
