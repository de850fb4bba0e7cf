"""How many points an order takes, and which of them belong to a part of its goods."""

from decimal import Decimal
from fractions import Fraction

import pytest
from engine.part_payment import Terms, floor_to, share
from hypothesis import given
from hypothesis import strategies as st

TENTH = Terms(value=Fraction(1, 10), percent=Fraction(50), minimum=Decimal(20))

amounts = st.decimals(0, 10**6, places=2).map(Fraction)
points = st.decimals(0, 10**6, places=2)
terms = st.builds(
    Terms,
    value=st.fractions(Fraction(1, 1000), 100, max_denominator=1000),
    percent=st.integers(0, 100).map(Fraction),
    decimals=st.integers(0, 2),
    minimum=st.integers(0, 50).map(Decimal),
)


@pytest.mark.parametrize(
    ("total", "most"),
    [
        (100, 500),  # half of 100.00, at 0.10 a point
        (Fraction("99.99"), 499),  # 49.995 are 499.95 points: whole ones only
        (4, 20),
        (Fraction("3.99"), 0),  # 19 points are fewer than can be spent
        (0, 0),
        (-5, 0),
    ],
)
def test_most(total, most):
    assert TENTH.most(Fraction(total)) == most


@pytest.mark.parametrize(
    ("wanted", "spendable", "fits"),
    [(300, 1000, 300), (600, 1000, 500), (300, 250, 250), (300, 19, 0), (300, -5, 0)],
)
def test_fit(wanted, spendable, fits):
    found = TENTH.fit(Decimal(wanted), Decimal(spendable), Fraction(100))
    assert found == fits
    assert TENTH.worth(found) == Fraction(fits, 10)


@given(terms, points, points, amounts)
def test_never_more_than_chosen_there_or_allowed(terms, wanted, spendable, total):
    found = terms.fit(wanted, spendable, total)
    assert 0 <= found <= max(min(wanted, spendable), 0)
    assert terms.worth(found) <= total * terms.percent / 100
    assert found == 0 or found >= terms.minimum
    assert found == floor_to(Fraction(found), terms.decimals)
    # one more step would be too much
    step = Decimal(1).scaleb(-terms.decimals)
    more = found + step
    if found and more <= wanted and more <= spendable:
        assert terms.worth(more) > total * terms.percent / 100


def test_three_goods_come_back_one_by_one():
    """100 points and 20.00 for three of 10.00: 34, 33 and 33 points come back."""
    kept = [share(Decimal(100), Fraction(10 * left), Fraction(30)) for left in range(4)]
    assert kept == [0, 33, 66, 100]


@given(points, amounts, st.lists(amounts, max_size=5), st.integers(0, 2))
def test_what_comes_back_in_parts_is_all(paid, first, others, decimals):
    whole = first + sum(others, Fraction(0))
    left, back = whole, Decimal(0)
    kept = share(paid, whole, whole, decimals)
    for part in [first, *others]:
        left -= part
        stays = share(paid, left, whole, decimals)
        assert 0 <= stays <= kept
        back, kept = back + kept - stays, stays
    if whole:
        assert kept == 0
        assert back == paid


@given(points, amounts, amounts, st.integers(0, 2))
def test_a_part_is_its_share_within_one_step(paid, part, whole, decimals):
    found = share(paid, part, whole, decimals)
    assert 0 <= found <= paid
    if 0 < part < whole:
        exact = Fraction(paid) * part / whole
        assert exact - Fraction(1, 10**decimals) < Fraction(found) <= exact


@given(
    st.decimals(0, 10**6, places=2),
    st.lists(st.integers(0, 20), max_size=8),
    st.integers(1, 20),
)
def test_what_is_booked_in_steps_is_the_whole_in_the_end(amount, steps, whole):
    """Target less booked, in whatever steps goods leave and come back."""
    booked = Decimal(0)
    for done in [*steps, whole]:
        target = share(amount, Fraction(done), Fraction(whole), 2)
        assert 0 <= target <= amount
        booked += target - booked
    assert booked == amount


def test_money_of_three_pieces():
    parts = [share(Decimal(100), Fraction(n), Fraction(3), 2) for n in range(5)]
    assert [str(part) for part in parts] == ["0", "33.33", "66.66", "100", "100"]


@given(
    value=st.fractions(min_value=Fraction(1, 1000), max_value=10),
    amount=st.decimals(min_value="0.01", max_value=10_000, places=2),
    decimals=st.integers(0, 3),
)
def test_what_an_amount_costs_pays_it_and_no_point_less_would(value, amount, decimals):
    terms = Terms(value=value, percent=Fraction(100), decimals=decimals)
    points = terms.cost(amount)
    step = Decimal(1).scaleb(-decimals)
    assert terms.worth(points) >= amount > terms.worth(points - step)
    assert terms.pays(points, 2) >= amount


def test_an_amount_costs_points_rounded_up():
    terms = Terms(value=Fraction("0.05"), percent=Fraction(100))
    assert terms.cost(Decimal("0.99")) == 20  # 19.8
    assert terms.pays(Decimal(20), 2) == Decimal("1.00")
