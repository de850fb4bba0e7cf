from odoo import models


class PosOrder(models.Model):
    """Adapter: tells the outbox when a till order is paid, or paid back."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._b2b2c_record()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self.filtered(lambda order: order.state in ("paid", "done"))._b2b2c_record()
        return result

    def _b2b2c_record(self):
        """Record these orders; of returns, the orders the goods were sold with."""
        lines = self.sudo().lines
        sold = lines.filtered(lambda line: not line.refunded_orderline_id)
        orders = (sold | lines.refunded_orderline_id).order_id
        self.env["b2b2c.event"]._record(orders.with_env(self.env))
