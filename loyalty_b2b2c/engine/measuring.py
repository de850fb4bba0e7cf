"""One measure of a document: what of each line is ordered, delivered, invoiced, paid.

A sales order, an invoice without an order, a till ticket and a reported sale are told
in the same words, so the same lines give the same figures.  Each line says what was
written, how many pieces can still come, and what invoices and notes charge for it; the
rules, in the document's currency and exact:

* a line is **worth** what is invoiced less what is credited, and for the pieces that
  are still to be invoiced the price they were ordered at.  What will never come is not
  promised, so nothing waits for it;
* money is not goods: a note takes away its money, and pieces only where pieces came
  back.  Where stock keeps count, it alone says so; elsewhere a note does whose price
  for a piece is the invoice's, or what a piece costs by then;
* what lowers the document is shared out over the lines that it lowers
  (:mod:`.sharing`), and only then is anything below zero cut off;
* no moment reaches more than the worth, and pieces given for nothing do not count;
* what can still reach a moment is less than the worth where something never will: what
  was settled without money and what no invoice will ask for is never **paid**, what was
  charged and is promised no more never **delivered** (:data:`~.facts.REACHABLE`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from . import sharing
from .facts import NOTHING, REACHABLE, Measure
from .fitting import fit
from .sharing import NONE, Figures

#: What a line of an invoice is to the line of the document that it charges.
INVOICE, NOTE, DEBIT = "invoice", "note", "debit"
_WHOLE = Figures(Fraction(1), Fraction(1), Fraction(1))


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of an invoice, a note or a debit note that charges a line.

    :param figures: money in the document's currency and pieces in the product's unit;
        those of a credit note are below zero, those of what undoes one above.
    :param at: when the invoice was made; of a note, the invoice that it lowers.
    :param kind: :data:`INVOICE`; :data:`NOTE` for a credit note and for what undoes
        one; :data:`DEBIT` for a debit note, which asks for more money.
    :param paid: the share of it that is paid, 0 to 1.
    :param paid_at: since when it is paid that far.
    :param lost: the share of it that will never be paid.
    :param coin: the smallest coin of the currency: prices that differ by less than
        rounding makes them are equal.
    """

    figures: Figures
    at: datetime
    kind: str = INVOICE
    paid: Fraction = NONE
    paid_at: datetime | None = None
    lost: Fraction = NONE
    coin: Fraction = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a document, with its sign: below zero where it lowers others.

    :param key: identity of the line in the document.
    :param written: money and pieces as they are written on the document.
    :param promised: pieces that were delivered or can still be, with the sign of
        ``written``; an invoice promises what it sells.
    :param invoiceable: pieces that invoices can ask for in all; ``None``: those that
        are promised.
    :param delivered: pieces that were delivered and are not back; ``None`` for what is
        never delivered by itself: it is when everything else of the document is.
    :param deliveries: (when pieces moved, how many), with the sign of ``written``.
    :param returned: pieces that came back to stock.
    :param is_stocked: stock keeps count of the pieces, notes say nothing about them.
    :param charges: what is charged for the line, the earliest first.
    :param price: of a piece, where nothing is written to divide.
    :param product, taxes, lowers: see :class:`~.sharing.Line`.
    """

    key: str
    written: Figures
    promised: Fraction = NONE
    invoiceable: Fraction | None = None
    delivered: Fraction | None = None
    deliveries: tuple[tuple[datetime, Fraction], ...] = ()
    returned: Fraction = NONE
    is_stocked: bool = False
    charges: tuple[Charge, ...] = ()
    price: Figures | None = None
    product: object = None
    taxes: frozenset = frozenset()
    lowers: frozenset[str] | None = None

    @property
    def delivered_at(self) -> datetime | None:
        """When pieces last moved."""
        return _last(at for at, _quantity in self.deliveries)

    @property
    def piece(self) -> Figures:
        """The price of a piece, as it was ordered."""
        if self.price is not None:
            return self.price
        quantity = self.written.quantity
        if not quantity:
            return Figures()
        return self.written.scaled(1 / quantity)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a line is, before anything is shared.

    :param worth: what it is worth, with the pieces that are sold and not given up.
    :param invoiced, paid: what of it is charged, and what of that is paid.
    :param proven: the shares of money and pieces that are delivered, 0 to 1; ``None``
        for what is never delivered by itself.
    :param payable: what of the worth is paid, or can still be.
    :param deliverable: the shares that are delivered, or can still be; ``None`` as for
        ``proven``.
    """

    worth: Figures
    invoiced: Figures
    paid: Figures
    proven: Figures | None
    payable: Figures
    deliverable: Figures | None


