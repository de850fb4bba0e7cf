"""The rows of products: trade number, ``2 x 5.00``, name, amount, in any order."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, takewhile

from . import amounts, counts
from .letters import digits, fold, shape
from .rows import CLOSING, to_decimal

CENT = Decimal("0.01")
MAX_LINES = 200
_CODE_LETTERS = 3  # ``WA45 /2A - 12`` is no name

# three decimals are a weight: a thousand would not make the amount, see Line.proven
_COUNT = r"(\d{1,5}(?:[.,]\d{1,3})?|[OILSZB])"
_UNIT = (
    r"\s*(?:WT|WTYK|PCS?|UNITS?|EA|STK?|K[GR]|N|SZT|KS|KOM|BUC|DB|TK|KPL|AD|ADET"
    r"|UN|[コ个個点件本枚개])?\.?"
)
_EACH_SIGN = r"(?:[A-Z]{0,3}\W?|単価?)?(?=\d)"
_TIMES = re.compile(rf"^\W*{_COUNT}{_UNIT}\s*[X*@]\s*{_EACH_SIGN}")
_TIMES_LATER = re.compile(rf"(?<![\w.,%]){_COUNT}{_UNIT}\s*[X*@]\s*{_EACH_SIGN}")
# a price of one that is no amount: with more decimals than the currency has, or, where
# it has none, in the middle of a row
_FINE_PRICE = re.compile(r"\d{1,6}[.,]\d{3,4}(?![\d.,])")
_WHOLE_PRICE = re.compile(r"\d{1,7}(?![\d.,])")
_EACH = re.compile(rf"^\W*{_COUNT}{_UNIT}\s*(?:@|A)\s*(?=\d)")
_NUMBERS = re.compile(r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,3})?)(?![\d%])")
_GTIN = re.compile(r"(?<!\d)(\d{13}|\d{12}|\d{8})(?!\d)")
# nothing but figures around a sign of multiplication, and yet not understood
_ALMOST = re.compile(r"^\W*[\dOILSZBE]{1,5}\W{0,3}[X*]\W{0,2}[\dOILSZB]")
_DATE = re.compile(r"(?<!\d)\d{1,4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{2,4}(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
# rows with a figure that is no product, whatever the language
_NO_NAME = frozenset(("number", "fiscal", "register", "cashier", "date", "until"))


@dataclass(frozen=True, slots=True)
class Line:
    """One product on a receipt.

    :param price: of one; ``None`` where no ``2 x 5.00`` was read and one is assumed
    :param odd: whether something about the quantity was there and not understood
    :param loose: whether a figure beside the name may be a quantity
    :param counted: whether the quantity stands in a column of its own, without a price
    :param less: a discount on this line, which the amount is without
    """

    name: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    gtin: str | None = None
    price: Decimal | None = None
    odd: bool = False
    counted: bool = False
    loose: bool = False
    less: Decimal = Decimal(0)

    @property
    def proven(self):
        """Whether quantity, price and amount were read and fit, up to rounding."""
        if self.price is None or self.odd:
            return False
        return abs(self.quantity * self.price - self.less - self.amount) < CENT


@dataclass(frozen=True, slots=True)
class Item:
    """A row with an amount: a line, or something else that may change the sum.

    :param line: :class:`Line`, when the row may be one
    """

    index: int
    value: Decimal
    line: Line | None = None


def is_gtin(text):
    """Tell whether digits are a trade number with a right check digit."""
    if len(text) not in (8, 12, 13, 14) or not text.isdecimal():
        return False
    weighted = sum(
        int(digit) * (3 if index % 2 else 1)
        for index, digit in enumerate(reversed(text))
    )
    return weighted % 10 == 0


def items(rows, style):
    """Return the :class:`Item` of each row with an amount, top to bottom.

    :param rows: list of :class:`.rows.Row`
    """
    reader = _Reader(style)
    found = [
        item for index, row in enumerate(rows) if (item := reader.feed(index, row))
    ]
    return counts.counted(_named_below(found, rows), rows)


def _named_below(found, rows):
    """Return items with the names that stand below their figures, where they do.

    Where names may stand above as well as below, whose name is whose is not known.
    """
    goods = list(takewhile(lambda item: item.line, found))
    alone = [item for item in goods if not _is_own(item.line.name, rows[item.index])]
    ends = {item.index: after.index for item, after in pairwise(found)}
    names = {}
    for item in alone:
        below = rows[item.index + 1 : ends.get(item.index)][:1]
        if not below or not _may_be_name(below[0]):
            return found  # they stand above: the last one has none below
        names[item.index] = below[0].text.strip()
    if alone and alone[0].line.name:
        names = dict.fromkeys(names, "")
    return [
        replace(item, line=replace(item.line, name=names[item.index]))
        if item.index in names
        else item
        for item in found
    ]


def _is_own(name, row):
    """Tell whether a name stands in the row of its figures."""
    return bool(name) and name in row.text and _has_word(name)


class _Reader:
    """Puts the rows of a product together."""

    def __init__(self, style):
        self.style = style
        self._clear()

    def _clear(self):
        self.name, self.gtin, self.quantity, self.price = "", None, None, None
        self.odd = False

    def feed(self, index, row):
        """Take the next row; return its :class:`Item`, ``None`` without an amount."""
        gtin = self._gtin(row)
        if gtin and not row.amounts:
            self.gtin = gtin
            return None
        if row.role in CLOSING and row.firm:
            closing = Item(index, row.last) if row.amounts else None
            self._clear()
            return closing
        if _CLOCK.search(row.text) and _DATE.search(row.text):
            return None
        return self._product(index, row, gtin)

    def _product(self, index, row, gtin):
        folded = fold(row.text)
        self.gtin = gtin or self.gtin
        if self._is_end_of(row):
            return self._named(index, row)
        times = _TIMES.match(folded) or _EACH.match(folded)
        if not times and row.amounts:
            times = _TIMES_LATER.search(folded)
        rest = self._read_price(row, times) if times else None
        if rest is not None:
            if not rest:
                if times.start() > 3:
                    self.name = self._own_name(row, times.start())
                return None
            own = self._own_name(row, times.start()) if times.start() > 3 else ""
            return self._add(index, own or self.name, rest[-1], row)
        if not row.amounts:
            self.odd |= bool(_ALMOST.match(folded))
            self.name = self._longer_name(row)
            return None
        return self._named(index, row)

    def _is_end_of(self, row):
        """Tell whether a row ends with what quantity and price above it make.

        What stands before it is no quantity then, nor part of the amount: a size.
        """
        if self.price is None or not row.amounts:
            return False
        plain = replace(self.style, spaced=False)
        last = amounts.amounts(row.text, plain)[-1:]
        if not last or last[0].value != self.quantity * self.price:
            return False
        row.amounts = last
        return True

    def _longer_name(self, row):
        """Return the name in a row; a code below a name is none."""
        text = row.text.strip() if _may_be_name(row) else ""
        is_code = bool(text) and _letters(text) <= _CODE_LETTERS < _letters(self.name)
        return self.name if is_code else text

    def _read_price(self, row, times):
        """Take a quantity and the price that follows it.

        :return: the amounts behind them, ``None``: no price follows
        """
        after = [one for one in row.amounts if one.end > times.end()]
        pattern = _FINE_PRICE if self.style.decimals else _WHOLE_PRICE
        fine = pattern.match(row.text, times.end())
        if fine and after and after[0].start >= fine.end():
            self.quantity = to_decimal(digits(times[1]))
            self.price = to_decimal(fine[0])
            return [one.value for one in after]
        between = row.text[times.end() : after[0].start] if after else "0"
        if any(ch.isdigit() for ch in between):
            return None
        self.quantity = to_decimal(digits(times[1]))
        self.price = after[0].value
        if after[0] is not row.amounts[0]:
            row.amounts = after
        return row.values[1:]

    def _named(self, index, row):
        """Return the item of a row with amounts and no sign of multiplication."""
        last = row.amounts[-1]
        own = self._own_name(row, last.start)
        if self.price is None and (found := _factors(row)):
            self.quantity, self.price = found
            short = _before_figures(own)
            name = short if _has_word(short) else self.name or own
            return self._add(index, name, last.value, row)
        # a second name may be a quantity nobody could read, two amounts a price
        self.odd |= bool(own and self.name) or len(set(row.values)) > 1
        return self._add(
            index, own if _has_word(own) else self.name or own, last.value, row
        )

    def _own_name(self, row, end):
        return row.text[:end].strip().removesuffix("=").strip()

    def _gtin(self, row):
        text = digits(fold(row.text)).replace(" ", "")
        return next((one for one in _GTIN.findall(text) if is_gtin(one)), None)

    def _add(self, index, name, amount, row):
        quantity, odd = self.quantity, self.odd
        if self.price is None:
            quantity = Decimal(1)
        else:
            odd = False
            if abs(quantity * self.price - amount) >= CENT:
                # one of three was misread: what two of them say is a proposal
                quantity, odd = _repaired(quantity, self.price, amount), True
        line = Line(name, amount, quantity, self.gtin, self.price, odd)
        self._clear()
        return Item(index, amount, None if row.firm and row.role in _NO_NAME else line)


def _factors(row):
    """Return ``(quantity, price)`` before the last amount, which is their product."""
    if len(row.amounts) < 2:
        return None
    last = row.amounts[-1]
    for price in reversed(row.amounts[:-1]):
        for match in _NUMBERS.finditer(row.text[: last.start]):
            if match.start() >= price.start and match.end() <= price.end:
                continue
            quantity = to_decimal(match[1])
            if quantity and abs(quantity * price.value - last.value) < CENT:
                return quantity, price.value
    return None


def _before_figures(name):
    """Return a name without the quantity and the price that follow it."""
    return re.sub(r"(?:\s+[\d.,]+(?:\s?[A-Za-z]{0,3})?)+\s*$", "", f" {name}").strip()


def _letters(text):
    return sum(ch.isalpha() for ch in text)


def _has_word(text):
    return _letters(text) >= 2


def _may_be_name(row):
    """Tell whether a row without an amount may be the name of a product."""
    known = row.firm and (row.role in CLOSING or row.role in _NO_NAME)
    if known or row.heads or row.amounts or _DATE.search(row.text):
        return False
    return bool(shape(row.text))


def _repaired(quantity, price, amount):
    """Return the quantity that fits price and amount, else the one that was read."""
    if price and amount % price == 0 and 0 < amount / price < 10000:
        return amount / price
    return quantity
