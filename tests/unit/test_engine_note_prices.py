"""Which notes take pieces back: at the price of then, or at what a piece costs now."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from engine.measuring import DEBIT, INVOICE, NOTE, Charge, DocumentMeasure, SoldLine
from engine.sharing import Figures
from hypothesis import assume, given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 10, 12)
NONE, ONE = Fraction(0), Fraction(1)
CENTS = st.integers(200, 50000).map(lambda cents: Fraction(cents, 100))


def figures(quantity, price):
    amount = Fraction(quantity) * Fraction(price)
    return Figures(amount, amount, Fraction(quantity))


def charge(quantity, price, kind=INVOICE):
    return Charge(figures(quantity, price), NOW, kind, ONE, NOW)


def sold(quantity, price, *notes, key="goods"):
    """Return a paid line of which no stock keeps count.

    :param notes: (pieces, price, kind) of what was charged afterwards
    """
    written = figures(quantity, price)
    charges = [charge(quantity, price), *(charge(*note) for note in notes)]
    return SoldLine(
        key,
        written,
        promised=written.quantity,
        charges=tuple(charges),
        product=key,
    )


def left_of(*lines):
    """Return (pieces, money) of the goods, the same ordered, invoiced and paid."""
    measures = DocumentMeasure(lines, NOW).get_measures("goods")
    found = {
        (measures[moment].quantity, measures[moment].amount_untaxed)
        for moment in ("confirmed", "invoiced", "paid")
    }
    assert len(found) == 1, found
    return found.pop()


def test_by_hand():
    lowered = (-10, 10, NOTE)  # 10 × 100 less 10 each: 900
    assert left_of(sold(10, 100, lowered)) == (10, 900)
    assert left_of(sold(10, 100, lowered, (-4, 90, NOTE))) == (6, 540)
    # three pieces at the price of then, with what was credited of them already
    assert left_of(sold(10, 100, lowered, (-3, 100, NOTE))) == (7, 600)
    # neither of them: money
    assert left_of(sold(10, 100, lowered, (-4, 80, NOTE))) == (10, 580)
    # before the price was lowered nothing cost 90
    assert left_of(sold(10, 100, (-4, 90, NOTE), lowered)) == (10, 540)
    raised = (10, 5, DEBIT)
    assert left_of(sold(10, 100, raised, (-2, 105, NOTE))) == (8, 840)


def test_two_notes_alike_are_told_apart():
    """10 × 100, twice 10 × 50: the first halves the price, the second is all of it."""
    halved = (-10, 50, NOTE)
    assert left_of(sold(10, 100, halved)) == (10, 500)
    assert left_of(sold(10, 100, halved, halved)) == (0, 0)


def test_with_a_part_of_the_discount():
    """10 × 100 and 100 off: three pieces for 90 each; at a third off 66.67 is 66.⅔."""
    goods = sold(10, 100, (-3, 90, NOTE))
    rebate = sold(1, -100, key="rebate")
    assert left_of(goods, rebate) == (7, 630)
    goods = sold(3, 100, (-2, Fraction("66.67"), NOTE))
    assert left_of(goods, rebate) == (1, Fraction("66.66"))
    # without a discount nothing costs that
    assert left_of(sold(3, 100, (-2, Fraction("66.67"), NOTE)))[0] == 3


@given(st.integers(2, 30), CENTS, CENTS, st.integers(1, 29), st.booleans())
def test_pieces_come_back_at_the_price_of_now(pieces, price, change, back, is_raised):
    assume(back < pieces and abs(price - change) > 1)
    now = price + change if is_raised else price - change
    assume(now > 1)
    note = (pieces, change, DEBIT) if is_raised else (-pieces, change, NOTE)
    line = sold(pieces, price, note, (-back, now, NOTE))
    assert left_of(line) == (pieces - back, (pieces - back) * now)
    # and what undoes the last note brings them again
    undone = replace(line, charges=(*line.charges, charge(back, now, NOTE)))
    assert left_of(undone) == (pieces, pieces * now)


@given(st.integers(2, 30), CENTS, st.integers(1, 90), st.integers(1, 29))
def test_pieces_come_back_with_their_part_of_a_discount(pieces, price, percent, back):
    assume(back < pieces)
    rebate = sold(1, -pieces * price * percent / 100, key="rebate")
    reduced = round(price * (100 - percent) / 100, 2)
    goods = sold(pieces, price, (-back, reduced, NOTE))
    left = pieces * price * Fraction(100 - percent, 100) - back * reduced
    assert left_of(goods, rebate) == (pieces - back, left)
