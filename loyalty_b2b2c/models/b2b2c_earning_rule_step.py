from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import POINTS
from ..engine import Step, to_decimal


class B2b2cEarningRuleStep(models.Model):
    """A row of a rule's table."""

    _name = "b2b2c.earning.rule.step"
    _description = "Earning Rule Step"
    _order = "rule_id, start"

    rule_id = fields.Many2one(
        "b2b2c.earning.rule", required=True, index=True, ondelete="cascade"
    )
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

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_rule_unlocked()
        return steps

    def write(self, vals):
        self._check_rule_unlocked()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_rule_unlocked()

    def _check_rule_unlocked(self):
        """Refuse to change the table of a rule that has awarded."""
        if any(rule.is_locked for rule in self.rule_id):
            raise UserError(
                self.env._("This table has already awarded points: use “New Version”.")
            )
        self.env.registry.clear_cache()

    def _to_engine(self):
        """Return this row as engine data."""
        self.ensure_one()
        return Step(to_decimal(self.start), self.kind, to_decimal(self.value))
