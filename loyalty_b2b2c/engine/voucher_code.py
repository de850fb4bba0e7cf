"""Codes of vouchers that partners give: when two are one, and when two look alike.

A partner's till wants a code exactly as it was given, so the text itself is kept.
Plain functions without a database.
"""

import unicodedata

from .product_code import standardize
from .typed_text import is_formula

SHORTEST, LONGEST = 4, 500
LONGEST_PIN = 40
#: A code shows its end only when most of it stays hidden.
_TAIL, _TAIL_FROM = 4, 12
# beside what product codes know: people and prints mistake these, too
_ALIKE = str.maketrans("SBZ", "582")


def find_problem(cell):
    """Return why a cell of a file is no code, ``None`` when it is one.

    >>> find_problem("ABCD-1234"), find_problem("=A1&B1"), find_problem(12.5)
    (None, 'formula', 'not_text')

    :param cell: text, or what a spreadsheet program makes of it
    :return: ``"empty"``, ``"not_text"``, ``"formula"``, ``"unprintable"``, ``"short"``
        or ``"long"``
    """
    if cell in (None, ""):
        return "empty"
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        return "not_text"
    text = str(cell)
    if is_formula(text):
        return "formula"
    if not text.isprintable():
        return "unprintable"
    if len(get_key(text)) < SHORTEST:
        return "short"
    return "long" if len(text) > LONGEST else None


def is_pin(cell):
    """Tell whether a cell can be the PIN of a code, or is empty."""
    if cell in (None, ""):
        return True
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        return False
    text = str(cell)
    return len(text) <= LONGEST_PIN and text.isprintable() and not is_formula(text)


def get_key(code):
    """Return what two spellings of one code have in common.

    Spaces and dashes only part a code; large and small letters are different.

    >>> get_key("ABCD-1234") == get_key("ABCD 1234"), get_key("AbCd") == get_key("ABCD")
    (True, False)
    """
    text = unicodedata.normalize("NFKC", code)
    return "".join(
        character
        for character in text
        if unicodedata.category(character) not in ("Pd", "Cf", "Zs")
    )


def get_shape(code):
    """Return what two codes have in common that people take for one another.

    >>> get_shape("O0l1-S5") == get_shape("0OI15s")
    True
    """
    return standardize(get_key(code)).translate(_ALIKE)


def get_tail(code):
    """Return the end of a code, to talk about it; empty when it would tell too much.

    >>> get_tail("ABCD-1234-EFGH"), get_tail("ABCD-1234")
    ('EFGH', '')
    """
    key = get_key(code)
    return key[-_TAIL:] if len(key) >= _TAIL_FROM else ""
