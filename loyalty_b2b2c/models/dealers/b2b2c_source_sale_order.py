from decimal import Decimal

from odoo import models

from ...engine import NOTHING, Measure
from ...values import aware
from ..documents import settlement

ZERO = Decimal(0)


class B2b2cSourceSaleOrder(models.AbstractModel):
    """What a dealer's order counts, day by day."""

    _inherit = "b2b2c.source.sale.order"

    def _get_volumes(self, line, rate, moment):
        """Return the measure of a moment, cut by the days its parts reached it.

        What came back is taken from the invoice it reverses, else from the latest
        part: a sale that is undone was never there, on whatever day it is undone.
        """
        [measure] = super()._get_volumes(line, rate, moment) or [NOTHING]
        if not measure.at:
            return []
        if moment == "delivered":
            parts = self._get_delivered_parts(line, rate)
        elif moment in ("invoiced", "paid"):
            parts = self._get_invoiced_parts(line, moment)
        else:
            parts = []
        return fit(parts, measure)

    def _get_dealer_domain(self, company, partners):
        domain = super()._get_dealer_domain(company, partners)
        return [*domain, ("state", "in", ("sale", "cancel"))]

    def _get_delivered_parts(self, line, rate):
        """Return the measure of each move that brought goods of an order line."""
        return [
            self._measure_ordered(
                line,
                move.product_uom._compute_quantity(
                    move.quantity, line.product_uom_id, round=False
                ),
                rate,
                aware(move.date),
            )
            for move in line.move_ids
            if move.state == "done"
            and move.location_dest_id._is_outgoing()
            and move.product_id == line.product_id
        ]

    def _get_invoiced_parts(self, line, moment):
        """Return the measure of each invoice of a line, less what reverses it."""
        parts = {}
        for item in self._get_invoiced_items(line).sorted("id"):
            invoice = item.move_id.reversed_entry_id or item.move_id
            if moment == "paid" and not settlement.is_paid(invoice):
                continue
            at = settlement.get_invoiced_at(invoice)
            if moment == "paid":
                at = settlement.get_paid_at(invoice)
            before = parts.get(invoice.id, NOTHING)
            part = before.plus(self._measure_invoiced(line, item))
            parts[invoice.id] = part.reached(at)
        return list(parts.values())


def fit(parts, measure):
    """Return ``parts``, in time order, cut or filled up to a measure in all.

    What is too much is taken from the latest part, what lacks is added to it.
    """
    parts = sorted((part for part in parts if part.at), key=lambda part: part.at)
    if not parts:
        return [measure]
    columns = [
        _fit_column([getattr(part, name) for part in parts], getattr(measure, name))
        for name in ("quantity", "amount_untaxed", "amount_total")
    ]
    return [
        Measure(*values, at=part.at)
        for part, *values in zip(parts, *columns, strict=True)
        if any(values)
    ]


def _fit_column(values, total):
    """Return numbers that add up to ``total``, the last ones cut first."""
    excess = sum(values, ZERO) - total
    fitted = []
    for value in reversed(values):
        cut = min(max(value, ZERO), excess) if excess > 0 else ZERO
        fitted.append(value - cut)
        excess -= cut
    fitted.reverse()
    fitted[-1] -= excess  # below zero: what lacks
    return fitted
