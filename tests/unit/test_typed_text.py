"""What strangers type: what it may be, and which spellings are one."""

import doctest
from itertools import pairwise

import pytest
from engine import typed_text as typed
from hypothesis import given
from hypothesis import strategies as st

#: Anything a client may send as a text: halves of characters and NUL, too.
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)


def test_the_examples_in_the_text():
    assert doctest.testmod(typed).failed == 0


# === KEYS AND TOKENS === #


@pytest.mark.parametrize(
    "text",
    ["", "a\0b", "\ud800", "ключ", "a\nb", "a\tb", "\x7f", "x" * 65, None, 7, b"x", []],
)
def test_what_is_no_token(text):
    assert typed.read_token(text) == ""


@given(ANY_TEXT)
def test_a_token_is_read_as_it_came_or_not_at_all(text):
    read = typed.read_token(text)
    assert read in ("", text)
    assert read.isascii()
    assert read.isprintable()


def test_lengths_are_included():
    assert [len(typed.read_token("x" * n, 8, 64)) for n in (7, 8, 64, 65)] == [
        0,
        8,
        64,
        0,
    ]


@given(ANY_TEXT)
def test_what_is_storable_can_be_written_down(text):
    if typed.is_storable(text):
        assert "\0" not in text
        text.encode()  # half a character cannot be
    elif "\0" not in text:
        with pytest.raises(UnicodeEncodeError):
            text.encode()


# === FORMULAS === #

FRONTS = ["", " ", "\t", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u2060 "]


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("sign", list("=+-@＝＋－＠﹦﹢﹣−–—‑"))
def test_formulas_in_all_spellings(front, sign):
    assert typed.is_formula(f"{front}{sign}HYPERLINK(1)")


@pytest.mark.parametrize(
    "name", ["Olena", "Анна-Марія", "O'Hara", "Jean = Paul", "", " ", "3M", "«Олена»"]
)
def test_names_are_no_formulas(name):
    assert not typed.is_formula(name)


# === NUMBERS OF DOCUMENTS === #


@pytest.mark.parametrize(
    "spelling",
    [
        "AB-12",
        "ab-12",
        "АВ-12",  # Cyrillic
        "ΑΒ-12",  # Greek
        "AB‑12",  # a dash that keeps a line together
        "AB–12",
        "AB−12",
        "ＡＢ－１２",  # full width
        "AB\u200b-12",
        "A\u00adB-12".replace("\u00ad", "\u200d"),
        " AB-12 ",
        "AB-١٢",  # Arabic digits
    ],
)
def test_spellings_of_one_number(spelling):
    assert typed.get_number_key(spelling) == "AB-12"


def test_other_numbers_stay_others():
    numbers = ["AB-12", "AB12", "AB-13", "A8-12", "РН-12", "БГ-12", "0-12", "O-12"]
    assert len({typed.get_number_key(number) for number in numbers}) == len(numbers)


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text):
    key = typed.get_number_key(text)
    assert typed.get_number_key(key) == key


# === ADDRESSES === #


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("olena@shop.example", "olena@shop.example"),
        ("olena+1@shop.example", "olena@shop.example"),
        ("o.lena@shop.example", "o.lena@shop.example"),  # their dots may count
        ("o.l.ena+x@gmail.com", "olena@gmail.com"),
        ("olena@googlemail.com", "olena@gmail.com"),
        ("OLENA@Shop.Example", "olena@shop.example"),
        ("оlеna@shop.example", "olena@shop.example"),  # Cyrillic o and e
        ("+380501112233", "+380501112233"),  # no address: as it is
    ],
)
def test_mailboxes(address, mailbox):
    assert typed.get_mailbox(address) == mailbox


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", None, True),
        ("unix", "unix", True),
    ],
)
def test_networks(one, other, same):
    assert (typed.get_network(one) == typed.get_network(other)) is same


# === NAMES IN MAILS === #


@pytest.mark.parametrize(
    "name",
    ["Win at evil.com", "http://evil", "www evil", "x@y.z", "a/b", "ｅｖｉｌ．ｃｏｍ"],
)
def test_names_with_links(name):
    assert typed.has_link(name)


@pytest.mark.parametrize("name", ["O.Kovalenko", "J. R. R. Tolkien", "St. John"])
def test_names_without(name):
    assert not typed.has_link(name)


@given(st.text(max_size=120))
def test_a_quoted_name_is_short_and_no_link(name):
    quoted = typed.get_quoted(name)
    assert len(quoted) <= 40
    assert not set(quoted) & set("/@:<>\\\n\r")
    assert not any(c == "." and after != " " for c, after in pairwise(quoted))