class DocumentMeasure:
    """The measures of all lines of one document.

    :param lines: all that take part, those that cannot earn and those below zero, too:
        they lower others, or take their part of what lowers them.
    :param ordered_at: when the document was made.
    :param is_free_worthless: pieces given for nothing do not count; false for
        documents that need not tell amounts.
    """

    def __init__(
        self,
        lines: Iterable[SoldLine],
        ordered_at: datetime,
        is_free_worthless: bool = True,
    ):
        self.lines = {line.key: line for line in lines}
        self.ordered_at = ordered_at
        self.is_free_worthless = is_free_worthless
        self.progress = {key: get_progress(line) for key, line in self.lines.items()}
        self.weights = sharing.get_weights(map(self._to_share, self.lines.values()))
        if self.weights:
            self._reduce_prices()
        self.worth = self._shared("worth")
        self.invoiced = self._limited(self._shared("invoiced"))
        self.paid = self._limited(self._shared("paid"))
        self.payable = self._limited(self._shared("payable"))

    def get_measures(self, key: str) -> dict[str, Measure]:
        """Return trigger -> measure of a line, for the moments it has reached.

        Where a moment will never be reached in full, what can still reach it is there
        as well, see :data:`~.facts.REACHABLE`.

        :param key: of a line that is not below zero
        """
        line = self.lines[key]
        figures = {
            "confirmed": (self.worth[key], self.ordered_at),
            "delivered": self._get_delivered(line),
            "invoiced": (self.invoiced[key], _last(c.at for c in line.charges)),
            "paid": (self.paid[key], _last(c.paid_at for c in line.charges if c.paid)),
        }
        measures = {
            trigger: self._to_measure(amount, at)
            for trigger, (amount, at) in figures.items()
            if at is not None
        }
        return measures | self._get_reachable(line, measures)

    def _get_reachable(self, line: SoldLine, measures: dict) -> dict[str, Measure]:
        """Return what can still reach moments that a line will not reach in full."""
        worth = self.worth[line.key]
        deliverable = self.progress[line.key].deliverable
        if deliverable is None:
            deliverable = self._rest_deliverable
        hopes = {"paid": self.payable[line.key], "delivered": worth.times(deliverable)}
        return {
            REACHABLE[trigger]: self._to_measure(hope, None)
            .at_least(measures.get(trigger, NOTHING))
            .reached(None)
            for trigger, hope in hopes.items()
            if hope != worth
        }

    def get_parts(self, key: str, trigger: str) -> list[Measure]:
        """Return the measure of a moment by the instants its parts reached it.

        A sale that is undone was never there: a note lowers the instant of its invoice.

        :return: together the measure of :meth:`get_measures`; what is too much is cut
            from the latest part
        """
        measure = self.get_measures(key).get(trigger, NOTHING)
        if not measure.at:
            return []
        if trigger == "confirmed" or not measure.quantity:
            return [measure]
        if trigger == "delivered":
            if not self.lines[key].delivered:
                return [measure]
            return fit(self._get_delivered_parts(key), measure)
        parts = defaultdict(Figures)
        for charged, weights in self._get_charged(key):
            for charge in charged.charges:
                at, figures = charge.at, charge.figures
                if trigger == "paid":
                    at, figures = charge.paid_at, figures.scaled(charge.paid)
                if at is not None:
                    parts[at] = parts[at].plus(figures.times(weights))
        return fit((_measure(figures, at) for at, figures in parts.items()), measure)

    def _get_delivered_parts(self, key):
        """Return what each delivery brought of what a line is worth.

        What came back is cut from the latest one.
        """
        line = self.lines[key]
        share = self._get_delivered(line)[0].scaled(1 / abs(line.delivered))
        return [
            _measure(share.scaled(abs(quantity)), at)
            for at, quantity in line.deliveries
        ]

    def _get_charged(self, key):
        """Yield the lines whose charges reach a line, each with its weights."""
        yield self.lines[key], _WHOLE
        for minus, shares in self.weights.items():
            if key in shares:
                yield self.lines[minus], shares[key]

    def _reduce_prices(self) -> None:
        """Measure lines again whose notes may have the price after a discount."""
        written = {key: line.written for key, line in self.lines.items()}
        shared = sharing.apply_weights(written, self.weights)
        for key, line in self.lines.items():
            if key in shared and any(c.kind == NOTE for c in line.charges):
                pieces = shared[key].quantity
                reduced = shared[key].untaxed / pieces if pieces else None
                self.progress[key] = get_progress(line, reduced)

    def _to_share(self, line: SoldLine) -> sharing.Line:
        """Return a line as sharing sees it: as it was written."""
        written = line.written
        if not written.untaxed and not written.quantity:
            written = self.progress[line.key].worth  # came without being ordered
        return sharing.Line(
            line.key,
            written,
            product=line.product,
            price=line.piece.untaxed,
            taxes=line.taxes,
            lowers=line.lowers,
        )

    def _shared(self, name: str) -> dict[str, Figures]:
        """Return key -> figures of a moment after sharing, none of them below zero."""
        figures = {key: getattr(one, name) for key, one in self.progress.items()}
        figures = sharing.balance(sharing.apply_weights(figures, self.weights))
        if self.is_free_worthless:
            return {
                key: value if value.untaxed > 0 else Figures()
                for key, value in figures.items()
            }
        return figures

    def _limited(self, figures: Mapping[str, Figures]) -> dict[str, Figures]:
        """Return figures of a moment with nothing that the lines are not worth."""
        return {key: value.at_most(self.worth[key]) for key, value in figures.items()}

    def _get_delivered(self, line: SoldLine):
        """Return what of a line was delivered, and when."""
        proven, at = self.progress[line.key].proven, line.delivered_at
        if proven is None:
            proven, at = self._rest_delivered
        if not proven.quantity:
            return Figures(), None
        return self.worth[line.key].times(proven), at or self.ordered_at

    @cached_property
    def _rest_delivered(self):
        """How far what is never delivered by itself is, and since when.

        It goes with the rest of the document: all of it or nothing.
        """
        others = {
            key: line
            for key, line in self.lines.items()
            if self.progress[key].proven is not None and key not in self.weights
        }
        if any(self.progress[key].proven.quantity < 1 for key in others):
            return Figures(), None
        return _WHOLE, _last(line.delivered_at for line in others.values())

    @cached_property
    def _rest_deliverable(self) -> Figures:
        """How far what is never delivered by itself can still be."""
        is_whole = all(
            one.deliverable is None or one.deliverable.quantity == 1
            for key, one in self.progress.items()
            if key not in self.weights
        )
        return _WHOLE if is_whole else Figures()

    def _to_measure(self, figures: Figures, at: datetime | None) -> Measure:
        if self.is_free_worthless and not figures.quantity:
            return NOTHING.reached(at)  # money without goods
        return _measure(figures, at)


