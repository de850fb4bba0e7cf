from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cEarningRulePart(models.AbstractModel):
    """A row that belongs to a rule's terms: it stays as it is once the rule awarded."""

    _name = "b2b2c.earning.rule.part"
    _description = "Part of an Earning Rule"

    rule_id = fields.Many2one(
        "b2b2c.earning.rule", required=True, index=True, ondelete="cascade"
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_rule_unlocked()
        return parts

    def write(self, vals):
        self._check_rule_unlocked()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_rule_unlocked()

    def _check_rule_unlocked(self):
        """Refuse to change the terms of a rule that has awarded."""
        for rule in self.rule_id:
            if rule.is_locked:
                raise UserError(
                    self.env._(
                        "Rule “%s” has already awarded points, so its terms stay as "
                        "they are. Use “New Version” to change them from now on.",
                        rule.name,
                    )
                )
        self.env.registry.clear_cache()
