from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="incidents",
                section="failed",
                label=self.env._("Incidents at counters"),
                model="b2b2c.spend.incident",
                domain=(("state", "=", "open"),),
                action="loyalty_b2b2c.b2b2c_spend_incident_action",
                filter="open",
                icon="fa-bolt",
            ),
        ]
