from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="trainings",
                section="proofs",
                label=self.env._("Trainings passed, to look at"),
                model="b2b2c.training.proof",
                domain=(("state", "=", "held"),),
                action="loyalty_b2b2c.b2b2c_training_proof_action",
                filter="held",
                since="passed_at",
                icon="fa-graduation-cap",
            ),
        ]
