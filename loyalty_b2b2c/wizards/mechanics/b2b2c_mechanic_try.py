from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...const import POINTS
from ...exceptions import FactError
from ...models.mechanics.b2b2c_source import ImaginedSale


class B2b2cMechanicTry(models.TransientModel):
    """Plays one sale with a program on the screen: who gets what, when, and why.

    The document is only imagined and the program is asked as if it ran, by the judge
    that also books.  What other programs would pay for the same sale is shown as well.
    """

    _name = "b2b2c.mechanic.try"
    _description = "Try a Program"
    _inherit = "b2b2c.dialog"

    program_id = fields.Many2one("b2b2c.program", required=True)
    state = fields.Selection(related="program_id.state")
    company_id = fields.Many2one(related="program_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind_ids = fields.Many2many("b2b2c.document.kind", compute="_compute_kind_ids")

    # The sale
    kind_id = fields.Many2one(
        "b2b2c.document.kind",
        compute="_compute_kind_id",
        store=True,
        readonly=False,
        string="What Happens",
        domain="[('id', 'in', kind_ids)]",
    )
    is_event = fields.Boolean(compute="_compute_is_event")
    event = fields.Char(
        compute="_compute_event", store=True, readonly=False, string="Which Event"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        compute="_compute_member_id",
        store=True,
        readonly=False,
        string="Participant",
        domain="[('company_id', '=', company_id), ('state', '=', 'enrolled')]",
        help="Who scans, hands in, sells or is named.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        string="Customer or Shop",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        domain="[('sale_ok', '=', True), ('company_id', 'in', (False, company_id))]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Of all of it.",
    )

    # The answer
    problem = fields.Char(compute="_compute_answer")
    award_ids = fields.Many2many("b2b2c.preview.line", compute="_compute_answer")
    refusal_ids = fields.Many2many(
        "b2b2c.preview.line", compute="_compute_answer", string="Who Does Not"
    )
    total = fields.Float(**POINTS, compute="_compute_answer")
    symbol = fields.Char(related="program_id.unit_id.symbol")

    # === WHAT IS SUGGESTED === #

    @api.depends("program_id")
    def _compute_kind_ids(self):
        known = list(self.env["b2b2c.source"].sudo()._find_imagining())
        kinds = self.env["b2b2c.document.kind"].search([("code", "in", known)])
        for dialog in self:
            dialog.kind_ids = kinds & dialog.program_id.rule_ids.document_kind_ids

    @api.depends("program_id")
    def _compute_kind_id(self):
        for dialog in self:
            dialog.kind_id = dialog.kind_ids[:1]

    @api.depends("kind_id")
    def _compute_is_event(self):
        for dialog in self:
            dialog.is_event = dialog.kind_id.code == "event"

    @api.depends("program_id")
    def _compute_event(self):
        for dialog in self:
            rules = dialog.program_id.rule_ids
            codes = sorted(code for rule in rules for code in rule._get_event_codes())
            dialog.event = codes[0] if codes else ""

    @api.depends("program_id")
    def _compute_member_id(self):
        for dialog in self:
            dialog.member_id = self.env["b2b2c.member"].search(
                [
                    ("company_id", "=", dialog.company_id.id),
                    ("state", "=", "enrolled"),
                    ("role", "in", dialog.program_id._get_rewarded_roles()),
                ],
                order="id",
                limit=1,
            )

    @api.depends("member_id")
    def _compute_partner_id(self):
        for dialog in self:
            dialog.partner_id = dialog.member_id.employer_id

    @api.depends("program_id")
    def _compute_product_id(self):
        for dialog in self:
            products = dialog.program_id.rule_ids.product_ids
            dialog.product_id = products[:1] or products.search(
                Domain("sale_ok", "=", True)
                & Domain("company_id", "in", (False, dialog.company_id.id))
                & self._get_wanted(dialog.program_id.rule_ids[:1]),
                limit=1,
            )

    def _get_wanted(self, rule):
        """Return the domain of the products that a rule is for; without one, of all."""
        return rule._get_products_domain() if rule else Domain.TRUE

    @api.depends("product_id", "quantity")
    def _compute_amount(self):
        for dialog in self:
            dialog.amount = dialog.product_id.list_price * dialog.quantity

    # === THE ANSWER === #

    @api.depends(
        "program_id", "kind_id", "event", "member_id", "partner_id", "product_id",
        "quantity", "amount",
    )  # fmt: skip
    def _compute_answer(self):
        for dialog in self:
            dialog.update(dialog._get_answer())

    def _get_answer(self):
        """Return the values of what is shown; nothing else is written."""
        lines = self.env["b2b2c.preview.line"]
        answer = {
            "problem": self._get_problem(),
            "award_ids": lines,
            "refusal_ids": lines,
            "total": 0,
        }
        if answer["problem"]:
            return answer
        try:
            lines = self._play()
        except FactError as error:
            return {**answer, "problem": str(error)}
        awards = lines.filtered("is_award")
        own = awards.filtered(lambda line: line.program_id == self.program_id._origin)
        return {
            **answer,
            "award_ids": awards,
            "refusal_ids": (lines - awards).filtered(
                lambda line: line.program_id == self.program_id._origin
            ),
            "total": sum(own.mapped("points")) + sum(own.mapped("points_pending")),
        }

    def _get_problem(self):
        """Return what is missing to play it, in words; nothing: ``False``."""
        if not self.program_id.rule_ids:
            return self.env._("The program has no rule yet.")
        if not self.kind_ids:
            return self.env._(
                "What this program rewards happens elsewhere: it cannot be played on "
                "this screen."
            )
        if not self.kind_id:
            return self.env._("Choose what happens.")
        if not self.member_id and not self.partner_id:
            return self.env._(
                "Choose a participant. Nobody takes part yet? Enroll somebody first: "
                "the next steps of the program have a button for it."
            )
        if not self.product_id and not self.is_event:
            return self.env._("Choose a product.")
        if self.quantity <= 0 or self.amount < 0:
            return self.env._("Enter a quantity above 0, and no amount below it.")
        return False

    def _play(self):
        """Return the rows of a preview of the sale.

        :raise FactError: the document cannot be measured
        """
        program = self.program_id._origin
        source = self.env["b2b2c.source"].sudo().with_company(program.company_id)
        source = source._find_imagining()[self.kind_id.code]
        document = source._imagine_sale(self.kind_id.code, self._get_sale(source.env))
        preview = self.env["b2b2c.preview"]
        trial = program.sudo()._get_trial()
        rows = preview._get_lines(document, True, True, trial)
        commands = [Command.create(row) for row in rows]
        return preview.create({"line_ids": commands}).line_ids

    def _get_sale(self, env):
        """Return the sale that was entered.

        :param env: superuser environment
        """
        return ImaginedSale(
            company=self.company_id.with_env(env),
            partner=self.partner_id._origin.with_env(env),
            member=self.member_id._origin.with_env(env),
            product=self.product_id._origin.with_env(env),
            quantity=self.quantity,
            amount=self.amount,
            event=self.event or "",
        )
