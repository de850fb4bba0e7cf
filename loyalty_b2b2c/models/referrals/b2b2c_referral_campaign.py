from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..base.days import get_today_in


class B2b2cReferralCampaign(models.Model):
    """What a recommendation offers, for how long it counts, and who may recommend.

    What the recommender earns is said by earning rules with the pick *Who brought the
    customer*; what the recommended person pays less, by the discount here.
    """

    _name = "b2b2c.referral.campaign"
    _description = "Recommendation Campaign"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    address_problem = fields.Selection(related="company_id.b2b2c_address_problem")
    currency_id = fields.Many2one(related="company_id.currency_id")
    program_id = fields.Many2one(
        "b2b2c.program",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        tracking=True,
        help="Whose rules reward recommenders. A customer is new when no company of "
        "this program has sold to it.",
    )
    date_from = fields.Date(string="First Day", help="Empty: at once.")
    date_to = fields.Date(string="Last Day", help="Empty: no end.")
    role_ids = fields.Many2many(
        "b2b2c.reward.role",
        "b2b2c_referral_campaign_role_rel",
        string="May Recommend",
        help="Only people in one of these roles. None: everybody who takes part.",
    )
    link_ids = fields.One2many("b2b2c.referral.link", "campaign_id")
    link_count = fields.Integer(compute="_compute_link_count")

    # What who is recommended gets
    offer = fields.Text(
        translate=True,
        help="What the page of a link says, in a sentence or two.",
    )
    discount_percent = fields.Float(
        string="Discount", digits=(5, 2), tracking=True, help="Of the order; 0: none."
    )
    discount_min = fields.Monetary(
        string="From Amount", help="Orders below it get no discount; 0: any order."
    )
    discount_max = fields.Monetary(string="At Most", help="0: no limit.")
    max_uses = fields.Integer(
        string="Uses of a Code",
        help="How often the code of one recommender can be used; 0: no limit.",
    )
    max_per_buyer = fields.Integer(
        string="Uses per Customer",
        default=1,
        help="How often one customer can use a code; 0: no limit.",
    )

    # Which purchases are the recommender's
    touch_days = fields.Integer(
        string="Link Counts For",
        default=30,
        required=True,
        help="A purchase counts for the last link that was opened within so many "
        "days. A code that is named with the purchase comes first.",
    )
    counts_for = fields.Selection(
        [
            ("first", "The first purchase"),
            ("months", "All purchases of some months"),
            ("always", "All purchases"),
        ],
        required=True,
        default="first",
        tracking=True,
        string="Recommender Earns From",
    )
    months = fields.Integer(
        default=12, help="Counted from when the customer was brought."
    )
    new_only = fields.Boolean(
        string="New Customers Only",
        default=True,
        tracking=True,
        help="Nobody is credited for customers who bought before.",
    )

    # What is looked at first
    limit_day = fields.Integer(
        string="New Customers a Day",
        default=10,
        help="From so many new customers of one recommender within a day on, a person "
        "looks at each; 0: never.",
    )
    limit_month = fields.Integer(
        string="At Most a Month",
        help="So many new customers of one recommender count within a month; 0: no "
        "limit. How many points, the rule says.",
    )
    limit_year = fields.Integer(
        string="At Most a Year",
        help="So many new customers of one recommender count within a year; 0: no "
        "limit.",
    )
    limit_typed = fields.Integer(
        string="Typed by Strangers",
        default=20,
        help="So many purchases a week by people who never opened the link, while "
        "hardly anybody opens it: the code stands on some page that collects codes. 0: "
        "not looked for.",
    )
    needs_tax_id = fields.Boolean(
        string="Tax Number Needed",
        help="Who has no tax number on the contact waits for a person.",
    )
    hold_score = fields.Integer(
        string="Look At From",
        default=50,
        required=True,
        help="Score of unusual signs from which a person decides; 0: never.",
    )
    refuse_score = fields.Integer(
        string="Refuse From",
        default=100,
        required=True,
        help="Score from which nobody has to decide; 0: never.",
    )
    review_days = fields.Integer(
        string="Decided Within",
        default=14,
        required=True,
        help="What nobody decided on by then is decided as follows.",
    )
    undecided = fields.Selection(
        [("active", "Accepted"), ("refused", "Refused")],
        string="Then It Is",
        required=True,
        default="active",
    )

    # === COMPUTE METHODS === #

    def _compute_link_count(self):
        counts = dict(
            self.env["b2b2c.referral.link"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
            )
        )
        for campaign in self:
            campaign.link_count = counts.get(campaign, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("program_id", "company_id")
    def _check_program(self):
        for campaign in self:
            if campaign.sudo().program_id.company_id != campaign.company_id:
                raise ValidationError(
                    self.env._("Choose a program of the campaign's company.")
                )

    @api.constrains("discount_percent", "discount_min", "discount_max")
    def _check_discount(self):
        for campaign in self:
            if not 0 <= campaign.discount_percent <= 100:
                raise ValidationError(
                    self.env._("A discount is between 0 and 100 percent.")
                )
            if campaign.discount_min < 0 or campaign.discount_max < 0:
                raise ValidationError(self.env._("Amounts are not below zero."))

    @api.constrains("touch_days", "months", "max_uses", "max_per_buyer", "counts_for")
    def _check_limits(self):
        for campaign in self:
            if not 1 <= campaign.touch_days <= 365:
                raise ValidationError(
                    self.env._("A link counts for between 1 and 365 days.")
                )
            if campaign.counts_for == "months" and not 1 <= campaign.months <= 120:
                raise ValidationError(
                    self.env._("Purchases count for between 1 and 120 months.")
                )
            if campaign.max_uses < 0 or campaign.max_per_buyer < 0:
                raise ValidationError(self.env._("Numbers of uses are not below 0."))

    @api.constrains(
        "limit_day", "limit_month", "limit_year", "limit_typed", "review_days",
        "hold_score", "refuse_score",
    )  # fmt: skip
    def _check_guards(self):
        for campaign in self:
            limits = (
                campaign.limit_day,
                campaign.limit_month,
                campaign.limit_year,
                campaign.limit_typed,
                campaign.hold_score,
                campaign.refuse_score,
            )
            if min(limits) < 0:
                raise ValidationError(self.env._("Limits are not below 0."))
            if not 1 <= campaign.review_days <= 365:
                raise ValidationError(
                    self.env._("A decision takes between 1 and 365 days.")
                )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for campaign in self.filtered(lambda c: c.date_from and c.date_to):
            if campaign.date_to < campaign.date_from:
                raise ValidationError(self.env._("A campaign ends after it begins."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        self.env.registry.clear_cache()
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_open_links(self):
        """Open who recommends."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_referral_link_action"
        )
        return dict(
            action,
            domain=[("campaign_id", "=", self.id)],
            context={"default_campaign_id": self.id},
        )

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache("company_id", cache="default")
    def _get_ids_counting(self, company_id):
        """Return, from the cache, the campaigns for which a company's sales count.

        :param int company_id: id of the company that sells
        :return: tuple of ids, archived campaigns too: what they brought lasts
        """
        awarding = self.env["b2b2c.program"]._get_awarding_companies(company_id)
        campaigns = (
            self.sudo()
            .with_context(active_test=False)
            .search([("company_id", "in", awarding)])
        )
        return tuple(
            campaign.id
            for campaign in campaigns
            if company_id in campaign.program_id._get_counted_companies().ids
        )

    @api.model
    def _get_counting(self, company):
        """Return the campaigns for which the sales of a company count (sudo)."""
        return self.sudo().browse(self._get_ids_counting(company.id))

    def _is_open(self):
        """Tell whether the campaign takes place today, on its program's calendar."""
        self.ensure_one()
        today = self._get_today()
        return (
            self.active
            and self.program_id.state == "running"
            and (not self.date_from or self.date_from <= today)
            and (not self.date_to or today <= self.date_to)
        )

    def _get_today(self):
        """Return the day it is on the calendar of the program."""
        return get_today_in(self.program_id.timezone)

    def _may_recommend(self, member):
        """Tell whether a participant may recommend here.

        :param member: ``b2b2c.member``
        """
        self.ensure_one()
        roles = self.role_ids.mapped("role")
        return (
            member.state == "enrolled"
            and member.company_id == self.company_id
            and (not roles or member.role in roles)
            and (not member.program_ids or self.program_id in member.program_ids)
        )

    @api.model
    def _get_for(self, member):
        """Return the campaigns in which a participant may recommend now (sudo)."""
        campaigns = self.sudo().search(Domain("company_id", "=", member.company_id.id))
        return campaigns.filtered(
            lambda campaign: campaign._is_open() and campaign._may_recommend(member)
        )

    def _get_touched_since(self, at):
        """Return since when opening a link counts for a purchase.

        :param at: naive UTC, when somebody bought
        """
        self.ensure_one()
        return at - timedelta(days=self.touch_days)
