"""What is learned of a shop: by what its receipts are known, and what it calls things.

A lesson is a word more for receipts of this shop, and proves no more than another word.
"""

import re

from . import amounts
from .letters import one_form, plain_number, shape
from .moments import is_moment
from .rows import MAX_ROW, MAX_ROWS

_HEAD = 12  # rows in which a shop says who it is
_LONG = re.compile(r"(?<![\d./:-])(\d[\d -]{7,20}\d)(?![\d./:-])")
_LEAST = 2  # letters of a label


def keys(rows):
    """Return by what the shop of a receipt is known: its long numbers and its name.

    :param rows: what an engine read
    :return: list of str, the best first: ``id:…`` of eight digits or more, ``name:…``
    """
    head = [one_form(str(row)[:MAX_ROW]) for row in rows[:_HEAD]]
    numbers = [
        "id:" + re.sub(r"\D", "", match)
        for row in head
        if not is_moment(row)
        for match in _LONG.findall(row)
    ]
    names = [f"name:{shape(row)}" for row in head if len(shape(row)) >= 5]
    return list(dict.fromkeys([*numbers, *names[:1]]))


def name(rows):
    """Return how a shop calls itself: the first row that has some letters."""
    found = (str(row).strip(" |-") for row in rows[:_HEAD])
    return next((row[:60] for row in found if len(shape(row)) >= 5), "")


def label_of_number(rows, number):
    """Return what stands before a number of the document, or above it.

    :return: str, ``None`` when the number is not there, or nothing is written at it
    """
    wanted = plain_number(number)
    for place, row in enumerate(rows[:MAX_ROWS]):
        text = one_form(str(row)[:MAX_ROW])
        start = _start_of(text, wanted)
        if start is not None:
            above = str(rows[place - 1]) if place else ""
            return _label(text[:start]) or _label(above)
    return None


def label_of_amount(rows, value, decimals=2):
    """Return what stands before an amount that is the last of its row.

    :param value: Decimal
    """
    for row in rows[:MAX_ROWS]:
        text = amounts.normal(str(row)[:MAX_ROW])
        for spaced in (True, False):
            found = amounts.amounts(text, amounts.Style(decimals, spaced))
            if found and found[-1].value == value:
                label = _label(text[: found[-1].start])
                if label:
                    return label
    return None


def _start_of(text, wanted):
    """Return where a number begins in a row, ``None`` when it is not there."""
    if not wanted or wanted not in plain_number(text):
        return None
    starts = (match.start() for match in re.finditer(r"[^\W_]+", text))
    return max(
        (start for start in starts if plain_number(text[start:]).startswith(wanted)),
        default=None,
    )


def _label(text):
    """Return the words at the end of a text, ``None`` without any."""
    found = re.findall(r"[^\W\d_][^\d:=|]*", text)
    label = found[-1].strip(" .:-#№*=") if found else ""
    return label[:40] if len(shape(label)) >= _LEAST else None
