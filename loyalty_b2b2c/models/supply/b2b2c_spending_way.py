from odoo import api, models


class B2b2cSpendingWay(models.Model):
    """Goods of a distributor are a way of spending points."""

    _inherit = "b2b2c.spending.way"

    @api.model
    def _get_ways(self):
        ways = super()._get_ways()
        return {**ways, "supply": self.env._("Goods ordered from the distributor")}
