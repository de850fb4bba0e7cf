"""Reading, rounding and sharing numbers."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from builders import D
from engine import InvalidNumber, Rounding, as_text, split, to_decimal
from engine.numbers import six_decimals_together
from hypothesis import given
from hypothesis import strategies as st
from strategies import DECIMALS, ROUNDINGS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, "7"),
        (-3, "-3"),
        (0.1, "0.1"),
        (" 12.50 ", "12.50"),
        ("1e3", "1E+3"),
        (Decimal("2.5"), "2.5"),
        ("-0", "0"),
        (999_999_999_999_999, "999999999999999"),
    ],
)
def test_to_decimal_is_exact(value, expected):
    assert str(to_decimal(value)) == expected


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        float("nan"),
        float("inf"),
        "-Infinity",
        Decimal("sNaN"),
        "",
        "ten",
        "1_000",
        "1,5",
        10**15,
        -(10**15),
        "1e99",
        [1],
    ],
)
def test_to_decimal_refuses(value):
    with pytest.raises(InvalidNumber):
        to_decimal(value)


@pytest.mark.parametrize(
    ("value", "method", "expected"),
    [
        ("2.99", "down", "2"),
        ("-2.99", "down", "-2"),
        ("2.5", "half_up", "3"),
        ("-2.5", "half_up", "-3"),
        ("2.49", "half_up", "2"),
        ("2.01", "up", "3"),
        ("-2.01", "up", "-3"),
        ("-0.4", "down", "0"),
    ],
)
def test_rounding_to_whole_points(value, method, expected):
    assert str(Rounding(0, method).apply(D(value))) == expected


def test_rounding_keeps_digits():
    assert Rounding(2, "half_up").apply(D("1.005")) == D("1.01")
    assert Rounding(2, "up").down(D("1.009")) == D("1.00")


@pytest.mark.parametrize("arguments", [(7,), (-1,), (True,), (1.5,), (0, "nearest")])
def test_rounding_refuses_unknown_settings(arguments):
    with pytest.raises(InvalidNumber):
        Rounding(*arguments)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e50"])
def test_rounding_refuses_what_is_no_number_of_points(value):
    with pytest.raises(InvalidNumber):
        Rounding().apply(Decimal(value))


def test_rounding_ignores_the_context_of_the_caller():
    with localcontext() as context:
        context.prec = 3
        assert Rounding(2).apply(D("123456.789")) == D("123456.78")
        assert as_text(D("123456.7890")) == "123456.789"


@given(ROUNDINGS, DECIMALS, DECIMALS)
def test_rounding_is_monotone_and_repeatable(rounding, one, other):
    low, high = sorted((one, other))
    assert rounding.apply(low) <= rounding.apply(high)
    once = rounding.apply(one)
    assert rounding.apply(once) == once
    assert abs(once - one) < Decimal(1).scaleb(-rounding.digits)


@pytest.mark.parametrize(
    ("total", "weights", "digits", "expected"),
    [
        ("10", [1, 1, 1], 0, ["4", "3", "3"]),
        ("10", [1, 1, 1], 2, ["3.34", "3.33", "3.33"]),
        ("10", [1, 2, 1], 0, ["3", "5", "2"]),
        ("7", [5, 3, 1], 0, ["4", "2", "1"]),
        ("1", [0, 0], 0, ["1", "0"]),
        ("-10", [1, 1, 1], 0, ["-4", "-3", "-3"]),
        ("0", [3, 0], 0, ["0", "0"]),
    ],
)
def test_split_gives_the_odd_steps_to_the_largest_remainders(
    total, weights, digits, expected
):
    shares = split(D(total), weights, Rounding(digits))
    assert shares == [D(share) for share in expected]


@pytest.mark.parametrize(
    ("total", "weights"), [("1.5", [1]), ("1", []), ("1", [2, -1])]
)
def test_split_refuses(total, weights):
    with pytest.raises(InvalidNumber):
        split(D(total), weights, Rounding())


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.decimals(0, 10**9, places=3), min_size=1, max_size=20),
    ROUNDINGS,
)
def test_split_sums_exactly_and_follows_the_weights(steps, weights, rounding):
    total = Decimal(steps).scaleb(-rounding.digits)
    shares = split(total, weights, rounding)
    assert sum(shares) == total
    assert all(share * total >= 0 for share in shares)
    assert all(rounding.down(share) == share for share in shares)
    if any(weights):
        # Nobody is further than one smallest step from the exact proportion.
        step = Decimal(1).scaleb(-rounding.digits)
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - total * weight / sum(weights)) <= step


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 9))
def test_equal_shares_grow_with_the_total(one, other, members):
    low, high = sorted((one, other))
    smaller = split(Decimal(low), [1] * members, Rounding())
    larger = split(Decimal(high), [1] * members, Rounding())
    assert all(s <= b for s, b in zip(smaller, larger, strict=True))


def test_thirds_are_together_a_whole():
    """1/3 three times is 1, not 0.999999: the largest takes what is left."""
    parts = dict.fromkeys("ab", Fraction(1, 3)) | {"c": Fraction(4, 3)}
    assert six_decimals_together(parts) == {
        "a": Decimal("0.333333"), "b": Decimal("0.333333"), "c": Decimal("1.333334"),
    }  # fmt: skip
    assert six_decimals_together({}) == {}
