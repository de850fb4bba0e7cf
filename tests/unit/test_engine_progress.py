"""Progress of tasks: steps, who was first, personal bests, streaks."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal as D

import pytest
import strategies  # noqa: F401  the profile
from engine import Rounding
from engine.progress import (
    Streak,
    Threshold,
    get_first,
    get_personal_best,
    get_progress,
    get_streak,
)
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
STEPS = (Threshold(2, D(10)), Threshold(1, D(5)), Threshold(3, D(20)))


@pytest.mark.parametrize(
    ("score", "reached", "missing", "percent"),
    [
        ("0", (), 5, 0),
        ("-3", (), 8, 0),
        ("4.99", (), D("0.01"), 99),
        ("5", (1,), 5, 50),
        ("12.5", (1, 2), D("7.5"), 62),
        ("20", (1, 2, 3), 0, 100),
        ("99", (1, 2, 3), 0, 100),
    ],
)
def test_how_far_a_score_leads(score, reached, missing, percent):
    progress = get_progress(D(score), STEPS)
    assert progress.reached == reached
    assert (progress.missing, progress.percent) == (missing, percent)
    assert (progress.next_step is None) == (len(reached) == 3)


def test_steps_that_cannot_be():
    for steps in ([Threshold(1, D(0))], [Threshold(1, D(5)), Threshold(2, D(5))]):
        with pytest.raises(ValueError, match="above 0"):
            get_progress(D(1), steps)


def test_the_first_to_reach_a_step():
    reached = {1: NOON + timedelta(minutes=2), 2: NOON, 3: NOON, 4: NOON}
    entries = {1: 11, 2: 14, 3: 13, 4: 12}
    assert get_first(reached, entries, 2) == (4, 3)
    assert get_first(reached, entries, 0) == (4, 3, 2, 1)


def test_ten_percent_more_than_the_last_three_months():
    """(40 + 50 + 61) / 3 = 50.33; 10 % more is 55.37, so 56 whole sales."""
    history = [D(40), D(50), D(61)]
    assert get_personal_best(history, D(10), D(5)) == 56
    assert get_personal_best(history, D(10), D(5), Rounding(2)) == D("55.36")
    assert get_personal_best([D(0), D(-4), D(3)], D(10), D(5)) == 5
    assert get_personal_best([], D(10), D(5)) == 5
    with pytest.raises(ValueError, match="-1 % more"):
        get_personal_best(history, D(-1), D(5))


@pytest.mark.parametrize(
    ("periods", "is_open", "expected"),
    [
        ("", False, Streak(0, 0)),
        ("++++", False, Streak(4, 4, (3,))),
        ("++++++++", False, Streak(8, 8, (3, 7))),
        ("+++-++++", False, Streak(4, 4, (7,))),
        ("++++-", False, Streak(0, 4, (3,))),
        ("++++-", True, Streak(4, 4, (3,))),  # this week is not over yet
        ("++++-+", True, Streak(1, 4, (3,))),
    ],
)
def test_four_periods_in_a_row(periods, is_open, expected):
    assert get_streak([one == "+" for one in periods], 4, is_open) == expected


def test_a_streak_of_nothing():
    with pytest.raises(ValueError, match="0 periods"):
        get_streak([True], 0)


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 6))
def test_rows_are_as_many_as_fit(periods, length):
    streak = get_streak(periods, length)
    runs = [len(run) for run in "".join("-+"[one] for one in periods).split("-")]
    assert streak.best == max(runs)
    assert len(streak.rewards) == sum(run // length for run in runs)
    assert streak.current == runs[-1]


@given(st.integers(-5, 60).map(D), st.sets(st.integers(1, 50), max_size=6))
def test_progress_of_any_task(score, scores):
    steps = [Threshold(value, D(value)) for value in scores]
    progress = get_progress(score, steps)
    assert set(progress.reached) == {value for value in scores if value <= score}
    assert 0 <= progress.percent <= 100
    if progress.next_step:
        assert score + progress.missing == progress.next_step.score
        assert progress.percent < 100
