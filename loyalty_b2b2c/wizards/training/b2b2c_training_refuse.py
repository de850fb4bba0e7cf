from odoo import fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cTrainingRefuse(models.TransientModel):
    """Asks why trainings do not count: the participants read it."""

    _name = "b2b2c.training.refuse"
    _description = "Refuse a Training"
    _inherit = "b2b2c.dialog"

    proof_ids = fields.Many2many("b2b2c.training.proof", required=True)
    reason = fields.Char(required=True, help="The participant reads it.")

    @decides("proof_ids.member_id")
    def action_refuse(self):
        """Refuse what waits, and withdraw what was passed while prizes come back.

        :raise UserError: it is too late, or decided already
        """
        self.ensure_one()
        self.proof_ids._check_officer()
        for proof in self.proof_ids.sudo():
            late = proof.state == "passed" and not proof._can_come_back()
            if late or proof.state not in ("held", "passed"):
                raise UserError(
                    self.env._(
                        "“%s” stays as it is: it was decided, and its prize does not "
                        "come back any more.",
                        proof.display_name,
                    )
                )
        self.proof_ids.sudo()._refuse(self.reason, self.env.user)
        return {"type": "ir.actions.act_window_close"}
