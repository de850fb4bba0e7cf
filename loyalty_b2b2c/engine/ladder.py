"""Dealer ladder: a volume over a window of days decides a tier.

The flow, one direction::

    Volumes (day -> volume) + Window  --within()-----> how much counts on a day
    volume + tiers                    --deserved()---> the tier it deserves
    State of yesterday                --advance()----> State of today
    State + Volumes                   --forecast()---> what is missing, what leaves

Days are calendar days of the dealer's own time zone (see :func:`~.periods.local_day`),
so clock changes move no sale from one day to another.  A volume may be negative for a
day on which more came back than was sold.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .periods import add_months, period_of

ZERO = Decimal(0)
_ONE_DAY = timedelta(days=1)

#: What a window can be; ``count`` matters for the first two only.
WINDOWS = ("months", "days", "quarter", "previous_quarter", "year")


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose volume counts.

    :param kind: ``"months"`` or ``"days"`` (rolling, the day itself is the last),
        ``"quarter"`` or ``"year"`` (the calendar one the day is in, up to it),
        ``"previous_quarter"`` (the last complete calendar quarter).
    :param count: how many months or days, at least 1.
    """

    kind: str = "months"
    count: int = 3

    def days(self, day: date) -> tuple[date, date]:
        """Return the first and the last day that count on ``day``, both inclusive.

        Three months on 12 November run from 13 August to 12 November; on 31 May from
        1 March.  In SQL: ``day + 1 - interval '3 months'``.

        :raise ValueError: for an unknown kind or less than one month or day.
        """
        if self.kind in ("months", "days"):
            if self.count < 1:
                raise ValueError(f"A window needs at least one of its {self.kind}")
            if self.kind == "days":
                return day - timedelta(days=self.count - 1), day
            return add_months(day + _ONE_DAY, -self.count), day
        if self.kind in ("quarter", "year"):
            return period_of(self.kind, day)[0], day
        if self.kind == "previous_quarter":
            first = period_of("quarter", day)[0]
            return period_of("quarter", first - _ONE_DAY)[0], first - _ONE_DAY
        raise ValueError(f"Unknown window {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Tier:
    """A price class: deserved from ``volume_from`` up to the next tier's."""

    id: int
    volume_from: Decimal


@dataclass(frozen=True, slots=True)
class Ladder:
    """How a volume becomes a tier.

    :param tiers: by rising ``volume_from``; the first one starts at zero.
    :param growth_next_day: a sale lifts the tier from the next day on, not at once.
    :param grace_days: a fall takes effect when the volume has been too small for so
        many days; 0 is at once.
    :param one_step: fall by one tier at most, and at most once a month.
    """

    tiers: tuple[Tier, ...]
    window: Window = Window()
    growth_next_day: bool = False
    grace_days: int = 0
    one_step: bool = False

    def __post_init__(self):
        volumes = [tier.volume_from for tier in self.tiers]
        if not volumes or volumes[0] != 0:
            raise ValueError("The first tier of a ladder starts at 0")
        if any(low >= high for low, high in zip(volumes, volumes[1:], strict=False)):
            raise ValueError("The volumes of a ladder must rise from tier to tier")
        if self.grace_days < 0:
            raise ValueError("A period of grace cannot be negative")
        self.window.days(date(2000, 1, 1))

    def rank(self, tier_id: int) -> int:
        """Return the place of a tier, 0 for the lowest or an unknown one."""
        ids = [tier.id for tier in self.tiers]
        return ids.index(tier_id) if tier_id in ids else 0

    def deserved_rank(self, volume: Decimal) -> int:
        """Return the place of the tier that a volume deserves.

        A negative volume deserves the lowest.
        """
        volumes = [tier.volume_from for tier in self.tiers]
        return max(bisect_right(volumes, volume) - 1, 0)

    def deserved(self, volume: Decimal) -> Tier:
        """Return the tier that a volume deserves."""
        return self.tiers[self.deserved_rank(volume)]


@dataclass(frozen=True, slots=True)
class State:
    """Where a dealer stands by volume alone (contracts come on top).

    :param day: the last day that was looked at.
    :param below_since: first day of the run of days on which the volume deserved
        less than the tier, ``None`` when it deserves it.
    :param fell_on: when the tier last fell.
    """

    tier_id: int
    day: date
    below_since: date | None = None
    fell_on: date | None = None


class Volumes:
    """Buckets made ready for many sums: day -> volume.

    :param buckets: volume of each day; days without sales may be missing.
    """

    def __init__(self, buckets: Mapping[date, Decimal]):
        self.days = sorted(day for day, value in buckets.items() if value)
        self._sums = [ZERO]
        for day in self.days:
            self._sums.append(self._sums[-1] + buckets[day])

    def between(self, first: date, last: date) -> Decimal:
        """Return the volume of the days from ``first`` to ``last``, inclusive."""
        low, high = bisect_left(self.days, first), bisect_right(self.days, last)
        return self._sums[high] - self._sums[low] if high > low else ZERO

    def within(self, window: Window, day: date) -> Decimal:
        """Return the volume that counts on ``day``."""
        return self.between(*window.days(day))


def start(ladder: Ladder, volumes: Volumes, day: date) -> State:
    """Return the state of a dealer who is enrolled on ``day``: what it deserves.

    Sales of the day itself count, also where growth waits for the next day.
    """
    tier = ladder.deserved(volumes.within(ladder.window, day))
    return State(tier_id=tier.id, day=day)


def advance(ladder: Ladder, state: State, volumes: Volumes, day: date) -> State:
    """Return the state on ``day``, every day in between taken in turn.

    Whatever days were missed, the result is the same: a day's step depends on the
    state before it only.  ``day`` itself may be looked at again and again while sales
    come in.

    :raise ValueError: ``day`` is before the state's.
    """
    if day < state.day:
        raise ValueError(f"The standing of {state.day} cannot go back to {day}")
    if day == state.day:
        return _step(ladder, state, volumes, day)
    while state.day < day:
        state = _step(ladder, state, volumes, state.day + _ONE_DAY)
    return state


def _step(ladder: Ladder, state: State, volumes: Volumes, day: date) -> State:
    """Return the state after looking at ``day``."""
    rank = ladder.rank(state.tier_id)
    first, last = ladder.window.days(day)
    volume = volumes.between(first, last)
    deserved = ladder.deserved_rank(volume)
    closed = deserved
    if ladder.growth_next_day:
        # what is sold today counts tomorrow, what comes back today counts today
        earlier = volumes.between(first, min(last, day - _ONE_DAY))
        closed = ladder.deserved_rank(min(volume, earlier))
    if closed > rank:
        return replace(
            state, tier_id=ladder.tiers[closed].id, day=day, below_since=None
        )
    if deserved >= rank:
        return replace(state, day=day, below_since=None)
    since = state.below_since or day
    state = replace(state, day=day, below_since=since)
    if (day - since).days < ladder.grace_days:
        return state
    if not ladder.one_step:
        return _fall(ladder, state, deserved, deserved, day)
    if state.fell_on is None or add_months(state.fell_on, 1) <= day:
        return _fall(ladder, state, rank - 1, deserved, day)
    return state


def _fall(ladder: Ladder, state: State, rank: int, deserved: int, day: date) -> State:
    """Return the state after a fall to ``rank``."""
    return replace(
        state,
        tier_id=ladder.tiers[rank].id,
        fell_on=day,
        # one step may not be enough: the days go on counting
        below_since=state.below_since if rank > deserved else None,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the tier becomes another one."""

    day: date
    tier_id: int
    volume: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """What lies ahead of a dealer who sells nothing more.

    :param volume: what counts on the day.
    :param next_tier_id: the tier above the deserved one, ``None`` on top.
    :param missing: how much more deserves it.
    :param missing_until: last day on which that much is enough; ``None``: it does not
        change within the horizon.
    :param leaves_on: the next day on which volume leaves the window, ``None``: none.
    :param leaves: how much leaves then.
    :param fall: the next fall, ``None`` within the horizon.
    """

    volume: Decimal
    next_tier_id: int | None
    missing: Decimal
    missing_until: date | None
    leaves_on: date | None
    leaves: Decimal
    fall: Change | None


def forecast(
    ladder: Ladder, state: State, volumes: Volumes, days: int = 400
) -> Forecast:
    """Return what lies ahead of ``state`` when nothing more is sold.

    :param days: how far to look.
    """
    day = state.day
    volume = volumes.within(ladder.window, day)
    rank = ladder.deserved_rank(volume)
    above = ladder.tiers[rank + 1] if rank + 1 < len(ladder.tiers) else None
    leaves_on, left = _next_loss(ladder.window, volumes, day, days)
    return Forecast(
        volume=volume,
        next_tier_id=above.id if above else None,
        missing=above.volume_from - volume if above else ZERO,
        missing_until=leaves_on - _ONE_DAY if leaves_on else None,
        leaves_on=leaves_on,
        leaves=left,
        fall=_next_fall(ladder, state, volumes, days),
    )


def _next_loss(window, volumes, day, days):
    """Return the next day on which the volume is smaller, and by how much."""
    horizon, before, then = (
        day + timedelta(days=days),
        volumes.within(window, day),
        day,
    )
    while (then := _next_moment(window, volumes, then)) and then <= horizon:
        volume = volumes.within(window, then)
        if volume < before:
            return then, before - volume
        before = volume
    return None, ZERO


def _next_fall(ladder, state, volumes, days):
    """Return the next fall as a :class:`Change`, ``None`` within the horizon."""
    rank = ladder.rank(state.tier_id)
    for after in _ahead(ladder, state, volumes, days):
        now = ladder.rank(after.tier_id)
        if now < rank:
            volume = volumes.within(ladder.window, after.day)
            return Change(after.day, after.tier_id, volume)
        rank = now
    return None


def next_look(
    ladder: Ladder, state: State, volumes: Volumes, days: int = 400
) -> date | None:
    """Return the next day on which volume or standing may change by passing time.

    Until then a dealer who sells nothing need not be looked at; looking earlier does
    no harm.  ``None``: not within ``days``.
    """
    after = next(_ahead(ladder, state, volumes, days), None)
    return after.day if after else None


def _ahead(ladder, state, volumes, days):
    """Yield the states to come when nothing more is sold, where they may change."""
    horizon = state.day + timedelta(days=days)
    while True:
        moments = [_next_moment(ladder.window, volumes, state.day)]
        if ladder.growth_next_day and volumes.between(state.day, state.day):
            moments.append(state.day + _ONE_DAY)
        if state.below_since:
            moments.append(state.below_since + timedelta(days=ladder.grace_days))
            if ladder.one_step and state.fell_on:
                moments.append(add_months(state.fell_on, 1))
        day = min((day for day in moments if day and day > state.day), default=None)
        if day is None or day > horizon:
            return
        state = _step(ladder, state, volumes, day)
        yield state


def _next_moment(window, volumes, day):
    """Return the next day after ``day`` on which other days count, ``None``: never."""
    if window.kind not in ("months", "days"):
        kind = "year" if window.kind == "year" else "quarter"
        turn = period_of(kind, day)[1]
        moments = [turn] if volumes.days else []
    else:
        first, _last = window.days(day)
        index = bisect_left(volumes.days, first)
        moments = (
            [_left_on(window, volumes.days[index])] if index < len(volumes.days) else []
        )
    index = bisect_right(volumes.days, day)
    moments += volumes.days[index : index + 1]  # dated ahead
    return min(moments, default=None)


def _left_on(window, bucket):
    """Return the first day on which a day with sales is outside a rolling window."""
    if window.kind == "days":
        return bucket + timedelta(days=window.count)
    day = add_months(bucket, window.count) - timedelta(days=2)
    while window.days(day)[0] <= bucket:
        day += _ONE_DAY
    return day


def series(
    window: Window, volumes: Volumes, first: date, last: date
) -> list[tuple[date, Decimal]]:
    """Return ``(day, volume that counts)`` for each day of a range, inclusive."""
    count = (last - first).days + 1
    return [
        (day, volumes.within(window, day))
        for day in (first + timedelta(days=number) for number in range(count))
    ]


def replay(
    ladder: Ladder,
    learned: Sequence[tuple[date, Mapping[date, Decimal]]],
    begin: date,
    end: date,
) -> State:
    """Return the state of ``end`` from all that was learned, in the order it was.

    The independent way to a standing: where :func:`advance` is fed as things happen,
    this goes through the records, day by day.

    :param learned: ``(day of learning, {day it belongs to: volume})``, in order
    :param begin: when the dealer was enrolled; what was learned before is known then
    """
    buckets: dict[date, Decimal] = {}
    waiting = list(learned)
    while waiting and waiting[0][0] < begin:
        _add(buckets, waiting.pop(0)[1])
    state, day = start(ladder, Volumes(buckets), begin), begin
    while True:
        while waiting and waiting[0][0] == day:
            _add(buckets, waiting.pop(0)[1])
            state = _step(ladder, state, Volumes(buckets), day)
        if day == end:
            return state
        day += _ONE_DAY
        state = _step(ladder, state, Volumes(buckets), day)


def _add(buckets, more):
    for day, value in more.items():
        buckets[day] = buckets.get(day, ZERO) + value
