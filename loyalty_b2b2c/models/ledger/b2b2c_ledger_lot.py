from datetime import timedelta

from odoo import api, fields, models

from ...const import POINTS
from ...engine import local_day
from ...values import aware


class B2b2cLedgerLot(models.Model):
    """Points that came together and lapse together.

    ``remaining`` follows from the allocations (it can be rebuilt); keeping it makes
    "soonest to expire first" one index look-up however long the history is.
    """

    _name = "b2b2c.ledger.lot"
    _description = "Point Lot"
    _inherit = "b2b2c.closed"
    _order = "expires_at, id"
    _log_access = False

    account_id = fields.Many2one("b2b2c.account", required=True, ondelete="restrict")
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    company_id = fields.Many2one(related="account_id.company_id")
    symbol = fields.Char(related="account_id.unit_id.symbol")
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry", required=True, index=True, ondelete="restrict"
    )
    points = fields.Float(**POINTS, readonly=True)
    remaining = fields.Float(**POINTS, readonly=True)
    expires_at = fields.Datetime(readonly=True)
    last_day = fields.Date(
        compute="_compute_last_day",
        string="Usable Until",
        help="The last day on which these points can be spent, by the company's clock.",
    )

    _within = models.Constraint(
        "CHECK (remaining >= 0 AND remaining <= points)",
        "A lot holds between nothing and what it opened with.",
    )
    _open = models.Index("(account_id, expires_at, id) WHERE remaining > 0")
    _due = models.Index("(expires_at) WHERE remaining > 0 AND expires_at IS NOT NULL")

    @api.depends("expires_at", "company_id.b2b2c_timezone")
    def _compute_last_day(self):
        for lot in self:
            last = lot.expires_at and aware(lot.expires_at - timedelta(seconds=1))
            zone = lot.company_id.b2b2c_timezone or "UTC"
            lot.last_day = last and local_day(last, zone)

    @api.depends("expires_at")
    def _compute_display_name(self):
        for lot in self:
            lot.display_name = self.env._("Lot %s", lot.id)
