from odoo import models
from odoo.fields import Domain


class B2b2cSourceDelivery(models.AbstractModel):
    """What was delivered to a dealer without an order."""

    _inherit = "b2b2c.source.delivery"

    def _get_dealer_domain(self, companies, partners):
        domain = super()._get_dealer_domain(companies, partners)
        return domain & Domain("move_ids.sale_line_id", "=", False)
