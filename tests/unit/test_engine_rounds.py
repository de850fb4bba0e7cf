"""Rounds follow each other, and no result costs more than was reserved for it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine.contest import Contestant, Prize, Rules, give_prizes, rank
from engine.prize_fund import TIE_POLICIES, best_cost, contest_cost, steps_cost
from engine.rounds import RECURRENCES, next_days, round_of, rounds_before
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
MARCH = date(2026, 3, 1), date(2026, 3, 31)


# === ROUNDS === #


@pytest.mark.parametrize(
    ("recurrence", "day", "expected"),
    [
        ("once", date(2026, 3, 17), (date(2026, 3, 1), date(2026, 4, 1))),
        ("day", date(2026, 3, 17), (date(2026, 3, 17), date(2026, 3, 18))),
        ("week", date(2026, 3, 17), (date(2026, 3, 16), date(2026, 3, 23))),
        ("week", date(2026, 3, 1), (date(2026, 3, 1), date(2026, 3, 2))),  # a Sunday
        ("week", date(2026, 3, 31), (date(2026, 3, 30), date(2026, 4, 1))),
        ("month", date(2026, 3, 17), (date(2026, 3, 1), date(2026, 4, 1))),
        ("days", date(2026, 3, 17), (date(2026, 3, 11), date(2026, 3, 21))),
        ("days", date(2026, 3, 31), (date(2026, 3, 31), date(2026, 4, 1))),
        ("day", date(2026, 2, 28), None),
        ("day", date(2026, 4, 1), None),
    ],
)
def test_rounds_of_march(recurrence, day, expected):
    """March 2026, in rounds of ten days where days are counted."""
    assert round_of(recurrence, day, *MARCH, days=10) == expected


@pytest.mark.parametrize(
    ("recurrence", "first", "last", "starts"),
    [
        # a whole month, two whole months, ten days
        ("once", (2026, 3, 1), (2026, 3, 31), ["2026-01-01", "2026-02-01"]),
        ("once", (2026, 3, 1), (2026, 4, 30), ["2025-11-01", "2026-01-01"]),
        ("once", (2026, 3, 5), (2026, 3, 14), ["2026-02-13", "2026-02-23"]),
        ("days", (2026, 3, 11), (2026, 3, 15), ["2026-02-19", "2026-03-01"]),
        ("day", (2026, 3, 1), None, ["2026-02-27", "2026-02-28"]),
        # Friday the 20th: weeks from Monday on, months from the first
        ("week", (2026, 3, 20), (2026, 3, 22), ["2026-03-02", "2026-03-09"]),
        ("month", (2026, 3, 20), (2026, 3, 31), ["2026-01-01", "2026-02-01"]),
        ("quarter", (2026, 4, 1), (2026, 6, 30), ["2025-10-01", "2026-01-01"]),
    ],
)
def test_rounds_before(recurrence, first, last, starts):
    """Two of them, the earliest first, each up to the next one."""
    first, last = date(*first), last and date(*last)
    found = rounds_before(recurrence, first, last, 2, days=10)
    assert [str(one) for one, _after in found] == starts
    assert found[0][1] == found[1][0]
    assert found[1][1] <= first


def test_nothing_is_before_when_nothing_is_asked_for():
    assert rounds_before("month", *MARCH, 0) == []


def test_a_short_first_month():
    first = date(2026, 3, 20)
    assert round_of("month", first, first, None) == (first, date(2026, 4, 1))


@given(
    recurrence=st.sampled_from([one for one in RECURRENCES if one != "once"]),
    first=DAYS,
    length=st.integers(0, 400),
    days=st.integers(1, 50),
)
def test_every_day_lies_in_one_round(recurrence, first, length, days):
    """From the first day on one round follows another, up to the last day."""
    last = first + timedelta(days=length)
    day, rounds = first, 0
    while day <= last:
        start, end = round_of(recurrence, day, first, last, days)
        assert start == day
        inner = start + (end - start) // 2
        assert round_of(recurrence, inner, first, last, days) == (start, end)
        day, rounds = end, rounds + 1
    assert day == last + timedelta(days=1)
    assert rounds >= 1


@pytest.mark.parametrize(
    ("recurrence", "last", "days"),
    [("yearly", date(2026, 3, 31), 0), ("once", None, 0), ("days", None, 0)],
)
def test_rounds_that_cannot_be(recurrence, last, days):
    with pytest.raises(ValueError):
        round_of(recurrence, date(2026, 3, 2), date(2026, 3, 1), last, days)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (*MARCH, (date(2026, 4, 1), date(2026, 4, 30))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2026, 4, 1), date(2026, 6, 30))),
        (date(2025, 12, 1), date(2025, 12, 31), (date(2026, 1, 1), date(2026, 1, 31))),
        (date(2026, 3, 2), date(2026, 3, 8), (date(2026, 3, 9), date(2026, 3, 15))),
        (date(2026, 3, 2), None, (date(2026, 3, 2), None)),
    ],
)
def test_the_days_that_follow(first, last, expected):
    assert next_days(first, last) == expected


# === WHAT IT CAN COST === #

PRIZES = [(1, 1, Decimal(100)), (2, 2, Decimal(60)), (3, 5, Decimal(30))]


@pytest.mark.parametrize(
    ("policy", "people", "cost"),
    [
        ("earliest", 10, 250),  # 100 + 60 + 3 × 30
        ("share", 10, 250),
        ("draw", 4, 220),  # nobody for the fifth place
        ("earliest", 1, 100),
        ("earliest", 0, 0),
        ("all", 10, 1000),  # everybody first
    ],
)
def test_a_contest_costs_at_most(policy, people, cost):
    assert contest_cost(PRIZES, people, policy) == cost


def test_a_task_costs_at_most():
    """50 and 30 points for ten people; for the first three only."""
    steps = [Decimal(50), Decimal(30)]
    assert steps_cost(steps, 10) == 800
    assert steps_cost(steps, 10, 3) == 240
    assert steps_cost(steps, 2, 3) == 160


def test_one_prize_for_everybody_costs_at_most():
    """50 or 30 points for ten people."""
    assert best_cost([Decimal(30), Decimal(50)], 10) == 500
    assert best_cost([], 10) == 0


def test_an_unknown_policy():
    with pytest.raises(ValueError):
        contest_cost(PRIZES, 10, "coin")


@given(
    points=st.lists(st.integers(1, 500), min_size=1, max_size=5),
    scores=st.lists(st.integers(0, 4), max_size=8),
    policy=st.sampled_from(TIE_POLICIES),
)
def test_no_result_costs_more(points, scores, policy):
    """Whatever people score, equal or not, the prizes are within what was reserved."""
    prizes = [(place, place, Decimal(value)) for place, value in enumerate(points, 1)]
    rules = Rules(tie_policy=policy, seed="drawn before")
    people = [Contestant(key, Decimal(score)) for key, score in enumerate(scores, 1)]
    given_away = sum(
        win.points
        for places in rank(people, rules).values()
        for outcome in give_prizes(
            places,
            [Prize(place, place, place, value) for place, _to, value in prizes],
            rules,
        )
        for win in outcome.wins
    )
    assert given_away <= contest_cost(prizes, len(people), policy)
