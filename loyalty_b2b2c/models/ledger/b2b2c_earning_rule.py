from odoo import models


class B2b2cEarningRule(models.Model):
    """A rule that booked points is locked: it is replaced, never changed."""

    _inherit = "b2b2c.earning.rule"

    def _compute_is_locked(self):
        super()._compute_is_locked()
        entries = self.env["b2b2c.ledger.entry"].sudo()
        groups = entries._read_group([("rule_id", "in", self.ids)], ["rule_id"])
        used = {rule.id for (rule,) in groups}
        for rule in self:
            if rule._origin.id in used:
                rule.is_locked = True
