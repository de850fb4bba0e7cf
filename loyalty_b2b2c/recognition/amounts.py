"""Amounts of money in rows of text, in whichever form the receipt writes them.

``1.234,50``, ``1 234.50``, ``1'234.50``, ``1,23,456.00``, ``¥1,234``, ``12 500``: a
:class:`Style` says which of them the receipt has, and the receipt itself decides:
:func:`styles` lists those that its figures allow, arithmetic takes one of them.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .letters import one_form

MAX_STYLES = 3

_SIGNS = r"(?:RM|RP|R\$|US\$|S\$|[A-Z]{0,2}[$€£¥₩₹₺₴₸₾₽₫฿₪]|EUR|KČ|ZŁ)\.?"
# neither percentages nor the day and month of a date, nor a figure with more decimals
_END = r"(?![\d%]|\s?%|[.,/:]\s?\d|-\d)"
_START = r"(?<![\d.,:/])"
_GROUPS = r"\d{1,3}(?:[.,'’]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}"
_BODIES = {
    2: rf"(?P<whole>{_GROUPS}|\d{{1,8}})\s?[.,]\s?(?P<part>\d{{2}})",
    3: rf"(?P<whole>{_GROUPS}|\d{{1,6}})[.,](?P<part>\d{{3}})",
    0: rf"(?P<whole>{_GROUPS}|\d{{1,9}})(?P<part>)",
}
_SPACED = {
    2: r"(?P<whole>\d{1,3}(?:\s\d{3})+)\s?[.,]\s?(?P<part>\d{2})",
    3: r"(?P<whole>\d{1,3}(?:\s\d{3})+)[.,](?P<part>\d{3})",
    0: r"(?P<whole>\d{1,3}(?:\s\d{3})+)(?P<part>)",
}
_HUNDREDTHS = re.compile(_START + _BODIES[2] + _END)
_THOUSANDS = re.compile(_START + r"\d{1,3}(?:[.,'’ ]\d{3})+" + _END)
_SPACES = re.compile(_START + r"\d{1,3}(?:\s\d{3})+\s?[.,]\s?\d{2}" + _END)
_WIDE = re.compile(_START + r"\d{1,3}(?:\s\d{3})+(?!\d)")
_TIME = re.compile(r"\d{1,2}:\d{2}")
_RATE = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%|%\s?(\d{1,2}(?:[.,]\d{1,2})?)"
)
# ``Screws 4x40 376,19``: the size of a product, and not the thousands of an amount
_SIZE = re.compile(
    r"([^\W\d_]\W{0,3})(\d{1,3}[x×х]\d{1,3})(?=\s\d{3}(?!\d))", re.IGNORECASE
)
_UNITS = re.compile(r"(?<![\d.,:/%])(-?\d{1,2})$")
_MISREAD = (
    (re.compile(r"(?<=[\d.,])[Oo](?![A-Za-z])"), "0"),
    (re.compile(r"(?<=\d[.,])[lI](?=\d)"), "1"),
    (re.compile(r"(?<=[.,]\d)[lI](?![A-Za-z])"), "1"),
)  # fmt: skip
_POINTS = str.maketrans({"٫": ".", "٬": ",", "−": "-", "–": "-", "—": "-", "·": "."})


@dataclass(frozen=True, slots=True)
class Style:
    """How a receipt writes amounts.

    :param decimals: 2, 3 or 0 of them
    :param spaced: whether spaces stand between thousands
    :param grouped: whether thousands are always parted: a long figure is a number then
    """

    decimals: int = 2
    spaced: bool = False
    grouped: bool = False

    @property
    def unit(self):
        """The smallest amount there is."""
        return Decimal(1).scaleb(-self.decimals)

    @property
    def pattern(self):
        """What an amount looks like."""
        return _PATTERNS[self.decimals, self.spaced]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount where it stands in its row.

    :param value: below zero where a minus or brackets say so
    :param marked: whether a sign of a currency stands at it
    """

    value: Decimal
    start: int
    end: int
    marked: bool = False


