from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from odoo.addons.base.models.res_partner import _tz_get

from ...const import TRIGGERS
from ...engine import Ladder, Tier, Window, to_decimal, to_fraction
from ..base.rates import has_rate
from .dealer_lookup import forget_companies

#: What proves the volume of a dealer; settled once a ladder runs.
_MEASURED = {
    "company_id",
    "counts_branches",
    "moment",
    "only_delivered",
    "basis",
    "window_kind",
    "window_count",
    "timezone",
    "category_ids",
    "tag_ids",
    "product_domain",
    "document_kind_ids",
    "base_pricelist_id",
    "benefit",
    "growth",
    "grace_days",
    "one_step",
    "tier_ids",
}


class B2b2cLadder(models.Model):
    """A dealer ladder: a volume over a window of days decides a price tier."""

    _name = "b2b2c.ladder"
    _description = "Dealer Ladder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    counts_branches = fields.Boolean(
        default=True,
        help="What branches of the company sell to a dealer counts, and costs what the "
        "tier says. A branch with a ladder of its own has its own prices.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        string="Status",
    )
    previous_id = fields.Many2one(
        "b2b2c.ladder", readonly=True, copy=False, string="Replaces"
    )

    # What is counted
    moment = fields.Selection(
        TRIGGERS,
        required=True,
        default="invoiced",
        string="Counts When",
        help="Which moment of a sale makes it count.",
    )
    only_delivered = fields.Boolean(
        string="Once Delivered",
        help="An order counts on the day it was confirmed, but only what was delivered "
        "of it: an order that is never delivered lifts no tier.",
    )
    basis = fields.Selection(
        [
            ("amount", "Value without tax"),
            ("quantity", "Quantity"),
            ("weight", "Weight"),
        ],
        required=True,
        default="amount",
        string="Volume Is",
        help="Values are in the company's currency, at the day of the document.",
    )
    category_ids = fields.Many2many(
        "product.category",
        "b2b2c_ladder_category_rel",
        ondelete="restrict",
        string="Product Categories",
        help="Only these and their sub-categories count; empty: all products.",
    )
    tag_ids = fields.Many2many(
        "product.tag",
        "b2b2c_ladder_tag_rel",
        ondelete="restrict",
        string="Product Tags",
    )
    product_domain = fields.Char(string="Product Filter", default="[]")
    document_kind_ids = fields.Many2many(
        "b2b2c.document.kind",
        "b2b2c_ladder_document_kind_rel",
        required=True,
        ondelete="restrict",
        string="Documents",
        help="Which purchases of a dealer count.",
    )

    # Over which days
    window_kind = fields.Selection(
        [
            ("months", "Last months"),
            ("days", "Last days"),
            ("quarter", "This calendar quarter"),
            ("previous_quarter", "Last complete quarter"),
            ("year", "This year to date"),
        ],
        required=True,
        default="months",
        string="Window",
    )
    window_count = fields.Integer(default=3, string="How Many")
    timezone = fields.Selection(
        _tz_get,
        required=True,
        default=lambda self: self.env.company.b2b2c_timezone or "UTC",
        help="Where the dealers' days begin; a dealer may have another one.",
    )

    # What it gives
    tier_ids = fields.One2many("b2b2c.ladder.tier", "ladder_id", copy=True)
    benefit = fields.Selection(
        [
            ("price", "A lower price"),
            ("bonus", "Bonus on paid invoices"),
            ("both", "Both"),
        ],
        required=True,
        default="price",
        help="Bonus is credited by an earning rule of kind “Percent of the dealer's "
        "tier”.",
    )
    base_pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        ondelete="restrict",
        help="Tiers discount its prices; empty: the sales prices of products.",
    )
    growth = fields.Selection(
        [("now", "At once"), ("next_day", "From the next day")],
        required=True,
        default="now",
        string="Growth Counts",
    )
    grace_days = fields.Integer(
        string="Days of Grace",
        help="A fall takes effect when the volume was too small for so many days.",
    )
    one_step = fields.Boolean(
        string="One Tier a Month", help="Fall by one tier at most, once a month."
    )
    reprice = fields.Selection(
        [("reprice", "Priced anew"), ("flag", "Flagged")],
        required=True,
        default="reprice",
        string="Open Quotations Are",
        help="When the tier of their dealer changes. Confirmed orders keep their "
        "price.",
    )
    allow_rewards = fields.Boolean(
        string="Promotions Too",
        help="Let reward lines of Odoo's promotions and coupons lower an order "
        "further.",
    )
    warn_days = fields.Integer(
        default=14,
        string="Warn Before a Fall",
        help="So many days ahead dealer and salesperson are told. 0: never.",
    )

    suspicion_days = fields.Integer(
        default=14,
        string="Watch Undone Volume",
        help="Orders at a tier whose volume is undone within so many days after it "
        "counted are reported as price deviations, with what the dealer got too much. "
        "0: never.",
    )

    standing_ids = fields.One2many("b2b2c.ladder.standing", "ladder_id")
    standing_count = fields.Integer(compute="_compute_standing_count")
    volume_label = fields.Char(compute="_compute_volume_label")

    _window_count_range = models.Constraint(
        "CHECK (window_kind NOT IN ('months', 'days')"
        " OR window_count BETWEEN 1 AND 1100)",
        "A window is at least one month or day, and three years at most.",
    )
    _days_range = models.Constraint(
        "CHECK (grace_days BETWEEN 0 AND 365 AND warn_days BETWEEN 0 AND 365"
        " AND suspicion_days BETWEEN 0 AND 365)",
        "Days of grace, of warning and of watching are between 0 and 365.",
    )

    # === DEFAULTS AND COMPUTE METHODS === #

    @api.model
    def default_get(self, fields_list):
        """Offer the ladder of the book: nothing, 5 % and 10 %."""
        values = super().default_get(fields_list)
        if "tier_ids" in fields_list and not values.get("tier_ids"):
            values["tier_ids"] = [
                Command.create({"volume_from": volume, "discount": discount})
                for volume, discount in ((0, 0), (100000, 5), (1000000, 10))
            ]
        return values

    @api.depends("standing_ids")
    def _compute_standing_count(self):
        counts = dict(
            self.env["b2b2c.ladder.standing"]._read_group(
                [("ladder_id", "in", self.ids)], ["ladder_id"], ["__count"]
            )
        )
        for ladder in self:
            ladder.standing_count = counts.get(ladder, 0)

    @api.depends("basis", "company_id")
    def _compute_volume_label(self):
        weight = self.env[
            "product.template"
        ]._get_weight_uom_name_from_ir_config_parameter()
        for ladder in self:
            ladder.volume_label = {
                "amount": ladder.currency_id.symbol,
                "quantity": self.env._("units"),
                "weight": weight,
            }[ladder.basis or "amount"]

    # === CONSTRAINT METHODS === #

    @api.constrains("tier_ids")
    def _check_tiers(self):
        for ladder in self:
            volumes = ladder.tier_ids.sorted("volume_from").mapped("volume_from")
            if not volumes or volumes[0]:
                raise ValidationError(
                    self.env._(
                        "The first tier of “%s” starts from a volume of 0: add it, "
                        "also when it gives nothing.",
                        ladder.name,
                    )
                )
            if len(set(volumes)) < len(volumes):
                raise ValidationError(
                    self.env._(
                        "Two tiers of “%s” start from the same volume; each starts "
                        "from a larger one.",
                        ladder.name,
                    )
                )
            discounts = ladder.tier_ids.sorted("volume_from").mapped("discount")
            if discounts != sorted(discounts):
                raise ValidationError(
                    self.env._(
                        "A larger volume of “%s” gives a smaller discount; let the "
                        "discounts rise with the volumes.",
                        ladder.name,
                    )
                )

    @api.constrains("name", "document_kind_ids")
    def _check_document_kinds(self):
        """Ask which documents count; ``name`` makes each new ladder answer."""
        for ladder in self:
            if not ladder.document_kind_ids:
                raise ValidationError(
                    self.env._(
                        "Say which documents count for “%s”: orders, invoices …",
                        ladder.name,
                    )
                )

    @api.constrains("product_domain")
    def _check_product_domain(self):
        for ladder in self:
            try:
                self.env["b2b2c.filter"]._check(
                    "product.product", ladder.product_domain
                )
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The product filter of “%(ladder)s” cannot be used: %(error)s",
                        ladder=ladder.name,
                        error=error,
                    )
                ) from error

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        ladders = super().create(vals_list)
        forget_companies(self.env)
        return ladders

    def write(self, vals):
        running = self.filtered(lambda ladder: ladder.state != "draft")
        if running and vals.keys() & _MEASURED:
            raise UserError(
                self.env._(
                    "“%s” runs: what it measures and gives stays as it is, so that "
                    "every standing can be proved later. Use “New Version”.",
                    running[0].name,
                )
            )
        result = super().write(vals)
        forget_companies(self.env)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if self.filtered(lambda ladder: ladder.state != "draft"):
            raise UserError(self.env._("A ladder that ran is closed, not deleted."))
        forget_companies(self.env)

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", ladder.name))
            for ladder, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === ACTIONS === #

    def action_start(self):
        """Start: make the tiers' pricelists, take the dealers of the version before."""
        self.check_access("write")
        for ladder in self:
            if ladder.state != "draft":
                raise UserError(self.env._("“%s” runs already.", ladder.name))
            if ladder.benefit != "bonus":
                ladder._check_pricelists()
                ladder.tier_ids._make_pricelists()
            ladder.state = "running"
            if ladder.previous_id:
                ladder.previous_id.sudo().standing_ids._move_to(ladder.sudo())
                ladder.previous_id.state = "closed"
        return True

    def action_close(self):
        """Close: its dealers are let go and keep no price of it."""
        self.check_access("write")
        for ladder in self.filtered(lambda ladder: ladder.state == "running"):
            ladder.sudo().standing_ids._end()
            ladder.state = "closed"
        return True

    def action_new_version(self):
        """Open a draft that takes over the dealers when it is started."""
        self.ensure_one()
        if self.state != "running":
            raise UserError(self.env._("Only a running ladder gets a new version."))
        version = self.copy({"previous_id": self.id, "name": self.name})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "views": [(False, "form")],
        }

    def action_dealers(self):
        """Open the dealers of this ladder."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ladder_standing_action"
        )
        return dict(
            action,
            domain=[("ladder_id", "=", self.id)],
            context={"default_ladder_id": self.id},
        )

    def action_prove(self):
        """Compute all volumes anew from the documents and compare (managers)."""
        self.check_access("write")
        problems = self.sudo().standing_ids._prove()
        text = "; ".join(problems[:5]) or self.env._(
            "%s dealers: volumes and tiers agree with every document.",
            len(self.standing_ids),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "message": text,
                "sticky": bool(problems),
            },
        }

    def _check_pricelists(self):
        """Check what the tiers' pricelists need.

        :raise UserError: with what to do
        """
        self.ensure_one()
        if not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            raise UserError(
                self.env._(
                    "Tiers are pricelists, and pricelists are switched off: tick "
                    "“Pricelists” in the settings of Sales first."
                )
            )
        base = self.base_pricelist_id
        if base and not base.active:
            raise UserError(
                self.env._("The base pricelist “%s” is archived.", base.name)
            )
        if base and not has_rate(base.currency_id, self.company_id):
            raise UserError(
                self.env._(
                    "“%(pricelist)s” is in %(currency)s, which has no exchange rate: "
                    "add one in Accounting → Configuration → Currencies.",
                    pricelist=base.name,
                    currency=base.currency_id.name,
                )
            )

    # === FOR THE FEED === #

    def _get_counted_companies(self):
        """Return the companies whose documents these ladders count (sudo)."""
        counting = self.filtered("counts_branches").company_id.sudo()
        branches = counting.search([("id", "child_of", counting.ids)])
        return self.company_id.sudo() | branches

    def _get_product_domain(self):
        """Return the domain of the products that count."""
        self.ensure_one()
        domain = self.env["b2b2c.filter"]._read(self.product_domain)
        if self.category_ids:
            domain &= Domain("categ_id", "child_of", self.category_ids.ids)
        if self.tag_ids:
            domain &= Domain("all_product_tag_ids", "in", self.tag_ids.ids)
        return domain

    def _get_counted(self, products):
        """Return those of ``products`` that count."""
        domain = self._get_product_domain()
        return products if domain.is_true() else products.filtered_domain(domain)

    def _get_value(self, measure, product):
        """Return the volume (Fraction) of an ``engine.Measure``."""
        if self.basis == "amount":
            return measure.amount_untaxed
        if self.basis == "quantity":
            return measure.quantity
        return measure.quantity * to_fraction(product.weight)

    def _to_engine(self):
        """Return this ladder as ``engine.Ladder``.

        :raise ValueError: it cannot work
        """
        self.ensure_one()
        return Ladder(
            tiers=tuple(
                Tier(tier.id, to_decimal(tier.volume_from))
                for tier in self.tier_ids.sorted("volume_from")
            ),
            window=Window(self.window_kind, self.window_count),
            growth_next_day=self.growth == "next_day",
            grace_days=self.grace_days,
            one_step=self.one_step,
        )
