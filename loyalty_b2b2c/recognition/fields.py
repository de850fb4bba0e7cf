"""Number, date, total and lines out of rows of text, whichever engine read them."""

import functools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from . import moments, numbers, totals
from .goods import Line
from .habits import Habits
from .rows import prepare
from .words import TITLES, Words


@dataclass(slots=True)
class Fields:
    """What one engine's rows say; ``None`` for what was not found.

    :param proofs: what proves the total, see :data:`.proofs.KINDS`
    :param differs: whether something on the receipt contradicts the total
    :param sure: whether its proofs are enough, see :mod:`.totals`
    :param fits: whether lines, deposits and services make the total, up to rounding
    :param several: whether it says more than one total, each with lines of its own
    :param guessed: whether nothing names the number
    :param titles: what kind of paper it says it is, of :data:`.words.TITLES`
    """

    number: str | None = None
    fiscal: str | None = None
    register: str | None = None
    issued_on: date | None = None
    time: str | None = None
    total: Decimal | None = None
    paid: list[Decimal] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    proofs: frozenset = frozenset()
    differs: bool = False
    sure: bool = False
    fits: bool = False
    several: bool = False
    guessed: bool = False
    titles: frozenset = frozenset()

    @property
    def lines_total(self):
        """The sum of the lines, ``None`` without any."""
        return sum(line.amount for line in self.lines) if self.lines else None

    def lines_make(self, total):
        """Tell whether the lines make a total, up to what rounding changed."""
        if self.fits and total == self.total:
            return True
        return self.lines_total == total


@functools.cache
def _shipped_words():
    return Words()


def extract(rows, words=None, habits=None):
    """Return the :class:`Fields` of rows of text, top to bottom.

    :param words: :class:`.words.Words`, those of all languages when left out
    :param habits: :class:`.habits.Habits` of the country
    """
    words, habits = words or _shipped_words(), habits or Habits()
    found = totals.find(prepare(rows), words, habits.decimals)
    page = Fields(
        total=found.total,
        paid=found.paid,
        lines=found.lines,
        proofs=found.proofs,
        differs=found.differs,
        sure=found.sure,
        fits=found.fits,
        several=found.several,
        titles=_titles(found.rows),
    )
    page.issued_on, page.time = moments.read(found.rows, habits, words)
    page.number, page.fiscal, page.register, page.guessed = numbers.read(
        found.rows, words
    )
    return page


def _titles(rows):
    """Return what kind of paper the rows say it is."""
    return frozenset(row.role for row in rows if row.role in TITLES and row.whole)
