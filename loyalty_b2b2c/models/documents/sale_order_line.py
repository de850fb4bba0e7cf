from odoo import api, fields, models

from . import promotions

_MEASURED = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "qty_delivered",
    "qty_delivered_method",
}


class SaleOrderLine(models.Model):
    """Adapter: a confirmed order whose lines change is measured again."""

    _inherit = "sale.order.line"

    # ids of the lines that a promotion lowered when the order was confirmed: products
    # that it is for may change later, what somebody bought does not
    b2b2c_lowered = fields.Json(copy=False, groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._b2b2c_record()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & _MEASURED:
            self._b2b2c_record()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.exists()._b2b2c_record_confirmed()
        return result

    def _b2b2c_remember_lowered(self):
        """Keep with each promotion which lines it lowers."""
        if "reward_id" not in self._fields:  # module sale_loyalty
            return
        for line in self.filtered("reward_id"):
            lowered = promotions.find_lowered(line, line.order_id.order_line)
            line.sudo().b2b2c_lowered = None if lowered is None else lowered.ids

    def _b2b2c_record(self):
        """Record the confirmed orders of these lines."""
        self.order_id._b2b2c_record_confirmed()
