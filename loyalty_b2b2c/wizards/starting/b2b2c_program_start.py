from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.i18n import format_list
from odoo.tools.misc import formatLang

from ...const import POINTS
from ...values import shown


class B2b2cProgramStart(models.TransientModel):
    """Says what a program will do before it starts: for whom, for what, since when,
    what it costs, and what is paid twice."""

    _name = "b2b2c.program.start"
    _description = "Start a Program"
    _inherit = "b2b2c.dialog"

    program_id = fields.Many2one("b2b2c.program", required=True)
    pays_from = fields.Datetime(
        string="Counts Documents From",
        compute="_compute_pays_from",
        store=True,
        readonly=False,
        precompute=True,
        help="What is dated earlier earns nothing. Empty: documents of any date earn "
        "as soon as something happens to them, also old ones.",
    )
    rules_text = fields.Html(string="Who Gets What", compute="_compute_texts")
    warning_text = fields.Html(compute="_compute_texts")
    overlap_text = fields.Html(string="Paid Twice", compute="_compute_texts")
    people_count = fields.Integer(string="Can Get Something", compute="_compute_people")
    people_text = fields.Char(compute="_compute_people")
    product_text = fields.Char(string="Products", compute="_compute_products")
    cost_points = fields.Float(**POINTS, compute="_compute_cost")
    cost_text = fields.Char(string="By Last Year's Documents", compute="_compute_cost")

    # === COMPUTE METHODS === #

    @api.depends("program_id")
    def _compute_pays_from(self):
        for dialog in self:
            dialog.pays_from = dialog.program_id.date_from or fields.Datetime.now()

    @api.depends("program_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for dialog in self:
            program = dialog.program_id
            rules = program.rule_ids
            dialog.rules_text = _list_texts(
                rules.mapped(lambda rule: f"{rule.name}: {rule._get_sentence()}")
            )
            # what is paid twice is told below, for all rules together
            dialog.warning_text = _list_texts(
                f"{rule.name}: {warning}"
                for rule in rules
                for warning in rule._get_own_warnings()
            )
            dialog.overlap_text = _list_texts(program._word_overlaps())

    @api.depends("program_id")
    @api.depends_context("lang")
    def _compute_people(self):
        for dialog in self:
            members = self.env["b2b2c.member"]
            counts = members._read_group(
                dialog.program_id._get_audience_domain(), ["role"], ["__count"]
            )
            labels = dict(members._get_role_selection())
            dialog.people_count = sum(count for _role, count in counts)
            dialog.people_text = format_list(
                self.env,
                [
                    self.env._(
                        "%(role)s: %(count)s", role=labels.get(role, role), count=count
                    )
                    for role, count in counts
                ],
            )

    @api.depends("program_id")
    @api.depends_context("lang")
    def _compute_products(self):
        for dialog in self:
            rules = dialog.program_id.rule_ids
            if not all(rule._word_products() for rule in rules):
                dialog.product_text = self.env._("Every product")
                continue
            products = self.env["product.product"].sudo()
            count = products.search_count(dialog.program_id._get_products_domain())
            dialog.product_text = self.env._("Products of today: %s", count)

    @api.depends("program_id")
    @api.depends_context("lang")
    def _compute_cost(self):
        for dialog in self:
            program = dialog.program_id
            found = program._get_estimate()
            dialog.cost_points = shown(found.points)
            if not found.documents:
                dialog.cost_text = self.env._(
                    "Nothing like this happened in the last year, so nobody can say."
                )
                continue
            dialog.cost_text = self.env._(
                "About %(points)s (people: %(people)s, documents: %(documents)s).",
                points=self._word_points(found.points),
                people=found.people,
                documents=found.documents,
            )

    def _word_points(self, points):
        """Return points with what they are worth, if the company said so."""
        unit, company = self.program_id.unit_id, self.program_id.company_id
        words = unit._format(points)
        value = shown(points) * unit.with_company(company).point_value
        if unit.kind == "money" or not value:
            return words
        money = formatLang(self.env, value, currency_obj=company.currency_id)
        return f"{words} = {money}"

    # === ACTION METHODS === #

    def action_start(self):
        """Start the program (managers)."""
        self.ensure_one()
        program = self.program_id
        program.check_access("write")
        if program.date_from != self.pays_from:
            program.date_from = self.pays_from
        program.action_start()
        return {"type": "ir.actions.act_window_close"}


def _list_texts(texts):
    """Return texts as a list in HTML, ``""`` for none."""
    items = Markup().join(Markup("<li>%s</li>") % text for text in texts)
    return Markup('<ul class="mb-0">%s</ul>') % items if items else ""
