"""From what machines saw to what a receipt says, and how sure that is.

Nothing is taken on the word of one reading: a total counts as agreed when the code on
the receipt, the payment, the sum of the lines or a second engine says the same; the
lines when they make the total, each quantity when it fits price and amount.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from . import fiscal, lines
from .fields import Fields, extract
from .goods import Line
from .letters import digits, fold, is_near, plain_number, shape, tight
from .rows import MAX_ROW, MAX_ROWS

#: Why a person should look, code -> meaning for developers; sentences: receipt_words.
DOUBTS = {
    "no_text_reader": "no code was found, and no engine for text is installed",
    "no_number": "no number of the receipt was found",
    "no_date": "no date was found",
    "no_total": "no total was found",
    "total_alone": "the total was read once and nothing confirms it",
    "number_alone": "the number was read once and nothing confirms it, or names it",
    "date_alone": "the date was read once and nothing confirms it",
    "total_differs": "code and text, or total and payment, say different things",
    "date_differs": "code and text say different dates",
    "number_differs": "code and text say different numbers",
    "figures_differ": "engines read a long number differently: the photo is poor",
    "several_receipts": "codes of more than one receipt are on the photo",
    "code_alone": "only the code was read, no text",
    "code_total": "text was read, but the total stands in the code only",
    "no_lines": "text was read, but no line of a product",
    "lines_differ": "no engine read lines that make the total",
    "quantity_differs": "a quantity does not fit its amount, or two were read",
    "quantity_alone": "a quantity was not read as such, and one was assumed",
    "credit_note": "it says that goods came back",
    "duplicate": "it says that it is a duplicate",
    "card_slip": "it is a payment by card without a sale",
}
_LONG = re.compile(r"\d{6,}")
SHORT_NUMBER = 5  # digits; shorter ones come again every day


@dataclass(slots=True)
class Receipt:
    """What a receipt says.

    :param doubts: codes of :data:`DOUBTS`; none: two readings agree on everything
    :param codes: other codes on it: barcodes, addresses, our own unique codes
    """

    number: str | None = None
    fiscal: str | None = None
    register: str | None = None
    issued_on: date | None = None
    time: str | None = None
    total: Decimal | None = None
    lines: tuple[Line, ...] = ()
    doubts: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    with_code: bool = False
    sources: dict[str, str] = field(default_factory=dict)


def receipt(pages, words=None, habits=None):
    """Return the :class:`Receipt` on pages.

    :param pages: what machines saw, see :class:`.sandbox.Page`
    :param words: :class:`.words.Words` of the company, those of all languages when
        left out
    :param habits: :class:`.habits.Habits` of its country
    """
    payloads = _payloads(pages)
    by_engine = {
        name: extract(joined([p.texts.get(name, ()) for p in pages]), words, habits)
        for name in _engines(pages)
    }
    coded = [("code", _of_code(payload)) for payload in payloads[:1]]
    best_first = [*coded, *by_engine.items()]
    # of two totals the proven one; else the better engine's
    sure_first = coded + sorted(by_engine.items(), key=lambda item: not item[1].sure)
    read = Receipt(
        codes=tuple(code for page in pages for code in page.codes),
        with_code=bool(payloads),
    )
    for name in ("number", "fiscal", "register", "issued_on", "time", "total"):
        for source, reading in sure_first if name == "total" else best_first:
            if getattr(reading, name) is not None:
                setattr(read, name, getattr(reading, name))
                read.sources[name] = source
                break
    read.lines, unsure = lines.merge(by_engine, read.total)
    rows = [row for page in pages for rows in page.texts.values() for row in rows]
    has_text = any(str(row).strip() for row in rows)
    read.doubts = (*_doubts(read, payloads, by_engine, has_text), *unsure)
    if "number_alone" in read.doubts and _stands_twice(read, by_engine, pages):
        read.doubts = tuple(one for one in read.doubts if one != "number_alone")
    if not payloads and _figures_differ(pages):
        read.doubts += ("figures_differ",)
    return read


def joined(parts):
    """Return the rows of several photos of one receipt, each row once.

    :param parts: rows of each photo, from top to bottom of the receipt
    """
    rows = []
    for part in parts:
        part = list(part)
        rows += part[_overlap(rows, part) :]
    return rows


def _overlap(above, below):
    """Return with how many rows a photo begins that the one above it ends with.

    Nine of ten have to be alike: the same row is not always read the same.
    """
    ends, begins = list(map(shape, above)), list(map(shape, below))
    for count in range(min(len(ends), len(begins)), 1, -1):
        pairs = zip(ends[-count:], begins[:count], strict=True)
        if 10 * sum(one == other for one, other in pairs) >= 9 * count:
            return count
    return 0


def identities(*, number, fiscal_number, issued_on, total, shop=""):
    """Return the texts that name a receipt, each of which may be paid once.

    :param issued_on: date
    :param total: Decimal or float
    :param shop: added to short numbers, which many shops use on the same day
    :return: list, empty when too little is known
    """
    if not issued_on or not total:
        return []
    rest = f"{issued_on.isoformat()}|{total:.2f}"
    keys = []
    if official := plain_number(fiscal_number):
        keys.append(f"f|{official}|{rest}")
    if own := plain_number(number):
        where = shop if len(own) < SHORT_NUMBER else ""
        keys.append(f"n|{own}|{where}|{rest}")
    return keys


def _engines(pages):
    names = {}
    for page in pages:
        names.update(dict.fromkeys(page.texts))
    return list(names)


def _payloads(pages):
    """Return what different fiscal codes say, each once."""
    payloads = {}
    for page in pages:
        for _kind, text in page.codes:
            payload = fiscal.parse(text)
            if payload:
                payloads.setdefault((payload.number, payload.total), payload)
    return list(payloads.values())


def _of_code(payload):
    return Fields(
        fiscal=payload.number,
        register=payload.register,
        issued_on=payload.issued_on,
        time=payload.time,
        total=payload.total,
    )


# === DOUBTS === #


def _doubts(receipt, payloads, by_engine, has_text):
    """Yield why a person should look."""
    engines = list(by_engine.values())
    if len(payloads) > 1 or any(one.several for one in engines):
        yield "several_receipts"
    yield from _title_doubts(engines)
    if not payloads and not engines:
        yield "no_text_reader"
    code = payloads[0] if payloads else None
    if code and not any(reading.total is not None for reading in engines):
        yield "code_total" if has_text else "code_alone"
    yield from _total_doubts(receipt, code, engines)
    days = [reading.issued_on for reading in engines]
    yield from _pair_doubts("date", receipt.issued_on, code and code.issued_on, days)
    yield from _number_doubts(receipt, code, engines)


def _total_doubts(receipt, code, engines):
    if receipt.total is None:
        yield "no_total"
        return
    totals = [reading.total for reading in engines if reading.total is not None]
    if code and code.total is not None:
        if totals and code.total not in totals:
            yield "total_differs"
        return
    same = [reading for reading in engines if reading.total == receipt.total]
    others = [reading for reading in engines if reading.sure and reading not in same]
    if any(reading.sure and not reading.differs for reading in same) and not others:
        return
    if others or any(reading.differs for reading in same):
        yield "total_differs"
    elif not any(reading.sure for reading in same):
        sums = any(reading.lines for reading in engines)
        if sums or totals.count(receipt.total) < 2:
            # read alike twice is no proof beside lines that make another sum
            yield "total_alone"


def _title_doubts(engines):
    """Yield what the paper says it is, where that is no sale of its own."""
    titles = frozenset().union(*(reading.titles for reading in engines))
    if "credit" in titles:
        yield "credit_note"
    if "copy" in titles:
        yield "duplicate"
    if "slip" in titles and not any("lines" in reading.proofs for reading in engines):
        yield "card_slip"


def _pair_doubts(name, value, by_code, readings):
    """Yield doubts about a value that a code or two engines should agree on."""
    known = [reading for reading in readings if reading is not None]
    if value is None:
        yield f"no_{name}"
    elif by_code is not None:
        if known and by_code not in known:
            yield f"{name}_differs"
    elif known.count(value) < 2:
        yield f"{name}_alone"


def _number_doubts(receipt, code, engines):
    if not (receipt.fiscal or receipt.number):
        yield "no_number"
        return
    if code and code.number:
        read = [tight(reading.fiscal) for reading in engines if reading.fiscal]
        if read and tight(code.number) not in read:
            yield "number_differs"
        return
    name = "fiscal" if receipt.fiscal else "number"
    read = [
        tight(getattr(reading, name)) for reading in engines if getattr(reading, name)
    ]
    named = [one for one in engines if one.number and not one.guessed]
    if (name == "number" and not named) or read.count(
        tight(getattr(receipt, name))
    ) < 2:
        yield "number_alone"


def _stands_twice(receipt, by_engine, pages):
    """Tell whether two engines read the number, though one did not read its name.

    An engine that takes another number for it is no such one.
    """
    name = "fiscal" if receipt.fiscal else "number"
    wanted = tight(getattr(receipt, name))
    read = {tight(getattr(one, name) or wanted) for one in by_engine.values()}
    named = [one for one in by_engine.values() if one.number and not one.guessed]
    if name == "number" and not named:
        return False
    if len(wanted) < SHORT_NUMBER or read != {wanted}:
        return False
    seen = {
        name
        for page in pages
        for name, rows in page.texts.items()
        if any(wanted in tight(str(row)[:MAX_ROW]) for row in rows[:MAX_ROWS])
    }
    return len(seen) > 1


def _figures_differ(pages):
    """Tell whether engines read a long number differently, by a digit or two.

    On such a photo two may misread another number alike, which is no proof then.
    """
    for page in pages:
        read = [_long_numbers(rows) for rows in page.texts.values()]
        for numbers, others in combinations(read, 2):
            pairs = product(numbers - others, others - numbers)
            if any(is_near(left, right, 2) for left, right in pairs):
                return True
    return False


def _long_numbers(rows):
    return {
        number for row in rows[:MAX_ROWS] for number in _LONG.findall(row[:MAX_ROW])
    }


# === TAX STAMPS === #


def stamp(pages):
    """Return ``(serial, agreed?)`` of a tax stamp, ``(None, False)`` when unreadable.

    A code on the stamp is believed; letters and digits need two readings.
    """
    for page in pages:
        for kind, text in page.codes:
            serial = tight(text)
            if kind in ("datamatrix", "qrcode", "code128") and 6 <= len(serial) <= 64:
                return serial, True
    serials = [
        serial
        for name in _engines(pages)
        for page in pages
        if (serial := _serial(page.texts.get(name, ())))
    ]
    if not serials:
        return None, False
    whole = max(serials, key=len)
    return whole, serials.count(whole) > 1


def _serial(rows):
    """Return two to four letters and six to nine digits out of rows of text."""
    for row in rows[:MAX_ROWS]:
        text = re.sub(r"\s", "", fold(str(row)[:MAX_ROW]))
        match = re.fullmatch(r"\W*([A-Z0-9]{2,4}?)\W?([0-9OILSB]{6,9})\W*", text)
        if match and re.search(r"[A-Z]", match[1]):
            return match[1] + digits(match[2])
    return None
