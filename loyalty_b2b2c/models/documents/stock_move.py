import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class StockMove(models.Model):
    """Adapter: goods delivered, returned, or a delivery undone."""

    _inherit = "stock.move"

    def write(self, vals):
        result = super().write(vals)
        if "date" in vals:  # when the rest is expected
            planned = self.filtered(lambda move: move.state not in ("done", "cancel"))
            orders = planned.sudo().sale_line_id.order_id
            orders.with_env(self.env)._b2b2c_record_confirmed()
        return result

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._b2b2c_record_documents()
        moves._b2b2c_record_codes()
        return moves

    def _b2b2c_record_codes(self):
        """Tell the codes of these goods where they are; never stops a delivery."""
        moves = self.sudo()
        lines = moves.move_line_ids
        if lines.lot_id or lines.package_id or lines.result_package_id:
            try:
                with self.env.cr.savepoint():
                    self.env["b2b2c.code"].sudo()._record_moves(moves)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise  # Odoo does the whole delivery again
            except Exception:
                _logger.exception("Codes do not follow the goods of %s", moves)

    def _b2b2c_record_documents(self):
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
