"""What orders take back that they did not sell: returns and exchanges by order.

An order of pieces below zero names no sale.  What it sells of the product itself is
lowered first, as on any document; the others lower the customer's latest sale
(:mod:`.unnamed_returns`) and count no more in the order that takes them back.
"""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from ...engine import to_fraction
from ..processing.facts import get_key
from .order_lines import OrderLines, takes_part
from .unnamed_returns import Return

NONE = Fraction(0)


def find(source, order_ids):
    """Return the goods that confirmed orders take back and did not sell.

    :param source: of orders
    :return: list of ``unnamed_returns.Return``
    """
    lines = source.env["sale.order.line"].search(
        [
            ("order_id", "in", order_ids),
            ("state", "=", "sale"),
            ("product_uom_qty", "<", 0),
            ("price_unit", ">=", 0),
        ],
        order="id",
    )
    lines = lines.filtered(lambda line: line.product_id and takes_part(line))
    returns, sold = [], _get_sold(source, lines.order_id)
    for line in lines:
        key = line.order_id, line.product_id
        back, stocked = _get_back(source, line)
        inside = min(back, sold[key])
        sold[key] -= inside
        if back > inside:
            pieces = back - inside
            amount = None if stocked else _get_price(source, line) * pieces
            returns.append(
                Return(line.order_id, line.id, line.product_id, pieces, amount)
            )
    return returns


def without_settled(order, lines):
    """Return the lines of an order without what counts with an older sale.

    :param lines: list of ``engine.measuring.SoldLine``
    """
    rows = order.env["b2b2c.unnamed.return"]._get_rows(order._name, order.ids)
    taken = {
        get_key(order.order_line.browse(line_id)): sum(
            (pieces for *_sale, pieces, _asked in sales), NONE
        )
        for (_order_id, line_id), sales in rows.items()
    }
    if not any(taken.values()):
        return lines
    left = []
    for line in lines:
        pieces = abs(line.promised or line.written.quantity)
        part = taken.get(line.key, NONE)
        if not part:
            left.append(line)
        elif part < pieces:
            left.append(_scale(line, 1 - part / pieces))
    return left


def _get_sold(source, orders):
    """Return (order, product) -> pieces that the order sells itself."""
    sold = defaultdict(Fraction)
    for line in orders.order_line:
        if line.product_uom_qty > 0 and takes_part(line):
            sold[line.order_id, line.product_id] += _get_pieces(source, line)
    return sold


def _get_back(source, line):
    """Return how many pieces came back or will, and whether stock counts them."""
    pieces = OrderLines(source, line.order_id).get_pieces(line)
    return max(NONE, -pieces["promised"]), pieces.get("is_stocked", False)


def _get_price(source, line):
    """Return the price of a piece before taxes."""
    return to_fraction(line.price_subtotal) / _get_pieces(source, line)


def _get_pieces(source, line):
    """Return how much a line orders, in the product's own unit."""
    ratio = source._get_unit_ratio(line.product_uom_id, line.product_id.uom_id)
    return to_fraction(line.product_uom_qty) * ratio


def _scale(line, share):
    """Return a share of a line."""
    return replace(
        line,
        written=line.written.scaled(share),
        promised=line.promised * share,
        invoiceable=None if line.invoiceable is None else line.invoiceable * share,
        delivered=None if line.delivered is None else line.delivered * share,
        deliveries=tuple((at, pieces * share) for at, pieces in line.deliveries),
        returned=line.returned * share,
        charges=tuple(
            replace(charge, figures=charge.figures.scaled(share))
            for charge in line.charges
        ),
    )
