"""When a participant's own facts count in a round of a challenge, and why they do not.

A round is half-open in UTC and made of whole days of the program's time zone (see
:mod:`.rounds`); who takes part may have a shorter window of its own within it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .periods import day_start, local_day


@dataclass(frozen=True, slots=True)
class OwnWindow:
    """When a participant's own facts count, within a round.

    :param start, end: half-open (UTC); empty when the start is not before the end.
    """

    start: datetime
    end: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def get_own_window(
    start: datetime,
    end: datetime,
    joined_at: datetime | None = None,
    counts_from_joining: bool = False,
    deadline: datetime | None = None,
) -> OwnWindow:
    """Return when the facts of somebody who takes part count.

    :param start, end: of the round
    :param joined_at: ``None`` for who takes part by itself
    :param counts_from_joining: what was sold before is no part of it
    :param deadline: of its own, ``None``: the round's end
    """
    if counts_from_joining and joined_at:
        start = max(start, joined_at)
    if deadline:
        end = min(end, deadline)
    return OwnWindow(start, end)


def get_deadline(joined_at: datetime, days: int, tz: str) -> datetime | None:
    """Return the end (UTC) of ``days`` days of a time zone, the day of joining first.

    Who joins on Monday evening with 7 days has time until Sunday midnight.

    :return: ``None`` without a number of days: there is no deadline of its own
    """
    if days < 1:
        return None
    return day_start(local_day(joined_at, tz) + timedelta(days=days), tz)


#: Why a fact does not count in a round; another layer words them.
UNCOUNTED_CODES = ("too_early", "too_late", "outside")


def why_uncounted(
    window: OwnWindow,
    occurred_at: datetime,
    recorded_at: datetime,
    cut_off: datetime,
) -> str:
    """Return why a fact does not count, empty when it does.

    Two clocks: when it happened decides about the window, when we learned it about the
    cut-off: a phone's clock alone could fill a closed contest for a month.

    :param cut_off: end of the round and its grace (UTC); what is learned later is
        too late
    :return: ``"too_early"``, ``"outside"`` (after the own end) or ``"too_late"``
    """
    if occurred_at < window.start:
        return "too_early"
    if occurred_at >= window.end:
        return "outside"
    return "too_late" if recorded_at > cut_off else ""
