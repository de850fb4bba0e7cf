"""What receipts call things: lists of words per language, which rank and prove nothing.

A file of the folder ``words`` is one language: ``role: word; word; …``.  Words are
compared by their :func:`.letters.shape`, so engines may misread them; a company adds
its own.  A row has the role of its longest word, of two alike the first one's.
"""

import functools
import re
from pathlib import Path

from .letters import shape

FOLDER = Path(__file__).parent / "words"

#: role -> what such a row says
ROLES = {
    "total": "what is to be paid",
    "subtotal": "the sum of lines before discounts, charges or tax",
    "net": "the same without tax",
    "tax": "a tax, in the total or on top of it",
    "paid": "money handed over",
    "cash": "the same in cash",
    "card": "the same by card",
    "change": "money given back",
    "discount": "what the buyer need not pay",
    "rounding": "a few cents, so that coins are enough",
    "service": "a charge on top: service, delivery, a bag",
    "tip": "a gift for the waiter, which buys nothing",
    "deposit": "what comes back with the bottle",
    "saved": "points, balances, savings: money of another kind",
    "count": "how many pieces or lines there are",
    "number": "the number of the document",
    "fiscal": "the number the tax office knows it by",
    "register": "the till",
    "cashier": "who sold",
    "date": "when it was sold",
    "until": "another day: valid until, best before",
    "copy": "a duplicate of a receipt",
    "credit": "goods that came back",
    "slip": "the payment by card, and no sale",
}
#: Roles that may stand in the title of a receipt, without an amount.
TITLES = ("copy", "credit", "slip")
# letters and digits, and the vowel signs that some scripts hang on them
_LETTERS = r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u0e7f\u05f3\u05f4])+"
_WORD = re.compile(rf"{_LETTERS}(?:[.'’\"]+(?!\d){_LETTERS})*")
_MIN_ANYWHERE, _MIN_FUZZY = 4, 5
_FUZZY = ("total", "subtotal", "cash", "change", "rounding", "discount")


class Words:
    """Words of all languages, and those of a company, which win.

    :param own: ``{role: [word, …]}``
    """

    def __init__(self, own=None):
        shapes, fuzzy, self.longest = _shipped()
        self.shapes, self.fuzzy = shapes, fuzzy
        mine = {
            _solid(word): role
            for role, words in (own or {}).items()
            for word in words
            if role in ROLES and _solid(word)
        }
        self.own = frozenset(mine)
        if mine:
            self.shapes = {**shapes, **mine}
            self.longest = max(self.longest, *map(len, mine))

    def role(self, text):
        """Return the role of a row, ``None`` when nothing in it is known.

        :param str text: the row without its amounts
        """
        found = self.find(text)
        return found[0] if found else None

    def find(self, text):
        """Return ``(role, length of the word, where it ends in the text)`` or None."""
        pieces = _pieces(text)
        best = None
        for index in range(len(pieces)):
            found = self._at(pieces, index)
            if found and (best is None or found[1] > best[1] + 2 * (best[3] == 0)):
                best = (*found, index)
        if best:
            return best[:3]
        return self._nearly(pieces)

    def begins(self, text):
        """Return the same of a word with which the text begins."""
        return self._at(_pieces(text), 0)

    def is_own(self, text):
        """Tell whether a company, or a lesson about the shop, gave a word."""
        return _solid(text) in self.own

    def all_roles(self, text):
        """Return every role whose words stand in a text."""
        pieces = _pieces(text)
        found = (self._at(pieces, index) for index in range(len(pieces)))
        return {one[0] for one in found if one}

    def _at(self, pieces, index):
        """Return the longest word that begins at a piece of a text."""
        solid, best = "", None
        if pieces[index : index + 1] and pieces[index][0].isdigit():
            return None
        for piece, end in pieces[index:]:
            parts = _prefixes(piece) if not piece.isascii() or not solid else (piece,)
            for part in parts:
                role = self.shapes.get(solid + part)
                whole = part == piece
                length = len(solid + part)
                if role and (whole or length >= _least(part)):
                    if index == 0 or length >= _MIN_ANYWHERE or not part.isascii():
                        rest = len(piece) - len(part)
                        best = (role, length, end - rest)
            solid += piece
            if len(solid) > self.longest:
                break
        return best

    def _nearly(self, pieces):
        """Return the role of a first word of which one letter was misread."""
        solid = ""
        for piece, end in pieces[:2]:
            if piece.isdigit():
                break
            solid += piece
            for place in range(len(solid) if len(solid) >= _MIN_FUZZY else 0):
                role = self.fuzzy.get(solid[:place] + "?" + solid[place + 1 :])
                if role:
                    return role, len(solid), end
        return None


def _least(part):
    """Return how long a word must be that is glued to what follows it."""
    return 5 if part.isascii() else 2


def _prefixes(piece):
    return [piece[:length] for length in range(1, len(piece) + 1)]


def _pieces(text):
    """Return ``(shape, where it ends)`` of the words of a text."""
    found = [
        (match[0] if match[0].isdecimal() else shape(match[0]), match.end())
        for match in _WORD.finditer(text)
    ]
    return [(piece, end) for piece, end in found if piece]


def _solid(text):
    """Return the shape of a whole word or phrase."""
    return "".join(piece for piece, _end in _pieces(text))


@functools.cache
def _shipped():
    """Return ``({shape: role}, {shape with a gap: role}, the longest shape)``."""
    shapes, fuzzy = {}, {}
    for name in languages():
        for role, words in read(name).items():
            for word in map(_solid, words):
                if len(word) < 2 and word.isascii():
                    continue  # a letter means anything
                shapes.setdefault(word, role)
                if role in _FUZZY and len(word) >= _MIN_FUZZY and word.isascii():
                    for place in range(len(word)):
                        gap = word[:place] + "?" + word[place + 1 :]
                        fuzzy.setdefault(gap, role)
    return shapes, fuzzy, max(map(len, shapes))


def languages():
    """Return the languages there are words of, English first."""
    names = sorted(path.stem for path in FOLDER.glob("*.txt"))
    return sorted(names, key=lambda name: name != "en")


def read(language):
    """Return ``{role: [word, …]}`` of a language.

    :raise ValueError: the file names a role there is none of
    """
    roles, role = {}, None
    text = (FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            role, _colon, line = line.partition(":")
            if role not in ROLES:
                raise ValueError(f"{language}: no role is called {role!r}")
        roles.setdefault(role, []).append(line.strip())
    return {
        role: [word.strip() for word in " ".join(lines).split(";") if word.strip()]
        for role, lines in roles.items()
    }
