"""Days people and programs write: one meaning is read, two are refused."""

from datetime import date, datetime, timedelta, timezone

import pytest
from engine.typed_date import (
    DAY_FIRST,
    MONTH_FIRST,
    AmbiguousDate,
    find_order,
    read_day,
    read_iso,
)
from hypothesis import given
from hypothesis import strategies as st

UTC = timezone.utc
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


# === WHAT PROGRAMS WRITE === #


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        (" 2026-03-02 ", date(2026, 3, 2)),
        ("2026-03-02T08:30", datetime(2026, 3, 2, 8, 30)),
        ("2026-03-02 08:30:05", datetime(2026, 3, 2, 8, 30, 5)),
        ("2026-03-02T08:30:05.999999", datetime(2026, 3, 2, 8, 30, 5)),
        ("2026-03-02T08:30:05,1Z", datetime(2026, 3, 2, 8, 30, 5, tzinfo=UTC)),
        ("2026-03-02t08:30z", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        (
            "2026-03-02T08:30-03:30",
            datetime(2026, 3, 2, 8, 30, tzinfo=timezone(-timedelta(hours=3.5))),
        ),
        (
            "2026-03-02T08:30:00+0200",
            datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_iso_8601_with_dashes(text, moment):
    read = read_iso(text)
    assert (read, type(read)) == (moment, type(moment))
    assert getattr(read, "tzinfo", None) == getattr(moment, "tzinfo", None)


@pytest.mark.parametrize(
    "text",
    [
        "20260302",  # newer Pythons read these four
        "20260302T083000",
        "2026-W10-1",
        "2026-061",
        "2026-3-2",
        "02.03.2026",
        "2026-02-30",
        "2026-03-02T",
        "2026-03-02T24:00",
        "2026-03-02T08:60",
        "2026-03-02T08:30+25:00",
        "2026-03-02T08:30+02:75",
        "2026-03-02Z",
        "２０２６-03-02",
        "yesterday",
        "",
    ],
)
def test_anything_else_is_refused_on_every_python(text):
    with pytest.raises(ValueError):
        read_iso(text)


@given(st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC) | st.none()))
def test_what_python_writes_is_read_back(moment):
    assert read_iso(moment.isoformat()) == moment.replace(microsecond=0)


# === WHAT PEOPLE WRITE === #


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        (20260302, date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),  # with points the day is first
        ("2.3.2026", date(2026, 3, 2)),
        (datetime(2026, 3, 2), date(2026, 3, 2)),
        ("13/02/2026 08:30", datetime(2026, 2, 13, 8, 30)),
        ("02-13-2026", date(2026, 2, 13)),
        ("03/03/2026", date(2026, 3, 3)),  # the same either way
        ("2026-03-02T08:30:05", datetime(2026, 3, 2, 8, 30, 5)),
        ("31.02.2026", None),
        ("31/31/2026", None),
        ("13/02/2026 25:00", None),
        ("02.03.26", None),
        (46083, None),
        ("soon", None),
        (None, None),
    ],
)
def test_a_text_with_one_meaning(text, moment):
    assert read_day(text) == moment


@pytest.mark.parametrize("text", ["02/03/2026", "2/3/2026", "02-03-2026 08:30"])
def test_day_and_month_are_not_guessed(text):
    with pytest.raises(AmbiguousDate) as caught:
        read_day(text)
    assert caught.value.readings == [date(2026, 2, 3), date(2026, 3, 2)]
    assert read_day(text, DAY_FIRST).month == 3
    assert read_day(text, MONTH_FIRST).month == 2


def test_a_chosen_order_is_meant_strictly():
    assert read_day("13/02/2026", MONTH_FIRST) is None
    # where the marks say it, nobody has to choose
    assert read_day("02.03.2026", MONTH_FIRST) == date(2026, 3, 2)
    assert read_day("2026-03-02", MONTH_FIRST) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["02/03/2026", "25/03/2026", None, 7], DAY_FIRST),
        (["02/03/2026", "03/25/2026"], MONTH_FIRST),
        (["25/03/2026", "03/25/2026"], None),  # they contradict each other
        (["02/03/2026", "03/03/2026"], None),
        (["25.03.2026", "2026-03-25", date(2026, 3, 25)], None),  # no slash, no sign
        ([], None),
    ],
)
def test_another_day_of_the_column_decides(column, order):
    assert find_order(column) == order


@given(
    st.lists(DAYS, min_size=1),
    st.sampled_from([("%d/%m/%Y", DAY_FIRST), ("%m-%d-%Y", MONTH_FIRST)]),
)
def test_a_column_of_one_habit_is_never_read_as_another_day(days, habit):
    form, order = habit
    column = [day.strftime(form) for day in days]
    found = find_order(column)
    assert found in (order, None)
    for day, text in zip(days, column, strict=True):
        try:
            assert read_day(text, found) == day
        except AmbiguousDate as error:
            assert found is None and day in error.readings
