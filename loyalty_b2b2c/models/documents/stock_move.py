from odoo import models

from ..base.harmless import harmless

#: Of what is still to come: when it is expected, and how much of it.
_PLANNED = {"date", "product_uom_qty"}


class StockMove(models.Model):
    """Adapter: goods delivered, returned, or a delivery undone."""

    _inherit = "stock.move"

    def write(self, vals):
        result = super().write(vals)
        changed = self.browse()
        if vals.get("state") == "cancel":  # these pieces will not come any more
            changed = self
        elif vals.keys() & _PLANNED:
            changed = self.filtered(lambda move: move.state not in ("done", "cancel"))
        if changed:  # Odoo writes every move several times
            orders = changed.sudo().sale_line_id.order_id
            orders.with_env(self.env)._b2b2c_record_confirmed()
        return result

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._b2b2c_record_documents("delivered")
        return moves

    @harmless("What %s delivers could not be told.")
    def _b2b2c_record_documents(self, moment=None):
        """Record the sale orders these moves deliver, or deliveries without one.

        :param str moment: what happened to the deliveries of these moves, see
            ``b2b2c.event._record``
        """
        moves = self.sudo()
        orders = moves.sale_line_id.order_id.with_env(self.env)
        self.env["b2b2c.event"]._record(orders)
        sent = moves.filtered(lambda move: not move.sale_line_id)
        while returned := sent.origin_returned_move_id - sent:
            sent |= returned
        source = self.env["b2b2c.source.delivery"].sudo()
        pickings = sent.filtered(source._can_earn).picking_id.with_env(self.env)
        own = pickings & self.picking_id
        self.env["b2b2c.event"]._record(own, moment)
        self.env["b2b2c.event"]._record(pickings - own)
