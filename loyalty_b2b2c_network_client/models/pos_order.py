import logging

from odoo import fields, models

from .pos_payment_method import NETWORK

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """Adapter: what the network has to hear of a ticket is written with it.

    The network knows a ticket by its number. When goods come back it forgets what it
    knew, and hears what is left under a number of its own.
    """

    _inherit = "pos.order"

    b2b2c_network_code = fields.Char(
        "Points Card",
        copy=False,
        groups="point_of_sale.group_pos_user",
        help="What the customer showed at the till.",
    )

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._b2b2c_tell_network()
        return result

    def _b2b2c_tell_network(self):
        """Remember what the network has to hear; a till is never stopped by that."""
        for order in self.sudo():
            try:
                with self.env.cr.savepoint():
                    order._b2b2c_queue_payments()
                    order._b2b2c_queue_sales()
            except Exception:
                _logger.exception("The network does not hear of %s.", order.name)

    # === WHAT WAS PAID WITH POINTS === #

    def _b2b2c_queue_payments(self):
        """Let points be spent that were reserved, or given back."""
        for payment in self._b2b2c_get_points():
            amount = round(payment.amount, self.currency_id.decimal_places)
            if amount > 0:
                body = {"key": payment.uuid, "amount": amount}
                self._b2b2c_queue(f"capture/{payment.uuid}", "/spends/capture", body)
            elif amount < 0:
                self._b2b2c_queue_back(payment, -amount)

    def _b2b2c_queue_back(self, payment, amount):
        """Give points back to the payments of the tickets that goods come back of."""
        sold = self.lines.refunded_orderline_id.order_id
        for paid in sold._b2b2c_get_points().filtered(lambda one: one.amount > 0):
            part = round(min(amount, paid.amount), self.currency_id.decimal_places)
            if part <= 0:
                break
            key = f"{payment.uuid}/{paid.uuid}"[:64]
            body = {"key": paid.uuid, "return_key": key, "amount": part}
            self._b2b2c_queue(f"back/{key}", "/spends/back", body)
            amount -= part

    def _b2b2c_get_points(self):
        return self.payment_ids.filtered(
            lambda payment: payment.payment_method_id.use_payment_terminal == NETWORK
        )

    def _b2b2c_queue(self, key, path, body):
        calls = self.env["points.network.call"].sudo()
        calls._queue(self.company_id, key, path, body, self)
