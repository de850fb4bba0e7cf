from odoo import models

from odoo.addons.loyalty_b2b2c.engine import NOTHING


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Sale orders settled at a till (module pos_sale) are invoiced and paid there.

    Their till invoice is not linked to the sale order, so nothing counts twice.  What
    is brought back to a till is not expected any more.
    """

    _inherit = "b2b2c.source.sale.order"

    def _get_measures(self, line, rate, hypothetical):
        measures = super()._get_measures(line, rate, hypothetical)
        if "pos_order_line_ids" not in line._fields or hypothetical or not measures:
            return measures
        till_lines = line.sudo().pos_order_line_ids
        if not till_lines:
            return measures
        till = self.env["b2b2c.source.pos.order"]
        for till_line in till_lines:
            settled, returned = till._get_settled(till_line)
            for trigger, measure in settled.items():
                before = measures.get(trigger, NOTHING)
                measures[trigger] = before.plus(measure).floor()
            if returned.quantity and "confirmed" in measures:
                measures["confirmed"] = measures["confirmed"].minus(returned).floor()
        return measures
