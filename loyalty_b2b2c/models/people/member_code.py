"""The code a participant shows at a counter: 16 characters of Crockford's base32.

Crockford's alphabet (https://www.crockford.com/base32.html) leaves out I, L, O and U;
what a person reads wrongly is read back: O is 0, I and L are 1.
"""

import secrets

from ...engine.product_code import ALPHABET

LENGTH = 16  # 80 random bits
PREFIX = "M:"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_code():
    """Return a new random code."""
    return "".join(secrets.choice(ALPHABET) for _position in range(LENGTH))


def read_code(text):
    """Return the code in what was scanned or typed, ``None`` when there is none.

    Case, spaces, dashes, the prefix of the printed code and look-alike letters do
    not matter.
    """
    text = (text or "").strip().upper().removeprefix(PREFIX).translate(_READ_AS)
    if len(text) == LENGTH and set(text) <= set(ALPHABET):
        return text
    return None


def shown_code(code):
    """Return a code the way people read it out: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
