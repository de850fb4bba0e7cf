"""Rounding and spreading of what is owed: by hand, and for any amounts."""

from decimal import Decimal

from engine.liability import get_amount, get_rate, round_to, spread
from hypothesis import given
from hypothesis import strategies as st

CENT = Decimal("0.01")
cents = st.integers(-(10**9), 10**9).map(lambda number: number * CENT)
weights = st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=6)
steps = st.sampled_from([CENT, Decimal(1), Decimal("0.05"), Decimal("0.001")])


def test_a_fifth_is_expected_to_lapse():
    """0.10 a point, 20 % lapse: 0.08; 1 234 points are 98.72."""
    rate = get_rate(Decimal("0.10"), Decimal(20))
    assert rate == Decimal("0.08")
    assert get_amount(Decimal(1234), rate, CENT) == Decimal("98.72")


def test_half_a_cent_goes_up_on_both_sides_of_zero():
    assert round_to(Decimal("0.125"), CENT) == Decimal("0.13")
    assert round_to(Decimal("-0.125"), CENT) == Decimal("-0.13")
    assert round_to(Decimal("7.02"), Decimal("0.05")) == Decimal("7.00")


def test_ten_cents_over_three():
    """3.33, 3.33 and 3.33 leave a cent: the first takes it."""
    thirds = spread(Decimal("10.00"), [Decimal(1)] * 3, CENT)
    assert thirds == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]


def test_the_share_that_was_cut_most_takes_the_cent():
    """0.05 by 1 : 2 is 0.0166… and 0.0333…: the first lost more."""
    shares = spread(Decimal("0.05"), [Decimal(1), Decimal(2)], CENT)
    assert shares == [Decimal("0.02"), Decimal("0.03")]


def test_without_weights_the_first_takes_all():
    zero = Decimal(0)
    assert spread(Decimal("5.00"), [zero, zero], CENT) == [Decimal("5.00"), zero]
    assert spread(Decimal("5.00"), [], CENT) == []


@given(cents, weights)
def test_nothing_is_lost_and_no_share_is_a_step_away(amount, shares_of):
    shares = spread(amount, shares_of, CENT)
    assert sum(shares) == amount
    whole = sum(shares_of)
    if whole:
        for share, weight in zip(shares, shares_of, strict=True):
            assert abs(share - amount * weight / whole) < CENT
            assert weight or not share


@given(st.decimals(-(10**9), 10**9, places=6), steps)
def test_rounding_moves_half_a_step_at_most(amount, step):
    rounded = round_to(amount, step)
    assert abs(rounded - amount) <= step / 2
    assert not rounded % step
