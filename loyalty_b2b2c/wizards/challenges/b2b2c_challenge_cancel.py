from odoo import fields, models


class B2b2cChallengeCancel(models.TransientModel):
    """Asks why a challenge is cancelled: participants read it."""

    _name = "b2b2c.challenge.cancel"
    _description = "Cancel a Challenge"
    _inherit = "b2b2c.dialog"

    challenge_id = fields.Many2one("b2b2c.challenge", required=True, readonly=True)
    reason = fields.Char(required=True, help="Participants read it.")

    def action_cancel(self):
        """Cancel it: the rounds that are not final have no result."""
        self.ensure_one()
        self.challenge_id.check_access("write")
        self.challenge_id._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