def _pattern(decimals, spaced):
    bodies = [_BODIES[decimals]]
    if spaced:
        bodies.insert(
            0,
            _SPACED[decimals].replace("whole", "wide", 1).replace("part", "rest", 1),
        )
    return re.compile(
        rf"(?P<minus>(?<!\w)[-(])?(?P<sign>{_SIGNS})?(?P<inner>-)?\s?"
        rf"{_START}(?:{'|'.join(bodies)}){_END}(?P<after>-(?!\w)|\))?",
        re.IGNORECASE,
    )  # fmt: skip


_PATTERNS = {
    (decimals, spaced): _pattern(decimals, spaced)
    for decimals in _BODIES
    for spaced in (False, True)
}


def normal(row):
    """Return a row with ASCII digits, and letters read inside amounts put right."""
    text = row if row.isascii() else one_form(row).translate(_POINTS)
    for pattern, digit in _MISREAD:
        text = pattern.sub(digit, text)
    return text


def styles(rows, decimals=None):
    """Return the styles that the figures of a receipt allow, the likeliest first.

    :param rows: list of rows out of :func:`normal`
    :param decimals: of the currency expected here, when known
    """
    text = "\n".join(_TIME.sub(" ", row) for row in rows)
    hundredths = len(_HUNDREDTHS.findall(text))
    thousands = len(_THOUSANDS.findall(text))
    spaced = bool(_SPACES.search(text))
    found = []
    if hundredths:
        found += [Style(2, spaced), Style(2, not spaced)]
    if thousands > hundredths or not hundredths:
        grouped = thousands > 1
        wide = bool(_WIDE.search(text))
        whole = [Style(0, wide, grouped), Style(0, not wide, grouped)]
        if decimals == 3:
            whole = [Style(3), *whole[:1]]
        found = whole + found if thousands > hundredths else found + whole
    return found[:MAX_STYLES]


def amounts(row, style):
    """Return the amounts in a row, from left to right.

    Of a receipt without decimals, a figure counts when thousands are parted, a sign of
    a currency stands at it, or when it is the last of its row.

    :param row: out of :func:`normal`
    """
    text = _SIZE.sub(_masked, row) if style.spaced else row
    found = [_amount(match) for match in style.pattern.finditer(text)]
    if style.decimals:
        return found
    return [
        amount
        for amount in found
        if amount.marked
        or re.search(r"\d[.,'’ ]\d{3}(?!\d)", row[amount.start : amount.end])
        or _ends(row, amount, 3 if style.grouped else 7)
    ]


def _masked(match):
    return match[1] + "_" * len(match[2])


def units(row):
    """Return the figure below a hundred that ends a row, as a list of one amount."""
    match = _UNITS.search(row)
    if not match:
        return []
    return [Amount(Decimal(match[1]), match.start(1), match.end())]


def _ends(row, amount, most):
    """Tell whether nothing but a sign of a currency or a letter follows an amount, and
    whether it is no number of another kind.

    :param int most: figures of an amount
    """
    rest = row[amount.end :].strip()
    text = row[amount.start : amount.end].strip("()- ")
    plain = text[:1] != "0" and 3 <= len(text) <= most
    apart = amount.start == 0 or row[amount.start - 1] in " \t¥$€£₩₹\\"
    glued = (
        row[amount.end : amount.end + 1].isalpha() and row[amount.end] not in "円원元"
    )
    return plain and apart and len(rest) <= 2 and not glued


def _amount(match):
    groups = match.groupdict()
    whole = groups.get("wide") or groups["whole"]
    part = groups.get("rest") or groups["part"] or ""
    value = Decimal(re.sub(r"\D", "", whole) + ("." + part if part else ""))
    after = groups["after"] or ""
    below = groups["inner"] or groups["minus"] == "-" or after == "-"
    if groups["minus"] == "(" and after == ")":
        below = True
    start = match.start() if groups["minus"] or groups["sign"] else match.start("inner")
    if start < 0:
        start = match.end() - len(match[0].lstrip())
    return Amount(-value if below else value, start, match.end(), bool(groups["sign"]))


def rates(row):
    """Return the percentages in a row: list of Decimal between 0 and 50."""
    found = (one or other for one, other in _RATE.findall(row))
    values = [Decimal(text.replace(",", ".")) for text in found]
    return [value for value in values if 0 < value <= 50]
