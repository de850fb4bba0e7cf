"""Numbers people write: one reading is read, two are refused."""

from decimal import Decimal

import pytest
from engine import AmbiguousNumber, InvalidNumber, read_number
from engine.typed_number import get_readings, spell
from hypothesis import given
from hypothesis import strategies as st

#: How countries part thousands, and their decimal sign.
HABITS = [(" ", ","), ("\u00a0", ","), ("'", "."), (",", "."), (".", ","), ("", ".")]
NUMBERS = st.decimals(
    min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False
)


def written(number, parting, mark, decimals):
    """Return a number as a country writes it."""
    text = f"{number:,.{decimals}f}".replace(",", "\x00").replace(".", "\x01")
    return text.replace("\x00", parting).replace("\x01", mark)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234.5", "1234.5"),
        ("1\u202f234", "1234"),
        ("1'234.50", "1234.50"),
        ("1’234", "1234"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12,34,567", "1234567"),  # India: twelve lakh
        ("1,00,000.5", "100000.5"),
        ("1,234.000", "1234"),
        ("1 240,000", "1240"),
        ("1234,567", "1234.567"),  # nobody parts four digits
        ("0,125", "0.125"),
        ("00.125", "0.125"),
        ("12,5", "12.5"),
        ("12,5000", "12.5"),
        ("12.50", "12.50"),
        ("5,", "5"),
        (",5", "0.5"),
        ("-3", "-3"),
        ("+3", "3"),
        ("0,000", "0"),
        (" 42 ", "42"),
        ("1e3", "1000"),
        ("1,23E+5", "123000"),
        (7, "7"),
        (0.1, "0.1"),
        (Decimal("1.000"), "1"),
    ],
)
def test_one_reading_is_read(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "larger", "smaller"),
    [
        ("1.000", "1000", "1"),
        ("1,000", "1000", "1"),
        ("12,500", "12500", "12.5"),
        ("1.234", "1234", "1.2340"),
        ("999.999", "999999", "999.9990"),
        ("-2,500", "-2500", "-2.5"),
        ("001,250", "1250", "1.25"),
        (" 1,000 ", "1000", "1"),
    ],
)
def test_two_readings_are_refused_and_both_are_told(text, larger, smaller):
    with pytest.raises(AmbiguousNumber) as caught:
        read_number(text)
    assert caught.value.text == text.strip()
    assert caught.value.spellings == [larger, smaller]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten",
        "1,2,3",
        "1.2.3",
        "1,,5",
        "12 34",
        "1 2",
        "1_000",
        "10 грн",
        "1,234,56",
        "1.234,567.8",
        "NaN",
        "Infinity",
        ".",
        "1e9999",
        "9" * 65,
        10**15,
        float("nan"),
        True,
        None,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InvalidNumber) as caught:
        read_number(text)
    assert not isinstance(caught.value, AmbiguousNumber)


@given(NUMBERS, st.sampled_from(HABITS), st.integers(0, 3))
def test_what_a_country_writes_is_never_read_as_another_number(number, habit, decimals):
    """The number that was written is among the readings, so it is read or refused."""
    text = written(number, *habit, decimals)
    meant = Decimal(f"{number:.{decimals}f}")
    assert meant in get_readings(text)
    try:
        assert read_number(text) == meant
    except AmbiguousNumber:
        # only a single separator before exactly three digits has two meanings
        assert sum(not sign.isdigit() for sign in text) == 1
        assert text[-4] in ".," and not text.startswith("0")


@given(NUMBERS)
def test_what_is_proposed_has_one_reading(number):
    assert get_readings(spell(number)) == [number]


@given(st.text(" .,'0123456789+-eE\u00a0", max_size=12))
def test_any_text_is_read_or_refused_in_one_of_two_ways(text):
    readings = get_readings(text)
    assert len(readings) <= 2 and len(set(readings)) == len(readings)
    if len(readings) == 2:
        larger, smaller = readings
        assert larger == 1000 * smaller
