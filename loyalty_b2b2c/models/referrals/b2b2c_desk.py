from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="referrals",
                section="people",
                label=self.env._("Recommendations to look at"),
                model="b2b2c.referral",
                domain=(("state", "=", "held"),),
                action="loyalty_b2b2c.b2b2c_referral_action",
                filter="held",
                since="bound_at",
                icon="fa-share-alt",
            ),
        ]
