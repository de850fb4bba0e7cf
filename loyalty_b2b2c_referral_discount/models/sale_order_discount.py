from odoo import models


class SaleOrder(models.Model):
    """The discount of an order follows whose recommendation it is."""

    _inherit = "sale.order"

    def _b2b2c_recommend(self, link, channel):
        """Give the discount with the code."""
        problem = super()._b2b2c_recommend(link, channel)
        if not problem:
            self._b2b2c_give_discount(link)
        return problem

    def _b2b2c_forget_recommendation(self):
        """Take the discount off with the code."""
        result = super()._b2b2c_forget_recommendation()
        self._b2b2c_take_discount()
        return result

    def _b2b2c_apply(self, link):
        """Let core know the card of a recommendation.

        :return: what core's ``_try_apply_code`` returns
        """
        card = self.env["loyalty.card"]._b2b2c_find(link)
        if not card.program_id.active:
            return {}  # the recommender is credited; nothing is paid less
        problem = self._b2b2c_get_discount_problem(link.campaign_id)
        if problem:
            return {"error": problem}
        if card not in self.applied_coupon_ids:
            self.applied_coupon_ids += card
        status = self._try_apply_program(card.program_id, card)
        if "error" in status and not status.get("already_applied"):
            self.applied_coupon_ids -= card
        if "error" in status:
            return status
        return self._get_claimable_rewards(forced_coupons=card)

    def _b2b2c_give_discount(self, link):
        """Give the discount of a recommendation, if there is one now."""
        if self.order_line.coupon_id._b2b2c_of_referrals():
            return
        rewards = self._b2b2c_apply(link)
        if "error" not in rewards:
            for card, reward in rewards.items():
                self._apply_program_reward(reward, card)

    def _b2b2c_take_discount(self):
        """Take the discounts of recommendations off."""
        for order in self:
            lines = order.order_line.filtered(
                lambda line: line.coupon_id._b2b2c_of_referrals()
            )
            lines.unlink()
            order.applied_coupon_ids -= order.applied_coupon_ids._b2b2c_of_referrals()

    def _b2b2c_get_discount_problem(self, campaign):
        """Return, as a sentence, why a right code gives no discount."""
        if self.b2b2c_price_by_tier:
            return self.env._(
                "A dealer's prices follow from the tier: a recommendation lowers them "
                "no further."
            )
        others = self.order_line.filtered(
            lambda line: (
                line.reward_id
                and not line.reward_id.program_id.is_payment_program
                and not line.coupon_id._b2b2c_of_referrals()
            )
        )
        if others and campaign.discount_stacking == "alone":
            return self.env._(
                "The code is good only without other promotions, and the order has "
                "“%s”.",
                others[0].reward_id.program_id.name,
            )
        return ""

    def _update_programs_and_rewards(self):
        """Look again at whom a code is good for, now that more may be known."""
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            use = self.env["b2b2c.referral.use"].sudo()._find(order)
            link = use.link_id
            if link and not order._b2b2c_check_recommendation(use):
                order._b2b2c_follow_terms(link)
        return super()._update_programs_and_rewards()

    def _b2b2c_follow_terms(self, link):
        """Give or take the discount as the order is now."""
        if self._b2b2c_get_discount_problem(link.campaign_id):
            self._b2b2c_take_discount()
        else:
            self._b2b2c_give_discount(link)
