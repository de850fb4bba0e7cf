from odoo import api, models


class B2b2cSource(models.AbstractModel):
    """Orders, and what is invoiced or delivered without one, can earn."""

    _inherit = "b2b2c.source"

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "sale.order": "b2b2c.source.sale.order",
            "account.move": "b2b2c.source.invoice",
            "stock.picking": "b2b2c.source.delivery",
        }
