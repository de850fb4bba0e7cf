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
        """Record what these orders change.

        Goods brought back count with the order they were sold with, a settled sale
        order (module pos_sale) as itself.
        """
        lines = self.sudo().lines
        origins = lines.refunded_orderline_id
        sold = lines.filtered(lambda line: not line.refunded_orderline_id)
        events = self.env["b2b2c.event"]
        events._record((sold | origins).order_id.with_env(self.env))
        if "sale_order_origin_id" in lines._fields:
            orders = (lines | origins).sale_order_origin_id
            events._record(orders.with_env(self.env))
