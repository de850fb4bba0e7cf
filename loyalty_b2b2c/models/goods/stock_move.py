from odoo import models


class StockMove(models.Model):
    """Adapter: goods of a reward left, came back, or will not come."""

    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        result = super()._action_assign(force_qty=force_qty)
        self._b2b2c_get_requests()._tell_ready()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._b2b2c_get_requests()._follow_goods()
        return result

    def _b2b2c_record_documents(self, moment=None):
        """Let the requests for rewards follow their goods, too."""
        result = super()._b2b2c_record_documents(moment)
        self._b2b2c_get_requests()._follow_goods()
        return result

    def _b2b2c_get_requests(self):
        """Return the requests for rewards these moves deliver (with sudo)."""
        requests = self.env["b2b2c.redemption"].sudo()
        moves = self.sudo().filtered(lambda move: not move.sale_line_id)
        references = moves.reference_ids
        if not references:
            return requests
        return requests.search([("reference_id", "in", references.ids)], order="id")

    def _b2b2c_get_pieces(self):
        """Return how much a move moves, or is to move, in the product's own unit."""
        self.ensure_one()
        quantity = self.quantity if self.state == "done" else self.product_uom_qty
        return self.product_uom._compute_quantity(quantity, self.product_id.uom_id)
