from odoo import fields, models

from ...const import POINTS
from ...engine import Step, to_decimal


class B2b2cEarningRuleStep(models.Model):
    """A row of a rule's table."""

    _name = "b2b2c.earning.rule.step"
    _description = "Earning Rule Step"
    _inherit = "b2b2c.earning.rule.part"
    _order = "rule_id, start"

    start = fields.Float(**POINTS, string="From", required=True)
    kind = fields.Selection(
        [
            ("percent", "Percent of the amount"),
            ("per_unit", "Points per unit sold"),
            ("fixed", "Fixed points"),
        ],
        required=True,
        default="fixed",
        string="Award",
    )
    value = fields.Float(**POINTS, string="Rate", required=True)

    _start_uniq = models.UniqueIndex(
        "(rule_id, start)", "Two rows of the table start at the same value."
    )
    _positive = models.Constraint(
        "CHECK (start >= 0 AND value >= 0)", "A table holds no negative numbers."
    )

    def _to_engine(self):
        """Return this row as engine data."""
        self.ensure_one()
        return Step(to_decimal(self.start), self.kind, to_decimal(self.value))
