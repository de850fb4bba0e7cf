from odoo import fields, models

from ...const import POINTS


class B2b2cLadderChange(models.Model):
    """A dealer got another tier: when, why, and with which figures."""

    _name = "b2b2c.ladder.change"
    _description = "Change of a Dealer's Tier"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _log_access = False

    standing_id = fields.Many2one(
        "b2b2c.ladder.standing",
        required=True,
        readonly=True,
        index=True,
        string="Dealer",
        ondelete="restrict",
    )
    ladder_id = fields.Many2one(
        "b2b2c.ladder", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    reason = fields.Selection(
        [
            ("enrolled", "Became a dealer"),
            ("growth", "Volume grew"),
            ("fall", "Volume fell"),
            ("contract", "Contract"),
            ("version", "New version of the ladder"),
            ("ended", "No dealer any more"),
        ],
        required=True,
        readonly=True,
    )
    from_tier_id = fields.Many2one(
        "b2b2c.ladder.tier", readonly=True, string="From", ondelete="restrict"
    )
    tier_id = fields.Many2one(
        "b2b2c.ladder.tier", readonly=True, string="New Tier", ondelete="restrict"
    )
    volume_tier_id = fields.Many2one(
        "b2b2c.ladder.tier",
        readonly=True,
        string="By Volume Alone",
        ondelete="restrict",
    )
    contract_id = fields.Many2one(
        "b2b2c.ladder.contract", readonly=True, ondelete="restrict"
    )
    volume = fields.Float(**POINTS, readonly=True)
    volume_label = fields.Char(related="ladder_id.volume_label")
    window_from = fields.Date(readonly=True)
    window_to = fields.Date(readonly=True)
    effective_at = fields.Datetime(required=True, readonly=True, string="In Force From")

    def init(self):
        """Keep the history as it is: append-only for everybody."""
        self._make_append_only()
