from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="requests",
                section="rewards",
                label=self.env._("Reward requests"),
                model="b2b2c.redemption",
                domain=(("state", "=", "requested"),),
                action="loyalty_b2b2c.b2b2c_redemption_action",
                filter="requested",
                since="requested_at",
                icon="fa-gift",
            ),
        ]
