from odoo import models

from odoo.addons.loyalty_b2b2c.models.pricing.marks import marked

from .till_guard import TILL, record_deviations


class PosOrder(models.Model):
    """Adapter: tells the outbox when a till order is paid, or paid back.

    What a dealer paid is compared with the tier at the same moments.
    """

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

    def _create_invoice(self, move_vals):
        """Invoice what was paid, whatever it was: it is compared at the till."""
        with marked(TILL):
            return super()._create_invoice(move_vals)

    def _b2b2c_record(self):
        """Record what these orders change, and compare what dealers paid."""
        self._b2b2c_record_documents()
        record_deviations(self)

    def _b2b2c_record_documents(self):
        """Record the documents that these orders change.

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
