"""Trade numbers: one number in several spellings; a wrong check digit is none."""

import pytest
from engine.trade_number import LENGTHS, get_spellings, is_trade_number, normalize
from hypothesis import assume, given
from hypothesis import strategies as st
from recognition.goods import is_gtin

UPC = "00036000291452"


def checked(body):
    """Return digits with their check digit: three times each second one."""
    weighted = sum(
        int(digit) * (1 if place % 2 else 3)
        for place, digit in enumerate(reversed(body))
    )
    return f"{body}{-weighted % 10}"


BODIES = st.text("0123456789", min_size=7, max_size=13)


@pytest.mark.parametrize(
    "text",
    [
        "036000291452",  # GTIN-12, as on the pack
        "0036000291452",
        "00036000291452",
        "36000291452",  # a spreadsheet dropped the zero
        "000000036000291452",  # a system of eighteen digits
        "0 36000 29145 2",
        "0-36000-29145-2",
        " 036000291452 ",
    ],
)
def test_one_number_in_every_spelling(text):
    assert normalize(text) == UPC


@pytest.mark.parametrize(
    "text",
    [
        "036000291453",  # another check digit
        "0036000291425",  # two digits swapped
        "PAPER-A4",
        "17",
        "00000000",
        "0000000000000",
        "123456789012345675",  # too long
        "96385074A",
        "٠٣٦٠٠٠٢٩١٤٥٢",
        "",
        None,
        False,
    ],
)
def test_other_texts_are_no_trade_numbers(text):
    assert normalize(text) is None
    assert get_spellings(text) == [(text or "").strip()]


def test_the_spellings_a_number_may_be_stored_in():
    assert get_spellings("36000291452") == [
        "36000291452",
        "036000291452",
        "0036000291452",
        "00036000291452",
    ]
    assert get_spellings("96385074") == [
        "96385074",
        "000096385074",
        "0000096385074",
        "00000096385074",
    ]
    # seventeen is somebody's own number, not GTIN-8 00000017
    assert "17" not in get_spellings("00000017")


def test_the_usual_lengths():
    assert is_trade_number("4006381333931") and is_trade_number("96385074")
    texts = ("4006381333930", "12345", "abc", "", None, "４００", "36000291452")
    assert not any(map(is_trade_number, texts))


@given(BODIES)
def test_each_spelling_finds_each_other(body):
    number = checked(body)
    assume(number.strip("0"))
    spellings = {
        number.lstrip("0").zfill(length)
        for length in LENGTHS
        if length >= len(number.lstrip("0"))
    }
    assert len({normalize(text) for text in spellings}) == 1
    for text in spellings:
        assert spellings <= set(get_spellings(text))


@given(BODIES, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_makes_another_text(body, place, shift):
    number = checked(body)
    place %= len(number)
    digit = (int(number[place]) + shift) % 10
    wrong = f"{number[:place]}{digit}{number[place + 1 :]}"
    assert normalize(wrong) is None


@given(st.text("0123456789", max_size=15))
def test_the_readers_of_receipts_check_alike(text):
    assert is_gtin(text) == is_trade_number(text)
