from odoo import models

from odoo.addons.loyalty_b2b2c.engine import Measure


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Sale orders settled at a till (module pos_sale) are invoiced and paid there.

    Their till invoice is not linked to the sale order, so nothing counts twice.
    """

    _inherit = "b2b2c.source.sale.order"

    def _get_invoice_measures(self, line):
        measures = super()._get_invoice_measures(line)
        if "pos_order_line_ids" not in line._fields:
            return measures
        till = self.env["b2b2c.source.pos.order"]
        for till_line in line.sudo().pos_order_line_ids:
            for name, part in till._get_settled_measures(till_line).items():
                measures[name] = (
                    _add(measures[name], part) if name in measures else part
                )
        return measures


def _add(one, other):
    """Return the sum of two measures, reached when the later one was."""
    return Measure(
        quantity=one.quantity + other.quantity,
        amount_untaxed=one.amount_untaxed + other.amount_untaxed,
        amount_total=one.amount_total + other.amount_total,
        at=max(one.at, other.at),
    )
