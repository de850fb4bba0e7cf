from collections import defaultdict
from dataclasses import replace

from odoo import models

from odoo.addons.loyalty_b2b2c.engine import to_fraction
from odoo.addons.loyalty_b2b2c.engine.sharing import Figures
from odoo.addons.loyalty_b2b2c.models.base import rates
from odoo.addons.loyalty_b2b2c.models.processing.facts import get_key

from . import line_kinds


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Sale orders settled at a till (module pos_sale) are invoiced and paid there.

    Their till invoice is not linked to the sale order, so nothing counts twice.
    """

    _inherit = "b2b2c.source.sale.order"

    def _has_begun(self, document):
        """Tell also what was settled at a till."""
        lines = document.order_line.sudo()
        settled = "pos_order_line_ids" in lines._fields and lines.pos_order_line_ids
        return bool(settled) or super()._has_begun(document)

    def _get_other_charges(self, document):
        found = defaultdict(list, super()._get_other_charges(document))
        lines = document.order_line.sudo()
        if "pos_order_line_ids" not in lines._fields:
            return found
        till = self.env["b2b2c.source.pos.order"]
        settling = lines.pos_order_line_ids
        for ticket in settling.order_id:
            charged = till._get_settled_charges(ticket)
            rate = _get_rate(document, ticket)
            for line in settling & ticket.lines:
                found[get_key(line.sale_order_line_id)] += [
                    _convert(charge, rate) for charge in charged.get(line.id, ())
                ]
        return found

    def _get_handed_over(self, line):
        """Count what a till sold for the order, whatever became of its delivery."""
        pieces = super()._get_handed_over(line)
        if "pos_order_line_ids" not in line._fields:
            return pieces
        return pieces + sum(
            to_fraction(settling.qty)
            for settling in line.sudo().pos_order_line_ids
            if settling.order_id.state in line_kinds.PAID
        )


def _get_rate(order, ticket):
    """Return the exact factor from a ticket's currency to its sale order's."""
    if order.currency_id == ticket.currency_id:
        return rates.ONE
    return rates.get_exact(order.currency_rate) / rates.get_exact(ticket.currency_rate)


def _convert(charge, rate):
    """Return a charge in the currency of the order."""
    figures = charge.figures
    money = Figures(figures.untaxed * rate, figures.total * rate, figures.quantity)
    return replace(charge, figures=money)
