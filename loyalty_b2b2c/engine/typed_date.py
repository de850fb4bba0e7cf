"""Days and moments as people and programs write them: never guessed.

Programs write ISO 8601 with dashes (:func:`read_iso`).  People's ``02/03/2026`` is in
March to some and in February to others: such a text is read only when something
decides, another day of the same column or whoever chose the order (:func:`read_day`).
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone

#: Orders of day and month: ``31/03/2026`` and ``03/31/2026``.
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"

_MARK, _PART, _YEAR = r"(?P<mark>[-/.])", "[0-9]{1,2}", "(?P<year>[0-9]{4})"
_CLOCK = r"(?:[ T](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
_YEAR_FIRST = re.compile(
    rf"{_YEAR}{_MARK}(?P<a>{_PART})(?P=mark)(?P<b>{_PART}){_CLOCK}"
)
_YEAR_LAST = re.compile(rf"(?P<a>{_PART}){_MARK}(?P<b>{_PART})(?P=mark){_YEAR}{_CLOCK}")
# as warehouses' systems write it; read the other way round it would be in year 1012
_COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
# the strict form: two digits each, and an offset
_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<clock>[0-9]{2}(?::[0-9]{2}(?::[0-9]{2})?)?)(?:[.,][0-9]+)?"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})?)?)?"
)


class AmbiguousDate(ValueError):
    """A text that people read as two different days.

    :param text: as it was written
    :param readings: the two days, the earlier first
    """

    def __init__(self, text, readings):
        super().__init__(f"Two readings of {text!r}: {readings}")
        self.text, self.readings = text, readings


def read_iso(text: str) -> date | datetime:
    """Return what a program wrote: ISO 8601 with dashes, the same on every Python.

    ``"2026-03-02"`` is a day, ``"2026-03-02T08:30:00Z"`` a moment; fractions of a
    second are cut off.  :meth:`datetime.fromisoformat` would read more of it on newer
    Pythons: ``"20260302"`` as a midnight, weeks and days of a year.

    :return: a day, or a moment with the offset that was written, if any
    :raise ValueError: anything else
    """
    match = _ISO.fullmatch(text.strip())
    if not match:
        raise ValueError(f"Not ISO 8601 with dashes: {text[:40]!r}")
    day = date.fromisoformat(match["day"])
    if match["clock"] is None:
        return day
    clock = time(*map(int, match["clock"].split(":")))
    return datetime.combine(day, clock, tzinfo=_offset(match))


def _offset(match):
    if match["utc"]:
        return timezone.utc
    if not match["sign"]:
        return None
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if int(match["minutes"] or 0) > 59:
        raise ValueError("An hour has sixty minutes")
    return timezone(-offset if match["sign"] == "-" else offset)


def read_day(value, order: str | None = None) -> date | datetime | None:
    """Return a cell of a table as a day or a naive moment, ``None`` if it is neither.

    Where the year comes first the month follows, and with points the day comes first:
    nobody writes these otherwise.

    :param value: text, or the day or moment a spreadsheet holds; its days are midnights
    :param order: :data:`DAY_FIRST` or :data:`MONTH_FIRST`, when something decided
    :raise AmbiguousDate: both orders give a day, not the same, and nothing decided
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) if value.time() != time.min else value.date()
    if isinstance(value, date):
        return value
    text = _COMPACT.sub(r"\1-\2-\3", str(value or "").strip())
    if match := _YEAR_FIRST.fullmatch(text):
        return _moment(_day(match, match["a"], match["b"]), match)
    match = _YEAR_LAST.fullmatch(text)
    if not match:
        return None
    days = _read_orders(match)
    if order and match["mark"] != ".":
        return _moment(days.get(order), match)
    readings = sorted(set(days.values()))
    if len(readings) > 1:
        raise AmbiguousDate(text, readings)
    return _moment(readings[0], match) if readings else None


def find_order(values: Iterable) -> str | None:
    """Return in which order a column writes day and month.

    One text that only one order makes a day decides for the others.

    :param values: the cells of the column
    :return: :data:`DAY_FIRST` or :data:`MONTH_FIRST`; ``None`` when no text decides, or
        two contradict each other
    """
    orders = set()
    for value in values:
        match = _YEAR_LAST.fullmatch(value.strip()) if isinstance(value, str) else None
        if match and match["mark"] != "." and len(days := _read_orders(match)) == 1:
            orders |= days.keys()
    return orders.pop() if len(orders) == 1 else None


def _read_orders(match):
    """Return order -> the day it makes of a text with the year last."""
    days = {DAY_FIRST: _day(match, match["b"], match["a"])}
    if match["mark"] != ".":
        days[MONTH_FIRST] = _day(match, match["a"], match["b"])
    return {order: day for order, day in days.items() if day}


def _day(match, month, day):
    try:
        return date(int(match["year"]), int(month), int(day))
    except ValueError:
        return None


def _moment(day, match):
    """Return a day with the time that stands behind it, ``None`` if one is none."""
    if day is None or match["hour"] is None:
        return day
    try:
        clock = time(
            int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
    except ValueError:
        return None
    return datetime.combine(day, clock)
