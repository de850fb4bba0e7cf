"""The code on a product: random, readable whatever people type, and self-checking."""

import json
import secrets
from itertools import combinations
from pathlib import Path

import pytest
from engine import product_code
from engine.product_code import (
    ALPHABET,
    get_pin,
    hash_pin,
    link,
    new_codes,
    read,
    read_pin,
    shown,
)
from hypothesis import given
from hypothesis import strategies as st

CODE = new_codes(1)[0]
#: The page reads the same texts, see test_portal_product_code.py of the portal.
CASES = json.loads(
    (Path(__file__).parents[2] / "loyalty_b2b2c/tests/data/product_codes.json")
    .read_text()
)  # fmt: skip


def test_codes_are_random_and_all_different():
    codes = new_codes(20000)
    assert len(set(codes)) == 20000
    # every character of the alphabet at every random position: 20000 / 32 = 625 each
    for position in range(product_code.DATA):
        seen = [code[position] for code in codes]
        counts = [seen.count(character) for character in ALPHABET]
        assert 450 < min(counts) and max(counts) < 800


@pytest.mark.parametrize("with_pin", (False, True))
def test_every_wrong_character_is_noticed(with_pin):
    for code in new_codes(50, with_pin):
        found = read(code)
        assert (found.code, found.wants_pin) == (code, with_pin)
        for position in range(16):
            for character in set(ALPHABET) - {code[position]}:
                wrong = code[:position] + character + code[position + 1 :]
                assert read(wrong).problem == "typo"


def test_swapped_characters_are_noticed():
    for code in new_codes(300):
        for one, two in combinations(range(16), 2):
            letters = list(code)
            letters[one], letters[two] = letters[two], letters[one]
            swapped = "".join(letters)
            if swapped != code:
                assert not read(swapped).code or read(swapped).wants_pin


@pytest.mark.parametrize(
    "write",
    (
        str.lower,
        shown,
        lambda code: f"  {shown(code).replace('-', ' – ')}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "О").replace("1", "І"),  # Cyrillic
        lambda code: code.translate(
            str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")  # noqa: RUF001  Cyrillic
        ),
        lambda code: link("https://maker.example", code),
        lambda code: link("https://maker.example", code, "4006381333931"),
        lambda code: link("https://maker.example", code) + "?utm_source=x#top",
    ),
)
def test_people_may_write_it_as_they_like(write):
    for code in new_codes(200, with_pin=True):
        assert read(write(code)).code == code


@pytest.mark.parametrize(
    ("text", "problem"),
    (
        ("", "empty"),
        (None, "empty"),
        (17, "empty"),
        ("   ", "empty"),
        (CODE[:15], "short"),
        (CODE + "0", "long"),
        ("https://elsewhere.example/abc", "foreign"),
        ("WIFI:S:net;P:secret;;", "foreign"),
        ("4006381333931", "short"),
        ("U" + CODE[1:], "typo"),  # no code has a U
        (CODE[:8] + "Ж" + CODE[9:], "typo"),  # a key of the other keyboard
        ("ЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖ", "typo"),
        ("BUY-1-GET-1-FREE!", "foreign"),
        ("\x00" * 16, "foreign"),
        ("Z" * 100000, "long"),
    ),
)
def test_anything_else_says_what_is_wrong(text, problem):
    found = read(text)
    assert (found.code, found.problem) == ("", problem)
    assert len(found.outside) <= 40


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_text_is_read_as_the_table_says(case):
    scanned = read(case["text"])
    assert (scanned.code, scanned.wants_pin, scanned.problem) == (
        case["code"],
        case["wantsPin"],
        case["problem"],
    )


def test_codes_of_somebody_else_have_a_standard_form():
    assert read("abc-O17 45").outside == "ABC01745"
    assert read("Http://x/АВС").outside == ""
    assert read("12345").outside == ""
    assert read("AB/L/000117?").outside == "AB/1/000117?"  # no address: all of it
    assert read("https://x/l/ЖЮЩ%2F000123").outside == "ЖЮЩ/000123"
    assert read(link("https://x", "AB%2F/?#&000121")).outside == "AB%2F/?#&000121"


def test_links_are_gs1_when_the_product_has_a_gtin():
    assert link("https://m.example", CODE, "4006381333931") == (
        f"https://m.example/01/04006381333931/21/{CODE}"
    )


def test_a_pin_follows_from_the_secret_and_is_stored_as_a_hash():
    secret = secrets.token_hex(32)
    pin = get_pin(secret, CODE)
    assert len(pin) == 6 and set(pin) <= set(ALPHABET)
    assert get_pin(secret, new_codes(1)[0]) != pin
    stored = hash_pin("pepper", CODE, pin)
    assert pin not in stored
    assert (
        hash_pin("pepper", CODE, read_pin(f" {pin[:3].lower()}-{pin[3:]} ")) == stored
    )
    assert hash_pin("other", CODE, pin) != stored
    assert read_pin(None) == ""
    assert len(read_pin("A" * 100000)) == 7  # never accepted, never slow


# === WHAT IS KEPT === #

_UTF8 = st.characters(codec="utf-8")


@given(st.text(_UTF8), st.text(_UTF8, max_size=40))
def test_what_is_kept_can_be_scanned_by_nobody(pepper, code):
    """Neither read nor taken over from a list, whatever is done to it on the way."""
    kept = product_code.keep(pepper, code)
    for text in (kept, kept.upper(), f"/l/{kept}"):
        scanned = product_code.read(text)
        assert kept not in (scanned.code, scanned.outside)
        assert not product_code.is_outside(kept)


def test_what_is_kept_depends_on_code_and_pepper():
    code, other = product_code.new_codes(2)
    kept = product_code.keep("pepper", code)
    assert kept == product_code.keep("pepper", code)
    assert kept.startswith(f"…{code[-4:]} ")
    assert len(kept) == len("…ABCD ") + 32
    assert kept not in (
        product_code.keep("pepper", other),
        product_code.keep("salt", code),
    )
    assert code not in kept
