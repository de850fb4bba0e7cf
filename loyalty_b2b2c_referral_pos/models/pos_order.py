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
