from odoo import models


class StockPicking(models.Model):
    """Adapter: a done delivery whose receiver is entered, or corrected, afterwards."""

    _inherit = "stock.picking"

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            done = self.filtered(lambda picking: picking.state == "done")
            done.move_ids._b2b2c_record_documents("corrected")
        return result
