from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="payouts_approve",
                section="rewards",
                label=self.env._("Payouts to approve"),
                model="b2b2c.payout",
                domain=(("state", "=", "proved"),),
                action="loyalty_b2b2c.b2b2c_payout_action",
                filter="to_approve",
                since="requested_at",
                icon="fa-money",
            ),
            Waiting(
                key="payouts_pay",
                section="rewards",
                label=self.env._("Payouts to pay"),
                model="b2b2c.payout",
                domain=(("state", "=", "approved"),),
                action="loyalty_b2b2c.b2b2c_payout_action",
                filter="to_pay",
                since="approved_at",
                icon="fa-university",
                group="loyalty_b2b2c.group_manager",
            ),
        ]
