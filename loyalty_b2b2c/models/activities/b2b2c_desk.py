from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="submissions",
                section="proofs",
                label=self.env._("Task submissions to look at"),
                model="b2b2c.activity.submission",
                domain=(("state", "=", "handed_in"),),
                action="loyalty_b2b2c.b2b2c_activity_submission_action",
                filter="waiting",
                since="handed_in_at",
                icon="fa-picture-o",
            ),
        ]
