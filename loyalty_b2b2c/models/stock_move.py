from odoo import models


class StockMove(models.Model):
    """Adapter: goods delivered, returned, or a delivery undone."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._b2b2c_record_orders()
        return moves

    def _b2b2c_record_orders(self):
        """Record the sale orders these moves deliver."""
        orders = self.sudo().sale_line_id.order_id.with_env(self.env)
        self.env["b2b2c.event"]._record(orders)
