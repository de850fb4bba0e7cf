from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="erasure",
                section="people",
                label=self.env._("People who ask to be forgotten"),
                model="b2b2c.member",
                domain=(("erasure_asked_at", "!=", False),),
                action="loyalty_b2b2c.b2b2c_member_action",
                filter="erasure_asked",
                since="erasure_asked_at",
                icon="fa-eraser",
                group="loyalty_b2b2c.group_manager",
            ),
        ]
