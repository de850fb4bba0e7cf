import uuid

from odoo import fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...models.people.authority import decides


class B2b2cAccountTransfer(models.TransientModel):
    """Move points to another participant (managers), above the limit with a second
    person."""

    _name = "b2b2c.account.transfer"
    _description = "Transfer Points"

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

    @decides("account_id.member_id", "target_member_id")
    def action_transfer(self):
        """Book the transfer, or ask a second person for it."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may transfer points."))
        self.account_id.check_access("read")
        self.target_member_id.check_access("read")
        self.account_id._check_points(self.points)
        return self.env["b2b2c.adjustment"]._ask(
            f"transfer/{self.idempotency_key}",
            kind="transfer",
            account_id=self.account_id.id,
            target_member_id=self.target_member_id.id,
            points=self.points,
            reason=self.reason,
        )
