from decimal import Decimal
from operator import add, sub

from odoo import models

from odoo.addons.loyalty_b2b2c.engine import Measure

ZERO = Decimal(0)


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
            for name, part in settled.items():
                before = measures.get(name)
                measures[name] = _combine(add, before, part) if before else part
            if returned and "confirmed" in measures:
                measures["confirmed"] = _combine(sub, measures["confirmed"], returned)
        return measures


def _combine(operation, one, other):
    """Return a measure of the results, none below zero, at the later instant."""
    return Measure(
        quantity=max(operation(one.quantity, other.quantity), ZERO),
        amount_untaxed=max(operation(one.amount_untaxed, other.amount_untaxed), ZERO),
        amount_total=max(operation(one.amount_total, other.amount_total), ZERO),
        at=max(at for at in (one.at, other.at) if at),
    )
