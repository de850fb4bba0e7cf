"""Trade numbers (GTIN): what stands below a barcode is one number, spelled variously.

GTIN-8, -12, -13 and -14 are one number with more or fewer zeros in front; the last
digit checks the others (GS1 General Specifications, 7.9).  Spreadsheets drop the zeros,
other systems add them.  A text whose check digit is wrong is no trade number but some
other text, and stays as it is.
"""

import re

LENGTH = 14
LENGTHS = (8, 12, 13, 14)
_SHORTEST = 7  # a GTIN-8 that lost its zero; less is somebody's own number
_APART = re.compile(r"(?<=[0-9])[ \u00a0-](?=[0-9])")  # as printed: 4 820000 000017


def is_trade_number(text) -> bool:
    """Tell whether a text is a GTIN of a usual length with a right check digit."""
    text = text or ""
    return len(text) in LENGTHS and has_check_digit(text)


def normalize(text) -> str | None:
    """Return a trade number in its form of fourteen digits, ``None`` if it is none.

    >>> normalize("036000291452"), normalize("36000291452"), normalize("036000291453")
    ('00036000291452', '00036000291452', None)

    :param text: any number of zeros in front, spaces or dashes as printed
    """
    text = _APART.sub("", (text or "").strip())
    number = text.lstrip("0")
    if len(text) < _SHORTEST or not 1 < len(number) <= LENGTH:
        return None
    return number.zfill(LENGTH) if has_check_digit(number) else None


def get_spellings(text) -> list[str]:
    """Return under which texts a trade number may be stored, a text itself first.

    Only itself for a text that is no trade number.
    """
    text = (text or "").strip()
    number = normalize(text)
    if number is None:
        return [text]
    bare = number.lstrip("0")
    lengths = [length for length in LENGTHS if length >= len(bare)]
    spellings = [text, *(bare.zfill(length) for length in lengths)]
    if len(bare) >= _SHORTEST:
        spellings.append(bare)
    return list(dict.fromkeys(spellings))


def add_check_digit(digits: str) -> str:
    """Return digits with the one behind them that checks them.

    >>> add_check_digit("03600029145")
    '036000291452'
    """
    return next(
        digits + check for check in "0123456789" if has_check_digit(digits + check)
    )


def has_check_digit(digits: str) -> bool:
    """Tell whether the last of some digits checks the others."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    weighted = sum(
        int(digit) * (3 if place % 2 else 1)
        for place, digit in enumerate(reversed(digits))
    )
    return weighted % 10 == 0
