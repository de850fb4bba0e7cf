"""Whether and when invoices were paid, for every document that is invoiced.

What counts is the money that was received, see :mod:`.books`.
"""

from ...values import aware
from . import books
from .days import at_day, at_noon, get_zone, is_earlier_day

__all__ = [
    "at_day",
    "at_noon",
    "get_due_day",
    "get_invoiced_at",
    "get_paid_at",
    "get_zone",
    "is_paid",
    "is_given_up",
    "reading",
]

reading = books.reading


def is_paid(invoice):
    """Tell whether all that the sale of an invoice is worth was received."""
    return books.get_paid(invoice).settled == 1


def is_given_up(invoices):
    """Tell whether a part of what these are worth will never be paid."""
    posted = invoices.filtered(lambda move: move.state == "posted")
    return any(books.get_paid(invoice).lost for invoice in posted)


def get_paid_at(invoice):
    """Return when an invoice was paid as far as it is."""
    return books.get_paid_moment(invoice) or at_day(invoice.date, invoice.company_id)


def get_invoiced_at(invoice):
    """Return when an invoice was made; of one that a person set back, when it was
    posted."""
    at = at_day(invoice.invoice_date or invoice.date, invoice.company_id)
    kept = aware(invoice.sudo().b2b2c_posted_at or None)
    return kept if kept and is_earlier_day(at, kept, invoice.company_id) else at


def get_due_day(invoices):
    """Return the last day on which one of these invoices that is open is due.

    :return: ``None`` when none of them waits for its payment
    """
    days = [
        invoice.invoice_date_due
        for invoice in invoices
        if invoice.state == "posted"
        and invoice.move_type in ("out_invoice", "out_receipt")
        and invoice.payment_state not in ("paid", "in_payment", "reversed")
        and invoice.invoice_date_due
    ]
    return max(days, default=None)
