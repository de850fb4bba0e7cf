from odoo import fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cChallengeDisqualify(models.TransientModel):
    """Asks who is excluded from a round, and why: the person reads it."""

    _name = "b2b2c.challenge.disqualify"
    _description = "Exclude from a Challenge"
    _inherit = "b2b2c.dialog"

    round_id = fields.Many2one("b2b2c.challenge.round", required=True, readonly=True)
    company_id = fields.Many2one(related="round_id.company_id")
    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        string="Participant",
        domain="[('company_id', '=', company_id)]",
    )
    reason = fields.Char(required=True, help="The participant reads it.")

    @decides("member_id")
    def action_disqualify(self):
        """Exclude the person, and take back what was won."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may exclude somebody."))
        round_ = self.round_id
        round_.challenge_id._check_outsider()
        self.member_id._check_reason(self.reason)
        round_.sudo()._disqualify(self.member_id, self.reason, self.env.user)
        return {"type": "ir.actions.act_window_close"}
