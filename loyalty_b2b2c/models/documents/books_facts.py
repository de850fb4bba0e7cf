"""Facts of the books: documents in force, and what settles and corrects them."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ...engine.money import NOTHING
from .books_rows import NOTES, SALES


@dataclass(slots=True)
class Edge:
    """A reconciliation in force of a document.

    :param side: 1 when it settles a debit of the document, -1 a credit.
    :param own: amount in the document's currency.
    :param taken: amount in the currency of the other entry.
    :param is_money: whether the entry is money whatever its accounts say.
    :param money: what the other entry debits of value, in its currency if it has only
        one, else its company's; likewise ``lost`` (written off), ``debit`` and
        ``credit`` (owed by customers).
    :param given_back: the share of the payment that its provider gave back.
    """

    partial: int
    side: int
    day: date
    own: Fraction
    taken: Fraction
    other: int
    other_type: str
    is_statement: bool
    is_money: bool
    money: Fraction
    lost: Fraction
    debit: Fraction
    credit: Fraction
    given_back: Fraction

    @property
    def moves_debt(self) -> bool:
        """Whether the other entry only moves what is owed to somebody else."""
        if self.is_money or self.other_type != "entry":
            return False
        return bool(self.debit if self.side > 0 else self.credit)

    def get_shares(self):
        """Return which shares of the other entry are money, written off, moved on."""
        if self.is_money or self.other_type != "entry":
            return Fraction(1), NOTHING, NOTHING
        money, lost = self.money * self.side, self.lost * self.side
        moved = self.debit if self.side > 0 else self.credit
        whole = money + lost + moved
        if whole <= 0:
            return NOTHING, NOTHING, NOTHING
        kept = (1 - self.given_back) * max(NOTHING, money) / whole
        return min(Fraction(1), kept), max(NOTHING, lost) / whole, moved / whole


@dataclass(slots=True)
class LoosePayment:
    """A payment without an entry, which only names the invoices it pays."""

    id: int
    currency: int
    is_done: bool
    day: date
    amount: Fraction
    invoices: tuple[int, ...]


@dataclass(slots=True)
class Advance:
    """What a document deducts for a down payment.

    :param order_line: id of the order line of the down payment.
    :param amount: taxes included; below zero when a note takes the deduction back.
    :param invoices: ids of the invoices of the down payment.
    """

    order_line: int
    amount: Fraction
    invoices: list[int]


@dataclass(slots=True)
class Document:
    """An invoice, a note, or an entry that moves a debt, in force.

    :param notes: ids of what credits it; ``origins`` of what it credits.
    """

    type: str
    currency: int
    due_day: date | None
    amount: Fraction
    discount: Fraction
    discount_until: date | None
    rounding: Fraction
    in_items_currency: bool
    origins: set[int] = field(default_factory=set)
    notes: set[int] = field(default_factory=set)
    debit_notes: set[int] = field(default_factory=set)
    edges: list[Edge] = field(default_factory=list)
    advances: list[Advance] = field(default_factory=list)
    loose: list[LoosePayment] = field(default_factory=list)

    @property
    def is_unnamed(self) -> bool:
        """Whether it is a note that does not say what it credits."""
        return self.type in NOTES and not self.origins

    def get_needed(self):
        """Yield the ids of the documents that its money depends on."""
        yield from self.origins | self.notes | self.debit_notes
        for edge in self.edges:
            if edge.other_type in SALES:
                if edge.side > 0 or self.is_unnamed:
                    yield edge.other
            elif edge.side > 0 and edge.moves_debt:
                yield edge.other
        for advance in self.advances:
            yield from advance.invoices
        for payment in self.loose:
            yield from payment.invoices


def make_document(
    move_type,
    currency,
    in_items_currency,
    due_day,
    amount,
    discount,
    discount_until,
    rounding,
):
    """Return a document from the values of a row ``head``."""
    return Document(
        move_type,
        currency,
        _day(due_day),
        Fraction(amount),
        Fraction(discount),
        _day(discount_until),
        Fraction(rounding),
        in_items_currency,
    )


def add_fact(document, kind, values):
    """Enter the values of any other row into its document."""
    _ADDERS[kind](document, *values)


def _add_edge(document, partial, side, day, own, taken, amount, *values):
    other, other_type, is_statement, is_money, *sums = values
    document.edges.append(
        Edge(
            partial,
            side,
            _day(day),
            Fraction(own if document.in_items_currency else amount),
            Fraction(taken),
            other,
            other_type,
            is_statement,
            is_money,
            *map(Fraction, sums),
        )
    )


def _add_origin(document, other):
    document.origins.add(other)


def _add_note(document, other):
    document.notes.add(other)


def _add_debit_note(document, other):
    document.debit_notes.add(other)


def _add_advance(document, order_line, total, invoices):
    direction = 1 if document.type in NOTES else -1
    amount = direction * Fraction(total)
    document.advances.append(Advance(order_line, amount, invoices))


def _add_loose_payment(document, payment, currency, state, day, amount, invoices):
    document.loose.append(
        LoosePayment(
            payment,
            currency,
            state == "paid",
            _day(day),
            Fraction(amount),
            tuple(invoices),
        )
    )


_ADDERS = {
    "edge": _add_edge,
    "origin": _add_origin,
    "note": _add_note,
    "debit": _add_debit_note,
    "advance": _add_advance,
    "loose": _add_loose_payment,
}


def _day(text):
    """Return a day of a row."""
    return date.fromisoformat(text) if text else None
