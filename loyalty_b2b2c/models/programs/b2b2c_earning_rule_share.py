from odoo import fields, models

from ...const import POINTS
from ...engine import Share, to_decimal


class B2b2cEarningRuleShare(models.Model):
    """A part of a rule's award, and who gets it."""

    _name = "b2b2c.earning.rule.share"
    _description = "Share of an Earning Rule"
    _inherit = ["b2b2c.role", "b2b2c.earning.rule.part"]
    _order = "rule_id, sequence, id"

    sequence = fields.Integer(default=10)
    role = fields.Selection(
        default=lambda self: self._get_role_codes("sells")[0], string="Beneficiary"
    )
    pick = fields.Selection(
        [
            ("contact", "Only the person named on the document"),
            ("contact_or_first", "The person named, else who enrolled first"),
            ("split", "Everybody in this role, in equal parts"),
            ("seller", "The salesperson named on the document"),
            ("referrer", "Who brought the customer"),
        ],
        required=True,
        default="contact_or_first",
        string="Which of Them",
    )
    percent = fields.Float(**POINTS, required=True, string="Share (%)")

    _percent_possible = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A share must be above 0 and at most 100 percent.",
    )

    def _to_engine(self):
        """Return this row as engine data."""
        self.ensure_one()
        return Share(self.role, self.pick, to_decimal(self.percent))
