"""Codes on a screen that change every half minute."""

import doctest
from datetime import datetime, timedelta, timezone

from engine import rotating_code
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
SECRET = bytes(range(32))

moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)).map(
    lambda at: at.replace(tzinfo=timezone.utc)
)


def test_the_examples_in_the_text():
    assert doctest.testmod(rotating_code).failed == 0


def test_a_code_lives_for_its_half_minute_and_two_more():
    code = rotating_code.make_code(SECRET, NOON)
    right = [
        seconds
        for seconds in range(-30, 151)
        if rotating_code.is_right(SECRET, code, NOON + timedelta(seconds=seconds))
    ]
    assert right == list(range(90))  # shown until 12:00:29, taken until 12:01:29


def test_the_time_left_is_that_of_the_code_shown():
    at = NOON + timedelta(seconds=29)
    assert rotating_code.get_seconds_left(NOON) == 30
    assert rotating_code.get_seconds_left(at) == 1
    code = rotating_code.make_code(SECRET, NOON)
    assert rotating_code.make_code(SECRET, at) == code
    later = at + timedelta(seconds=1)
    assert rotating_code.make_code(SECRET, later) != code


@given(at=moments, secret=st.binary(min_size=16, max_size=64))
def test_what_is_shown_is_taken_however_it_is_typed(at, secret):
    code = rotating_code.make_code(secret, at)
    assert len(code) == 8 and code.isdecimal()
    for text in (code, rotating_code.get_groups(code), f" {code[:4]}-{code[4:]} "):
        assert rotating_code.is_right(secret, text, at)


@given(at=moments, offset=st.integers(3, 10_000))
def test_no_code_of_another_time_or_place(at, offset):
    old = rotating_code.make_code(SECRET, at - timedelta(seconds=30 * offset))
    shown = {
        rotating_code.make_code(SECRET, at - timedelta(seconds=30 * back))
        for back in range(3)
    }
    assert rotating_code.is_right(SECRET, old, at) == (old in shown)
    other = rotating_code.make_code(SECRET[::-1], at)
    assert rotating_code.is_right(SECRET, other, at) == (other in shown)


@given(
    text=st.one_of(
        st.none(), st.integers(), st.binary(), st.lists(st.text()), st.text(max_size=60)
    )
)
def test_garbage_is_no_code(text):
    shown = {
        rotating_code.make_code(SECRET, NOON - timedelta(seconds=30 * back))
        for back in range(3)
    }
    digits = rotating_code.read_digits(text)
    assert rotating_code.is_right(SECRET, text, NOON) == (digits in shown)
    assert digits == "" or (len(digits) == 8 and digits.isascii())


def test_digits_of_other_scripts_are_none():
    assert rotating_code.read_digits("１２３４５６７８") == ""
    assert rotating_code.read_digits("١٢٣٤٥٦٧٨") == ""
