import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class StockMove(models.Model):
    """Codes hear where the goods went that they are printed on."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
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
