"""A sentence whose parts are known: what people read, and what they can click.

A translation decides about the order of the words, so a part is marked inside the
text, and the text is taken apart when it is complete.
"""

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"


def part(code, text):
    """Return a text marked as the part ``code`` of a sentence; parts may be nested."""
    return f"{_OPEN}{code}{_MIDDLE}{text}{_CLOSE}"


def split(sentence):
    """Return the pieces of a sentence with marked parts, in their order.

    :return: list of ``(code, text)``; the innermost part counts, ``""`` is between them
    """
    pieces, codes = [], [""]
    for opened in sentence.split(_OPEN):
        code, middle, text = opened.rpartition(_MIDDLE)
        if middle:
            codes.append(code)
        for number, piece in enumerate(text.split(_CLOSE)):
            if number:
                codes.pop()
            if piece.startswith(".") and pieces and pieces[-1][1].endswith("."):
                piece = piece[1:]  # an abbreviation has the full stop already
            if piece:
                pieces.append((codes[-1], piece))
    return pieces


def plain(sentence):
    """Return a sentence without the marks of its parts."""
    return "".join(text for _code, text in split(sentence))
