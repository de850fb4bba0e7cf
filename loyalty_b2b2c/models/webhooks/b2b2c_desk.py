from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="webhooks",
                section="failed",
                label=self.env._("Webhooks that were stopped"),
                model="b2b2c.webhook",
                domain=(("state", "=", "paused"),),
                action="loyalty_b2b2c.b2b2c_webhook_action",
                filter="paused",
                since="write_date",
                icon="fa-plug",
                group="loyalty_b2b2c.group_manager",
            ),
        ]
