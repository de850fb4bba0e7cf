import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """A ticket keeps whose recommendation it was."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        self._b2b2c_name_recommendations()
        return super().action_pos_order_paid()

    def validate_coupon_programs(self, point_changes, new_codes):
        """Let a ticket be one recommendation: two codes are not two discounts."""
        cards = self.env["loyalty.card"].browse(map(int, point_changes)).exists()
        kept, *others = cards._b2b2c_of_referrals() or [cards]
        if not others:
            return super().validate_coupon_programs(point_changes, new_codes)
        message = self.env._(
            "One ticket has one recommendation: %(kept)s stays, take %(others)s off.",
            kept=kept.code,
            others=", ".join(card.code for card in others),
        )
        removed = [card.id for card in others]
        return {
            "successful": False,
            "payload": {"message": message, "removed_coupons": removed},
        }

    def confirm_coupon_programs(self, coupon_data):
        """Look again: a till that was offline tells its coupons only now."""
        result = super().confirm_coupon_programs(coupon_data)
        named = self._b2b2c_name_recommendations()
        self.env["b2b2c.event"].sudo()._record(named)
        return result

    def _b2b2c_name_recommendations(self):
        """Name the code of each ticket; a till is never stopped by that.

        :return: the tickets that have one only now
        """
        uses = self.env["b2b2c.referral.use"].sudo()
        named = self.browse()
        for order in self.sudo():
            card = order.lines.coupon_id._b2b2c_of_referrals()[:1]
            if not card or uses._find(order):
                continue
            try:
                with self.env.cr.savepoint():
                    link = card.b2b2c_referral_link_id
                    if uses._note(order, link, "till", order.partner_id):
                        named |= order
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise  # the whole request is retried by Odoo
            except Exception:
                _logger.exception("Who recommended %s could not be kept.", order.name)
        return named
