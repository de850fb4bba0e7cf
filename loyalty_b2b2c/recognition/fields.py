"""Number, date, total and lines out of rows of text, whichever engine read them."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .letters import digits, fold, tight

MAX_ROWS = 400
MAX_ROW = 200
MAX_LINES = 200
CENT = Decimal("0.01")

# neither percentages nor the day and month of a date
_APART = r"(?![\d%]|[.,/-]\s?\d)"
_MONEY = re.compile(r"(?<![\d.,])(\d{1,7})\s?[.,]\s?(\d{2})" + _APART)
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:\s\d{3})+)\s?[.,]\s?(\d{2})" + _APART)
# three decimals are a weight: a thousand would not make the amount, see Line.proven
_TIMES = re.compile(
    r"^\W*(\d{1,5}(?:[.,]\d{1,3})?|[OILSZB])\s*(?:WT|PCS|ST|K[GR]|N)?\.?\s*[X*]\s*"
    r"(\d{1,7}\s?[.,]\s?\d{2})\b"
)
_GTIN = re.compile(r"(?<!\d)(\d{13}|\d{12}|\d{8})(?!\d)")
_ISO = re.compile(r"(?<!\d)(20\d\d)[-./](\d\d)[-./](\d\d)")
_DMY = re.compile(r"(?<!\d)(\d\d)\s?[-./]\s?(\d\d)\s?[-./]\s?(20\d\d|\d\d(?=\s*\d\d:))")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
# folded and without gaps: see letters
_TOTAL = re.compile(
    r"^(CYMA|TOTAL|AMOUNTDUE|TOPAY|PA3OM|D?OCNNATN|YCBO[RO]?O|BCBO[RO]?O)"
)
_PAID = re.compile(
    r"^(CARD|CASH|PAID|VISA|MASTER|KAPTKA|ROTI|[R6]E3ROTI|ONNATA|EUR|USD|RPH)"
)
_NO_LINE = re.compile(
    r"^(VAT|TAX|PDV|NDB|ID|CARD|CASH|EAN|WK|4EKN|RECEIPT|INVOICE|FISCAL|FH|SUBTOTAL"
    r"|CHANGE|DISCOUNT|3HNXKA|REWTA)"
)
# rows above the first product, where they hold no amount
_HEADER = re.compile(r"^(CASHIER|KACNP|OPERATOR|ONEPATOP|DEPARTMENT|BIDDIN)")
# nothing but figures around a sign of multiplication, and yet not understood
_ALMOST = re.compile(r"^\W*[\dOILSZBE]{1,5}\W{0,3}[X*]\W{0,2}[\dOILSZB]")
_NUMBER = re.compile(
    r"(?:4EK|RECEIPT|INVOICE|BILL|HEK)(?!A)[^0-9A-Z]{0,4}(?:N[O0RK]?|IK|TK|ME|K|#)?"
    r"[^0-9]{0,4}(\d[\dOIL]{1,15})(?!\d)"
)
_FISCAL = re.compile(r"(?:4EKA|FISCAL(?:NO|N)?|FISK)\D{0,6}(\d[\dOILSB]{4,19})")
_REGISTER = re.compile(
    r"(?:HNPPO|HPPO|HPRRO|REGISTERNO|REGISTER)\D{0,6}(\d[\dOILSB]{4,19})"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One product on a receipt.

    :param price: of one; ``None`` where no ``2 x 5.00`` was read and one is assumed
    :param odd: whether something about the quantity was there and not understood
    """

    name: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    gtin: str | None = None
    price: Decimal | None = None
    odd: bool = False

    @property
    def proven(self):
        """Whether quantity, price and amount were read and fit, up to rounding."""
        if self.price is None or self.odd:
            return False
        return abs(self.quantity * self.price - self.amount) < CENT


@dataclass(slots=True)
class Fields:
    """What one engine's rows say; ``None`` for what was not found."""

    number: str | None = None
    fiscal: str | None = None
    register: str | None = None
    issued_on: date | None = None
    time: str | None = None
    total: Decimal | None = None
    paid: list[Decimal] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def lines_total(self):
        """The sum of the lines, ``None`` without any."""
        return sum(line.amount for line in self.lines) if self.lines else None


