"""What accounting credits of the invoice of a ticket, without a return at a till."""

from fractions import Fraction

from odoo.addons.loyalty_b2b2c.engine import to_fraction
from odoo.addons.loyalty_b2b2c.models.documents import books

from . import line_kinds


def get_notes(ticket):
    """Return the notes of a ticket's invoice that no till made.

    Those of a till are tickets, and their lines count.

    :return: list of ``(account.move, part)``, see ``books.get_notes``
    """
    invoice = ticket.account_move
    if invoice.state != "posted":
        return []
    return [
        (note, part)
        for note, part in books.get_notes(invoice)
        if not note.pos_order_ids
    ]


def get_note_items(ticket):
    """Yield (line of a note, the share of it that is of this ticket)."""
    for note, part in get_notes(ticket):
        for item in note.invoice_line_ids:
            if item.display_type == "product" and not item.is_downpayment:
                yield item, part * _get_share(ticket, item)


def _get_share(ticket, item):
    """Return which share of a note's line is of a ticket.

    An invoice may be of many tickets, and its lines do not name them: what sold the
    product takes part, at the same price if there is such, in proportion to its money.
    """
    lines = ticket.account_move.pos_order_ids.lines.filtered(
        lambda line: not line_kinds.is_down_payment(line)
    )
    if lines.order_id == ticket:
        return Fraction(1)
    same = lines.filtered(lambda line: line.product_id == item.product_id)
    alike = same.filtered(lambda line: _get_price(line) == _get_item_price(item))
    base = alike or same or lines
    whole = sum(abs(to_fraction(line.price_subtotal)) for line in base)
    own = base.filtered(lambda line: line.order_id == ticket)
    if not whole:
        return Fraction(len(own), len(base) or 1)
    return sum(abs(to_fraction(line.price_subtotal)) for line in own) / whole


def _get_price(line):
    return line.price_unit * (1 - line.discount / 100)


def _get_item_price(item):
    return item.price_unit * (1 - item.discount / 100)
