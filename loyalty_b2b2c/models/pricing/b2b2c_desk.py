from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="exceptions",
                section="sales",
                label=self.env._("Price exceptions to approve"),
                model="b2b2c.price.exception",
                domain=(("state", "=", "requested"),),
                action="loyalty_b2b2c.b2b2c_price_exception_action",
                filter="waiting",
                icon="fa-tags",
            ),
            Waiting(
                key="deviations",
                section="sales",
                label=self.env._("Prices below a tier"),
                model="b2b2c.price.deviation",
                domain=(("state", "=", "review"),),
                action="loyalty_b2b2c.b2b2c_price_deviation_action",
                filter="review",
                since="recorded_at",
                icon="fa-level-down",
            ),
        ]
