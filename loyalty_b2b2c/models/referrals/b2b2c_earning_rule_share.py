from dataclasses import replace

from odoo import fields, models


class B2b2cEarningRuleShare(models.Model):
    """Of which level of recommenders a share is."""

    _inherit = "b2b2c.earning.rule.share"

    level = fields.Integer(
        default=1,
        required=True,
        help="Of recommenders: 1 for who brought the customer, 2 for who brought that "
        "one, and so on.",
    )

    _level_possible = models.Constraint(
        "CHECK (level BETWEEN 1 AND 5)", "There are between 1 and 5 levels."
    )

    def _to_engine(self):
        return replace(super()._to_engine(), level=self.level)
