from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from ...const import POINTS
from ...engine import to_decimal
from ...values import shown


class B2b2cUnit(models.Model):
    """What points of a unit may be spent on, and what they are worth to people."""

    _inherit = "b2b2c.unit"

    spending_way_ids = fields.Many2many(
        "b2b2c.spending.way",
        "b2b2c_unit_spending_way_rel",
        string="May Be Spent On",
        domain=lambda self: [
            ("code", "in", list(self.env["b2b2c.spending.way"]._get_ways()))
        ],
        help="Nothing chosen: on everything.",
    )
    spending_minimum = fields.Float(
        **POINTS,
        string="Least to Spend at Once",
        help="Fewer points cannot be spent in one go. 0: any number.",
    )
    face_value = fields.Float(
        string="Value People Read",
        company_dependent=True,
        digits=False,
        help="What one point is worth to a participant, in your company's currency: "
        "shown beside balances and prices, and the rate at which points pay a part of "
        "a price. 0: not shown. A money unit is worth its amount.",
    )

    _minimum_is_a_number = models.Constraint(
        "CHECK (coalesce(spending_minimum, 0) >= 0)", "A minimum cannot be negative."
    )

    @api.constrains("face_value")
    def _check_face_value(self):
        for unit in self:
            if unit.face_value < 0:
                raise ValidationError(
                    self.env._("The value of a point cannot be negative.")
                )

    def _is_spendable_on(self, code):
        """Tell whether points of this unit may be spent in a way.

        :param str code: a key of ``b2b2c.spending.way``
        """
        self.ensure_one()
        ways = self.sudo().spending_way_ids
        return not ways or code in ways.mapped("code")

    def _get_step(self):
        """Return the smallest number of points there is, exact."""
        self.ensure_one()
        return Decimal(1).scaleb(-self.decimals)

    def _get_face_value(self, company):
        """Return what one point is worth to people.

        :param company: ``res.company`` record
        :return: ``(Decimal, currency)``; zero where people are told no value
        """
        self.ensure_one()
        unit = self.sudo().with_company(company)
        if unit.kind == "money":
            return Decimal(1), unit.currency_id
        return to_decimal(unit.face_value), company.currency_id

    def _word_worth(self, points, company):
        """Return what points are worth, as text with its currency.

        :param points: float or Decimal
        :return: empty where people are told no value, and where the unit is money
            already
        """
        value, currency = self._get_face_value(company)
        if not value or self.kind == "money":
            return ""
        return format_amount(self.env, shown(to_decimal(points) * value), currency)
