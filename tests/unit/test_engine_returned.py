"""Goods that came back and named no sale: what is left of the sale."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from engine.measuring import (
    INVOICE,
    Charge,
    DocumentMeasure,
    SoldLine,
    get_progress,
)
from engine.returned import take_back
from engine.sharing import Figures
from hypothesis import given
from hypothesis import strategies as st

AT = datetime(2026, 3, 1, tzinfo=UTC)


def money(pieces):
    return Figures(Fraction(79) * pieces, Fraction(79) * pieces, Fraction(pieces))


def sold(ordered, invoiced, is_stocked, delivered=None):
    charges = (Charge(money(invoiced), AT, INVOICE),) if invoiced else ()
    return SoldLine(
        "line",
        money(ordered),
        promised=Fraction(ordered),
        delivered=delivered,
        is_stocked=is_stocked,
        charges=charges,
    )


@given(
    st.integers(1, 50),
    st.integers(0, 50),
    st.integers(0, 60),
    st.booleans(),
)
def test_what_is_left_is_worth_what_was_not_brought_back(ordered, invoiced, back, kept):
    invoiced = min(invoiced, ordered)
    line = take_back(sold(ordered, invoiced, kept), Fraction(back))
    left = max(0, ordered - back)
    assert get_progress(line).worth == money(left)


@pytest.mark.parametrize("is_stocked", [True, False])
def test_two_hundred_bought_and_brought_back(is_stocked):
    line = sold(200, 200, is_stocked, delivered=Fraction(200))
    before = DocumentMeasure([line], AT).get_measures("line")
    assert before["confirmed"].amount_untaxed == 15800
    after = DocumentMeasure([take_back(line, Fraction(200))], AT).get_measures("line")
    assert after["confirmed"].amount_untaxed == 0
    assert after["invoiced"].amount_untaxed == 0


def test_in_two_steps_as_in_one():
    line = sold(10, 4, True)
    twice = take_back(take_back(line, Fraction(3)), Fraction(5))
    assert get_progress(twice).worth == get_progress(take_back(line, Fraction(8))).worth


def test_control_of_what_nobody_brought_back_nothing_is_taken():
    line = sold(10, 10, True)
    assert take_back(line, Fraction(0)).charges == line.charges
    assert get_progress(line).worth == money(10)
