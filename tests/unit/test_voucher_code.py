"""Codes of vouchers that partners give."""

from datetime import date

import pytest
from engine.voucher_code import find_problem, get_key, get_shape, get_tail, is_pin
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", min_size=4
)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("ABCD-1234", None),
        ("https://shop.example/g?c=AB_12", None),
        (12345678, None),
        ("", "empty"),
        (None, "empty"),
        (12.5, "not_text"),
        (True, "not_text"),
        (date(2026, 3, 2), "not_text"),
        ("=A1&B1", "formula"),
        ("+49 30 1234", "formula"),
        ("@SUM(A1)", "formula"),
        ("-12345", "formula"),
        (" ＝1+1234", "formula"),
        ("AB\x00CD", "unprintable"),
        ("AB\nCD", "unprintable"),
        ("A-B-C", "short"),
        ("A" * 501, "long"),
    ],
)
def test_what_is_a_code(cell, problem):
    assert find_problem(cell) == problem


@pytest.mark.parametrize(
    ("cell", "ok"),
    [("0042", True), (42, True), (None, True), ("", True), (4.2, False),
     ("=1", False), ("1" * 41, False), ("1\n2", False)],
)  # fmt: skip
def test_what_is_a_pin(cell, ok):
    assert is_pin(cell) == ok


def test_spaces_and_dashes_part_a_code():
    assert get_key("ABCD-EFGH") == get_key("ABCD EFGH") == get_key("ABCD\u2013EFGH")
    assert get_key("ABCD\u00adEFGH") == get_key("\uff21BCDEFGH") == "ABCDEFGH"
    assert get_key("abcd") != get_key("ABCD")


@pytest.mark.parametrize(
    ("one", "other"),
    [("O0I1", "00l1"), ("AS5B8", "A55BB"), ("Z2Z2", "2222"), ("abcd", "ABCD"),
     ("АВСЕ", "ABCE")],  # the first is Cyrillic
)  # fmt: skip
def test_what_people_take_for_one_another(one, other):
    assert get_shape(one) == get_shape(other)
    assert get_key(one) != get_key(other)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_look_alike_only_when_they_are_one(one, other):
    assert (get_shape(f"{one:010}") == get_shape(f"{other:010}")) == (one == other)


@given(TEXTS, st.integers(1, 3))
def test_what_is_one_also_looks_alike(text, size):
    parted = "-".join(text[i : i + size] for i in range(0, len(text), size))
    assert get_key(parted) == get_key(text)
    assert get_shape(parted) == get_shape(text)


@given(TEXTS)
def test_the_end_is_a_third_at_most(text):
    tail = get_tail(text)
    assert text.endswith(tail) and len(tail) * 3 <= len(text)
