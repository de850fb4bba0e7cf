"""The day and the time of a sale, in whichever order and calendar they are printed.

The receipt itself decides the order of day and month: another date on it, a figure
above twelve.  Only where it does not, the habit of the country does.
"""

import functools
import re
from dataclasses import dataclass
from datetime import date, timedelta

from .letters import shape
from .words import FOLDER

_CENTURY = 2000
_YEARS = (1990, 2099)
_BUDDHIST = 543
_MINGUO = 1911
_ERAS = {"R": 2018, "令和": 2018, "H": 1988, "平成": 1988}
_YMD = re.compile(
    r"(?<!\d)(?P<y>(?:19|20|25|14)\d\d)(?:\s?[-./年년]\s?|\s)(?P<m>\d{1,2})"
    r"(?:\s?[-./月월]\s?|\s)(?P<d>\d{1,2})(?!\d)"
)
_SOLID = re.compile(
    r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"
)
_XYZ = re.compile(
    r"(?<!\d)(?<!\d[.,])(?P<a>\d{1,2})\s?(?P<s>[-./])\s?(?P<b>\d{1,2})\s?"
    r"(?:(?P=s)|-(?=20))\s?"
    r"(?P<y>(?:19|20|25|14)\d\d|\d\d)(?![.,]\d)(?P<glued>\d{2}:)?(?(glued)|(?!\d))"
)
_ERA = re.compile(
    r"(?P<era>令和|平成|(?<![A-Z])[RH])\s?(?P<y>\d{1,2})\s?[-./年]\s?"
    r"(?P<m>\d{1,2})\s?[-./月]\s?(?P<d>\d{1,2})(?!\d)"
)
# letters, and the vowel signs that some scripts hang on them; Thai cuts months short
# with points: ``ธ.ค.``
_LETTER = r"(?:[^\W\d_]|[\u0900-\u0970\u05f3\u0e30-\u0e4e])"
_MONTH = (
    rf"(?P<m>{_LETTER}{{3,14}}\.?(?:{_LETTER}\.?)?|(?:[\u0e01-\u0e4e]{{1,3}}\.){{2}})"
)
_NAMED = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.|º)?[\s\-./,]*(?:de\s)?"
    rf"{_MONTH}[\s\-./,']*(?:de\s)?(?P<y>(?:20|25)\d\d|\d\d)(?!\d)"
)
_NAMED_FIRST = re.compile(
    rf"{_MONTH}[\s-]?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:,?\s+|-|(?=')),?(?P<y>(?:20|25)\d\d|(?<=\d)'\d\d)(?!\d)"
)
_NAMED_LAST = re.compile(
    rf"(?<!\d)(?P<y>20\d\d)[\s\-./]{_MONTH}[\s\-./](?P<d>\d{{1,2}})(?!\d)"
)
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})[\s,]*(?:tháng|thang|thg)\.?\s*(?P<m>\d{1,2})[\s,]*"
    r"(?:năm|nam)?\s*(?P<y>20\d\d)(?!\d)",
    re.IGNORECASE,
)
_REPUBLIC = re.compile(
    r"(?<!\d)(?P<y>1[0-4]\d)\s?[-./年]\s?(?P<m>\d{1,2})\s?[-./月]\s?(?P<d>\d{1,2})"
    r"(?![\d月])"
)
_SOLID_LAST = re.compile(
    r"(?<!\d)(?P<d>[0-2]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<y>20\d\d)(?!\d)"
)
_AMOUNT = re.compile(r"\d[.,]\d{2}(?!\d|\s?[AaPp]\.?[Mm])")
# letters that engines read inside a date
_SPOILT = re.compile(
    r"(?<![^\W_])[\dOoIl|]{1,2}([-./])[\dOoIl|]{1,2}\1[\dOoIl|]{2,4}(?![^\W_])"
)
_SPOILT_LETTERS = str.maketrans("OoIl|", "00111")
_CLOCK = re.compile(
    r"(?<![\d.,])([01]?\d|2[0-3])\s?[:h]\s?([0-5]\d)(?:\s?:\s?[0-5]\d)?(?!\d)\s?"
    r"(?P<half>[AaPp]\.?\s?[Mm]\b)?"
)
_GLUED_CLOCK = re.compile(
    r"(?<=20\d\d)([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\s?(?P<half>[AaPp]\.?[Mm]\b)?"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as it stands in a row: parts whose order may be open.

    :param orders: dates it may be: ``{"dmy": …, "mdy": …, "ymd": …}``
    """

    row: int
    orders: dict
    weight: int = 0


def read(rows, habits, words):
    """Return ``(date or None, "HH:MM" or None)``.

    :param rows: list of :class:`.rows.Row`
    :param habits: :class:`.habits.Habits`
    """
    texts = [_mended(row.text) for row in rows]
    days = [day for place, text in enumerate(texts)
            for day in _days(place, text, habits, words)]  # fmt: skip
    times = {
        place: clock for place, text in enumerate(texts) if (clock := _clock(text))
    }
    days = [_weighed(day, times) for day in days]
    if not days:
        return None, next(iter(times.values()), None)
    order = _order(days, habits)
    best = max(days, key=lambda day: (day.weight, -day.row))
    found = best.orders.get(order) or next(iter(best.orders.values()))
    time = times.get(best.row) or times.get(best.row + 1)
    return found, time or next(iter(times.values()), None)


def _mended(text):
    """Return a text with the letters put right that were read inside a date."""
    text = text.replace("—", "-").replace("–", "-")
    return _SPOILT.sub(lambda match: match[0].translate(_SPOILT_LETTERS), text)


def is_moment(text):
    """Tell whether a date or a time stands in a text."""
    return bool(_CLOCK.search(text) or _XYZ.search(text) or _YMD.search(text))


def _weighed(day, times):
    near = (day.row in times) * 2 + (day.row + 1 in times or day.row - 1 in times)
    return Day(day.row, day.orders, day.weight + near)


def _days(place, text, habits, words):
    for orders, start in _dates(text, habits):
        roles = words.all_roles(text[:start])
        weight = 3 * ("date" in roles) - 5 * ("until" in roles)
        yield Day(place, orders, weight)


def _dates(text, habits):
    """Yield ``({order: date}, where it begins)`` of the dates in a text."""
    taken = []
    for pattern, read_one in _READERS:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            orders = read_one(match, habits, text)
            if orders:
                taken.append(match.span())
                yield orders, match.start()


def _of_ymd(match, habits, _text):
    found = _date(match["y"], match["m"], match["d"], habits)
    return {"ymd": found} if found else {}


def _of_xyz(match, habits, text):
    """Day and month in either order; with two figures for the year only where a
    clock, or the way it is written, says that it is a date."""
    year = match["y"]
    if (
        len(year) == 2
        and match["s"] == "."
        and not _CLOCK.search(text)
        and not match["glued"]
    ):
        return _short_dotted(match, habits, text)
    first, second = match["a"], match["b"]
    found = {
        "dmy": _date(year, second, first, habits),
        "mdy": _date(year, first, second, habits),
    }
    if len(year) == 2 and (match["s"] != "." or habits.year_first):
        found["ymd"] = _date(first, second, year, habits) if len(first) == 2 else None
        if found["ymd"] and not 18 <= int(first) <= 45:
            found["ymd"] = None
    return {order: day for order, day in found.items() if day}


def _short_dotted(match, habits, text):
    """``02.03.26`` without a clock: a date when nothing else stands in the row."""
    rest = text[: match.start()] + text[match.end() :]
    if any(ch.isdigit() for ch in rest) or len(match["a"]) < 2:
        return {}
    found = _date(match["y"], match["b"], match["a"], habits)
    return {"dmy": found} if found else {}


def _of_era(match, habits, _text):
    if len(match["era"]) == 1 and habits.calendar != "era":
        return {}
    year = _ERAS[match["era"]] + int(match["y"])
    found = _date(str(year), match["m"], match["d"], habits)
    return {"ymd": found} if found else {}


def _of_named(match, habits, text):
    exact, alike = _months(habits.country)
    name, year = match["m"].strip(".").casefold(), match["y"].strip("'")
    if len(year) == 2 and _AMOUNT.search(text):
        return {}  # ``2 SET 12.00`` is no day of September
    month = exact.get(name) or alike.get(shape(name))
    found = month and _date(year, month, match["d"], habits)
    return {"named": found} if found else {}


def _of_republic(match, habits, _text):
    if habits.calendar != "minguo":
        return {}
    found = _date(int(match["y"]) + _MINGUO, match["m"], match["d"], habits)
    return {"ymd": found} if found else {}


def _of_solid(match, habits, text):
    """``25122018`` is a number as well, where no clock stands beside it."""
    return _of_ymd(match, habits, text) if _CLOCK.search(text) else {}


_READERS = (
    (_ERA, _of_era),
    (_YMD, _of_ymd),
    (_REPUBLIC, _of_republic),
    (_XYZ, _of_xyz),
    (_NAMED_LAST, _of_named),
    (_NAMED, _of_named),
    (_NAMED_FIRST, _of_named),
    (_VIETNAMESE, _of_ymd),
    (_SOLID, _of_ymd),
    (_SOLID_LAST, _of_solid),
)


def _order(days, habits):
    """Return the order of day and month all dates of the receipt allow."""
    open_ones = [set(day.orders) for day in days if len(day.orders) > 1]
    closed = {order for day in days if len(day.orders) == 1 for order in day.orders}
    usual = "mdy" if habits.month_first else "ymd" if habits.year_first else "dmy"
    for order in ("dmy", "mdy", "ymd"):
        if order in closed and any(order in orders for orders in open_ones):
            return order
    # the same day printed twice, once with a name or with the year first
    named = {day for one in days if len(one.orders) == 1 for day in one.orders.values()}
    for order in (usual, "dmy", "mdy", "ymd"):
        if any(one.orders.get(order) in named for one in days if len(one.orders) > 1):
            return order
    return usual


def _date(year, month, day, habits):
    """Return a date of our calendar, ``None`` when there is no such day."""
    year, month, day = int(year), int(month), int(day)
    if year < 100:
        year += _CENTURY
        if habits.calendar == "buddhist" and year >= _CENTURY + 60:
            year += 2500 - _CENTURY  # 68 is 2568
    if 2500 <= year < 2600:
        year -= _BUDDHIST
    if 1400 <= year < 1500:
        return _islamic(year, month, day) if habits.calendar == "islamic" else None
    try:
        return date(year, month, day) if _YEARS[0] <= year <= _YEARS[1] else None
    except ValueError:
        return None


def _islamic(year, month, day):
    """Return a day of the tabular Islamic calendar, as the civil one counts it."""
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    days = day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    return date(622, 7, 19) + timedelta(days=days - 1)


def _clock(text):
    match = _GLUED_CLOCK.search(text) or _CLOCK.search(text)
    if not match:
        return None
    hour = int(match[1])
    half = (match["half"] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return f"{hour:02}:{match[2]}"


@functools.cache
def _months(country):
    """Return ``({name: month}, {shape of a name: month})`` as a country means them.

    A shape that means two months in two languages is none.
    """
    exact, found, doubtful = {}, {}, set()
    for line in (FOLDER / "months.data").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _colon, names = line.partition(":")
        month, *only = head.split()
        if only and country not in only:
            continue
        for text in names.split(";"):
            name, form = text.strip().strip(".").casefold(), shape(text)
            if only:
                exact[name] = int(month)
            exact.setdefault(name, int(month))
            if found.setdefault(form, int(month)) != int(month):
                doubtful.add(form)
    alike = {name: month for name, month in found.items() if name not in doubtful}
    return exact, alike
