"""Rows of a receipt with what stands in them: amounts, percentages, and their role."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from . import amounts
from .letters import shape

MAX_ROWS = 400
MAX_ROW = 200

_RATE = re.compile(r"@?\s?\d{1,2}(?:[.,]\d{1,2})?\s?%")

#: Roles of rows below the goods: how the total comes about, and how it is paid.
PAYMENTS = frozenset(("paid", "cash", "card"))
CLOSING = frozenset(
    ("total", "subtotal", "net", "tax", "change", "rounding", "tip", "discount",
     "service", "deposit", "saved", "count", *PAYMENTS)
)  # fmt: skip
#: Of these a row alone may be the label of the figures below it.
_LABELS = CLOSING - {"count", "saved"}


@dataclass(slots=True)
class Row:
    """One row.

    :param text: with ASCII digits, see :func:`.amounts.normal`
    :param role: of :data:`.words.ROLES`
    :param firm: whether the word of the role is most of what is written there
    :param whole: whether it is all of it
    :param written: whether there are letters beside the amounts
    """

    text: str
    amounts: list = field(default_factory=list)
    rates: list = field(default_factory=list)
    role: str | None = None
    firm: bool = False
    whole: bool = False
    written: bool = False

    @property
    def last(self):
        """The last amount, ``None`` without one."""
        return self.amounts[-1].value if self.amounts else None

    @property
    def values(self):
        """All amounts, from left to right."""
        return [amount.value for amount in self.amounts]

    def is_(self, *roles):
        """Tell whether the row has one of these roles."""
        return self.role in roles


def prepare(rows):
    """Return texts of rows ready for :func:`build`: no longer than a receipt's."""
    return [amounts.normal(str(row)[:MAX_ROW]) for row in rows[:MAX_ROWS]]


def build(texts, style, words):
    """Return the :class:`Row` of each text.

    :param texts: out of :func:`prepare`
    :param style: :class:`.amounts.Style`
    :param words: :class:`.words.Words`
    """
    built = [_row(text, style, words) for text in texts]
    _lend(built)
    return built


def _row(text, style, words):
    found = amounts.amounts(text, style)
    label = text
    for amount in reversed(found):
        label = f"{label[: amount.start]} {label[amount.end :]}"
    label = _RATE.sub(" ", label)
    known = words.find(label)
    letters = len(re.sub(r"[^A-Z]", "", shape(re.sub(r"\d", "", label))) or "")
    return Row(
        text=text,
        amounts=found,
        rates=amounts.rates(text),
        role=known and known[0],
        firm=bool(known) and (2 * known[1] >= letters or not label.isascii()),
        whole=bool(known) and 5 * known[1] >= 4 * max(letters, 1),
        written=any(ch.isalpha() for ch in label),
    )


def _lend(rows):
    """Give a label that stands alone the figures of the row below, or above it.

    Engines see a wide gap, or a tall word, as two rows.
    """
    for index, row in enumerate(rows):
        if row.amounts or row.role not in _LABELS or not row.firm:
            continue
        below = rows[index + 1] if index + 1 < len(rows) else None
        above = rows[index - 1] if index else None
        for other in (below, above):
            if other and other.amounts and not other.written and other.role is None:
                row.amounts, other.amounts = other.amounts, []
                break


def to_decimal(text):
    """Return a number out of digits and a point or comma."""
    return Decimal(text.replace(",", "."))
