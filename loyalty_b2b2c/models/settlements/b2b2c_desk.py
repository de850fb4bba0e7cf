from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="settlements",
                section="sales",
                label=self.env._("Settlements to send"),
                model="b2b2c.settlement",
                domain=(("state", "=", "draft"),),
                action="loyalty_b2b2c.b2b2c_settlement_action",
                filter="draft",
                icon="fa-calculator",
            ),
            Waiting(
                key="disputes",
                section="sales",
                label=self.env._("Disputed lines of settlements"),
                model="b2b2c.settlement.dispute",
                domain=(("state", "=", "open"),),
                action="loyalty_b2b2c.b2b2c_settlement_dispute_action",
                filter="open",
                icon="fa-comments-o",
            ),
        ]
