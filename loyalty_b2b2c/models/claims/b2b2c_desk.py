from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        kinds = tuple(self.env["b2b2c.claim"]._get_desk_kinds())
        elsewhere = (("kind", "not in", kinds),) if kinds else ()
        return [
            *super()._get_waiting(),
            Waiting(
                key="claims",
                section="proofs",
                label=self.env._("Codes and other proofs to look at"),
                model="b2b2c.claim",
                domain=(*elsewhere, ("state", "=", "review")),
                action="loyalty_b2b2c.b2b2c_claim_action",
                filter="review",
                icon="fa-qrcode",
            ),
        ]
