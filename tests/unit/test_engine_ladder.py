"""The dealer ladder: windows, tiers, growth, falls, and what lies ahead."""

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from dateutil.relativedelta import relativedelta
from engine import ladder as lad
from hypothesis import example, given, settings
from hypothesis import strategies as st

TIERS = (lad.Tier(1, D(0)), lad.Tier(2, D(100_000)), lad.Tier(3, D(1_000_000)))
DAY = timedelta(days=1)


def make(**options):
    return lad.Ladder(TIERS, **options)


def at(day, tier=1, **options):
    return lad.State(tier_id=tier, day=day, **options)


# === WINDOWS === #


@pytest.mark.parametrize(
    ("kind", "count", "day", "first", "last"),
    [
        ("months", 3, date(2026, 11, 12), date(2026, 8, 13), date(2026, 11, 12)),
        ("months", 3, date(2026, 8, 31), date(2026, 6, 1), date(2026, 8, 31)),
        ("months", 3, date(2026, 5, 31), date(2026, 3, 1), date(2026, 5, 31)),
        # 31 May less three months has no 31 February
        ("months", 3, date(2026, 5, 30), date(2026, 2, 28), date(2026, 5, 30)),
        ("months", 3, date(2024, 5, 30), date(2024, 2, 29), date(2024, 5, 30)),
        ("months", 12, date(2024, 2, 28), date(2023, 2, 28), date(2024, 2, 28)),
        ("months", 12, date(2024, 2, 29), date(2023, 3, 1), date(2024, 2, 29)),
        ("days", 90, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        ("days", 1, date(2026, 3, 31), date(2026, 3, 31), date(2026, 3, 31)),
        ("quarter", 0, date(2026, 5, 9), date(2026, 4, 1), date(2026, 5, 9)),
        ("previous_quarter", 0, date(2026, 2, 9),
         date(2025, 10, 1), date(2025, 12, 31)),
        ("year", 0, date(2026, 5, 9), date(2026, 1, 1), date(2026, 5, 9)),
    ],
)  # fmt: skip
def test_window_days(kind, count, day, first, last):
    assert lad.Window(kind, count).days(day) == (first, last)


@given(
    st.sampled_from([lad.Window("months", n) for n in (1, 3, 12)]
                    + [lad.Window("days", n) for n in (1, 30, 365)]
                    + [lad.Window(kind) for kind in ("quarter", "year")]),
    st.dates(date(2019, 1, 1), date(2033, 1, 1)),
)  # fmt: skip
def test_window_never_goes_back(window, day):
    first, last = window.days(day)
    assert first <= last == day
    assert window.days(day + DAY)[0] >= first


@pytest.mark.parametrize(
    ("kind", "count"), [("months", 0), ("days", 0), ("days", -1), ("week", 1)]
)
def test_window_of_nothing_is_refused(kind, count):
    with pytest.raises(ValueError):
        make(window=lad.Window(kind, count))


# === TIERS === #


@pytest.mark.parametrize(
    ("volume", "tier"),
    [("-5", 1), ("0", 1), ("99999.99", 1), ("100000", 2), ("500000", 2),
     ("999999.99", 2), ("1000000", 3), ("5000000", 3)],
)  # fmt: skip
def test_a_tier_is_from_its_volume_up_to_the_next(volume, tier):
    assert make().deserved(D(volume)).id == tier


@pytest.mark.parametrize(
    "volumes", [(), (5,), (0, 100, 100), (0, 200, 100), (0, -1)]
)  # fmt: skip
def test_thresholds_must_rise_from_zero(volumes):
    with pytest.raises(ValueError):
        lad.Ladder(tuple(lad.Tier(n, D(v)) for n, v in enumerate(volumes)))


# === GROWTH AND FALL === #


def test_falls_from_top_to_bottom_by_passing_time_only():
    volumes = lad.Volumes({date(2026, 1, 15): D(1_200_000)})
    ladder = make()
    state = lad.start(ladder, volumes, date(2026, 1, 15))
    assert state.tier_id == 3
    # "three months" from 15 January are over on 15 April
    assert lad.advance(ladder, state, volumes, date(2026, 4, 14)).tier_id == 3
    assert lad.advance(ladder, state, volumes, date(2026, 4, 15)) == at(
        date(2026, 4, 15), fell_on=date(2026, 4, 15)
    )


def test_growth_counts_at_once_or_from_the_next_day():
    volumes = lad.Volumes({date(2026, 3, 1): D(99_000), date(2026, 3, 2): D(1_000)})
    before = at(date(2026, 3, 1))
    today = date(2026, 3, 2)
    assert lad.advance(make(), before, volumes, today).tier_id == 2
    waits = make(growth_next_day=True)
    state = lad.advance(waits, before, volumes, today)
    assert state.tier_id == 1
    assert lad.advance(waits, state, volumes, today + DAY).tier_id == 2


def test_what_comes_back_today_counts_today_even_if_growth_waits():
    volumes = lad.Volumes({date(2026, 3, 1): D(100_000), date(2026, 3, 2): D(-1)})
    waits = make(growth_next_day=True)
    assert lad.advance(waits, at(date(2026, 3, 1)), volumes, date(2026, 3, 2)) == at(
        date(2026, 3, 2)
    )


def test_grace_delays_a_fall_and_is_forgotten_when_the_volume_returns():
    ladder = make(grace_days=10)
    volumes = lad.Volumes({date(2026, 1, 15): D(100_000)})
    start = lad.start(ladder, volumes, date(2026, 1, 15))
    waiting = lad.advance(ladder, start, volumes, date(2026, 4, 24))
    assert (waiting.tier_id, waiting.below_since) == (2, date(2026, 4, 15))
    assert lad.advance(ladder, waiting, volumes, date(2026, 4, 25)).tier_id == 1
    more = lad.Volumes({date(2026, 1, 15): D(100_000), date(2026, 4, 24): D(100_000)})
    again = lad.advance(ladder, waiting, more, date(2026, 4, 24))
    assert (again.tier_id, again.below_since) == (2, None)


def test_one_step_a_month():
    ladder = make(one_step=True)
    volumes = lad.Volumes({date(2026, 1, 31): D(2_000_000)})
    state = lad.start(ladder, volumes, date(2026, 1, 31))
    tiers = {}
    for number in range(200):
        day = date(2026, 1, 31) + number * DAY
        state = lad.advance(ladder, state, volumes, day)
        tiers.setdefault(state.tier_id, day)
    assert tiers == {
        3: date(2026, 1, 31),
        2: date(2026, 4, 30),  # 31 January is no more within three months
        1: date(2026, 5, 30),
    }


def test_a_return_takes_the_tier_back():
    ladder = make()
    day = date(2026, 3, 1)
    up = lad.advance(ladder, at(day), lad.Volumes({day: D(100_000)}), day)
    assert up.tier_id == 2
    down = lad.advance(ladder, up, lad.Volumes({day: D(99_999)}), day)
    assert down.tier_id == 1


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError):
        lad.advance(make(), at(date(2026, 3, 2)), lad.Volumes({}), date(2026, 3, 1))


