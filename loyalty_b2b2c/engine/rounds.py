"""The rounds of a challenge: one after another, each a stretch of whole days.

Days are days of the program's time zone; :func:`~.periods.day_start` makes instants of
them.
"""

from datetime import date, timedelta
from itertools import pairwise

from .periods import add_months, period_of

#: How often a challenge begins anew.
RECURRENCES = ("once", "day", "week", "month", "quarter", "days")


def round_of(
    recurrence: str, day: date, first: date, last: date | None, days: int = 0
) -> tuple[date, date] | None:
    """Return the round in which a day lies.

    The first round begins with the challenge, the last one ends with it: a challenge of
    months that starts on the 20th has a short first month.

    :param recurrence: one of :data:`RECURRENCES`
    :param day: the day that is asked for
    :param first: first day of the challenge
    :param last: last day of the challenge, ``None``: it has no end
    :param days: length of a round, for the recurrence ``"days"``
    :return: first day of the round and the day after its last; ``None`` when the
        challenge does not run on that day
    :raise ValueError: an unknown recurrence, rounds of no days, or one round without
        an end
    """
    if recurrence not in RECURRENCES:
        raise ValueError(f"Unknown recurrence {recurrence!r}")
    if day < first or (last and day > last):
        return None
    if recurrence == "once":
        if not last:
            raise ValueError("A challenge of one round has an end")
        return first, last + timedelta(days=1)
    if recurrence == "days":
        if days < 1:
            raise ValueError(f"A round lasts {days} days")
        start = first + timedelta(days=(day - first).days // days * days)
        end = start + timedelta(days=days)
    else:
        start, end, _label = period_of(recurrence, day)
    return max(start, first), min(end, last + timedelta(days=1)) if last else end


def next_days(first: date, last: date | None) -> tuple[date, date | None]:
    """Return the days that follow a challenge, for its copy.

    Whole months are followed by as many whole months, other days by as many days.

    :param last: ``None``: it has no end, and its copy begins where it began
    """
    if not last:
        return first, None
    after = last + timedelta(days=1)
    if months := _count_months(first, after):
        return after, add_months(after, months) - timedelta(days=1)
    return after, after + (last - first)


def rounds_before(
    recurrence: str, first: date, last: date | None, count: int, days: int = 0
) -> list[tuple[date, date]]:
    """Return the stretches before a round that are like it, the earliest first.

    Before a round of weeks, months or quarters they are whole ones, also where the
    round itself is short; before other days as many days, or as many whole months.

    :param recurrence: one of :data:`RECURRENCES`
    :param first: first day of the round
    :param last: its last day; needed for one round only
    :param count: how many
    :param days: length of a round, for the recurrence ``"days"``
    :return: list of (first day, day after the last)
    """
    if recurrence in ("once", "days"):
        after = last + timedelta(days=1) if recurrence == "once" else None
        months = _count_months(first, after) if after else 0
        length = after - first if after else timedelta(days=days)
        starts = [
            add_months(first, -months * back) if months else first - length * back
            for back in range(count, -1, -1)
        ]
    else:
        starts = [period_of(recurrence, first)[0]]
        while len(starts) <= count:
            day_before = starts[0] - timedelta(days=1)
            starts.insert(0, period_of(recurrence, day_before)[0])
    return [*pairwise(starts)]


def _count_months(first: date, after: date) -> int:
    """Return how many whole months a stretch of days is, 0 when it is none."""
    if first.day != 1 or after.day != 1:
        return 0
    return (after.year - first.year) * 12 + after.month - first.month
