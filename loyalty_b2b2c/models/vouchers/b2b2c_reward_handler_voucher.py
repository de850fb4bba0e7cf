from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ...exceptions import RedemptionError
from ..base.days import word_day
from ..rewards.b2b2c_reward_handler import Refusal


class B2b2cRewardHandlerVoucher(models.AbstractModel):
    """Gives a code of a pool for each piece, and takes it back while nobody saw it.

    Of a pool with one public code nothing is taken: how often, the reward's own limits
    say.
    """

    _name = "b2b2c.reward.handler.voucher"
    _description = "Kind of Reward: Voucher"
    _inherit = "b2b2c.reward.handler"
    _icon = "fa-ticket"

    @api.model
    def _word_giving(self, reward):
        if reward.is_voucher_checked:
            return self.env._("We look at your request; then the code is here for you.")
        return self.env._("The code is here for you at once.")

    @api.model
    def _count_left(self, reward):
        pool = reward.voucher_pool_id
        return pool.free_count if pool.kind == "codes" else None

    @api.model
    def _check(self, offer):
        if offer.reward.voucher_pool_id._can_give(offer.quantity):
            return None
        return Refusal("no_vouchers", self._word_none(offer.quantity))

    def _word_none(self, quantity):
        if quantity > 1:
            return self.env._("There are not so many left.")
        return self.env._("There is none left at the moment.")

    @api.model
    def _is_instant(self, reward):
        return not reward.is_voucher_checked

    @api.model
    def _reserve(self, request, answers):
        pool = request.reward_id.voucher_pool_id
        if pool.kind == "shared":
            return
        taken = self.env["b2b2c.voucher"]._reserve(pool, request, request.quantity)
        if len(taken) < request.quantity:
            words = self._word_none(request.quantity)
            raise RedemptionError("no_vouchers", words)

    @api.model
    def _fulfil(self, request):
        if request.reward_id.voucher_pool_id.kind == "shared":
            return
        given = self.env["b2b2c.voucher"]._give(request)
        if len(given) < request.quantity:
            words = self.env._("The codes of this request are no longer reserved.")
            raise RedemptionError("no_vouchers", words)

    @api.model
    def _release(self, request):
        self.env["b2b2c.voucher"]._free(request)

    @api.model
    def _take_back(self, request):
        """Put the codes back into the pool; one that was seen may have been used."""
        if request.voucher_showing_ids:
            raise UserError(
                self.env._(
                    "%s has seen the voucher, and may have used it: it cannot come "
                    "back.",
                    request.member_id.name,
                )
            )
        self.env["b2b2c.voucher"]._free(request)

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        if request.state == "requested":
            waits = self.env._("We tell you as soon as it is ready.")
            return replace(description, next_step=waits)
        if request.state != "fulfilled":
            return description
        return replace(
            description,
            lines=(*self._get_terms(request), *description.lines),
            next_step=self.env._("Open the voucher"),
            next_url=request._get_voucher_path(),
        )

    def _get_terms(self, request):
        """Return where the voucher is used, and until when."""
        pool = request.reward_id.voucher_pool_id
        terms = [self.env._("At %s", pool.partner_id.name)]
        if day := request._get_voucher_day():
            terms.append(self.env._("Valid until %s", word_day(self.env, day)))
        return tuple(terms)
