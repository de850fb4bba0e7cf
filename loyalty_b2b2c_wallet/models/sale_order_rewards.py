from odoo import models
from odoo.exceptions import UserError

from . import point_lines
from .marks import ASKING, CORE, is_marked, marked

#: More points than any order takes: core then says how a whole price spreads.
_PLENTY = 10**12


class SaleOrder(models.Model):
    """Core puts rewards together anew at every change; points come last, from us."""

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        with marked(CORE):
            result = super()._update_programs_and_rewards()
        for order in self:
            part = order.sudo().b2b2c_part_payment_ids
            if part and order.state in ("draft", "sent"):
                part._write_lines()
                part._settle()
        return result

    def _recompute_prices(self):
        with marked(CORE):
            return super()._recompute_prices()

    def _get_claimable_rewards(self, forced_coupons=None):
        """Leave wallets out: how many points pay is chosen, not claimed."""
        rewards = super()._get_claimable_rewards(forced_coupons=forced_coupons)
        for card in [*rewards]:
            if card._b2b2c_of_wallet():
                del rewards[card]
        return rewards

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        """Never count on what a card shows."""
        if not coupon._b2b2c_of_wallet():
            return super()._get_real_points_for_coupon(
                coupon, post_confirm=post_confirm
            )
        return _PLENTY if is_marked(ASKING) else max(coupon.points, 0)

    def _get_reward_line_values(self, reward, coupon, **kwargs):
        """Give core no lines of points to write: we write them when it is done."""
        if coupon._b2b2c_of_wallet() and not is_marked(ASKING):
            return []
        return super()._get_reward_line_values(reward, coupon, **kwargs)

    def _apply_program_reward(self, reward, coupon, **kwargs):
        if coupon._b2b2c_of_wallet() or reward.sudo().program_id.b2b2c_wallet:
            return {"error": self.env._("Choose how many points you want to use.")}
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _b2b2c_get_point_lines(self):
        """Return the lines that say what is paid in points."""
        return point_lines.of_points(self.order_line)

    def _b2b2c_check_payer(self, partner_id):
        """Refuse to give what somebody's points pay to somebody else.

        An open order loses its points with its customer, a confirmed one keeps both.

        :raise UserError: names the order
        """
        for order in self.filtered(lambda one: one.state == "sale"):
            if order.partner_id.id != partner_id and order._b2b2c_get_point_lines():
                raise UserError(
                    self.env._(
                        "Points of %(customer)s pay for %(order)s: it stays with its "
                        "customer. Cancel it, and make another order.",
                        customer=order.partner_id.name,
                        order=order.name,
                    )
                )
