from odoo import api, models

#: Paying at a counter: a till, a terminal, the system of a partner.
COUNTER = "counter"


class B2b2cSpendingWay(models.Model):
    """Paying at a counter is a way of spending points."""

    _inherit = "b2b2c.spending.way"

    @api.model
    def _get_ways(self):
        return {**super()._get_ways(), COUNTER: self.env._("Paying at a counter")}