# === AHEAD === #


def test_forecast_says_what_is_missing_and_until_when():
    # 987,600 count on 20 August; 300,000 of them, of 1 June, leave on 1 September
    volumes = lad.Volumes({date(2026, 6, 1): D(300_000), date(2026, 7, 1): D(687_600)})
    ahead = lad.forecast(make(), at(date(2026, 8, 20), tier=2), volumes)
    assert ahead == lad.Forecast(
        volume=D(987_600),
        next_tier_id=3,
        missing=D(12_400),
        missing_until=date(2026, 8, 31),
        leaves_on=date(2026, 9, 1),
        leaves=D(300_000),
        fall=lad.Change(date(2026, 10, 1), 1, D(0)),
    )


def test_forecast_on_top_and_without_sales():
    top = lad.Volumes({date(2026, 6, 1): D(1_000_000)})
    ahead = lad.forecast(make(), at(date(2026, 6, 1), tier=3), top)
    assert (ahead.next_tier_id, ahead.missing) == (None, 0)
    nothing = lad.forecast(make(), at(date(2026, 6, 1)), lad.Volumes({}))
    assert nothing == lad.Forecast(D(0), 2, D(100_000), None, None, D(0), None)


# === INVARIANTS === #

_windows = st.one_of(
    st.builds(lad.Window, st.just("months"), st.integers(1, 4)),
    st.builds(lad.Window, st.just("days"), st.integers(1, 100)),
    st.builds(lad.Window, st.sampled_from(("quarter", "previous_quarter", "year"))),
)
_ladders = st.builds(
    make,
    window=_windows,
    growth_next_day=st.booleans(),
    grace_days=st.integers(0, 40),
    one_step=st.booleans(),
)
_BEGIN = date(2023, 12, 1)  # a leap day follows
_days = st.integers(0, 250).map(lambda number: _BEGIN + number * DAY)
_amounts = st.integers(-900, 900).map(lambda number: D(number * 1000))
_histories = st.lists(st.tuples(_days, _days, _amounts), max_size=25).map(
    lambda rows: sorted((max(learned, of), of, value) for learned, of, value in rows)
)


