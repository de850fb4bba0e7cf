from odoo import fields, models

from ...const import POINTS


class B2b2cAccountDelta(models.Model):
    """Credits that are not folded into their account yet (insert-only)."""

    _name = "b2b2c.account.delta"
    _description = "Account Delta"
    _inherit = "b2b2c.closed"
    _log_access = False

    account_id = fields.Many2one(
        "b2b2c.account", required=True, index=True, ondelete="restrict"
    )
    # written in the statement that books the entry: checking it again costs each credit
    entry_id = fields.Integer("Last Entry", required=True)
    points = fields.Float(**POINTS)
    points_pending = fields.Float(**POINTS)
    points_held = fields.Float(**POINTS)
    points_debt = fields.Float(**POINTS)
    points_lost = fields.Float(**POINTS)
