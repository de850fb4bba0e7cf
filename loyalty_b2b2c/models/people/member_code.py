"""The code a participant shows at a counter: 16 characters of Crockford's base32.

Crockford's alphabet (https://www.crockford.com/base32.html) leaves out I, L, O and U;
what a person reads wrongly is read back: O is 0, I and L are 1.

The same code has a form of digits alone, for bar codes: scanners type on keyboards, and
keyboards of other layouts turn letters into others.
"""

import secrets

from ...engine.keyboards import get_readings
from ...engine.product_code import ALPHABET
from ...engine.trade_number import add_check_digit, has_check_digit

LENGTH = 16  # 80 random bits
PREFIX = "M:"
DIGITS_PREFIX = "049"
_DIGITS = 25  # of a number of 80 bits
DIGITS_LENGTH = len(DIGITS_PREFIX) + _DIGITS + 1
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def new_code():
    """Return a new random code."""
    return "".join(secrets.choice(ALPHABET) for _position in range(LENGTH))


def read_code(text):
    """Return the code in what was scanned or typed, ``None`` when there is none.

    Case, spaces, dashes, the prefix of the printed code and look-alike letters do
    not matter; nor does the layout of the keyboard a scanner typed on.
    """
    text = (text or "").strip()
    typed, *others = get_readings(text[: 4 * LENGTH])
    code = _read_letters(typed.removeprefix(PREFIX))
    if code:
        return code
    for reading in (typed, *others):
        code = _read_digits(reading)
        if not code and reading.startswith(PREFIX):
            code = _read_letters(reading.removeprefix(PREFIX))
        if code:
            return code
    return None


def shown_code(code):
    """Return a code the way people read it out: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def to_digits(code):
    """Return a code as digits alone: a prefix, a number and a check digit.

    >>> to_digits("0000000000000001")
    '04900000000000000000000000018'
    """
    number = 0
    for character in code:
        number = number * len(ALPHABET) + _VALUES[character]
    return add_check_digit(f"{DIGITS_PREFIX}{number:0{_DIGITS}}")


def _read_letters(text):
    """Return the code that is spelled in letters, ``None`` when it is none."""
    text = text.translate(_READ_AS)
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else None


def _read_digits(text):
    """Return the code that is spelled in digits, ``None`` when it is none."""
    if len(text) != DIGITS_LENGTH or not text.startswith(DIGITS_PREFIX):
        return None
    if not has_check_digit(text):
        return None
    number, code = int(text[len(DIGITS_PREFIX) : -1]), ""
    for _position in range(LENGTH):
        number, value = divmod(number, len(ALPHABET))
        code = ALPHABET[value] + code
    return None if number else code
