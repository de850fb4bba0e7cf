from odoo import fields, models
from odoo.exceptions import AccessError

from ...models.people.authority import decides


class B2b2cTerminalCancel(models.TransientModel):
    """Cancel an operation of the terminal with a reason (officers, any time)."""

    _name = "b2b2c.terminal.cancel"
    _description = "Cancel a Terminal Operation"

    operation_id = fields.Many2one(
        "b2b2c.terminal.operation", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    @decides("operation_id.member_id")
    def action_cancel(self):
        """Cancel; what it earned is taken back."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise AccessError(
                self.env._("Only a loyalty officer may cancel operations of others.")
            )
        self.operation_id.check_access("read")
        self.operation_id.sudo()._cancel(self.env.user, self.reason)
        return {"type": "ir.actions.act_window_close"}
