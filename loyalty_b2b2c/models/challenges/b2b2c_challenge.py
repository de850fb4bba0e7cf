from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS, TRIGGERS
from ..base.days import get_today

#: Hours in which what happened in a round may still come in.
_GRACE_HOURS = 48
#: Days in which prizes can be seen and nobody has them yet.
_REVIEW_DAYS = 3
_CLAWBACK_DAYS = 30

#: What decides who reaches what; settled once a challenge was started.
_SETTLED = {
    "company_id",
    "program_id",
    "kind",
    "metric",
    "moment",
    "category_ids",
    "tag_ids",
    "product_domain",
    "document_kind_ids",
    "role_ids",
    "shop_ids",
    "region_ids",
    "partner_tag_ids",
    "first_day",
    "last_day",
    "recurrence",
    "round_days",
    "grace_hours",
    "review_days",
    "clawback_days",
    "is_opt_in",
    "places",
    "deadline_days",
    "count_from",
    "winners",
    "best_rounds",
    "best_percent",
    "held_policy",
    "min_score",
    "tie_policy",
    "group_by",
    "shop_prize",
    "shop_metric",
    "shop_min_size",
    "shop_target_ids",
    "division",
    "prize_ids",
}


class B2b2cChallenge(models.Model):
    """Something to reach or to win: a task a person takes on, or a contest.

    It runs in rounds (``b2b2c.challenge.round``): one, or one per period.  What is
    scored is counted from documents, never from points.  Prizes are points of a
    program, which may exchange them at once for a certificate, a coupon or a thing.

    A kind of challenge is an entry of ``kind`` by ``selection_add``; it extends
    :meth:`_check_prizes` and :meth:`_get_cost_of`, and awards by :meth:`_award`.
    """

    _name = "b2b2c.challenge"
    _description = "Challenge"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id desc"

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
    program_id = fields.Many2one(
        "b2b2c.program",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        tracking=True,
        help="Its points are the prizes, its budget pays them, and its time zone says "
        "when a day begins.",
    )
    unit_id = fields.Many2one(related="program_id.unit_id")
    symbol = fields.Char(related="unit_id.symbol")
    timezone = fields.Selection(related="program_id.timezone")
    description = fields.Html(
        translate=True, string="What To Do", help="Shown to participants."
    )
    kind = fields.Selection(
        [("target", "Task"), ("contest", "Contest")],
        required=True,
        default="target",
        tracking=True,
        help="A task has thresholds, and whoever reaches one gets its prize. In a "
        "contest people compete for places.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    cancel_reason = fields.Char(
        string="Why Cancelled", readonly=True, copy=False, tracking=True
    )

    # What counts
    metric = fields.Selection(
        [
            ("sales", "Sales"),
            ("units", "Units sold"),
            ("amount", "Amount sold"),
            ("scans", "Codes scanned"),
            ("points", "Points earned"),
        ],
        required=True,
        default="units",
        string="What Is Counted",
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    moment = fields.Selection(
        TRIGGERS,
        required=True,
        default="invoiced",
        string="Counts When",
        help="Which moment of a sale makes it count.",
    )
    category_ids = fields.Many2many(
        "product.category",
        "b2b2c_challenge_category_rel",
        ondelete="restrict",
        string="Product Categories",
        help="Only these and their sub-categories count; empty: all products.",
    )
    tag_ids = fields.Many2many(
        "product.tag",
        "b2b2c_challenge_tag_rel",
        ondelete="restrict",
        string="Product Tags",
    )
    product_domain = fields.Char(string="Product Filter", default="[]")
    document_kind_ids = fields.Many2many(
        "b2b2c.document.kind",
        "b2b2c_challenge_document_kind_rel",
        ondelete="restrict",
        string="Documents",
        help="Which documents count; empty: all. The same goods count once, also when "
        "several documents show them.",
    )

    # Who may take part
    role_ids = fields.Many2many(
        "b2b2c.reward.role",
        "b2b2c_challenge_role_rel",
        string="Roles",
        domain=lambda self: [("role", "in", list(self.env["b2b2c.role"]._get_roles()))],
        help="Only for people in one of these roles. None: everybody.",
    )
    shop_ids = fields.Many2many(
        "res.partner",
        "b2b2c_challenge_shop_rel",
        string="Companies or Shops",
        domain="[('is_company', '=', True)]",
        help="Only for people of these. None: of all.",
    )
    region_ids = fields.Many2many(
        "res.country.state",
        "b2b2c_challenge_region_rel",
        string="Regions",
        help="Only for people whose company or shop is there. None: everywhere.",
    )
    partner_tag_ids = fields.Many2many(
        "res.partner.category",
        "b2b2c_challenge_partner_tag_rel",
        string="Contact Tags",
        help="Only for people who have one of these tags, or whose shop has.",
    )
    audience_count = fields.Integer(
        compute="_compute_audience_count", string="People It Is For"
    )
    is_opt_in = fields.Boolean(
        string="Taken On",
        help="Who wants to take part says so. Otherwise everybody takes part at once.",
    )
    places = fields.Integer(
        required=True,
        default=0,
        help="So many people can take it on, in each round. 0: no limit.",
    )
    deadline_days = fields.Integer(
        required=True,
        default=0,
        string="Own Deadline",
        help="So many days after taking it on; never later than the end of the round. "
        "0: the end of the round.",
    )
    count_from = fields.Selection(
        [
            ("window", "From the start of the round"),
            ("joined", "From the moment it is taken on"),
        ],
        required=True,
        default="window",
        string="Counts",
    )

    # When
    first_day = fields.Date(
        required=True, default=lambda self: get_today(self.env.company), tracking=True
    )
    last_day = fields.Date(tracking=True, help="Empty: it goes on, round after round.")
    recurrence = fields.Selection(
        [
            ("once", "Once"),
            ("day", "Every day"),
            ("week", "Every week"),
            ("month", "Every month"),
            ("quarter", "Every quarter"),
            ("days", "Every so many days"),
        ],
        required=True,
        default="once",
        string="Begins Anew",
    )
    round_days = fields.Integer(string="Days per Round", required=True, default=14)
    grace_hours = fields.Integer(
        required=True,
        default=_GRACE_HOURS,
        string="Hours of Grace",
        help="What happened in a round counts when it is known so many hours after its "
        "end: a phone may have been offline. Returns of these days count, too.",
    )
    review_days = fields.Integer(
        required=True,
        default=_REVIEW_DAYS,
        string="Days to Look At It",
        help="So long the result can be seen and prizes wait; then they are given.",
    )
    clawback_days = fields.Integer(
        required=True,
        default=_CLAWBACK_DAYS,
        string="Days Prizes Come Back",
        help="The prize of a task is taken back when sales are undone within so many "
        "days after the end. Places of a contest change by a recount only.",
    )

    # Winning
    min_score = fields.Float(
        **POINTS,
        required=True,
        default=0,
        string="At Least",
        help="Who has less gets no prize, whatever the place. Prizes may stay over.",
    )
    tie_policy = fields.Selection(
        [
            ("earliest", "Who reached it first is ahead"),
            ("share", "They share the prizes of their places"),
            ("all", "Each gets the higher prize"),
            ("draw", "A draw decides"),
        ],
        required=True,
        default="earliest",
        string="Equal Scores",
    )
    group_by = fields.Selection(
        [("member", "People"), ("shop", "Shops")],
        required=True,
        default="member",
        string="Who Competes",
    )
    shop_prize = fields.Selection(
        [
            ("owner", "To the owner"),
            ("split", "Divided among its people"),
            ("each", "To each of its people"),
        ],
        required=True,
        default="owner",
        string="Prize of a Shop",
    )
    division = fields.Selection(
        [
            ("none", "All together"),
            ("shop", "Each shop by itself"),
            ("region", "Each region by itself"),
            ("role", "Each role by itself"),
        ],
        required=True,
        default="none",
        string="Divisions",
        help="Each division has a ranking and prizes of its own.",
    )
    winners = fields.Integer(
        required=True,
        default=0,
        string="Only the First",
        help="Only so many people get the prize of a threshold, in each round. 0: "
        "everybody who reaches it.",
    )
    best_rounds = fields.Integer(
        required=True,
        default=0,
        string="Better Than the Last Rounds",
        help="Everybody has to score more than the own average of so many rounds "
        "before, and the threshold at least; what was sold before the challenge began "
        "counts by the same conditions. 0: the threshold only.",
    )
    best_percent = fields.Float(
        digits=(16, 2),
        required=True,
        default=0,
        string="Better by (%)",
        help="How much more than the average.",
    )
    held_policy = fields.Selection(
        [
            ("exclude", "Do not count it"),
            ("wait", "Wait until somebody decided"),
        ],
        required=True,
        default="exclude",
        string="What Is Not Decided Yet",
        help="Claims and receipts that wait for somebody when the days are over.",
    )
    visibility = fields.Selection(
        [
            ("all", "Everybody sees the ranking"),
            ("near", "The first three, and who is next to oneself"),
            ("own", "Only the own place"),
        ],
        required=True,
        default="near",
        string="Who Sees Whom",
    )
    prize_ids = fields.One2many(
        "b2b2c.challenge.prize", "challenge_id", copy=True, string="Prizes"
    )

    # Rounds
    round_ids = fields.One2many("b2b2c.challenge.round", "challenge_id")
    round_count = fields.Integer(compute="_compute_counts")
    award_count = fields.Integer(compute="_compute_counts", string="Prizes Given")

    _days_in_order = models.Constraint(
        "CHECK (last_day IS NULL OR last_day >= first_day)",
        "The challenge ends before it starts: choose a later last day.",
    )
    _once_has_an_end = models.Constraint(
        "CHECK (recurrence <> 'once' OR last_day IS NOT NULL OR kind NOT IN "
        "('target', 'contest'))",
        "Say on which day the challenge ends.",
    )
    _round_days_range = models.Constraint(
        "CHECK (recurrence <> 'days' OR round_days BETWEEN 1 AND 1100)",
        "A round is at least one day long, and three years at most.",
    )
    _days_range = models.Constraint(
        "CHECK (grace_hours BETWEEN 0 AND 2400 AND review_days BETWEEN 0 AND 365"
        " AND clawback_days BETWEEN 0 AND 1100 AND deadline_days BETWEEN 0 AND 1100)",
        "Grace is 100 days at most, the days to look at it are a year, a deadline and "
        "the days prizes come back are three years.",
    )
    _counts_range = models.Constraint(
        "CHECK (places >= 0 AND winners >= 0 AND min_score >= 0"
        " AND best_rounds BETWEEN 0 AND 36 AND best_percent >= 0)",
        "Places, winners, scores and percentages are not negative, and people are "
        "compared with 36 rounds at most.",
    )
    _places_need_opt_in = models.Constraint(
        "CHECK (is_opt_in OR (places = 0 AND deadline_days = 0"
        " AND count_from = 'window'))",
        "Places, an own deadline and counting from the moment it is taken on are for "
        "what people take on: tick “Taken On”.",
    )

    # === COMPUTE METHODS === #

    def _compute_counts(self):
        rounds = dict(
            self.env["b2b2c.challenge.round"]._read_group(
                [("challenge_id", "in", self.ids)], ["challenge_id"], ["__count"]
            )
        )
        awards = dict(
            self.env["b2b2c.challenge.award"]._read_group(
                [("challenge_id", "in", self.ids), ("state", "!=", "taken")],
                ["challenge_id"],
                ["__count"],
            )
        )
        for challenge in self:
            challenge.round_count = rounds.get(challenge, 0)
            challenge.award_count = awards.get(challenge, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("program_id", "company_id")
    def _check_program(self):
        for challenge in self:
            if challenge.program_id.company_id != challenge.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to another company than the challenge.",
                        challenge.program_id.name,
                    )
                )

    @api.constrains("product_domain")
    def _check_product_domain(self):
        for challenge in self:
            try:
                self.env["b2b2c.filter"]._check(
                    "product.product", challenge.product_domain
                )
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The product filter of “%(challenge)s” cannot be used: "
                        "%(error)s",
                        challenge=challenge.name,
                        error=error,
                    )
                ) from error

    # === CRUD METHODS === #

    def write(self, vals):
        self.check_access("write")
        if vals.keys() & _SETTLED:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if self.filtered(lambda challenge: challenge.state != "draft"):
            raise UserError(
                self.env._("A challenge that was started is cancelled, not deleted.")
            )

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", challenge.name))
            for challenge, vals in zip(self, super().copy_data(default), strict=True)
        ]
