"""What points pay of an order, and what is due for the pieces that were shipped."""

from decimal import Decimal

import pytest
from engine.supply import most_points, part_of, worth
from hypothesis import given
from hypothesis import strategies as st

MONEY = st.decimals(0, 10**6, places=2)
VALUES = st.decimals("0.0001", 100, places=4)
POINTS = st.decimals(0, 10**6, places=0)


@pytest.mark.parametrize(
    ("money", "value", "decimals", "points"),
    [
        ("100", "0.05", 0, "2000"),
        ("100", "0.30", 0, "333"),  # 333 are 99.90, 334 were 100.20
        ("100", "0.30", 1, "333.3"),
        ("0", "1", 0, "0"),
    ],
)
def test_most_points(money, value, decimals, points):
    assert most_points(Decimal(money), Decimal(value), decimals) == Decimal(points)


@pytest.mark.parametrize(
    ("points", "value", "money"),
    [("333", "0.30", "99.90"), ("1", "0.005", "0.01"), ("1", "0.0049", "0.00")],
)
def test_worth(points, value, money):
    assert worth(Decimal(points), Decimal(value), 2) == Decimal(money)


def test_each_piece_has_its_part_and_the_last_one_the_rest():
    parts = [part_of(Decimal(100), Decimal(n), Decimal(3), 2) for n in range(5)]
    assert [str(part) for part in parts] == ["0.00", "33.33", "66.66", "100", "100"]


def test_less_than_nothing_is_nothing():
    assert part_of(Decimal(100), Decimal(-1), Decimal(3), 2) == 0


@given(MONEY, VALUES, st.integers(0, 3))
def test_points_never_pay_more_than_allowed(money, value, decimals):
    points = most_points(money, value, decimals)
    step = Decimal(1).scaleb(-decimals)
    assert points * value <= money < (points + step) * value


@given(MONEY, st.lists(st.integers(0, 20), max_size=8), st.integers(1, 20))
def test_what_is_booked_in_steps_is_the_whole_in_the_end(amount, steps, whole):
    """Target minus booked, in whatever steps goods leave and come back."""
    booked = Decimal(0)
    for done in [*steps, whole]:
        target = part_of(amount, Decimal(done), Decimal(whole), 2)
        assert 0 <= target <= amount
        booked += target - booked
    assert booked == amount


@given(MONEY, st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_more_shipped_is_never_less_due(amount, fewer, more, whole):
    fewer, more = sorted((fewer, more))
    parts = [part_of(amount, Decimal(n), Decimal(whole), 2) for n in (fewer, more)]
    assert parts[0] <= parts[1]
