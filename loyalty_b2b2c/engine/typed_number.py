"""Numbers as people write them, in files and on forms: never guessed.

A comma is a decimal sign in one country and parts thousands in the next, a point the
other way round.  A text is read only when every country reads the same number; what two
read differently is refused, with both numbers.

Elsewhere a number has one meaning.  Programs write it in one way, which
:func:`~.numbers.to_decimal` reads; a field of a form is typed in the number format of
the user's language, and Odoo's web client reads it; on a receipt, quantity, price and
amount prove each other (``recognition/lines.py``).
"""

import re
from decimal import Decimal

from .numbers import InvalidNumber, as_text, to_decimal

_MAX_TEXT = 64
_SPACES = re.compile(r"[\s'\u2019]")  # what parts thousands besides comma and point
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d*)?[eE][+-]?\d{1,3}")


class AmbiguousNumber(InvalidNumber):
    """A text that people read as two different numbers.

    :param text: as it was written
    :param readings: the numbers, the larger first
    """

    def __init__(self, text, readings):
        super().__init__(f"Two readings of {text!r}: {', '.join(map(str, readings))}")
        self.text, self.readings = text, readings

    @property
    def spellings(self):
        """The numbers, each written so that it can be read in one way only."""
        return [spell(number) for number in self.readings]


def read_number(value) -> Decimal:
    """Return what a person wrote, or a program stored, as an exact number.

    ``"1 234,50"``, ``"1.234,50"`` and ``"1,234.50"`` are 1234.50; ``"1.234"`` is
    refused: it is 1234 to some and 1.234 to others.

    :param value: text, int, float or Decimal; a cell of a spreadsheet that holds a
        number is one already
    :raise AmbiguousNumber: the text can be read as two numbers
    :raise InvalidNumber: it is no number, or too large
    """
    if not isinstance(value, str):
        return to_decimal(value)
    readings = get_readings(value)
    if len(readings) > 1:
        raise AmbiguousNumber(value.strip(), readings)
    if not readings:
        raise InvalidNumber(f"Not a number: {value[:_MAX_TEXT]!r}")
    return to_decimal(readings[0])


def get_readings(text: str) -> list[Decimal]:
    """Return the numbers people may read in a text, the larger first, without repeats.

    Nothing is said about size: a reading may be larger than any balance.
    """
    text = text.strip()
    if len(text) > _MAX_TEXT:
        return []
    if _SCIENTIFIC.fullmatch(text):  # nobody parts thousands in this one
        return [Decimal(text.replace(",", "."))]
    text = _SPACES.sub(" ", text)
    readings = {
        _read(match)
        for pattern in _PATTERNS
        if (match := pattern.fullmatch(text)) is not None
    }
    return sorted(readings, key=abs, reverse=True)


def spell(number: Decimal) -> str:
    """Return a number as a text that can be read in one way only.

    >>> spell(Decimal("12.5")), spell(Decimal("1.234"))
    ('12.5', '1.2340')
    """
    text = as_text(number)
    return text if len(get_readings(text)) == 1 else f"{text}0"


def _read(match) -> Decimal:
    whole = re.sub("[ .,]", "", match["whole"])
    return Decimal(f"{match['sign']}{whole or 0}.{match['part'] or 0}")


def _pattern(mark, parting):
    """Return the pattern of numbers with a decimal sign and what parts thousands.

    Thousands begin with a digit other than zero: ``0,125`` is an eighth everywhere.
    India parts lakhs and crores by two digits.
    """
    mark, parting = re.escape(mark), re.escape(parting)
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>\d+|(?={mark}\d)"
        rf"|(?!0+{parting})\d{{1,3}}(?:{parting}\d{{3}})+"
        rf"|(?!0+{parting})\d{{1,2}}(?:{parting}\d{{2}})+{parting}\d{{3}}"
        rf")(?:{mark}(?P<part>\d*))?"
    )


_PATTERNS = [
    _pattern(mark, parting) for mark in ".," for parting in " .," if mark != parting
]
