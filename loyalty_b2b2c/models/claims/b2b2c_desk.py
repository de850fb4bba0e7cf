from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="claims",
                section="proofs",
                label=self.env._("Codes and other proofs to look at"),
                model="b2b2c.claim",
                domain=(("has_own_desk", "=", False), ("state", "=", "review")),
                action="loyalty_b2b2c.b2b2c_claim_action",
                filter="review",
                icon="fa-qrcode",
            ),
        ]
