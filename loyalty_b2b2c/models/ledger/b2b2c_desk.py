from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="adjustments",
                section="rewards",
                label=self.env._("Corrections to approve"),
                model="b2b2c.adjustment",
                domain=(("state", "=", "submitted"),),
                action="loyalty_b2b2c.b2b2c_adjustment_action",
                filter="waiting",
                icon="fa-balance-scale",
            ),
        ]
