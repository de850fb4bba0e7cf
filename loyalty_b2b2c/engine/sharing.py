"""What lowers a whole document is shared out over the lines that it lowers.

A discount on the order, a promotion, an exchange, a line below zero typed by hand: each
makes other lines worth less.  Which ones is said by the narrowest of five circles that
has anything left to lower:

1. a piece that comes back, or money back for one: lines of the same product at the
   same price, and
2. of the same product at any price;
3. what lowers named lines (a promotion on some products): those lines;
4. lines with the same taxes;
5. every line of the document.

Pieces are lowered in the first three circles only.  Inside a circle all cuts are taken
at once, in proportion to what the lines had left when the circle began, so neither the
order of lines nor of discounts matters.  What a circle cannot take is left to the
widest one.  What does not fit there lowers all lines below zero: the document is worth
nothing, and nothing is carried to other documents.  But more may come of it than was
written (a discount is credited, more pieces are invoiced), so nothing is cut off before
a moment is measured (:func:`balance`).

Numbers are :class:`~fractions.Fraction` and nothing is rounded; the sum of the lines
stays the sum of the document.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

NONE = Fraction(0)
COLUMNS = ("untaxed", "total", "quantity")


@dataclass(frozen=True, slots=True)
class Figures:
    """Money without and with taxes, and pieces; of a line or of a part of it."""

    untaxed: Fraction = NONE
    total: Fraction = NONE
    quantity: Fraction = NONE

    def plus(self, other: "Figures") -> "Figures":
        """Return the sum of both."""
        return Figures(
            self.untaxed + other.untaxed,
            self.total + other.total,
            self.quantity + other.quantity,
        )

    def times(self, weights: "Figures") -> "Figures":
        """Return each figure multiplied by the one of ``weights``."""
        return Figures(
            self.untaxed * weights.untaxed,
            self.total * weights.total,
            self.quantity * weights.quantity,
        )

    def scaled(self, share: Fraction) -> "Figures":
        """Return ``share`` times all figures."""
        if share == 1:
            return self
        return Figures(self.untaxed * share, self.total * share, self.quantity * share)

    def at_most(self, other: "Figures") -> "Figures":
        """Return the smaller of each figure."""
        return Figures(
            min(self.untaxed, other.untaxed),
            min(self.total, other.total),
            min(self.quantity, other.quantity),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document as it is written, with its sign.

    :param key: identity of the line in the document.
    :param figures: money in the document's currency, pieces in the product's unit.
    :param product: identity of the product, ``None`` for a line without one.
    :param price: for one piece, before anything is shared; tells equal prices.
    :param taxes: the taxes that are a percentage; a discount of a document is written
        once for each such set.
    :param lowers: keys of the lines that the line is known to lower; ``None`` when
        Odoo does not say.
    """

    key: str
    figures: Figures
    product: Hashable = None
    price: Fraction = NONE
    taxes: frozenset = frozenset()
    lowers: frozenset[str] | None = None

    @property
    def is_minus(self) -> bool:
        """Whether the line lowers other lines."""
        return self.figures.untaxed < 0 or (
            not self.figures.untaxed and self.figures.quantity < 0
        )


def get_weights(lines: Iterable[Line]) -> dict[str, dict[str, Figures]]:
    """Return which part of each line below zero the other lines take.

    :return: key of a line below zero -> key of the line that is lowered -> the share
        of the money and pieces that it takes, each between 0 and 1.  They add up to 1
        where there is anything that the line could lower.
    """
    lines = list(lines)
    minus = [line for line in lines if line.is_minus]
    if not minus:
        return {}
    plus = [line for line in lines if not line.is_minus]
    weights = {line.key: defaultdict(Figures) for line in minus}
    for column in COLUMNS:
        _Column(column, plus, minus, weights).share()
    return {key: dict(shares) for key, shares in weights.items()}


def share(lines: Iterable[Line]) -> dict[str, Figures]:
    """Return what each line is worth after the lines below zero were shared out.

    :return: key -> figures, for the lines that are not below zero themselves.
    """
    lines = list(lines)
    figures = {line.key: line.figures for line in lines}
    return balance(apply_weights(figures, get_weights(lines)))


def apply_weights(
    figures: Mapping[str, Figures], weights: Mapping[str, Mapping[str, Figures]]
) -> dict[str, Figures]:
    """Return figures of lines, those of lines below zero added to what they lower.

    The weights of what was ordered serve what was invoiced or paid of it, too.

    :param figures: key -> figures of a moment; lines that did not reach it are missing.
    :param weights: see :func:`get_weights`.
    """
    worth = {key: value for key, value in figures.items() if key not in weights}
    for minus, shares in weights.items():
        lowering = figures.get(minus)
        if lowering is None:
            continue
        for key, portion in shares.items():
            lowered = worth.get(key, Figures())
            worth[key] = lowered.plus(lowering.times(portion))
    return worth


