from odoo import api, fields, models

from . import raises

#: Values by which a line of a confirmed order becomes worth more, or less.
_WORTH = {"product_uom_qty", "price_unit", "discount"}
#: Values that make it another sale.
_OTHER = {"product_id", "product_uom_id"}


class SaleOrderLine(models.Model):
    """Adapter: what a line of a confirmed order was before each change of it.

    After a rule ended, what is added to an old order earns nothing
    (:mod:`engine.ended`).
    """

    _inherit = "sale.order.line"

    # list of [instant, quantity, amount untaxed], as it was until then
    b2b2c_before = fields.Json(copy=False, groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.sudo()._b2b2c_get_sold().b2b2c_before = raises.add_row(None, 0, 0)
        return lines

    def write(self, vals):
        before = {}
        if not vals.keys().isdisjoint(_WORTH | _OTHER):
            is_other = not vals.keys().isdisjoint(_OTHER)
            for line in self.sudo()._b2b2c_get_sold():
                figures = (line.product_uom_qty, line.price_subtotal)
                row = (0, 0) if is_other else figures
                before[line] = raises.add_row(line.b2b2c_before, *row)
        result = super().write(vals)
        for line, rows in before.items():
            line.b2b2c_before = rows
        return result

    def _b2b2c_get_sold(self):
        """Return the lines of confirmed orders that sell something, or lower it."""
        return self.filtered(
            lambda line: (
                line.state == "sale"
                and not line.display_type
                and not line.is_downpayment
            )
        )
