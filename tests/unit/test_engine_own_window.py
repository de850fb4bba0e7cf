"""The windows of those who take part in a challenge, and the two clocks."""

from datetime import datetime, timezone

import pytest
from engine.own_window import (
    OwnWindow,
    get_deadline,
    get_own_window,
    why_uncounted,
)

UTC = timezone.utc
KYIV = "Europe/Kyiv"


def utc(*fields):
    return datetime(*fields, tzinfo=UTC)


def test_a_task_taken_on_late_counts_from_then_until_its_own_deadline():
    start, end, joined = utc(2026, 3, 1), utc(2026, 4, 1), utc(2026, 3, 9, 19)
    assert get_own_window(start, end, joined) == OwnWindow(start, end)
    deadline = get_deadline(joined, 7, KYIV)
    # Monday 21:00 in Kyiv; the seventh day is Sunday 15 March
    assert deadline == utc(2026, 3, 15, 22)
    own = get_own_window(start, end, joined, True, deadline)
    assert own == OwnWindow(joined, deadline)
    assert get_own_window(start, end, joined, True, utc(2026, 5, 1)).end == end
    assert get_deadline(joined, 0, KYIV) is None


@pytest.mark.parametrize(
    ("happened", "learned", "why"),
    [
        (utc(2026, 3, 1), utc(2026, 3, 1), ""),
        (utc(2026, 2, 28, 23, 59), utc(2026, 3, 1), "too_early"),
        (utc(2026, 3, 31, 23, 59), utc(2026, 4, 2, 23), ""),  # an offline scan
        (utc(2026, 3, 31, 23, 59), utc(2026, 4, 3, 0, 1), "too_late"),
        (utc(2026, 4, 1), utc(2026, 4, 1), "outside"),
    ],
)
def test_two_clocks_decide(happened, learned, why):
    window = OwnWindow(utc(2026, 3, 1), utc(2026, 4, 1))
    assert why_uncounted(window, happened, learned, utc(2026, 4, 3)) == why
