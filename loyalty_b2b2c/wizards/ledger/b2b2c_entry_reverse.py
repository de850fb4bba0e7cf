import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...models.people.authority import decides
from ...values import shown


class B2b2cEntryReverse(models.TransientModel):
    """Reverse an entry by hand, in full or in part, with a reason (managers), above the
    limit with a second person."""

    _name = "b2b2c.entry.reverse"
    _description = "Reverse a Ledger Entry"

    entry_id = fields.Many2one(
        "b2b2c.ledger.entry",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    points = fields.Float(**POINTS, required=True)
    symbol = fields.Char(related="entry_id.symbol")
    reason = fields.Char(required=True)
    # One key per opened window: a double click reverses once.
    idempotency_key = fields.Char(default=lambda self: str(uuid.uuid4()))

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        entry = self.env["b2b2c.ledger.entry"].browse(values.get("entry_id"))
        if entry:
            entry._check_by_hand()
            points, _number = entry._get_reversible(None)
            values["points"] = shown(points)
        return values

    @decides("entry_id.account_id.member_id")
    def action_reverse(self):
        """Book the reversal, or ask a second person for it."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may reverse entries."))
        entry = self.entry_id
        entry.check_access("read")
        entry._check_by_hand()
        points, _number = entry._get_reversible(self.points)
        return self.env["b2b2c.adjustment"]._ask(
            f"reverse/{self.idempotency_key}",
            kind="reverse",
            account_id=entry.account_id.id,
            reversed_id=entry.id,
            points=shown(points),
            reason=self.reason,
        )
