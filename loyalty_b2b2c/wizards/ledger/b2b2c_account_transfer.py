import uuid

from odoo import fields, models
from odoo.exceptions import UserError

from ...const import POINTS


class B2b2cAccountTransfer(models.TransientModel):
    """Move points to another participant (managers)."""

    _name = "b2b2c.account.transfer"
    _description = "Transfer Points"
    _inherit = "b2b2c.dialog"

    account_id = fields.Many2one(
        "b2b2c.account",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    unit_id = fields.Many2one(related="account_id.unit_id")
    symbol = fields.Char(related="account_id.unit_id.symbol")
    company_id = fields.Many2one(related="account_id.company_id")
    available = fields.Float(related="account_id.balance_available")
    target_member_id = fields.Many2one(
        "b2b2c.member",
        string="To",
        required=True,
        domain="[('company_id', '=', company_id), ('state', '=', 'enrolled')]",
    )
    points = fields.Float(**POINTS, required=True)
    reason = fields.Char(required=True)
    # One key per opened window: a double click transfers once.
    idempotency_key = fields.Char(default=lambda self: str(uuid.uuid4()))

    def action_transfer(self):
        """Book the transfer."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may transfer points."))
        self.account_id.check_access("read")
        members = self.account_id.member_id | self.target_member_id
        members._check_reason(self.reason)
        account = self.account_id.sudo()
        account._transfer(
            self.target_member_id.sudo()._get_account(account.unit_id),
            self.points,
            source_key=f"transfer/{self.idempotency_key}",
            reason=self.reason,
            is_manual=True,
            user_id=self.env.user.id,
        )
        return {"type": "ir.actions.act_window_close"}