def _live(ladder, history, looks, end):
    """Feed a dealer as sales are learned, with a look on some days only."""
    buckets, state = {}, None
    moments = sorted({day for day, _of, _value in history} | looks | {_BEGIN, end})
    for day in moments:
        if state is None:
            state = lad.start(ladder, lad.Volumes(buckets), day)
        else:
            # midnight comes before the day's sales
            state = lad.advance(ladder, state, lad.Volumes(buckets), day)
        for learned, of, value in history:
            if learned == day:
                buckets[of] = buckets.get(of, D(0)) + value
                volumes = lad.Volumes(buckets)
                state = lad.advance(ladder, state, volumes, day)
    return state, buckets


@settings(max_examples=int(os.environ.get("LOYALTY_EXAMPLES", 1000)))
@given(_ladders, _histories, st.sets(_days, max_size=8))
def test_incremental_equals_replay(ladder, history, looks):
    end = _BEGIN + 300 * DAY
    live, buckets = _live(ladder, history, looks, end)
    learned = [(day, {of: value}) for day, of, value in history]
    assert live == lad.replay(ladder, learned, _BEGIN, end)
    # and the plain sum is the volume
    first, last = ladder.window.days(end)
    counted = sum((v for _l, of, v in history if first <= of <= last), D(0))
    assert lad.Volumes(buckets).within(ladder.window, end) == counted


@example(
    make(window=lad.Window("months", 1), one_step=True),
    [(_BEGIN, _BEGIN, D(100000))],
    31,  # one step was enough
)
@settings(max_examples=200)
@given(_ladders, _histories, st.integers(0, 120))
def test_looking_ahead_equals_waiting(ladder, history, later):
    end = _BEGIN + later * DAY
    state, buckets = _live(ladder, [m for m in history if m[0] <= end], set(), end)
    volumes = lad.Volumes(buckets)
    day, waiting, fall = state.day, state, None
    look = lad.next_look(ladder, state, volumes) or date.max
    for _number in range(400):
        before = waiting
        waiting = lad.advance(ladder, waiting, volumes, waiting.day + DAY)
        if waiting.day < look:  # until then nothing changes
            assert replace(waiting, day=day) == state
            assert volumes.within(ladder.window, waiting.day) == volumes.within(
                ladder.window, day
            )
        if fall is None and ladder.rank(waiting.tier_id) < ladder.rank(before.tier_id):
            fall = lad.Change(
                waiting.day,
                waiting.tier_id,
                volumes.within(ladder.window, waiting.day),
            )
    ahead = lad.forecast(ladder, state, volumes)
    assert ahead.fall == fall
    falls = (
        (later, volumes.within(ladder.window, later))
        for later in (day + number * DAY for number in range(1, 401))
    )
    before = ahead.volume
    for later_day, volume in falls:
        if volume < before:
            assert (ahead.leaves_on, ahead.leaves) == (later_day, before - volume)
            break
        before = volume
    else:
        assert ahead.leaves_on is None


@given(_days, st.integers(1, 24))
def test_months_agree_with_dateutil(day, count):
    """Another implementation of "the same day N months ago"."""
    first, _last = lad.Window("months", count).days(day)
    assert first == day + DAY - relativedelta(months=count)
