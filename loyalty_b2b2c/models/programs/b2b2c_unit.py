from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ...engine import InvalidNumber, Rounding, to_decimal
from ...values import shown


class B2b2cUnit(models.Model):
    """What is counted: bonus points, money, goods or an internal currency."""

    _name = "b2b2c.unit"
    _description = "Loyalty Unit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    symbol = fields.Char(
        required=True,
        translate=True,
        default="pts",
        help="Printed after the number: 120 pts.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("points", "Bonus points"),
            ("money", "Money"),
            ("goods", "Goods"),
            ("internal", "Internal currency"),
        ],
        required=True,
        default="points",
    )
    currency_id = fields.Many2one(
        "res.currency", ondelete="restrict", help="Required for a money unit."
    )
    product_id = fields.Many2one(
        "product.product", ondelete="restrict", help="Required for a goods unit."
    )
    point_value = fields.Float(
        string="Value of One Point",
        company_dependent=True,
        digits=False,
        help="What one point costs your company, in its currency. Only for figures: "
        "cost of points and liability. A money unit is worth its amount.",
    )
    decimals = fields.Integer(
        default=0, help="How many decimals an award keeps (0 to 6)."
    )
    rounding_method = fields.Selection(
        [("down", "Down"), ("half_up", "Half up"), ("up", "Up")],
        required=True,
        default="down",
    )
    warning_days = fields.Integer(
        string="Warn Before Expiry",
        default=14,
        help="So many days before points expire, participants are told. 0: never.",
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="restrict",
        help="Empty: every company of this database may use the unit.",
    )

    _warning_days_range = models.Constraint(
        "CHECK (warning_days BETWEEN 0 AND 365)",
        "Warn between 0 and 365 days before points expire.",
    )
    _decimals_range = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 6)",
        "A unit keeps between 0 and 6 decimals.",
    )

    @api.constrains("point_value")
    def _check_point_value(self):
        for unit in self:
            if unit.point_value < 0:
                raise ValidationError(
                    self.env._("The value of a point cannot be negative.")
                )

    @api.constrains("kind", "currency_id", "product_id")
    def _check_kind(self):
        for unit in self:
            if unit.kind == "money" and not unit.currency_id:
                raise ValidationError(
                    self.env._("Choose the currency of the unit “%s”.", unit.name)
                )
            if unit.kind == "goods" and not unit.product_id:
                raise ValidationError(
                    self.env._("Choose the product of the unit “%s”.", unit.name)
                )

    def write(self, vals):
        """Refuse to change what existing balances are counted in."""
        frozen = {"kind", "currency_id", "product_id", "company_id"} & vals.keys()
        if frozen and any(unit._is_used() for unit in self):
            raise ValidationError(
                self.env._(
                    "This unit already has balances. Create a new unit instead of "
                    "changing what the existing points mean."
                )
            )
        if vals.get("active") is False:
            self._check_archivable()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def _check_archivable(self):
        """Refuse to archive what a running program gives."""
        program = (
            self.env["b2b2c.program"]
            .sudo()
            .search([("unit_id", "in", self.ids), ("state", "=", "running")], limit=1)
        )
        if program:
            raise ValidationError(
                self.env._(
                    "Program “%s” gives points of this unit. Close it first.",
                    program.name,
                )
            )

    def _is_used(self):
        """Tell whether balances count in this unit: the ledger knows."""
        self.ensure_one()
        return False

    def _get_rounding(self):
        """Return the engine's :class:`Rounding` of this unit."""
        self.ensure_one()
        return Rounding(self.decimals, self.rounding_method)

    def _to_points(self, value):
        """Return points of a form's field or of a program as exact points.

        :raise UserError: not a number, not finite, or larger than any balance
        """
        try:
            return to_decimal(value)
        except InvalidNumber as error:
            raise UserError(
                self.env._("“%s” is not a number of points.", value)
            ) from error

    def _format(self, points):
        """Return ``points`` worded with the unit's symbol: ``"1 250 pts"``.

        :param points: float or Decimal
        """
        self.ensure_one()
        decimals, _symbol = self._get_label(self.id, self.env.lang)
        number = self.env["ir.qweb.field.float"].value_to_html(
            shown(points), {"precision": decimals}
        )
        return self._word_amount(number)

    def _word_amount(self, number):
        """Return a number of points, as people read it, with what they are."""
        _decimals, symbol = self._get_label(self.id, self.env.lang)
        return f"{number} {symbol}"

    @api.model
    @tools.ormcache("unit_id", "lang", cache="default")
    def _get_label(self, unit_id, lang):
        """Return ``(decimals, symbol)`` of a unit in a language; cached until a unit
        changes."""
        unit = self.sudo().browse(unit_id)
        return unit.decimals, unit.symbol
