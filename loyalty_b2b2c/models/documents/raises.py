"""What was added to a document after it happened: which part of a line is old.

Lines keep ``[instant, quantity, amount untaxed]`` of each time somebody changed them,
as they were until then.
"""

from collections import defaultdict
from fractions import Fraction

from odoo import fields

from ...engine import to_fraction
from ...values import aware

ONE, ZERO = Fraction(1), Fraction(0)


def add_row(rows, quantity, amount):
    """Return what a line keeps, with what it is until now."""
    now = fields.Datetime.to_string(fields.Datetime.now())
    return [*(rows or ()), [now, quantity, amount]]


def get_raises(lines, quantity_field):
    """Return line id -> when a line was changed, and which part of it is from before.

    A line that lowers the document raises all others when it becomes less.

    :param lines: all lines of a document, with ``price_subtotal`` and ``b2b2c_before``
    :param str quantity_field: of the lines
    :return: dict of tuples ``(aware datetime, Fraction from 0 to 1)``
    """
    found = defaultdict(list)
    for line in lines.sudo().filtered("b2b2c_before"):
        for at, quantity, amount in line.b2b2c_before:
            at = aware(fields.Datetime.to_datetime(at))
            if line.price_subtotal < 0 or amount < 0:
                for other, share in _get_raised(lines, line, amount).items():
                    found[other].append((at, share))
            else:
                share = min(
                    _get_part(quantity, line[quantity_field]),
                    _get_part(amount, line.price_subtotal),
                )
                found[line.id].append((at, share))
    return {line_id: tuple(rows) for line_id, rows in found.items()}


def _get_part(before, now):
    """Return which part of a figure was there before, 1 for all of it."""
    before, now = to_fraction(before), to_fraction(now)
    return min(max(before / now, ZERO), ONE) if now > 0 else ONE


def _get_raised(lines, lowering, before):
    """Return line id -> its part without what a lowering line lowers less now."""
    raised = lines.filtered(lambda line: line.price_subtotal > 0)
    total = sum((to_fraction(line.price_subtotal) for line in raised), ZERO)
    less = to_fraction(lowering.price_subtotal) - to_fraction(before)
    share = max(1 - less / total, ZERO) if total and less > 0 else ONE
    return dict.fromkeys(raised.ids, share)
