from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...const import POINTS
from ...engine import to_decimal

#: What a limit per participant counts over; all but "ever" are known to the engine.
PERIODS = [
    ("ever", "In total"),
    ("day", "Per day"),
    ("week", "Per week"),
    ("month", "Per month"),
    ("year", "Per year"),
]


class B2b2cReward(models.Model):
    """What participants can have for their points.

    This file is what a manager describes; ``b2b2c_reward_offer.py`` decides who may
    have it, ``b2b2c_reward_catalogue.py`` what a storefront shows and finds,
    ``b2b2c_redemption.py`` is somebody's request, and the handler of the kind
    (``b2b2c_reward_handler.py``) gives it.
    """

    _name = "b2b2c.reward"
    _description = "Reward"
    _inherit = ["mail.thread", "mail.activity.mixin", "image.mixin"]
    _order = "sequence, points, id"

    # What
    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Html(translate=True, help="Shown to participants.")
    kind = fields.Selection(
        [("manual", "Somebody hands it over")],
        string="How It Is Given",
        required=True,
        default="manual",
    )
    product_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        help="The product that is handed over, if it is one of yours.",
    )
    category_id = fields.Many2one(
        "b2b2c.reward.category",
        index="btree_not_null",
        ondelete="set null",
        domain="[('company_id', '=', company_id)]",
        tracking=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )

    # For how much
    unit_id = fields.Many2one(
        "b2b2c.unit",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["b2b2c.unit"].search([], limit=1),
    )
    symbol = fields.Char(related="unit_id.symbol")
    price_kind = fields.Selection(
        [
            ("fixed", "Fixed price"),
            ("chosen", "The participant chooses how much"),
            ("free", "Nothing"),
        ],
        string="What It Takes",
        required=True,
        default="fixed",
    )
    points = fields.Float(
        **POINTS,
        required=True,
        tracking=True,
        string="Price",
        help="Of one piece; where the participant chooses, the least.",
    )
    points_most = fields.Float(
        **POINTS, tracking=True, string="At Most", help="0: no limit."
    )
    points_step = fields.Float(
        **POINTS,
        string="In Steps Of",
        help="Only multiples of it can be chosen. 0: any number of points.",
    )

    # For whom, when
    role_ids = fields.Many2many(
        "b2b2c.reward.role",
        "b2b2c_reward_role_rel",
        string="Roles",
        domain=lambda self: [("role", "in", list(self.env["b2b2c.role"]._get_roles()))],
        help="Only for people in one of these roles. None: everybody.",
    )
    program_ids = fields.Many2many(
        "b2b2c.program",
        "b2b2c_reward_program_rel",
        string="Earned In",
        domain="[('company_id', '=', company_id)]",
        help="Only for those who earned in one of these programs. Empty: everybody.",
    )
    date_from = fields.Datetime(string="Offered From", tracking=True)
    date_to = fields.Datetime(string="Offered Until", tracking=True)

    # How many
    is_limited = fields.Boolean("Limited Number", tracking=True)
    stock = fields.Integer(
        string="Pieces in Total",
        tracking=True,
        help="How many there are, those that were requested already included.",
    )
    stock_taken = fields.Integer("Pieces Taken", readonly=True, copy=False, default=0)
    stock_left = fields.Integer(compute="_compute_stock_left", string="Pieces Left")
    member_limit = fields.Integer(
        string="Limit per Participant", tracking=True, help="0: no limit."
    )
    limit_period = fields.Selection(PERIODS, required=True, default="ever")

    redemption_ids = fields.One2many("b2b2c.redemption", "reward_id")
    redemption_count = fields.Integer(compute="_compute_redemptions")
    waiting_count = fields.Integer(compute="_compute_redemptions")

    _price_is_positive = models.Constraint(
        "CHECK (CASE WHEN price_kind = 'free' THEN points = 0 ELSE points > 0 END)",
        "A reward costs more than nothing, unless it takes nothing at all.",
    )
    _amounts_fit = models.Constraint(
        "CHECK (coalesce(points_step, 0) >= 0 AND (coalesce(points_most, 0) = 0"
        " OR points_most >= points))",
        "The most that can be chosen is not less than the least.",
    )
    # what costs nothing is held together by the limit alone
    _free_is_limited = models.Constraint(
        "CHECK (price_kind <> 'free' OR member_limit > 0)",
        "A reward that takes nothing needs a limit per participant.",
    )
    _limit_is_a_number = models.Constraint(
        "CHECK (member_limit >= 0)", "A limit cannot be negative."
    )
    _ends_after_start = models.Constraint(
        "CHECK (date_to > date_from)", "An offer ends after it begins."
    )
    # the last line of defence behind _take_stock
    _never_oversold = models.Constraint(
        "CHECK (stock_taken >= 0 AND (NOT coalesce(is_limited, FALSE)"
        " OR stock_taken <= coalesce(stock, 0)))",
        "There cannot be fewer pieces than were requested already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("is_limited", "stock", "stock_taken")
    def _compute_stock_left(self):
        for reward in self:
            reward.stock_left = (
                reward.stock - reward.stock_taken if reward.is_limited else 0
            )

    @api.depends("redemption_ids")
    def _compute_redemptions(self):
        counts = defaultdict(Counter)
        groups = self.env["b2b2c.redemption"]._read_group(
            [("reward_id", "in", self.ids)], ["reward_id", "state"], ["__count"]
        )
        for reward, state, count in groups:
            counts[reward.id][state] = count
        for reward in self:
            reward.redemption_count = counts[reward.id].total()
            reward.waiting_count = counts[reward.id]["requested"]

    @api.onchange("price_kind")
    def _onchange_price_kind(self):
        if self.price_kind == "free":
            self.points = 0
            self.member_limit = self.member_limit or 1

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Begin with what the product is called and looks like."""
        self.name = self.name or self.product_id.name
        self.image_1920 = self.image_1920 or self.product_id.image_1920

    # === CONSTRAINT METHODS === #

    @api.constrains("points", "points_most", "points_step", "unit_id")
    def _check_price(self):
        for reward in self:
            numbers = (reward.points, reward.points_most, reward.points_step)
            prices = [to_decimal(number) for number in numbers]
            decimals = reward.unit_id.decimals
            if any(price != round(price, decimals) for price in prices):
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” has %(count)s decimals: enter such a price.",
                        unit=reward.unit_id.name,
                        count=reward.unit_id.decimals,
                    )
                )

    @api.constrains("unit_id", "program_ids", "category_id", "company_id")
    def _check_company(self):
        for reward in self:
            owners = reward.unit_id.company_id | reward.program_ids.company_id
            if (owners | reward.category_id.company_id) - reward.company_id:
                raise ValidationError(
                    self.env._(
                        "Unit, programs and category of a reward belong to its own "
                        "company."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_client_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_client_values(vals)
        if {"unit_id", "company_id", "kind"} & vals.keys() and any(
            reward.sudo().redemption_ids for reward in self
        ):
            raise UserError(
                self.env._(
                    "Somebody has requested this reward: create a new one for another "
                    "unit, company or way it is given."
                )
            )
        return super().write(vals)

    def _check_client_values(self, vals):
        """Refuse what only requests may change."""
        if "stock_taken" in vals and not self.env.su:
            raise UserError(self.env._("Requests count the pieces that were taken."))

    # === KIND === #

    def _get_handler(self):
        """Return the model that gives rewards of this kind; see its docstring."""
        self.ensure_one()
        return self.env[f"b2b2c.reward.handler.{self.kind}"]

    # === LIMITS === #

    def _is_limited_by_person(self):
        """Tell whether what a person had before limits what the person may have."""
        self.ensure_one()
        return bool(self.member_limit)

    # === PRICE === #

    def _word_amounts(self):
        """Return what may be chosen, in words: "10 pts to 50 pts, in steps of 5"."""
        self.ensure_one()
        show = self.unit_id._format
        if self.points_most:
            words = self.env._(
                "%(least)s to %(most)s",
                least=show(self.points),
                most=show(self.points_most),
            )
        else:
            words = self.env._("at least %s", show(self.points))
        if not self.points_step:
            return words
        step = show(self.points_step)
        return self.env._("%(amounts)s, in steps of %(step)s", amounts=words, step=step)

    # === STOCK: moved by requests only === #

    def _take_stock(self, quantity):
        """Take pieces for a request.

        The UPDATE is the guard: it finds the row only while enough is left, and two
        requests for the last piece cannot both commit.

        :return: whether there is a number to take from; ``None`` when too few are left
        """
        self.ensure_one()
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_reward SET stock_taken = stock_taken + %(quantity)s
                 WHERE id = %(id)s AND is_limited
                   AND stock_taken + %(quantity)s <= stock
             RETURNING id
                """,
                quantity=quantity,
                id=self.id,
            )
        )
        self.invalidate_recordset(["stock_taken", "stock_left"])
        if rows:
            return True
        return None if self.is_limited else False

    def _return_stock(self, quantity):
        """Put pieces of a request that came to nothing back."""
        self.ensure_one()
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_reward SET stock_taken = stock_taken - %s
                 WHERE id = %s RETURNING id
                """,
                quantity,
                self.id,
            )
        )
        self.invalidate_recordset(["stock_taken", "stock_left"])

    # === ACTION METHODS === #

    def action_open_redemptions(self):
        """Open the requests for this reward."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_redemption_action"
        )
        return dict(action, domain=[("reward_id", "=", self.id)], context={})
