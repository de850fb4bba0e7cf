from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: Programs whose codes are cards of their own, good for one holder each.
PROGRAM_TYPES = ("coupons", "gift_card", "next_order_coupons")


def _archive(rewards):
    """Let no reward of this kind be had any more; what was given stays."""
    rewards.flush_recordset()
    rewards.env.cr.execute(
        SQL(
            "UPDATE b2b2c_reward SET kind = 'manual', active = FALSE"
            " WHERE id = ANY(%s)",
            rewards.ids,
        )
    )
    rewards.invalidate_recordset()


class B2b2cReward(models.Model):
    """A reward may be a coupon or a gift card of the company's own."""

    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("coupon", "Coupon or gift card of your own")],
        ondelete={"coupon": _archive},
    )
    coupon_program_id = fields.Many2one(
        "loyalty.program",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("program_type", "in", PROGRAM_TYPES)],
        help="The coupon or gift card program of Odoo's discounts and loyalty that "
        "says what the coupon is good for.",
    )
    coupon_program_type = fields.Selection(related="coupon_program_id.program_type")
    coupon_currency_id = fields.Many2one(related="coupon_program_id.currency_id")
    coupon_value = fields.Monetary(
        string="Value of the Gift Card", currency_field="coupon_currency_id"
    )
    coupon_days = fields.Integer(
        string="Valid for Days", help="From the day it is given. 0: as the program."
    )
    is_coupon_personal = fields.Boolean(
        string="Only for the Person",
        help="Nobody else can use the code, in orders, in the web shop and at the "
        "till. A gift card is money for whoever has it: at the till it stays so.",
    )

    _coupon_days_not_negative = models.Constraint(
        "CHECK (coalesce(coupon_days, 0) >= 0 AND coalesce(coupon_value, 0) >= 0)",
        "Days and values of coupons cannot be negative.",
    )

    @api.constrains("kind", "coupon_program_id", "coupon_value", "company_id")
    def _check_coupon(self):
        for reward in self.filtered(lambda reward: reward.kind == "coupon"):
            program = reward.sudo().coupon_program_id
            problem = None
            if program.program_type not in PROGRAM_TYPES:
                problem = self.env._("choose the program of the coupon or gift card")
            elif program.company_id and program.company_id != reward.company_id:
                problem = self.env._("the coupon program belongs to another company")
            elif program.program_type == "gift_card" and not reward.coupon_value:
                problem = self.env._("enter the value of the gift card")
            if problem:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s”: %(problem)s.",
                        reward=reward.name,
                        problem=problem,
                    )
                )

    def _get_coupon_points(self):
        """Return the points of a new card: the money of a gift card, or one use."""
        self.ensure_one()
        program = self.coupon_program_id
        if program.program_type == "gift_card":
            return self.coupon_value
        return min(program.reward_ids.mapped("required_points"), default=0)
