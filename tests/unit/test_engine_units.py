"""Conversions of units are exact: no piece is lost before points are rounded down."""

from decimal import Decimal
from fractions import Fraction

import pytest
from engine.units import UnrelatedUnits, get_exact, get_ratio
from hypothesis import given
from hypothesis import strategies as st

PIECE = ((1, 1.0),)
DOZEN = ((2, 12.0), *PIECE)
GROSS = ((3, 12.0), *DOZEN)
HOUR = ((10, 1.0),)
MINUTE = ((11, 0.0166667), *HOUR)
MILLIMETRE = ((20, 1.0),)
INCH = ((21, 25.4), *MILLIMETRE)
FOOT = ((22, 12.0), *INCH)
YARD = ((23, 3.0), *FOOT)


@pytest.mark.parametrize(
    ("unit", "other", "ratio"),
    [
        (DOZEN, PIECE, 12),
        (PIECE, DOZEN, Fraction(1, 12)),
        (GROSS, PIECE, 144),
        (GROSS, DOZEN, 12),
        (FOOT, MILLIMETRE, Fraction("304.8")),
        (FOOT, YARD, Fraction(1, 3)),
        (MINUTE, HOUR, Fraction(1, 60)),
        (HOUR, MINUTE, 60),
    ],
)
def test_ratio(unit, other, ratio):
    assert get_ratio(unit, other) == ratio


def test_units_of_different_kinds_have_no_ratio():
    with pytest.raises(UnrelatedUnits):
        get_ratio(DOZEN, HOUR)


@pytest.mark.parametrize(
    ("factor", "exact"),
    [
        (0.0166667, Fraction(1, 60)),
        (0.333333, Fraction(1, 3)),
        (0.0833333, Fraction(1, 12)),
        # measures that are what they are
        (0.092903, Fraction("0.092903")),
        (0.0295735, Fraction("0.0295735")),
        (0.0163871, Fraction("0.0163871")),
        (0.333, Fraction("0.333")),
        (0.25, Fraction(1, 4)),
        (304.8, Fraction("304.8")),
        (Decimal("28.3495"), Fraction("28.3495")),
    ],
)
def test_what_a_person_meant(factor, exact):
    assert get_exact(factor) == exact


FACTORS = st.sampled_from([12.0, 0.0166667, 25.4, 0.333333, 1000.0, 0.453592])
CHAINS = st.lists(FACTORS, max_size=4).map(
    lambda factors: (*((9 - n, f) for n, f in enumerate(factors)), (0, 1.0))
)


@given(CHAINS, CHAINS, CHAINS)
def test_conversions_go_back_and_through_a_third_unit(one, two, three):
    one, two, three = (
        tuple((f"{name}{unit}" if unit else 0, factor) for unit, factor in chain)
        for name, chain in (("a", one), ("b", two), ("c", three))
    )
    assert get_ratio(one, two) * get_ratio(two, one) == 1
    assert get_ratio(one, two) * get_ratio(two, three) == get_ratio(one, three)


@given(st.integers(1, 1000))
def test_twelve_points_a_dozen_are_a_point_a_piece(pieces):
    assert int(12 * pieces * get_ratio(PIECE, DOZEN)) == pieces
