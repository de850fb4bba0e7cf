from odoo import api, fields, models

from ...const import POINTS
from ...engine import Share, to_decimal


class B2b2cEarningRuleShare(models.Model):
    """A part of a rule's award, and who gets it."""

    _name = "b2b2c.earning.rule.share"
    _description = "Share of an Earning Rule"
    _inherit = ["b2b2c.role", "b2b2c.pick", "b2b2c.earning.rule.part"]
    _order = "rule_id, sequence, id"

    sequence = fields.Integer(default=10)
    role = fields.Selection(
        default=lambda self: self._get_role_codes("sells")[0], string="Beneficiary"
    )
    percent = fields.Float(**POINTS, required=True, string="Share (%)")

    _percent_possible = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A share must be above 0 and at most 100 percent.",
    )

    @api.model
    def _get_picks(self):
        """A share is one person's, or divided; it cannot be given to each in full."""
        picks = super()._get_picks()
        del picks["each"]
        return picks

    def _to_engine(self):
        """Return this row as engine data."""
        self.ensure_one()
        return Share(self.role, self.pick, to_decimal(self.percent))
