"""What was added to an order after it was confirmed: which part of a line is old."""

from collections import defaultdict
from fractions import Fraction

from odoo import fields

from ...engine import to_fraction
from ...values import aware

ONE, ZERO = Fraction(1), Fraction(0)


def get_raises(order):
    """Return line id -> when a line was changed, and which part of it is from before.

    A line that lowers the order raises all others when it becomes less.

    :param order: ``sale.order``
    :return: dict of tuples ``(aware datetime, Fraction from 0 to 1)``
    """
    raises = defaultdict(list)
    for line in order.order_line.filtered("b2b2c_before"):
        for at, quantity, amount in line.b2b2c_before:
            at = aware(fields.Datetime.to_datetime(at))
            if line.price_subtotal < 0 or to_fraction(amount) < 0:
                for other, share in _get_raised(order, line, amount).items():
                    raises[other].append((at, share))
            else:
                share = min(
                    _get_part(quantity, line.product_uom_qty),
                    _get_part(amount, line.price_subtotal),
                )
                raises[line.id].append((at, share))
    return {line_id: tuple(rows) for line_id, rows in raises.items()}


def _get_part(before, now):
    """Return which part of a figure was there before, 1 for all of it."""
    before, now = to_fraction(before), to_fraction(now)
    return min(max(before / now, ZERO), ONE) if now > 0 else ONE


def _get_raised(order, lowering, before):
    """Return line id -> its part without what a lowering line lowers less now."""
    lines = order.order_line.filtered(lambda line: line.price_subtotal > 0)
    total = sum((to_fraction(line.price_subtotal) for line in lines), ZERO)
    less = to_fraction(lowering.price_subtotal) - to_fraction(before)
    share = max(1 - less / total, ZERO) if total and less > 0 else ONE
    return dict.fromkeys(lines.ids, share)
