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

    # === WHAT WAS SOLD === #

    def _b2b2c_queue_sales(self):
        """Report what was sold to who showed a card, and what is left after returns."""
        if self.b2b2c_network_code:
            self._b2b2c_queue_sale(self._b2b2c_get_reference(0))
        for sold in self.lines.refunded_orderline_id.order_id:
            if sold.b2b2c_network_code:
                sold._b2b2c_queue_return()

    def _b2b2c_queue_return(self):
        """Take the last report back, and report what is left."""
        calls = self.env["points.network.call"].sudo()
        reports = calls.search_count(
            [("order_id", "=", self.id), ("path", "=", "/sales")]
        )
        last = self._b2b2c_get_reference(max(reports - 1, 0))
        self._b2b2c_queue(
            f"cancel/{last}", "/cancel", {"type": "sale", "reference": last}
        )
        self._b2b2c_queue_sale(self._b2b2c_get_reference(reports))

    def _b2b2c_queue_sale(self, reference):
        """Report what is sold by this ticket now, if anything."""
        lines = [
            line._b2b2c_to_network(kept)
            for line in self.lines
            if (kept := line.qty - line.refunded_qty) > 0 and line.price_subtotal > 0
        ]
        if not lines:
            return
        body = {
            "reference": reference,
            "status": "paid",
            "occurred_at": f"{self.date_order.isoformat()}Z",
            "currency": self.currency_id.name,
            "member": {"code": self.b2b2c_network_code[:64]},
            "lines": lines,
        }
        self._b2b2c_queue(f"sale/{reference}", "/sales", body)

    def _b2b2c_get_reference(self, number):
        """Return the number the network knows the ticket by, after so many returns."""
        name = f"{self.pos_reference or self.name} {self.uuid[:8]}"[:56]
        return f"{name} ({number + 1})" if number else name

    def _b2b2c_queue(self, key, path, body):
        calls = self.env["points.network.call"].sudo()
        calls._queue(self.company_id, key, path, body, self)


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _b2b2c_to_network(self, quantity):
        """Return a line in the words of the API.

        :param quantity: pieces that are still sold
        """
        product, share = self.product_id, quantity / self.qty
        number = product.barcode or product.default_code
        line = {
            "quantity": round(quantity, 6),
            "amount_untaxed": round(self.price_subtotal * share, 6),
            "amount_total": round(self.price_subtotal_incl * share, 6),
        }
        return {**line, "product": number[:64]} if number else line
