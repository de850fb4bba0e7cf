from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="messages",
                section="failed",
                label=self.env._("Messages that did not arrive"),
                model="b2b2c.notification",
                domain=(("state", "=", "failed"),),
                action="loyalty_b2b2c.b2b2c_notification_action",
                filter="failed",
                icon="fa-envelope-o",
            ),
        ]
