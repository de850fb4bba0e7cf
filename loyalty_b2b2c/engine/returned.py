"""Goods that came back and named no sale: they lower the sale they are counted with."""

from dataclasses import replace
from fractions import Fraction

from .measuring import INVOICE, NOTE, SoldLine

NONE = Fraction(0)


def take_back(line: SoldLine, pieces: Fraction) -> SoldLine:
    """Return a line as if pieces of it had come back, and were credited at their price.

    What can still come is given up first, then what was invoiced last.

    :param line: sells something: its quantity is above zero.
    :param pieces: how many; of more than there are, all of them.
    """
    if not pieces:
        return line
    invoices = [c for c in line.charges if c.kind == INVOICE and c.figures.quantity > 0]
    sold = sum((charge.figures.quantity for charge in invoices), NONE)
    pieces = min(pieces, max(sold, line.promised, NONE))
    left = pieces - min(pieces, max(NONE, line.promised - sold))
    notes = []
    for charge in reversed(invoices):
        taken = min(left, charge.figures.quantity)
        if taken:
            share = -taken / charge.figures.quantity
            notes.append(
                replace(charge, kind=NOTE, figures=charge.figures.scaled(share))
            )
            left -= taken
    delivered = line.delivered
    if delivered is not None:
        delivered = max(NONE, delivered - pieces)
    invoiceable = line.invoiceable
    if invoiceable is not None:
        invoiceable = max(NONE, invoiceable - pieces)
    return replace(
        line,
        promised=max(NONE, line.promised - pieces),
        invoiceable=invoiceable,
        delivered=delivered,
        returned=line.returned + pieces,
        charges=(*line.charges, *notes),
    )
