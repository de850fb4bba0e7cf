from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...const import POINTS

#: What a dialog suggests unless its mechanic says otherwise.
_USUAL = {
    "kind": "percent",
    "value": 5,
    "hold": "none",
    "hold_days": 14,
    "expiry_months": 12,
}


class B2b2cMechanicBegin(models.TransientModel):
    """Sets up a mechanic: the few things that matter, and it is a draft.

    Packages add what their mechanics ask for: a field computed by
    :meth:`_compute_values`, its usual value in :meth:`_get_usual`, and its place in
    the form, shown when ``asks`` has its name.
    """

    _name = "b2b2c.mechanic.begin"
    _description = "Set Up a Mechanic"
    _inherit = "b2b2c.dialog"

    mechanic = fields.Char(required=True)
    note = fields.Char(compute="_compute_shown")
    picture = fields.Char(compute="_compute_shown")
    asks = fields.Char(compute="_compute_shown")

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="You and participants read it.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        domain="[('sale_ok', '=', True), ('company_id', 'in', (False, company_id))]",
    )
    kind = fields.Selection(
        [
            ("per_unit", "Points for each piece"),
            ("percent", "Percent of the amount"),
            ("fixed", "Points for each document"),
        ],
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Pays",
    )
    value = fields.Float(
        **POINTS,
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="How Much",
    )
    hold = fields.Selection(
        [
            ("none", "At once"),
            ("until_paid", "When the invoice is paid"),
            ("until_delivered_paid", "When the goods are delivered and paid"),
            ("days", "After a number of days"),
        ],
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Usable",
    )
    hold_days = fields.Integer(
        compute="_compute_values", store=True, readonly=False, precompute=True
    )
    expiry_months = fields.Integer(
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        string="Points Lapse",
        help="After so many months. 0: never.",
    )
    date_from = fields.Datetime(
        string="From", help="Empty: from the moment it is started."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    unit_id = fields.Many2one(
        "b2b2c.unit",
        required=True,
        default=lambda self: self.env["b2b2c.unit"].search(
            [("company_id", "in", (False, self.env.company.id))], limit=1
        ),
        domain="[('company_id', 'in', (False, company_id))]",
    )
    symbol = fields.Char(related="unit_id.symbol")
    currency_id = fields.Many2one(related="company_id.currency_id")

    # === COMPUTE METHODS === #

    @api.depends("mechanic")
    @api.depends_context("lang")
    def _compute_shown(self):
        for dialog in self:
            mechanic = dialog._get_mechanic()
            dialog.note = self.env._(mechanic.note) if mechanic else ""
            dialog.picture = mechanic.picture if mechanic else ""
            # names between commas, so that none is found within another
            dialog.asks = f",{','.join(mechanic.asks)}," if mechanic else ""

    @api.depends("mechanic")
    @api.depends_context("lang")
    def _compute_name(self):
        for dialog in self:
            mechanic = dialog._get_mechanic()
            label = (mechanic.name or mechanic.label) if mechanic else ""
            dialog.name = self.env._(label) if label else ""

    @api.depends("mechanic")
    def _compute_values(self):
        for dialog in self:
            mechanic = dialog._get_mechanic()
            known = mechanic.defaults if mechanic else {}
            dialog.update({**self._get_usual(), **known})

    @api.model
    def _get_usual(self):
        """Return field name -> value of what mechanics ask for; packages add theirs."""
        return dict(_USUAL)

    def _get_mechanic(self):
        """Return the :class:`~...models.mechanics.mechanic.Mechanic` it sets up, if
        there is one."""
        return self.env["b2b2c.mechanic"]._get_offered().get(self.mechanic)

    # === ACTION METHODS === #

    def action_begin(self):
        """Make the draft, and open it (managers).

        :raise UserError: a figure that makes no sense
        """
        self.ensure_one()
        mechanic = self._get_mechanic()
        if not mechanic or mechanic.opens:
            raise UserError(
                self.env._("This cannot be set up here. Open the page anew.")
            )
        if problems := self._get_problems():
            raise UserError("\n".join(problems))
        record = mechanic.make(self) if mechanic.make else self._make_program()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _get_problems(self):
        """Return which figures make no sense, in words; packages add theirs."""
        asks, problems = self._get_mechanic().asks, []
        if "value" in asks and self.value <= 0:
            problems.append(self.env._("Enter how much it pays, more than 0."))
        if "value" in asks and self.kind == "percent" and self.value > 100:
            problems.append(self.env._("Nobody gets more than 100 % of the amount."))
        if self.expiry_months < 0 or self.hold_days < 0:
            problems.append(self.env._("Months and days are not below 0."))
        return problems

    # === WHAT IS MADE === #

    def _make_program(self, **values):
        """Make and return the draft of the program, with its rule.

        :param values: of the rule, beside those of the mechanic
        """
        mechanic = self._get_mechanic()
        return self.env["b2b2c.program"].create(
            {
                "name": self.name,
                "company_id": self.company_id.id,
                "unit_id": self.unit_id.id,
                "date_from": self.date_from,
                "mechanic": self.mechanic,
                "rule_ids": [Command.create({**self._prepare_rule(), **values})],
                **mechanic.program,
            }
        )

    def _prepare_rule(self):
        """Return the values of the rule: what the mechanic says, and what was asked."""
        mechanic = self._get_mechanic()
        products = self.product_ids
        if "product_ids" not in mechanic.asks:
            products = products.browse()
        kinds = self.env["b2b2c.document.kind"].search([("code", "in", mechanic.kinds)])
        values = {
            "name": self.name,
            "document_kind_ids": [Command.set(kinds.ids)],
            "product_ids": [Command.set(products.ids)],
            "kind": self.kind,
            "value": self.value,
            "hold": self.hold,
            "hold_days": self.hold_days,
            "expiry": "months" if self.expiry_months else "none",
            "expiry_count": self.expiry_months,
        }
        return {**values, **mechanic.rule}
