from odoo import models


class PosOrder(models.Model):
    """What the network hears of goods: what was sold, and what is left of it."""

    _inherit = "pos.order"

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