def extract(rows):
    """Return the :class:`Fields` of rows of text, top to bottom."""
    page = Fields()
    shop = _Lines()
    for row in [str(row)[:MAX_ROW] for row in rows[:MAX_ROWS]]:
        solid = tight(row)
        _read_numbers(page, row, solid)
        _read_moment(page, row)
        if _TOTAL.match(solid):
            amounts = amounts_in(row, grouped=True)
            if amounts and page.total is None:
                page.total = amounts[-1]
                shop.closed = True
        elif _PAID.match(solid):
            page.paid += amounts_in(row, grouped=True)
        else:
            shop.feed(row, solid)
            if shop.closed and "%" not in row:  # a tax, its word unread
                page.paid += amounts_in(row) if not _NO_LINE.match(solid) else []
    page.lines = shop.lines[:MAX_LINES]
    return page


def amounts_in(text, grouped=False):
    """Return the amounts of money in a text.

    :param grouped: whether ``1 234.50`` is one amount; only where nothing else stands
    """
    patterns = (_GROUPED, _MONEY) if grouped else (_MONEY,)
    for pattern in patterns:
        amounts = [
            Decimal(f"{re.sub(chr(92) + 's', '', whole)}.{cents}")
            for whole, cents in pattern.findall(text)
        ]
        if amounts:
            return amounts
    return []


def is_gtin(text):
    """Tell whether digits are a trade number with a right check digit."""
    if len(text) not in (8, 12, 13, 14) or not text.isdecimal():
        return False
    weighted = sum(
        int(digit) * (3 if index % 2 else 1)
        for index, digit in enumerate(reversed(text))
    )
    return weighted % 10 == 0


def _read_numbers(page, row, solid):
    folded = fold(row)
    if page.number is None and (match := _NUMBER.search(folded)):
        page.number = digits(match[1])
    if page.register is None and (match := _REGISTER.search(solid)):
        page.register = digits(match[1])
    elif page.fiscal is None and (match := _FISCAL.search(solid)):
        page.fiscal = digits(match[1])


def _read_moment(page, row):
    if page.issued_on is None:
        text = row.replace("—", "-").replace("–", "-")
        if match := _ISO.search(text):
            page.issued_on = _day(*match.groups())
        elif match := _DMY.search(text):
            day, month, year = match.groups()
            page.issued_on = _day(year if len(year) == 4 else f"20{year}", month, day)
    if page.time is None and (match := _CLOCK.search(row)):
        page.time = f"{match[1]}:{match[2]}"


def _day(year, month, day):
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


class _Lines:
    """Puts the rows of products together: trade number, ``2 x 5.00``, name, amount."""

    def __init__(self):
        self.lines, self.closed = [], False
        self._clear()

    def _clear(self):
        self.name, self.gtin, self.quantity, self.price = "", None, None, None
        self.odd = False

    def feed(self, row, solid):
        """Take the next row."""
        if self.closed:
            return
        match = _GTIN.search(digits(fold(row)).replace(" ", ""))
        if match and is_gtin(match[1]) and not _MONEY.search(row):
            self.gtin = match[1]
            return
        folded = fold(row)
        if times := _TIMES.match(folded):
            self.quantity = Decimal(digits(times[1]).replace(",", "."))
            self.price = amounts_in(times[2])[0]
            rest = amounts_in(row[times.end() :])
            if rest:
                self._add(self.name, rest[-1])
            return
        amounts = amounts_in(row)
        if not amounts:
            self.odd |= bool(_ALMOST.match(folded))
            self.name = row.strip() if _may_be_name(row, solid) else ""
        elif not _NO_LINE.match(solid):
            last = list(_MONEY.finditer(row))[-1]
            own = row[: last.start()].strip()
            # a second name may be a quantity nobody could read, two amounts a price
            self.odd |= bool(own and self.name) or len(set(amounts)) > 1
            self._add(own or self.name, amounts[-1])

    def _add(self, name, amount):
        quantity, odd = self.quantity, self.odd
        if self.price is None:
            quantity = Decimal(1)
        else:
            odd = False
            if abs(quantity * self.price - amount) >= CENT:
                # one of three was misread: what two of them say is a proposal
                quantity, odd = _repaired(quantity, self.price, amount), True
        self.lines.append(Line(name, amount, quantity, self.gtin, self.price, odd))
        self._clear()


def _may_be_name(row, solid):
    """Tell whether a row without an amount may be the name of a product."""
    known = _NO_LINE.match(solid) or _HEADER.match(solid)
    return bool(solid) and not known and not _DMY.search(row)


def _repaired(quantity, price, amount):
    """Return the quantity that fits price and amount, else the one that was read."""
    if price and amount % price == 0 and 0 < amount / price < 10000:
        return amount / price
    return quantity
