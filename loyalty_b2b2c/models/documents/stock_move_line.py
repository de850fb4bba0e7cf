from odoo import api, models


class StockMoveLine(models.Model):
    """Adapter: what is edited on a done delivery changes what was delivered, without
    any hook."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._b2b2c_record_done()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "quantity" in vals:
            self._b2b2c_record_done()
        return result

    def _b2b2c_record_done(self):
        """Record what these lines deliver, as far as it is done."""
        done = self.move_id.filtered(lambda move: move.state == "done")
        if done:
            done._b2b2c_record_documents()
