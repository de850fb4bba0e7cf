import base64
import io
from dataclasses import replace

import qrcode

from odoo import api, models
from odoo.tools import format_amount

from odoo.addons.loyalty_b2b2c.models.base.days import get_today, word_day
from odoo.addons.loyalty_b2b2c.models.rewards.b2b2c_reward_handler import Refusal


class B2b2cRewardHandlerCoupon(models.AbstractModel):
    """Gives cards of Odoo's loyalty: coupons and gift cards of the company's own."""

    _name = "b2b2c.reward.handler.coupon"
    _description = "Kind of Reward: Coupon or Gift Card"
    _inherit = "b2b2c.reward.handler"
    _icon = "fa-tag"

    @api.model
    def _word_giving(self, reward):
        return self.env._("The code is here for you at once.")

    @api.model
    def _check(self, offer):
        program = offer.reward.coupon_program_id
        today = get_today(offer.reward.company_id)
        is_over = program.date_to and program.date_to < today
        if not program.active or not program.reward_ids or is_over:
            sentence = self.env._("These coupons are not given at the moment.")
            return Refusal("no_coupons", sentence)
        return None

    @api.model
    def _is_instant(self, reward):
        return True

    @api.model
    def _fulfil(self, request):
        self.env["loyalty.card"]._give_for(request)

    @api.model
    def _take_back(self, request):
        request.coupon_ids._withdraw()

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        cards = request.coupon_ids
        if request.state != "fulfilled" or not cards:
            return description
        lines = [*description.lines, *self._word_use(request, cards)]
        return replace(
            description,
            lines=tuple(lines),
            code=" ".join(cards.mapped("code")),
            picture=_draw(cards.code) if len(cards) == 1 else "",
            next_step=self.env._(
                "Enter the code in your order, or show it at the till."
            ),
        )

    @api.model
    def _word_use(self, request, cards):
        """Return what the cards are good for, how long, and whether they were used."""
        reward = request.reward_id
        currency = reward.coupon_currency_id
        if reward.coupon_program_type == "gift_card":
            left = format_amount(self.env, sum(cards.mapped("points")), currency)
            yield self.env._("%s are on it.", left)
        elif all(card.points < card.b2b2c_points for card in cards):
            yield self.env._("It was used.")
        last_day = cards[0].expiration_date or reward.coupon_program_id.date_to
        if last_day:
            yield self.env._("Valid until %s.", word_day(self.env, last_day))
        if reward.is_coupon_personal:
            yield self.env._("Only for you: the code works for nobody else.")


def _draw(code):
    """Return a QR code as the address of a picture."""
    picture, file = qrcode.make(code, border=2), io.BytesIO()
    picture.save(file, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
