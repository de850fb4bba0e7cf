"""The rows of products: trade number, ``2 x 5.00``, name, amount, in any order."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .letters import digits, fold, shape
from .rows import CLOSING, to_decimal

CENT = Decimal("0.01")
MAX_LINES = 200

# three decimals are a weight: a thousand would not make the amount, see Line.proven
_COUNT = r"(\d{1,5}(?:[.,]\d{1,3})?|[OILSZB])"
_UNIT = (
    r"\s*(?:WT|WTYK|PCS?|UNITS?|EA|STK?|K[GR]|N|SZT|KS|KOM|BUC|DB|TK|KPL|AD|ADET"
    r"|UN)?\.?"
)
_TIMES = re.compile(rf"^\W*{_COUNT}{_UNIT}\s*[X*@]\s*(?:[A-Z]{{0,3}}\W?)?(?=\d)")
_TIMES_LATER = re.compile(
    rf"(?<![\w.,]){_COUNT}{_UNIT}\s*[X*@]\s*(?:[A-Z]{{0,3}}\W?)?(?=\d)"
)
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
    :param less: a discount on this line, which the amount is without
    """

    name: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    gtin: str | None = None
    price: Decimal | None = None
    odd: bool = False
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
    return [item for index, row in enumerate(rows) if (item := reader.feed(index, row))]


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
        times = _TIMES.match(folded) or _EACH.match(folded)
        if not times and row.amounts:
            times = _TIMES_LATER.search(folded)
        if times and self._read_price(row, times):
            rest = row.values[1:] if times.end() <= row.amounts[0].end else row.values
            if not rest:
                if times.start() > 3:
                    self.name = self._own_name(row, times.start())
                return None
            own = self._own_name(row, times.start()) if times.start() > 3 else ""
            return self._add(index, own or self.name, rest[-1], row)
        if not row.amounts:
            self.odd |= bool(_ALMOST.match(folded))
            self.name = row.text.strip() if _may_be_name(row) else ""
            return None
        return self._named(index, row)

    def _read_price(self, row, times):
        """Take a quantity and the price that follows it; tell whether one does."""
        after = [one for one in row.amounts if one.end > times.end()]
        between = row.text[times.end() : after[0].start] if after else "0"
        if any(ch.isdigit() for ch in between):
            return False
        self.quantity = to_decimal(digits(times[1]))
        self.price = after[0].value
        if after[0] is not row.amounts[0]:
            row.amounts = after
        return True

    def _named(self, index, row):
        """Return the item of a row with amounts and no sign of multiplication."""
        last = row.amounts[-1]
        own = self._own_name(row, last.start)
        if self.price is None and (found := _factors(row)):
            self.quantity, self.price = found
            own = _before_figures(own)
            return self._add(index, own if _has_word(own) else self.name or own,
                             last.value, row)  # fmt: skip
        # a second name may be a quantity nobody could read, two amounts a price
        self.odd |= bool(own and self.name) or len(set(row.values)) > 1
        return self._add(index, own or self.name, last.value, row)

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


def _has_word(text):
    return sum(ch.isalpha() for ch in text) >= 2


def _may_be_name(row):
    """Tell whether a row without an amount may be the name of a product."""
    known = row.role in CLOSING or row.role in _NO_NAME
    return bool(shape(row.text)) and not known and not _DATE.search(row.text)


def _repaired(quantity, price, amount):
    """Return the quantity that fits price and amount, else the one that was read."""
    if price and amount % price == 0 and 0 < amount / price < 10000:
        return amount / price
    return quantity
