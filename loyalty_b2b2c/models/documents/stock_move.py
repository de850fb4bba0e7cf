from odoo import models


class StockMove(models.Model):
    """Adapter: goods delivered, returned, or a delivery undone."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._b2b2c_record_orders()
        return moves

    def _b2b2c_record_orders(self):
        """Record the sale orders these moves deliver, or deliveries without one."""
        moves = self.sudo()
        orders = moves.sale_line_id.order_id.with_env(self.env)
        self.env["b2b2c.event"]._record(orders)
        sent = moves.filtered(lambda move: not move.sale_line_id)
        while returned := sent.origin_returned_move_id - sent:
            sent |= returned
        source = self.env["b2b2c.source.delivery"].sudo()
        pickings = sent.filtered(source._can_earn).picking_id.with_env(self.env)
        self.env["b2b2c.event"]._record(pickings)
