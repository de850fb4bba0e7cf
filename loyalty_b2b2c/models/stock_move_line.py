from odoo import models


class StockMoveLine(models.Model):
    """Adapter: editing a done quantity changes what was delivered, without any hook."""

    _inherit = "stock.move.line"

    def write(self, vals):
        result = super().write(vals)
        if "quantity" in vals:
            self.move_id.filtered(
                lambda move: move.state == "done"
            )._b2b2c_record_orders()
        return result
