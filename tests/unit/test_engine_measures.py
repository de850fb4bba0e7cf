"""The arithmetic of measures: what holds for any of them, and some by hand."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import DAY, NOW, D, measure
from engine import NOTHING, Measure, six_decimals
from hypothesis import given
from hypothesis import strategies as st

FIGURES = st.decimals(-1000, 1000, places=6)
INSTANTS = st.none() | st.integers(0, 1000).map(lambda n: NOW + timedelta(hours=n))
ANY = st.builds(Measure, FIGURES, FIGURES, FIGURES, INSTANTS)
SHARES = st.fractions(0, 1, max_denominator=50)
CENT = Decimal("0.000001")


def figures(one):
    return one.quantity, one.amount_untaxed, one.amount_total


@given(ANY, ANY, ANY)
def test_sums_do_not_depend_on_their_order(one, other, third):
    assert one.plus(other) == other.plus(one)
    assert one.plus(other).plus(third) == one.plus(other.plus(third))
    assert Measure.total([one, other, third]) == one.plus(other).plus(third)


@given(ANY)
def test_nothing_changes_nothing(one):
    assert one.plus(NOTHING) == one.minus(NOTHING) == Measure.total([one]) == one
    assert Measure.total([]) == NOTHING


@given(ANY, ANY)
def test_what_was_added_can_be_taken_away(one, other):
    assert figures(one.plus(other).minus(other)) == figures(one)
    assert figures(one.minus(one)) == figures(NOTHING)


@given(ANY, ANY)
def test_a_sum_is_reached_when_its_last_part_is(one, other):
    instants = [at for at in (one.at, other.at) if at]
    last = max(instants, default=None)
    assert one.plus(other).at == one.minus(other).at == one.at_most(other).at == last


@given(ANY, ANY)
def test_the_smaller_and_the_larger_of_two_are_both(one, other):
    both = one.at_most(other).plus(one.at_least(other))
    assert figures(both) == figures(one.plus(other))
    assert not one.minus(one.at_most(other)).is_negative()
    assert not one.at_least(other).minus(one).is_negative()


@given(ANY)
def test_the_floor_is_nothing(one):
    floor = one.floor()
    assert not floor.is_negative()
    assert floor == floor.floor()
    assert floor.at == one.at
    assert (floor == one) != one.is_negative()


@given(ANY, SHARES)
def test_the_parts_of_a_measure_make_the_whole(one, share):
    part, whole = D(share.numerator), D(share.denominator)
    both = one.times(part, whole).plus(one.times(whole - part, whole))
    assert figures(both) == figures(one)
    assert figures(one.times(whole, whole)) == figures(one)


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_a_part_in_pieces_is_exact(part, whole):
    assert measure(whole, 0).times(D(part), D(whole)).quantity == part


@given(ANY, st.decimals("0.01", 100, places=4))
def test_another_currency_changes_the_money_only(one, rate):
    there = one.converted(rate)
    assert (there.quantity, there.at) == (one.quantity, one.at)
    assert there.converted(1 / Fraction(rate)) == one


@given(st.decimals(-(10**14), 10**14, places=10))
def test_six_decimals_are_next_to_the_number(number):
    rounded = six_decimals(number)
    assert abs(rounded - number) <= CENT / 2
    assert rounded == six_decimals(rounded)
    assert not str(rounded).startswith("-0E") and "E+" not in str(rounded)


def test_by_hand():
    """10 pieces for 100.00 (120.00 with tax), 4 of them taken back a day later."""
    sold = measure(10, 100, total=120)
    back = sold.times(D("0.4")).reached(NOW + DAY)
    assert figures(back) == (4, 40, 48)
    assert sold.minus(back) == measure(6, 60, NOW + DAY, 72)
    assert back.minus(sold).floor() == NOTHING.reached(NOW + DAY)
    third = sold.times(D(1), D(3))
    assert figures(third) == (Fraction(10, 3), Fraction(100, 3), 40)
    assert figures(sold.converted(D("1.5"))) == (10, 150, 180)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (D("100.0000000"), "100"),
        (D(2) / 3, "0.666667"),
        (-D(0), "0"),
        (D("1E+2"), "100"),
        (D("-0.0000001"), "0"),
    ],
)
def test_six_decimals_read_as_people_write(number, text):
    assert str(six_decimals(number)) == text
