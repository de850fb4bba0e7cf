"""Characters printed under a code, for when the code itself is torn or covered.

They are candidates only: the check characters of the code prove one, and what is not
proven is nothing.  What stands under codes that were read is left out first, or among
many labels some mixture of two would pass by chance.
"""

from .letters import is_near, one_form, words
from .rows import MAX_ROW, MAX_ROWS

MAX_CANDIDATES = 1000
_GROUP = 4


def proven(rows, length, known, prove):
    """Return the codes that are printed in rows of text and proven, each once.

    Two that share a group of characters are none: one of them is a mixture.

    :param rows: list of str, what an engine read
    :param int length: characters of a code
    :param known: codes that were read by themselves
    :param prove: function that returns the code in a text, or nothing
    """
    groups = {
        code[start : start + _GROUP]
        for code in known
        for start in range(0, len(code), _GROUP)
    }
    lines = [_pieces(str(row)[:MAX_ROW], groups) for row in rows[:MAX_ROWS]]
    found = {}
    for number, text in enumerate(_candidates(lines, length)):
        if number >= MAX_CANDIDATES:
            break
        solid = "".join(part for _place, part in text)
        if code := prove(solid):
            found.setdefault(code, {place for place, _part in text})
    used = [place for places in found.values() for place in places]
    return [
        code
        for code, places in found.items()
        if all(used.count(place) == 1 for place in places)
    ]


def _pieces(row, groups):
    """Return the groups of characters of a row that belong to no known code.

    :param groups: of known codes; an engine may have misread one character of each
    """
    return [
        piece
        for piece in words(one_form(row))
        if not any(is_near(piece, group, 1) for group in groups)
    ]


def _candidates(lines, length):
    """Yield lists of ``((row, position), characters)`` that make up a code's length."""
    for row, pieces in enumerate(lines):
        for start in range(len(pieces)):
            for own in _runs(row, pieces, start, length):
                size = sum(len(part) for _place, part in own)
                if size == length:
                    yield own
                    continue
                for below in range(row + 1, min(row + 3, len(lines))):
                    yield from _completed(own, below, lines[below], length - size)


def _runs(row, pieces, start, length):
    """Yield neighbouring pieces from one on, as long as a code holds them."""
    run = []
    for place in range(start, len(pieces)):
        run = [*run, ((row, place), pieces[place])]
        if sum(len(part) for _place, part in run) > length:
            return
        yield run


def _completed(own, row, pieces, missing):
    """Yield a beginning with each run of another row that completes it."""
    for start in range(len(pieces)):
        for rest in _runs(row, pieces, start, missing):
            if sum(len(part) for _place, part in rest) == missing:
                yield [*own, *rest]
