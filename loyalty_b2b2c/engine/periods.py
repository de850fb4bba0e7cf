"""Days and periods of a time zone, as half-open windows of UTC instants.

A day runs from its :func:`day_start` (inclusive) to the next one's (exclusive), so
every instant lies in exactly one day, whatever clocks do at midnight.
"""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .rules import Expiry

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_ONE_DAY = timedelta(days=1)


def as_iso(at: datetime | None) -> str:
    """Return an instant as ISO 8601 text, ``None`` as an empty one."""
    return at.isoformat() if at else ""


def local_day(at: datetime, tz: str) -> date:
    """Return the day of the time zone ``tz`` in which the instant ``at`` lies.

    :raise ValueError: for a naive datetime or an unknown time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"Time without a time zone: {at}")
    day = at.astimezone(_zone(tz)).date()
    # A clock set back just after midnight shows yesterday's date once more.
    return day + _ONE_DAY if at >= day_start(day + _ONE_DAY, tz) else day


def day_start(day: date, tz: str) -> datetime:
    """Return the first instant (UTC) of ``day`` in the time zone ``tz``.

    A midnight that happens twice counts from the first time; a midnight that is
    skipped counts from the moment clocks jumped over it.

    :raise ValueError: for an unknown time zone.
    """
    midnight = datetime.combine(day, time(), _zone(tz))
    start = midnight.astimezone(timezone.utc)
    if start.astimezone(midnight.tzinfo).replace(tzinfo=None) == datetime.combine(
        day, time()
    ):
        return start
    # Skipped.  With fold=1 the later offset is used, which gives an instant
    # before the jump; the jump itself is in between.
    before = midnight.replace(fold=1).astimezone(timezone.utc)
    return _jump(before, start, midnight.tzinfo)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant in (before, after] at which the UTC offset changes."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        instant = (before + timedelta(seconds=middle)).astimezone(zone)
        if instant.utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"Unknown time zone {tz!r}") from None


def period_of(kind: str, day: date) -> tuple[date, date, str]:
    """Return the first day, the day after the last, and the label of a period.

    :param kind: ``"day"``, ``"week"`` (ISO, from Monday), ``"month"``,
        ``"quarter"`` or ``"year"``.
    :return: for instance ``(2026-02-01, 2026-03-01, "2026-02")``; labels of
        different kinds never coincide: ``2026-02-03``, ``2026-W06``, ``2026-02``,
        ``2026-Q1``, ``2026``.
    :raise ValueError: for an unknown kind.
    """
    if kind == "day":
        return day, day + _ONE_DAY, day.isoformat()
    if kind == "week":
        year, week, weekday = day.isocalendar()
        start = day - timedelta(days=weekday - 1)
        return start, start + timedelta(days=7), f"{year:04d}-W{week:02d}"
    if kind not in _MONTHS:
        raise ValueError(f"Unknown period {kind!r}")
    months = _MONTHS[kind]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    labels = {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day:%Y}-Q{(day.month + 2) // 3}",
        "year": f"{day:%Y}",
    }
    return start, add_months(start, months), labels[kind]


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or that month's last day if shorter."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def expires_at(expiry: Expiry, posted_at: datetime, tz: str) -> datetime | None:
    """Return the instant (UTC) from which points posted at ``posted_at`` are void.

    It is the start of the day after their last day; ``None``: they never lapse.

    :raise ValueError: for an unknown kind or period, or a negative count.
    """
    if expiry.kind == "none":
        return None
    if expiry.kind not in ("months", "period_end"):
        raise ValueError(f"Unknown expiry {expiry.kind!r}")
    if expiry.count < 0:
        raise ValueError(f"Points cannot expire {expiry.count} months after posting")
    day = add_months(local_day(posted_at, tz), expiry.count)
    if expiry.kind == "months":
        return day_start(day + _ONE_DAY, tz)
    _start, end, _label = period_of(expiry.period, day)
    return day_start(end, tz)
