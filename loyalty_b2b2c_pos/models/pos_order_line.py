from odoo import fields, models

from . import line_kinds


class PosOrderLine(models.Model):
    """Keeps what a line was when it was sold: tills and promotions change later."""

    _inherit = "pos.order.line"

    # of line_kinds; empty for what was sold before this was kept
    b2b2c_kind = fields.Char(copy=False, groups=fields.NO_ACCESS)
    # ids of the lines that a promotion lowers; empty: those with its taxes
    b2b2c_lowered = fields.Json(copy=False, groups=fields.NO_ACCESS)
    # the last entry of dealers' volumes when the ticket was paid; not on the ticket,
    # of which a till loads all fields and sends them back
    b2b2c_volume_seen = fields.Integer(
        readonly=True, copy=False, groups="loyalty_b2b2c.group_user"
    )

    def _b2b2c_remember(self):
        """Keep the kind of each line, and what promotions lower."""
        for line in self:
            lowered = line_kinds.find_lowered(line)
            line.b2b2c_lowered = None if lowered is None else lowered.ids
            line.b2b2c_kind = line_kinds.find_kind(line)
