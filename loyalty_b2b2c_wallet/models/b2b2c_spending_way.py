from odoo import api, models

#: Stored value, for ever.
PART_PAYMENT = "part_payment"


class B2b2cSpendingWay(models.Model):
    """Points may pay a part of an order's price."""

    _inherit = "b2b2c.spending.way"

    @api.model
    def _get_ways(self):
        part = self.env._("A part of an order's price")
        return {**super()._get_ways(), PART_PAYMENT: part}
