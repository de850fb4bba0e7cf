from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...values import shown


class B2b2cEntryReverse(models.TransientModel):
    """Reverse an entry by hand, in full or in part, with a reason (managers)."""

    _name = "b2b2c.entry.reverse"
    _description = "Reverse a Ledger Entry"
    _inherit = "b2b2c.dialog"

    entry_id = fields.Many2one(
        "b2b2c.ledger.entry",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    points = fields.Float(**POINTS, required=True)
    symbol = fields.Char(related="entry_id.symbol")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        entry = self.env["b2b2c.ledger.entry"].browse(values.get("entry_id"))
        if entry:
            points, _number = entry._get_reversible(None)
            values["points"] = shown(points)
        return values

    def action_reverse(self):
        """Book the reversal."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may reverse entries."))
        entry = self.entry_id
        entry.check_access("read")
        entry.account_id.member_id._check_reason(self.reason)
        entry.account_id.sudo()._reverse(
            entry.sudo(),
            self.points,
            reason=self.reason,
            is_manual=True,
            user_id=self.env.user.id,
        )
        return {"type": "ir.actions.act_window_close"}
