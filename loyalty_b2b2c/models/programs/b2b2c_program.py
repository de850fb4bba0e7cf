from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

from ...const import POINTS
from ...engine import Program, to_decimal
from ...values import aware, shown


class B2b2cProgram(models.Model):
    """A set of rules for one purpose."""

    _name = "b2b2c.program"
    _description = "Loyalty Program"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    # Identity
    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    source_company_ids = fields.Many2many(
        "res.company",
        "b2b2c_program_source_company_rel",
        string="Also Counts Documents Of",
        domain="[('id', '!=', company_id)]",
        help="Other companies of this database, a distributor for instance, whose "
        "documents earn here. Participants and points belong to the program's own "
        "company; amounts are converted into its currency.",
    )
    counts_branches = fields.Boolean(
        default=True,
        tracking=True,
        help="Documents of the branches of its company earn here as its own do.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        "b2b2c.unit",
        required=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["b2b2c.unit"].search([], limit=1),
    )
    symbol = fields.Char(related="unit_id.symbol")
    description = fields.Html(translate=True, help="Shown to participants.")

    # Life
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
        string="Status",
    )
    date_from = fields.Datetime(string="Starts", tracking=True)
    date_to = fields.Datetime(
        string="Ends", tracking=True, help="Documents from this moment on earn nothing."
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    timezone = fields.Selection(
        _tz_get,
        required=True,
        default=lambda self: self.env.company.b2b2c_timezone,
        help="Days, periods and expiry are counted in this time zone.",
    )

    # Rules
    rule_ids = fields.One2many("b2b2c.earning.rule", "program_id", copy=True)
    combine = fields.Selection(
        [
            ("all", "Add up"),
            ("first", "First matching rule"),
            ("best", "Best rule"),
        ],
        string="Rules Combine",
        required=True,
        default="all",
        tracking=True,
    )
    stacking = fields.Selection(
        [
            ("stackable", "Together with other programs"),
            ("exclusive", "Excludes other exclusive programs"),
        ],
        string="Programs Combine",
        required=True,
        default="stackable",
        tracking=True,
        help="Exclusive programs compete: the first one by sequence that gives "
        "something for a line keeps the others out.",
    )
    counts_typed_lines = fields.Boolean(
        string="Lines Typed on Invoices of Orders",
        tracking=True,
        help="What somebody types by hand on an invoice of an order is usually that "
        "order's sale once more, and counts with the order. Tick this if such lines "
        "are sales of their own.",
    )

    # Money
    budget_points = fields.Float(
        **POINTS, tracking=True, string="Budget", help="0 means no limit."
    )
    budget_used = fields.Float(**POINTS, compute="_compute_budget", string="Committed")
    budget_left = fields.Float(**POINTS, compute="_compute_budget")
    debt_policy = fields.Selection(
        [
            ("debt", "Book a debt, later earnings repay it"),
            ("write_off", "Stop at zero and write the rest off"),
        ],
        string="When Spent Points Are Reversed",
        required=True,
        default="debt",
        tracking=True,
    )
    notify = fields.Boolean(
        string="Notify Participants",
        default=True,
        help="Send an e-mail (and an SMS when the participant agreed) per document.",
    )

    _budget_not_negative = models.Constraint(
        "CHECK (budget_points >= 0)", "The budget cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to > date_from)",
        "The program must end after it starts.",
    )

    # === COMPUTE METHODS === #

    def _compute_budget(self):
        used = self.env["b2b2c.cap.scope"]._get_used(
            [f"p{program.id}" for program in self]
        )
        for program in self:
            program.budget_used = shown(sum(used.get(f"p{program.id}", ())))
            program.budget_left = max(program.budget_points - program.budget_used, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("unit_id", "company_id")
    def _check_unit_company(self):
        for program in self:
            unit_company = program.unit_id.company_id
            if unit_company and unit_company != program.company_id:
                raise ValidationError(
                    self.env._(
                        "The unit “%(unit)s” belongs to %(company)s; choose a unit of "
                        "the program's own company.",
                        unit=program.unit_id.name,
                        company=unit_company.name,
                    )
                )
            currency = program.unit_id.currency_id
            if program.unit_id.kind == "money" and currency != program.currency_id:
                raise ValidationError(
                    self.env._(
                        "Amounts are measured in %(company)s; a money unit in "
                        "%(unit)s would need a rate of its own.",
                        company=program.currency_id.name,
                        unit=currency.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        locked = {"unit_id", "company_id", "timezone"} & vals.keys()
        if locked and any(program._has_entries() for program in self):
            raise UserError(
                self.env._(
                    "Points were already booked by this program: its unit, company "
                    "and time zone can no longer change. Close it and create a new one."
                )
            )
        if vals.get("active") is False:
            self.filtered(lambda program: program.state == "running").action_close()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_entries(self):
        if any(program._has_entries() for program in self):
            raise UserError(
                self.env._("A program with booked points cannot be deleted; close it.")
            )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_start(self):
        """Let the program earn from now on; refuse one that cannot give anything."""
        for program in self:
            if not program._can_give():
                raise UserError(
                    self.env._("Add at least one rule to “%s” first.", program.name)
                )
        self.write({"state": "running", "closed_at": False})
        return True

    def action_close(self):
        """Stop earning for new documents; what is booked stays and keeps following
        its documents."""
        self.write({"state": "closed", "closed_at": fields.Datetime.now()})
        return True

    # === BUSINESS METHODS === #

    def _can_give(self):
        """Tell whether this program has something to give; packages extend it."""
        self.ensure_one()
        return bool(self.rule_ids)

    def _has_entries(self):
        """Tell whether anything was booked by this program: the ledger knows."""
        self.ensure_one()
        return False

    @api.model
    @tools.ormcache("company_id", "source_id", cache="default")
    def _get_engine_programs(self, company_id, source_id=None):
        """Return the company's programs as engine data, in evaluation order.

        Cached: every change of a program, rule or unit clears the registry cache.

        :param int company_id: id of the company
        :param int source_id: only the programs that award points for documents of this
            company
        :return: tuple of :class:`~..engine.Program`
        """
        domain = Domain("company_id", "=", company_id) & Domain("state", "!=", "draft")
        if source_id not in (None, company_id):
            domain &= self._get_awarding_domain(source_id)
        programs = self.sudo().with_context(active_test=False, lang=None).search(domain)
        return tuple(program._to_engine() for program in programs)

    @api.model
    @tools.ormcache("source_id", cache="default")
    def _get_awarding_companies(self, source_id):
        """Return the companies whose programs award points for documents of a company.

        Cached like :meth:`_get_engine_programs`.

        :param int source_id: id of that company
        :return: tuple of ids, that company first
        """
        programs = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                self._get_awarding_domain(source_id) & Domain("state", "!=", "draft")
            )
        )
        others = set(programs.company_id.ids) - {source_id}
        return (source_id, *sorted(others))

    @api.model
    @tools.ormcache(cache="default")
    def _get_source_companies(self):
        """Return the companies for whose documents programs award points, or did.

        Cached like :meth:`_get_engine_programs`.

        :return: frozenset of ids
        """
        programs = self.sudo().with_context(active_test=False)
        programs = programs.search([("state", "!=", "draft")])
        return frozenset(programs._get_counted_companies().ids)

    @api.model
    def _get_awarding_domain(self, source_id):
        """Return the domain of the programs of other companies that award points for
        documents of a company: it is named there, or a branch.

        :param int source_id: id of that company
        """
        above = self.env["res.company"].sudo().browse(source_id).parent_ids
        return Domain("source_company_ids", "=", source_id) | (
            Domain("company_id", "in", above.ids) & Domain("counts_branches", "=", True)
        )

    def _get_counted_companies(self):
        """Return the companies whose documents these programs award points for."""
        own = self.company_id
        counting = self.filtered("counts_branches").company_id.sudo()
        branches = counting.search([("id", "child_of", counting.ids)])
        return own | self.source_company_ids | branches.sudo(False)

    def _to_engine(self):
        """Return this program with its rules as engine data."""
        self.ensure_one()
        return Program(
            id=self.id,
            name=self.name,
            unit_id=self.unit_id.id,
            rounding=self.unit_id._get_rounding(),
            timezone=self.timezone,
            sequence=self.sequence,
            # an archived program gives nothing new; what it gave follows its documents
            state="closed"
            if self.state == "running" and not self.active
            else self.state,
            date_from=aware(self.date_from),
            date_to=aware(self.date_to),
            closed_at=aware(self.closed_at or (not self.active and self.write_date)),
            combine=self.combine,
            stacking=self.stacking,
            budget=to_decimal(self.budget_points) if self.budget_points else None,
            counts_typed_lines=self.counts_typed_lines,
            rules=tuple(
                rule._to_engine()
                for rule in self.with_context(active_test=False).rule_ids
            ),
        )

    @api.model
    def _get_questions(self, company_id):
        """Return what the facts of documents have to tell for a company.

        Packages that ask by rules of their own, with numbers below 0, extend it.

        :param int company_id: id of the company
        :return: list of ``engine.Rule``, and :meth:`_get_domain_rules`
        """
        programs = self._get_engine_programs(company_id)
        rules = [rule for program in programs for rule in program.rules]
        return rules, self._get_domain_rules(company_id)

    @api.model
    @tools.ormcache("company_id", cache="default")
    def _get_domain_rules(self, company_id):
        """Return the rules of running/closed programs that carry an Odoo domain.

        Cached like :meth:`_get_engine_programs`.

        :return: dict field name -> tuple of (rule id, domain as a list), for
            ``product_domain`` and ``partner_domain``
        """
        rules = (
            self.env["b2b2c.earning.rule"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("program_id.company_id", "=", company_id),
                    ("program_id.state", "!=", "draft"),
                    "|",
                    ("product_domain", "not in", (False, "[]")),
                    ("partner_domain", "not in", (False, "[]")),
                ]
            )
        )
        return _list_domains(rules)

    def _get_own_domain_rules(self):
        """Return the rules of this program that carry an Odoo domain, whatever its
        state; as :meth:`_get_domain_rules` does."""
        return _list_domains(self.sudo().with_context(active_test=False).rule_ids)

    @api.model
    @tools.ormcache("program_id", cache="default")
    def _is_notifying(self, program_id):
        """Tell whether a program sends messages to its participants."""
        return self.sudo().browse(program_id).notify

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", program.name))
            for program, vals in zip(self, super().copy_data(default), strict=True)
        ]


def _list_domains(rules):
    """Return field name -> tuple of (rule id, domain as a list) of rules."""
    return {
        name: tuple(
            (rule.id, literal_eval(rule[name]))
            for rule in rules
            if rule._has_domain(name)
        )
        for name in ("product_domain", "partner_domain")
    }