def balance(figures: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return figures of lines with none below zero, and the same sum of money.

    What a moment lowers a line by before the line has reached it is taken from the
    lines that have, each in proportion to what it has.  Nothing is left where the sum
    is below zero.  Pieces are of one product each, and no other line's.
    """
    if not any(_is_below_zero(value) for value in figures.values()):
        return dict(figures)
    untaxed = _balance_money({key: value.untaxed for key, value in figures.items()})
    total = _balance_money({key: value.total for key, value in figures.items()})
    return {
        key: Figures(untaxed[key], total[key], max(NONE, value.quantity))
        for key, value in figures.items()
    }


def _is_below_zero(figures: Figures) -> bool:
    return figures.untaxed < 0 or figures.total < 0 or figures.quantity < 0


def _balance_money(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return amounts of lines without any below zero."""
    missing = -sum(value for value in values.values() if value < 0)
    there = sum(value for value in values.values() if value > 0)
    left = max(NONE, 1 - missing / there) if there else NONE
    return {key: max(NONE, value) * left for key, value in values.items()}


@dataclass(slots=True)
class _Column:
    """Shares one of the three figures of the lines below zero."""

    name: str
    plus: list[Line]
    minus: list[Line]
    weights: dict[str, dict[str, Figures]]
    #: line below zero -> the amount by which it lowers others
    lowering: dict[str, Fraction] = field(init=False)

    def __post_init__(self):
        self.lowering = {line.key: -self._of(line) for line in self.minus}

    def share(self) -> None:
        """Add the shares of this figure to ``weights``."""
        left = {line.key: self._of(line) for line in self.plus}
        open_amounts = dict(self.lowering)
        for circle in _CIRCLES[: 3 if self.name == "quantity" else None]:
            bases = {}
            for line in self.minus:
                if open_amounts[line.key] > 0:
                    base = [other.key for other in self.plus if circle(line, other)]
                    if sum(left[key] for key in base) > 0:
                        bases[line.key] = base
            self._cut(bases, left, open_amounts)
        self._overdraw(open_amounts)

    def _overdraw(self, open_amounts: dict[str, Fraction]) -> None:
        """Share what fits nowhere by what is written, so that nothing is forgotten.

        Pieces are of one product: without a line of it they are nobody's.
        """
        for line in self.minus:
            if open_amounts[line.key] <= 0:
                continue
            base = {
                other.key: self._of(other)
                for other in self.plus
                if self.name != "quantity" or _same_product(line, other)
            }
            whole = sum(base.values())
            for key, written in base.items():
                if written:
                    amount = open_amounts[line.key] * written / whole
                    self._take(line.key, key, amount)

    def _of(self, line: Line) -> Fraction:
        return getattr(line.figures, self.name)

    def _cut(
        self,
        bases: Mapping[str, list[str]],
        left: dict[str, Fraction],
        open_amounts: dict[str, Fraction],
    ) -> None:
        """Lower the lines of each base by what is open, all bases at once."""
        wanted = defaultdict(dict)  # lowered line -> line below zero -> amount
        for minus, base in bases.items():
            whole = sum(left[key] for key in base)
            for key in base:
                if left[key]:
                    wanted[key][minus] = open_amounts[minus] * left[key] / whole
        for key, amounts in wanted.items():
            total = sum(amounts.values())
            fits = min(Fraction(1), left[key] / total)
            for minus, amount in amounts.items():
                self._take(minus, key, amount * fits)
                open_amounts[minus] -= amount * fits
            left[key] -= total * fits

    def _take(self, minus: str, key: str, amount: Fraction) -> None:
        portion = Figures(**{self.name: amount / self.lowering[minus]})
        self.weights[minus][key] = self.weights[minus][key].plus(portion)


def _same_price(minus: Line, line: Line) -> bool:
    return _same_product(minus, line) and minus.price == line.price


def _same_product(minus: Line, line: Line) -> bool:
    return minus.product is not None and minus.product == line.product


def _is_named(minus: Line, line: Line) -> bool:
    return minus.lowers is not None and line.key in minus.lowers


def _same_taxes(minus: Line, line: Line) -> bool:
    return minus.lowers is None and minus.taxes == line.taxes


def _any_line(_minus: Line, _line: Line) -> bool:
    return True


_CIRCLES = (_same_price, _same_product, _is_named, _same_taxes, _any_line)
