from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="contracts",
                section="sales",
                label=self.env._("Dealers' contracts to approve"),
                model="b2b2c.ladder.contract",
                domain=(("state", "=", "requested"),),
                action="loyalty_b2b2c.b2b2c_ladder_contract_action",
                filter="waiting",
                icon="fa-handshake-o",
            ),
        ]
