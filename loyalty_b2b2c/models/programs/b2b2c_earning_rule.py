from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...const import POINTS, TRIGGERS
from ...engine import Caps, Expiry, Hold, Rule, to_decimal
from ...values import aware
from . import explanation

# A rule that has awarded keeps its terms for ever: a later return must be valued
# at the rate of the sale.  Only these may still change.
_FREE_FIELDS = {"name", "sequence", "valid_until", "active", "message_ids"}


class B2b2cEarningRule(models.Model):
    """Who gets how much for what."""

    _name = "b2b2c.earning.rule"
    _description = "Earning Rule"
    _inherit = ["b2b2c.role", "b2b2c.pick"]
    _order = "sequence, id"

    # Identity
    program_id = fields.Many2one(
        "b2b2c.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    currency_id = fields.Many2one(related="program_id.company_id.currency_id")
    unit_id = fields.Many2one(related="program_id.unit_id")
    symbol = fields.Char(related="program_id.unit_id.symbol")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    valid_from = fields.Datetime()
    valid_until = fields.Datetime(
        help="Documents dated from this moment on no longer use the rule."
    )
    previous_id = fields.Many2one(
        "b2b2c.earning.rule",
        string="Replaces",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")

    # When, and who
    trigger = fields.Selection(
        TRIGGERS,
        required=True,
        default="confirmed",
        string="Measured At",
        help="The moment of the document whose quantity and amount count.",
    )
    role = fields.Selection(
        default=lambda self: self._get_role_codes("decides_purchases")[0],
        string="Beneficiary",
    )
    party = fields.Selection(
        [
            ("buyer", "The customer who ordered"),
            ("receiver", "The shop that gets the goods"),
        ],
        required=True,
        default="buyer",
        string="People Of",
        help="Goods may be ordered by a distributor or a head office, and delivered to "
        "a shop: the delivery address of the document says which.",
    )
    share_ids = fields.One2many(
        "b2b2c.earning.rule.share",
        "rule_id",
        copy=True,
        string="Shares",
        help="Divide the award by percentage between several beneficiaries.",
    )
    share_total = fields.Float(
        **POINTS, compute="_compute_share_total", store=True, string="Given Away"
    )

    # For what
    scope = fields.Selection(
        [("line", "Each matching line"), ("document", "The whole document")],
        required=True,
        default="line",
        string="Counted On",
    )
    product_ids = fields.Many2many(
        "product.product",
        "b2b2c_earning_rule_product_rel",
        ondelete="restrict",
        string="Products",
    )
    category_ids = fields.Many2many(
        "product.category",
        "b2b2c_earning_rule_category_rel",
        ondelete="restrict",
        string="Product Categories",
        help="Including their sub-categories.",
    )
    tag_ids = fields.Many2many(
        "product.tag",
        "b2b2c_earning_rule_tag_rel",
        ondelete="restrict",
        string="Product Tags",
    )
    product_domain = fields.Char(string="Product Filter", default="[]")
    partner_domain = fields.Char(string="Customer Filter", default="[]")
    document_kind_ids = fields.Many2many(
        "b2b2c.document.kind",
        "b2b2c_earning_rule_document_kind_rel",
        required=True,
        ondelete="restrict",
        string="Documents",
        help="Which documents the rule is for. The same goods pay a role once, also "
        "when several documents show them.",
    )
    without_product = fields.Boolean(
        string="Also Without a Product",
        help="A receipt or a stamp that does not say which product was sold counts, "
        "too. Only for rules without conditions on products.",
    )
    event_codes = fields.Char(
        help="Codes of the events that are meant, separated by commas. Empty: every "
        "event, and every other document."
    )
    amount_basis = fields.Selection(
        [("untaxed", "Without tax"), ("total", "With tax")],
        required=True,
        default="untaxed",
        string="Amount",
    )
    amount_min = fields.Monetary(
        string="From Amount", help="Of the matching lines of the document; 0: none."
    )
    amount_max = fields.Monetary(
        string="Below Amount", help="Of the matching lines of the document; 0: none."
    )
    quantity_min = fields.Float(
        digits="Product Unit", string="From Quantity", help="0: any quantity."
    )

    # How much
    kind = fields.Selection(
        [
            ("percent", "Percent of the amount"),
            ("per_unit", "Points per unit sold"),
            ("fixed", "Fixed points"),
            ("table", "By table"),
            ("tier", "Percent of the dealer's tier"),
        ],
        required=True,
        default="percent",
        string="Award",
    )
    value = fields.Float(**POINTS, string="Rate", default=1.0)
    table_basis = fields.Selection(
        [("amount", "Amount"), ("quantity", "Quantity")],
        required=True,
        default="amount",
        string="Table By",
    )
    step_ids = fields.One2many("b2b2c.earning.rule.step", "rule_id", copy=True)
    award_text = fields.Char(string="Gives", compute="_compute_award_text")

    # Limits
    cap_document = fields.Float(**POINTS, string="Per Document")
    cap_member = fields.Float(**POINTS, string="Per Participant")
    cap_day = fields.Float(**POINTS, string="Per Participant and Day")
    cap_period = fields.Float(**POINTS, string="Per Participant and Period")
    cap_period_kind = fields.Selection(
        [
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
        ],
        required=True,
        default="month",
        string="Period",
    )

    # Proof and life of the points
    hold = fields.Selection(
        [
            ("none", "At once"),
            ("until_paid", "When the invoice is paid"),
            ("until_delivered_paid", "When the goods are delivered and paid"),
            ("days", "After a number of days"),
            ("days_after_delivery", "A number of days after the delivery"),
        ],
        required=True,
        default="none",
        string="Usable",
    )
    hold_days = fields.Integer(default=14)
    expiry = fields.Selection(
        [
            ("none", "Never"),
            ("months", "After a number of months"),
            ("period_end", "At the end of a period"),
        ],
        required=True,
        default="none",
        string="Points Expire",
    )
    expiry_count = fields.Integer(string="Expiry Months", default=12)
    expiry_period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="year",
    )

    _value_not_negative = models.Constraint(
        "CHECK (value >= 0 AND value < 1e12)",
        "The rate of a rule must be between 0 and 1,000,000,000,000.",
    )
    _caps_not_negative = models.Constraint(
        "CHECK (cap_document >= 0 AND cap_member >= 0 AND cap_day >= 0 "
        "AND cap_period >= 0)",
        "A limit cannot be negative; 0 means no limit.",
    )
    _days_not_negative = models.Constraint(
        "CHECK (hold_days >= 0 AND expiry_count >= 0)",
        "Days and months cannot be negative.",
    )
    _shares_at_most_all = models.Constraint(
        "CHECK (share_total <= 100)", "A rule cannot give away more than 100 percent."
    )
    _validity_in_order = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_from IS NULL "
        "OR valid_until >= valid_from)",
        "The rule must end after it starts.",
    )

    # === COMPUTE METHODS === #

    def _compute_is_locked(self):
        """A rule is locked once points were booked by it: the ledger knows."""
        self.is_locked = False

    @api.depends("share_ids.percent")
    def _compute_share_total(self):
        for rule in self:
            rule.share_total = sum(rule.share_ids.mapped("percent"))

    @api.depends("kind", "value", "amount_basis", "table_basis", "symbol")
    @api.depends_context("lang")
    def _compute_award_text(self):
        for rule in self:
            rule.award_text = rule._get_award_text()

    def _get_award_text(self):
        """Return how much the rule gives, in a few words: ``"5% of the amount"``."""
        self.ensure_one()
        rate, symbol = f"{self.value:.6f}".rstrip("0").rstrip("."), self.symbol or ""
        if self.kind == "percent" and self.amount_basis == "total":
            return self.env._("%s%% of the amount with tax", rate)
        if self.kind == "percent":
            return self.env._("%s%% of the amount without tax", rate)
        if self.kind == "per_unit":
            return self.env._(
                "%(rate)s %(symbol)s per unit sold", rate=rate, symbol=symbol
            )
        if self.kind == "fixed":
            return self.env._("%(rate)s %(symbol)s", rate=rate, symbol=symbol)
        if self.kind == "tier":
            return self.env._("The bonus of the dealer's tier")
        if self.table_basis == "amount":
            return self.env._("By table of the amount")
        return self.env._("By table of the quantity")

    # === CONSTRAINT METHODS === #

    @api.constrains("product_domain", "partner_domain")
    def _check_domains(self):
        models_by_field = {
            "product_domain": "product.product",
            "partner_domain": "res.partner",
        }
        for rule in self:
            for name, model in models_by_field.items():
                if not rule._has_domain(name):
                    continue
                try:
                    self.env["b2b2c.filter"]._check(model, rule[name])
                except Exception as error:
                    raise ValidationError(
                        self.env._(
                            "The filter “%(field)s” of rule “%(rule)s” cannot be "
                            "used: %(error)s",
                            field=rule._fields[name].string,
                            rule=rule.name,
                            error=error,
                        )
                    ) from error

    @api.constrains("kind", "step_ids", "value")
    def _check_award(self):
        for rule in self:
            if rule.kind == "table" and not rule.step_ids:
                raise ValidationError(
                    self.env._(
                        "Rule “%s” needs at least one row in its table.", rule.name
                    )
                )
            if rule.kind not in ("table", "tier") and not rule.value:
                raise ValidationError(
                    self.env._("Rule “%s” gives nothing: enter its rate.", rule.name)
                )

    @api.constrains("name", "document_kind_ids")
    def _check_document_kinds(self):
        """Ask for which documents a rule is; ``name`` makes each new rule answer."""
        for rule in self:
            if not rule.document_kind_ids:
                raise ValidationError(
                    self.env._(
                        "Say for which documents rule “%s” is: orders, receipts, "
                        "scans …",
                        rule.name,
                    )
                )

    @api.constrains("share_total")
    def _check_shares(self):
        for rule in self:
            if rule.share_total > 100:
                raise ValidationError(
                    self.env._(
                        "The shares of rule “%(rule)s” add up to %(total)s%%; give "
                        "away at most 100%%.",
                        rule=rule.name,
                        total=f"{rule.share_total:g}",
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        if vals.keys() - _FREE_FIELDS:
            for rule in self.filtered("is_locked"):
                raise UserError(
                    self.env._(
                        "Rule “%s” has already awarded points, so its terms stay as "
                        "they are. Use “New Version” to change them from now on.",
                        rule.name,
                    )
                )
        if vals.get("active") is False:
            # an archived rule stops earning now; old documents keep their terms
            now = fields.Datetime.now()
            for rule in self.filtered(lambda rule: not rule.valid_until):
                rule.valid_until = max(now, rule.valid_from or now)
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        if any(rule.is_locked for rule in self):
            raise UserError(
                self.env._(
                    "A rule that has awarded points cannot be deleted; set its end."
                )
            )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_new_version(self):
        """End this rule now and open a copy that starts now.

        Documents dated before this moment keep the old terms, whatever happens to
        them later; documents dated after it use the new ones.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self.valid_until = now
        version = self.copy(
            {"valid_from": now, "valid_until": False, "previous_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "views": [(False, "form")],
            "name": version.name,
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_reason_words(self):
        """Return the sentences of all reasons why rules grant something, or nothing.

        A package with reasons of its own extends this.

        :return: dict reason code -> function of (environment,
            ``explanation.Readable`` parameters)
        """
        return dict(explanation.WORDS)

    def _get_event_codes(self):
        """Return the codes of the events this rule is meant for."""
        self.ensure_one()
        codes = (code.strip() for code in (self.event_codes or "").split(","))
        return frozenset(filter(None, codes))

    def _has_domain(self, name):
        """Tell whether the domain field ``name`` restricts anything."""
        self.ensure_one()
        return (self[name] or "[]").replace(" ", "") != "[]"

    def _get_domain(self, name):
        """Return the domain field ``name`` as a ``Domain``."""
        self.ensure_one()
        return Domain(literal_eval(self[name] or "[]"))

    def _to_engine(self):
        """Return this rule as engine data."""
        self.ensure_one()
        return Rule(
            id=self.id,
            name=self.name,
            role=self.role,
            trigger=self.trigger,
            pick=self.pick,
            party=self.party,
            shares=tuple(share._to_engine() for share in self.share_ids),
            scope=self.scope,
            sequence=self.sequence,
            kind=self.kind,
            value=to_decimal(self.value),
            steps=tuple(step._to_engine() for step in self.step_ids.sorted("start")),
            table_basis=self.table_basis,
            amount_basis=self.amount_basis,
            product_ids=frozenset(self.product_ids.ids),
            category_ids=frozenset(self.category_ids.ids),
            tag_ids=frozenset(self.tag_ids.ids),
            document_kinds=frozenset(self.document_kind_ids.mapped("code")),
            without_product=self.without_product,
            event_codes=self._get_event_codes(),
            has_product_domain=self._has_domain("product_domain"),
            has_partner_domain=self._has_domain("partner_domain"),
            amount_min=_limit(self.amount_min),
            amount_max=_limit(self.amount_max),
            quantity_min=_limit(self.quantity_min),
            valid_from=aware(self.valid_from),
            valid_until=aware(self.valid_until),
            caps=Caps(
                document=_limit(self.cap_document),
                member=_limit(self.cap_member),
                day=_limit(self.cap_day),
                period=_limit(self.cap_period),
                period_kind=self.cap_period_kind,
            ),
            hold=Hold(
                self.hold,
                self.hold_days if self.hold in ("days", "days_after_delivery") else 0,
            ),
            expiry=Expiry(self.expiry, self.expiry_count, self.expiry_period),
        )


def _limit(value):
    """Return an optional limit as Decimal: 0 in a form means "no limit"."""
    return to_decimal(value) if value else None
