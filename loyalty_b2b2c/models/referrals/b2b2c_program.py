from dataclasses import replace
from decimal import Decimal

from odoo import fields, models

from ...engine import to_decimal


class B2b2cProgram(models.Model):
    """How much of a sale its recommenders get at most."""

    _inherit = "b2b2c.program"

    referral_pool = fields.Float(
        string="Recommenders Get At Most",
        digits=(5, 2),
        default=20.0,
        required=True,
        tracking=True,
        help="Percent of what a sale is worth, for the recommenders of all levels "
        "together, whatever the rules say. Points count with the value of one point; "
        "without a value, as one of the company's currency.",
    )

    _pool_possible = models.Constraint(
        "CHECK (referral_pool > 0 AND referral_pool <= 100)",
        "Recommenders get more than 0 and at most 100 percent of a sale.",
    )

    def _to_engine(self):
        return replace(
            super()._to_engine(),
            referral_pool=to_decimal(self.referral_pool),
            point_value=self._get_point_value() or Decimal(1),
        )

    def _get_point_value(self):
        """Return what a point is worth in the company's currency, 0 if unknown."""
        unit = self.unit_id.with_company(self.company_id)
        return Decimal(1) if unit.kind == "money" else to_decimal(unit.point_value)
