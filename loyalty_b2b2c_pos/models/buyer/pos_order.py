import logging

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.loyalty_b2b2c.exceptions import LoyaltyError

from .own_cards import is_own_card

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """Whose card was shown, as the till says; it is kept when the order is paid."""

    _inherit = "pos.order"

    # what the till claims: a ticket that we signed, or what was scanned without
    # network. Every cashier reads it, so it goes as soon as it was read.
    b2b2c_member_token = fields.Char("Card Shown", copy=False)
    # what the receipt says about points, so that another print says the same
    b2b2c_receipt = fields.Json("Points on the Receipt", copy=False)

    def action_pos_order_paid(self):
        self._b2b2c_keep_buyer()
        return super().action_pos_order_paid()

    def _b2b2c_keep_buyer(self):
        """Keep who showed a card; a till is never stopped by that."""
        for order in self.filtered("b2b2c_member_token").sudo():
            try:
                with self.env.cr.savepoint():
                    order._b2b2c_read_buyer()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise  # the whole request is retried by Odoo
            except Exception:
                _logger.exception("Who bought %s could not be kept.", order.name)

    def _b2b2c_read_buyer(self):
        """Read who showed a card at this order, and forget the till's word for it.

        What people order by themselves has no card that a till has seen.
        """
        members, token = self.env["b2b2c.member"], self.b2b2c_member_token
        self.b2b2c_member_token = False
        if self.source != "pos":
            return
        try:
            asker = f"s{self.session_id.id}"
            shown = members._find_named(token, self.company_id, asker)
        except LoyaltyError:
            _logger.info("Too many guesses: nobody is named on %s", self.name)
            return
        if shown.member and not is_own_card(self, shown.member):
            self.env["b2b2c.till.buyer"]._keep(self, shown.member, shown.way)
