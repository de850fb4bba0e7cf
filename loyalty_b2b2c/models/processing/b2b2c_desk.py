from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="events",
                section="failed",
                label=self.env._("Documents that could not be counted"),
                model="b2b2c.event",
                domain=(("state", "=", "failed"),),
                action="loyalty_b2b2c.b2b2c_event_action",
                filter="failed",
                icon="fa-exclamation-triangle",
            ),
        ]