def _measure(figures: Figures, at: datetime | None) -> Measure:
    return Measure(figures.quantity, figures.untaxed, figures.total, at)


def _last(instants) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


# === ONE LINE === #


def get_progress(line: SoldLine, reduced: Fraction | None = None) -> Progress:
    """Return how far a line is by itself, before what lowers it is shared out.

    :param reduced: the price of a piece with its part of what lowers the document
    """
    sign = -1 if line.written.quantity < 0 else 1
    of_goods = _find_goods(line, sign, reduced)
    sold, credited = _count_pieces(line, sign, of_goods)
    counted = frozenset() if line.is_stocked else of_goods
    promised = max(NONE, sign * line.promised)
    to_come = max(NONE, promised - sold)
    invoiced_pieces = _get_invoiced_pieces(line, sold, credited, promised)
    pieces = invoiced_pieces + to_come
    if line.is_stocked:
        pieces = max(promised, invoiced_pieces)
    charged = _sum(charge.figures for charge in line.charges)
    worth = charged.plus(line.piece.scaled(sign * to_come))
    paid, settled = (
        _take_shares(line, shares, counted, sign * invoiced_pieces)
        for shares in (
            [charge.paid for charge in line.charges],
            [1 - charge.lost for charge in line.charges],
        )
    )
    asked = to_come
    if line.invoiceable is not None:
        asked = min(to_come, max(NONE, sign * line.invoiceable - sold))
    to_pay = max(promised, sold - credited, pieces)
    # what came back is delivered again, or credited: until then it waits
    can_come = promised + abs(line.returned)
    return Progress(
        worth=replace(worth, quantity=sign * pieces),
        invoiced=replace(charged, quantity=sign * min(invoiced_pieces, pieces)),
        paid=paid,
        proven=_get_proven(line, sign * (line.delivered or NONE), pieces, to_pay),
        payable=settled.plus(line.piece.scaled(sign * asked)),
        deliverable=_get_proven(line, can_come, pieces, to_pay),
    )


