"""Days, periods and expiry in time zones."""

from datetime import date, datetime, timedelta, timezone

import pytest
from engine import Expiry, add_months, day_start, expires_at, local_day, period_of
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import INSTANTS, ZONES

UTC = timezone.utc
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(["day", "week", "month", "quarter", "year"])


def utc(*fields) -> datetime:
    return datetime(*fields, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "tz", "expected"),
    [
        (utc(2026, 3, 10, 21, 59, 59), "Europe/Kyiv", date(2026, 3, 10)),
        (utc(2026, 3, 10, 22), "Europe/Kyiv", date(2026, 3, 11)),
        (utc(2026, 3, 10, 11, 59), "Etc/GMT+12", date(2026, 3, 9)),
        (utc(2026, 3, 10, 10), "Etc/GMT-14", date(2026, 3, 11)),
        # Newfoundland set clocks back from 0:01 to 23:01: the 7th goes on.
        (utc(2010, 11, 7, 2, 30, 30), "America/St_Johns", date(2010, 11, 7)),
        (utc(2010, 11, 7, 2, 45), "America/St_Johns", date(2010, 11, 7)),
    ],
)
def test_local_day(at, tz, expected):
    assert local_day(at, tz) == expected


@pytest.mark.parametrize(
    ("day", "tz", "expected"),
    [
        (date(2026, 3, 10), "UTC", utc(2026, 3, 10)),
        (date(2026, 7, 1), "Europe/Kyiv", utc(2026, 6, 30, 21)),
        # Sao Paulo skipped midnight: clocks went from 0:00 to 1:00.
        (date(2018, 11, 4), "America/Sao_Paulo", utc(2018, 11, 4, 3)),
        # Havana has midnight twice: 1:00 becomes 0:00.
        (date(2020, 11, 1), "America/Havana", utc(2020, 11, 1, 4)),
        # Toronto once jumped from 23:30 to 0:30.
        (date(1919, 3, 31), "America/Toronto", utc(1919, 3, 31, 4, 30)),
        # Samoa skipped a whole day: it is empty, not shifted.
        (date(2011, 12, 30), "Pacific/Apia", utc(2011, 12, 30, 10)),
        (date(2011, 12, 31), "Pacific/Apia", utc(2011, 12, 30, 10)),
    ],
)
def test_day_start(day, tz, expected):
    assert day_start(day, tz) == expected
    assert day_start(day, tz).tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)],
)
def test_days_around_clock_changes(day, hours):
    zone = "America/New_York"
    length = day_start(day + timedelta(days=1), zone) - day_start(day, zone)
    assert length == timedelta(hours=hours)


@given(INSTANTS, ZONES)
@example(utc(2018, 11, 4, 3), "America/Sao_Paulo")
@example(utc(2018, 2, 18, 2), "America/Sao_Paulo")
@example(utc(2011, 12, 30, 10), "Pacific/Apia")
@example(utc(2010, 11, 7, 2, 31), "America/St_Johns")
def test_every_instant_is_in_exactly_one_day(at, tz):
    day = local_day(at, tz)
    around = [day + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]
    holding = [
        one
        for one in around
        if day_start(one, tz) <= at < day_start(one + timedelta(days=1), tz)
    ]
    assert holding == [day]


@given(DATES, ZONES)
def test_days_follow_one_another(day, tz):
    start, end = day_start(day, tz), day_start(day + timedelta(days=1), tz)
    assert start <= end
    if start < end:  # the day was not skipped altogether
        assert local_day(start, tz) == day
        assert local_day(end - timedelta(microseconds=1), tz) == day


@pytest.mark.parametrize("call", [local_day, lambda at, tz: day_start(at.date(), tz)])
@pytest.mark.parametrize("tz", ["Europe/Atlantis", "", "../etc/passwd"])
def test_unknown_zones_are_named(call, tz):
    with pytest.raises(ValueError, match="Unknown time zone"):
        call(utc(2026, 1, 1), tz)


def test_naive_times_are_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        local_day(datetime(2026, 1, 1), "UTC")


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("day", date(2026, 2, 3), (date(2026, 2, 3), date(2026, 2, 4), "2026-02-03")),
        # ISO: the first days of 2027 still belong to week 53 of 2026.
        ("week", date(2027, 1, 1), (date(2026, 12, 28), date(2027, 1, 4), "2026-W53")),
        ("month", date(2026, 12, 31), (date(2026, 12, 1), date(2027, 1, 1), "2026-12")),
        ("quarter", date(2026, 5, 1), (date(2026, 4, 1), date(2026, 7, 1), "2026-Q2")),
        ("year", date(2026, 5, 1), (date(2026, 1, 1), date(2027, 1, 1), "2026")),
    ],
)
def test_period_of(kind, day, expected):
    assert period_of(kind, day) == expected


def test_unknown_periods_are_named():
    with pytest.raises(ValueError, match="decade"):
        period_of("decade", date(2026, 1, 1))


@given(KINDS, DATES)
def test_every_day_is_in_exactly_one_period(kind, day):
    start, end, label = period_of(kind, day)
    assert start <= day < end
    assert period_of(kind, start) == (start, end, label)
    assert period_of(kind, end - timedelta(days=1)) == (start, end, label)
    assert period_of(kind, end)[0] == end
    assert period_of(kind, end)[2] != label


@given(DATES)
def test_labels_of_different_kinds_differ(day):
    kinds = ("day", "week", "month", "quarter", "year")
    assert len({period_of(kind, day)[2] for kind in kinds}) == len(kinds)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 6, 10), 30, date(2028, 12, 10)),
    ],
)
def test_add_months(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        (Expiry(), None),
        # Posted on 1 February, 0:30 in Kyiv: valid for the whole of 1 March.
        (Expiry("months", 1), utc(2026, 3, 1, 22)),
        (Expiry("months", 0), utc(2026, 2, 1, 22)),
        (Expiry("period_end", 0, "month"), utc(2026, 2, 28, 22)),
        (Expiry("period_end", 3, "quarter"), utc(2026, 6, 30, 21)),
        (Expiry("period_end", 12, "year"), utc(2027, 12, 31, 22)),
    ],
)
def test_expires_at(expiry, expected):
    assert expires_at(expiry, utc(2026, 1, 31, 22, 30), "Europe/Kyiv") == expected


@pytest.mark.parametrize(
    "expiry",
    [Expiry("weeks", 1), Expiry("months", -1), Expiry("period_end", 1, "decade")],
)
def test_expires_at_refuses(expiry):
    with pytest.raises(ValueError):
        expires_at(expiry, utc(2026, 1, 1), "UTC")


@given(INSTANTS, ZONES, st.integers(0, 36), st.sampled_from(["months", "period_end"]))
def test_points_never_expire_before_they_are_posted(posted_at, tz, count, kind):
    expiry = Expiry(kind, count, "quarter")
    end = expires_at(expiry, posted_at, tz)
    assert end > posted_at
    # The end is the start of a day of the program, not an hour in it.
    assert end == day_start(local_day(end, tz), tz)
