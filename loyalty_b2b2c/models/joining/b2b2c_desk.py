from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="joins",
                section="people",
                label=self.env._("People to approve"),
                model="b2b2c.join",
                domain=(("state", "=", "waiting"),),
                action="loyalty_b2b2c.b2b2c_join_action",
                filter="waiting",
                icon="fa-user-plus",
            ),
        ]
