"""Codes of recommendations: read in every spelling, and a wrong one is noticed."""

import pytest
from engine import referral_code
from engine.product_code import ALPHABET
from hypothesis import given
from hypothesis import strategies as st

RANDOMS = st.randoms(use_true_random=False)
NAMES = st.sampled_from(["Olena", "Олена Коваленко", "Zoë", "", "小林", "Юлія"])


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Олена Коваленко", "OLENA"),
        ("Юрій", "IURII"),
        ("Щербак", "SHCHERBAK"),
        ("Łukasz", "LUKASZ"),
        ("Zoë", "ZOE"),
        ("小林", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_in_latin_letters(name, latin):
    assert referral_code.get_latin(name) == latin


def test_what_a_code_looks_like():
    name, first, second = referral_code.new_code("Олександра").split("-")
    assert name == "OLEKSAND"
    assert (len(first), len(second)) == (4, 4)
    assert set(first + second) <= set(ALPHABET)
    assert len(referral_code.new_code("小林").split("-")) == 2


@given(NAMES)
def test_every_spelling_is_read(name):
    code = referral_code.new_code(name)
    key = referral_code.get_key(code)
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {code}. ",
        f"«{code}»",
        code.replace("-", "–"),
        code.replace("-", "\u200b-"),
        f"https://shop.example/rewards/r/{code}",
        f"HTTPS://SHOP.EXAMPLE/REWARDS/R/{code}?via=viber",
        f"Look: https://shop.example/uk/rewards/r/{code.lower()} it is good",
    ):
        assert referral_code.read(typed) == referral_code.Typed(key, True), typed


def test_look_alikes_are_one():
    key = referral_code.get_key("OLIVIA-7K20-M4X1")
    assert referral_code.get_key("0L1VIA 7К2О М4ХІ") == key  # Cyrillic К О М Х І


@given(st.data(), NAMES, RANDOMS)
def test_one_wrong_character_is_noticed(data, name, random):
    key = referral_code.get_key(referral_code.new_code(name, random.choice))
    place = data.draw(st.integers(0, len(key) - 1))
    others = sorted(set(ALPHABET) - {key[place]})
    wrong = key[:place] + data.draw(st.sampled_from(others)) + key[place + 1 :]
    assert not referral_code.is_whole(wrong)


@given(st.data(), NAMES, RANDOMS)
def test_two_swapped_characters_are_noticed(data, name, random):
    key = referral_code.get_key(referral_code.new_code(name, random.choice))
    place = data.draw(st.integers(0, len(key) - 2))
    swapped = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
    assert (swapped == key) or not referral_code.is_whole(swapped)


def test_every_code_checks_itself():
    for _number in range(400):  # one of 37 draws has no check character: it is not used
        code = referral_code.new_code("Olena")
        assert len(code) == len("OLENA-XXXX-XXXX")
        assert referral_code.is_whole(referral_code.get_key(code))


def test_a_code_that_was_cut_is_noticed_mostly():
    codes = [referral_code.get_key(referral_code.new_code("Olena")) for _ in range(400)]
    unnoticed = sum(referral_code.is_whole(key[:-1]) for key in codes)
    # by chance one of 37 is right: 11 of 400
    assert unnoticed < 40


def test_a_code_somebody_chose():
    assert referral_code.read("anna-2026") == referral_code.Typed("ANNA2026", False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "abc",
        "https://other.example/r",
        "x" * 40,
        "ab\0cd-1234",
        None,
        7,
        b"a",
    ],
)
def test_what_is_no_code(text):
    assert not referral_code.read(text).key


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    read = referral_code.read(text)
    assert not read.is_whole or read.key


def test_a_scanner_on_a_cyrillic_keyboard():
    keys = dict(
        zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФІВАПРОЛДЯЧСМИТЬ", strict=True)
    )
    code = referral_code.new_code("Olena")
    scanned = "".join(keys.get(character, character) for character in code)
    assert referral_code.read(scanned).key == referral_code.get_key(code)


def test_codes_are_not_guessed():
    codes = {referral_code.new_code() for _ in range(2000)}
    assert len(codes) == 2000