def _take_shares(
    line: SoldLine, shares: list[Fraction], counted: frozenset[int], most: Fraction
) -> Figures:
    """Return a share of each charge of a line: of all money, and of pieces.

    :param counted: numbers of the notes that take pieces back
    :param most: so many pieces are charged, with the sign of the line
    """
    money, pieces, way = Figures(), NONE, -1 if most < 0 else 1
    for number, (charge, share) in enumerate(zip(line.charges, shares, strict=True)):
        figures = charge.figures.scaled(share)
        money = money.plus(figures)
        if charge.kind == INVOICE or number in counted:
            pieces += way * figures.quantity
    return replace(money, quantity=way * max(NONE, min(pieces, abs(most))))


def _count_pieces(
    line: SoldLine, sign: int, of_goods: frozenset[int]
) -> tuple[Fraction, Fraction]:
    """Return how many pieces invoices sell, and how many of them notes take back."""
    sold = credited = NONE
    for number, charge in enumerate(line.charges):
        quantity = sign * charge.figures.quantity
        if charge.kind == INVOICE:
            sold += quantity
        elif number in of_goods:
            credited -= quantity
    return sold, max(NONE, credited)


def _find_goods(line: SoldLine, sign: int, reduced: Fraction | None) -> frozenset[int]:
    """Return the numbers of the notes that take pieces back: at the price of a piece.

    That is what they were sold for, or what they cost by then: less after a note for
    the price, more after a debit note, ``reduced`` where the document has a discount.
    """
    prices = [c.figures for c in line.charges if c.kind == INVOICE] or [line.written]
    left, found = _sum(prices), set()
    for number, charge in enumerate(line.charges):
        if charge.kind == INVOICE:
            continue
        figures = charge.figures
        if charge.kind == NOTE and figures.quantity:
            now = [left] if sign * left.quantity > 0 else []
            if reduced is not None:
                now.append(Figures(quantity=Fraction(1), untaxed=reduced))
            if _is_at_price(charge, prices, now):
                found.add(number)
        if number not in found:
            figures = replace(figures, quantity=NONE)
        left = left.plus(figures)
    return frozenset(found)


def _is_at_price(
    note: Charge, written: Iterable[Figures], computed: Iterable[Figures]
) -> bool:
    """Tell whether the pieces of a note have one of some prices.

    Prices come from rounded amounts, so half a coin on each side makes no difference;
    a price that somebody had to compute was rounded as well, for each piece.

    :param written: pieces and what they cost, as documents say
    :param computed: the same, for prices that no document says
    """
    quantity, half = note.figures.quantity, note.coin / 2
    doubts = [
        (sold, half * (1 + abs(quantity / sold.quantity)))
        for sold in written
        if sold.quantity
    ]
    doubts += [(sold, half * (1 + abs(quantity))) for sold in computed]
    return any(
        abs(note.figures.untaxed - sold.untaxed * quantity / sold.quantity) <= doubt
        for sold, doubt in doubts
    )


def _get_invoiced_pieces(
    line: SoldLine, sold: Fraction, credited: Fraction, promised: Fraction
) -> Fraction:
    """Return how many of the invoiced pieces are not given up.

    Where stock keeps count, pieces are given up that came back, and those that notes
    take back of what was invoiced and is promised no more.
    """
    if not line.is_stocked:
        return max(NONE, sold - credited)
    surplus = max(NONE, sold - promised)
    given_up = min(surplus, abs(line.returned))
    given_up += min(credited, surplus - given_up)
    return max(NONE, sold - given_up)


def _get_proven(
    line: SoldLine, came: Fraction, pieces: Fraction, charged: Fraction
) -> Figures | None:
    """Return which share of a line's money and pieces is delivered.

    :param came: pieces that are, or can be
    :param pieces: that are sold and not given up
    :param charged: that are to be paid: what came back is, until it is credited
    """
    if line.delivered is None:
        return None
    if not pieces:
        return _WHOLE  # nothing is waited for
    came = max(NONE, came)
    money = min(Fraction(1), came / charged)
    return Figures(money, money, min(Fraction(1), came / pieces))


def _sum(figures: Iterable[Figures]) -> Figures:
    total = Figures()
    for one in figures:
        total = total.plus(one)
    return total
