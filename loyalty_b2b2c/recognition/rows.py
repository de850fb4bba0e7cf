"""Rows of a receipt with what stands in them: amounts, percentages, and their role."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from . import amounts
from .letters import shape

MAX_ROWS = 400
MAX_ROW = 200

_RATE = re.compile(r"@?\s?\d{1,2}(?:[.,]\d{1,2})?\s?%")
# scripts that write words without gaps: a word of theirs may be part of a longer one
_GAPLESS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)
# ``TOTAL *354,00``: a star where other tills print a currency; ``2 * 5.00`` has a gap
_STAR = re.compile(r"(?<=\s)\*(?=\d)")
_STARRED = re.compile(r"[^\W\d_]\W{0,3}\s\*\d")
_GAP = re.compile(r"(?<=\d)\s+(?=[^\W\d_])")

#: Roles of rows below the goods: how the total comes about, and how it is paid.
PAYMENTS = frozenset(("paid", "cash", "card"))
CLOSING = frozenset(
    ("total", "subtotal", "net", "tax", "change", "rounding", "tip", "discount",
     "service", "deposit", "saved", "count", *PAYMENTS)
)  # fmt: skip
#: Two of these may stand side by side, as ``CASH 40.00 CHANGE 2.90``.
_BESIDE = frozenset(("total", "change", *PAYMENTS))
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
    :param heads: where the column of quantities is that it names: ``before`` the name
        or ``behind`` it, ``None``: it names none
    """

    text: str
    amounts: list = field(default_factory=list)
    rates: list = field(default_factory=list)
    role: str | None = None
    firm: bool = False
    whole: bool = False
    written: bool = False
    heads: str | None = None

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
    texts = [amounts.normal(str(row)[:MAX_ROW]) for row in rows[:MAX_ROWS]]
    if sum(bool(_STARRED.search(text)) for text in texts) > 1:
        texts = [_STAR.sub("", text) for text in texts]
    return texts


def build(texts, style, words):
    """Return the :class:`Row` of each text.

    :param texts: out of :func:`prepare`
    :param style: :class:`.amounts.Style`
    :param words: :class:`.words.Words`
    """
    parts = [part for text in texts for part in _beside(text, words)]
    built = [_row(part, style, words) for part in parts]
    _lend(built)
    return built


def _beside(text, words):
    """Return the parts of a row in which two labels have a figure each."""
    starts = [0]
    for gap in _GAP.finditer(text):
        found = words.begins(text[gap.end() :])
        before = words.begins(text[starts[-1] :])
        if not found or found[0] not in _BESIDE or not before:
            continue
        figure = text[gap.end() + found[2] :]
        if before[0] in _BESIDE | {"count"} and re.match(r"\W*\d", figure):
            starts.append(gap.end())
    ends = [*starts[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _row(text, style, words):
    found = amounts.amounts(text, style) or _coins(text, style, words)
    label = text
    for amount in reversed(found):
        label = f"{label[: amount.start]} {label[amount.end :]}"
    label = _RATE.sub(" ", label)
    known = words.find(label)
    letters = sum(map(str.isalpha, shape(re.sub(r"\d", "", label))))
    gapless = bool(_GAPLESS.search(label))
    return Row(
        text=text,
        amounts=found,
        rates=amounts.rates(text),
        role=known and known[0],
        firm=bool(known) and (2 * known[1] >= letters or gapless),
        whole=bool(known) and 5 * known[1] >= 4 * max(letters, 1),
        written=any(ch.isalpha() for ch in label),
        heads=None if found else _heading(text, words),
    )


def _coins(text, style, words):
    """Return the few units that a total was rounded by, where amounts have no cents."""
    coins = [] if style.decimals else amounts.units(text)
    return coins if coins and words.role(text[: coins[0].start]) == "rounding" else []


def _heading(text, words):
    """Return where the column of quantities is that a row names, see :class:`Row`."""
    if " " not in text or any(map(str.isdigit, text)):
        return None
    found = [words.begins(word) for word in text.split()]
    places = [place for place, one in enumerate(found) if one and one[0] == "count"]
    if not places:
        return None
    return "behind" if places[0] else "before"


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
