"""Secrets that a copy of the database alone does not open."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vault import (
    FILE_VARIABLE,
    VARIABLE,
    Vault,
    VaultError,
    new_data_key,
    new_master,
    read_masters,
    unwrap,
    wrap,
)

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
TEXT_ONE = base64.b64encode(ONE).decode()


def refuse(code, function, *args):
    """Fail unless a function refuses with a code."""
    with pytest.raises(VaultError) as caught:
        function(*args)
    assert caught.value.code == code


# === MASTER KEYS === #


@pytest.mark.parametrize(
    "text",
    [
        TEXT_ONE,
        f"  {TEXT_ONE}\n",
        ONE.hex(),
        ONE.hex().upper(),
        base64.urlsafe_b64encode(ONE).decode(),
    ],
)
def test_a_key_in_its_spellings(text):
    assert read_masters({VARIABLE: text}) == [ONE]


def test_earlier_keys_stand_behind_the_one_in_use():
    text = f"{TEXT_ONE}, {TWO.hex()}"
    assert read_masters({VARIABLE: text}) == [ONE, TWO]


def test_a_key_from_a_file(tmp_path):
    path = tmp_path / "key"
    path.write_text(f"{TEXT_ONE}\n")
    assert read_masters({FILE_VARIABLE: str(path)}) == [ONE]
    assert read_masters({FILE_VARIABLE: str(path), VARIABLE: TWO.hex()}) == [TWO]
    refuse("unreadable", read_masters, {FILE_VARIABLE: str(tmp_path / "none")})


def test_no_key():
    refuse("missing", read_masters, {})
    refuse("missing", read_masters, {VARIABLE: "  "})


@pytest.mark.parametrize(
    "text", ["correct horse battery staple", ONE.hex()[:-2], TEXT_ONE[:-4], "ключ"]
)
def test_what_is_no_key(text):
    refuse("malformed", read_masters, {VARIABLE: text})


def test_a_new_key_is_one_and_another_each_time():
    first, second = new_master(), new_master()
    assert first != second
    assert len(read_masters({VARIABLE: f"{first},{second}"})) == 2


# === DATA KEYS === #


def test_a_wrapped_key_opens_with_its_master_key_only():
    key = new_data_key()
    wrapped = wrap(ONE, 1, key)
    assert key not in wrapped
    assert unwrap([ONE], 1, wrapped) == (key, 0)
    assert unwrap([TWO, ONE], 1, wrapped) == (key, 1)
    refuse("foreign", unwrap, [TWO], 1, wrapped)
    refuse("foreign", unwrap, [ONE], 2, wrapped)  # it is another one's place


# === SECRETS === #


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_sealed_opens_in_its_context(secret, context):
    vault = Vault({1: ONE})
    sealed = vault.seal(secret, context)
    assert vault.open(sealed, context) == secret
    refuse("damaged", vault.open, sealed, context + b"x")


@given(st.binary(min_size=8, max_size=60), st.data())
def test_one_changed_byte_is_noticed(secret, data):
    sealed = Vault({1: ONE}).seal(secret, b"here")
    assert secret not in sealed
    place = data.draw(st.integers(3, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place] ^= data.draw(st.integers(1, 255))
    refuse("damaged", Vault({1: ONE}).open, bytes(changed), b"here")


def test_the_same_secret_twice_looks_different():
    vault = Vault({1: ONE})
    assert vault.seal(b"ABCD", b"") != vault.seal(b"ABCD", b"")


def test_the_newest_key_seals_and_all_open():
    old = Vault({1: ONE}).seal(b"ABCD", b"")
    both = Vault({1: ONE, 2: TWO})
    new = both.seal(b"EFGH", b"")
    assert (both.open(old, b""), both.open(new, b"")) == (b"ABCD", b"EFGH")
    refuse("foreign", Vault({1: ONE}).open, new, b"")
    refuse("damaged", both.open, b"", b"")


def test_index_tells_equal_texts_and_stays():
    vault = Vault({1: ONE})
    assert vault.index("shop", "ABCD") == Vault({1: ONE, 2: TWO}).index("shop", "ABCD")
    different = {
        vault.index("shop", "ABCD"),
        vault.index("shop", "ABCE"),
        vault.index("shopA", "BCD"),
        Vault({1: TWO}).index("shop", "ABCD"),
    }
    assert len(different) == 4
    assert len(vault.index("shop", "ABCD")) == 16
