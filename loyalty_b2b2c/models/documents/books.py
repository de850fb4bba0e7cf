"""Money really received for invoices, read from the books.

What counts is :func:`engine.money.get_paid`; here its arguments are read: what is due,
what belongs to one sale, and what stands behind each reconciliation.  An ordinary
invoice takes two statements, each step to a note, a down payment or a moved debt two
more; a batch reads them together (:func:`reading`).
"""

from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

from ...engine.money import Paid
from .books_component import read_component
from .books_graph import Books
from .days import at_day

NOT_PAID = Paid()

# of the batch of invoices that is being measured, see `reading`
_books = ContextVar("b2b2c_books", default=None)


@contextmanager
def reading(invoices):
    """Read the books of invoices once for all questions inside.

    :param invoices: ``account.move`` records; others are read when they are asked for
    """
    books = Books(invoices.env)
    books.load(invoices.ids)
    token = _books.set(books)
    try:
        yield
    finally:
        _books.reset(token)


def get_paid(invoice):
    """Return how far the sale of an invoice is paid, by money that was received.

    :return: :class:`engine.money.Paid`; nothing for what is not posted
    """
    return _open(invoice).get_paid(invoice.id) or NOT_PAID


def get_paid_moment(invoice):
    """Return when an invoice was paid as far as it is, ``None`` when nothing was.

    What is free is paid on its own day.
    """
    paid = get_paid(invoice)
    day = paid.at or (invoice.date if paid.share else None)
    return at_day(day, invoice.company_id) if day else None


def get_notes(invoice):
    """Return what corrects an invoice, and what corrects that.

    Credit notes that name it, that credit its order lines or that are reconciled with
    it and name nothing, their own notes, and debit notes; all of them posted.

    :return: list of ``(account.move, part)``, where ``part`` of the note belongs to the
        sale: 1 but for a note that names nothing and settles several invoices
    """
    parts = _open(invoice).get_notes(invoice.id)
    return [(invoice.browse(note_id), part) for note_id, part in parts.items()]


def get_settling(item):
    """Return what settles a debt that no invoice tells of, as of a till's closing.

    :param item: ``account.move.line`` record of what a customer owes
    :return: list of ``(entry, amount, money, day)``: what the entry settles of the debt
        in its currency, and the share of it that is money.  Notes of other sales count
        as none.
    """
    document = _open(item.move_id).documents.get(item.move_id.id)
    partials = set(item.matched_credit_ids.ids)
    return [
        (
            item.move_id.browse(edge.other),
            edge.own,
            edge.get_shares()[0] if edge.other_type == "entry" else Fraction(0),
            edge.day,
        )
        for edge in (document.edges if document else ())
        if edge.partial in partials
    ]


def get_component(moves):
    """Return the invoices and notes whose money may change when these entries do.

    :param moves: ``account.move``: invoices, notes, or entries of payments
    """
    return moves.browse(read_component(moves.env, moves.ids) if moves else ())


def _open(invoice):
    """Return the books of the batch, or new ones, with an invoice in them."""
    books = _books.get() or Books(invoice.env)
    books.load(invoice.ids)
    return books
