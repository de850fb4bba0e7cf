"""Finds the product of a line on a receipt: by trade number, else by its name."""

from collections import Counter
from dataclasses import dataclass, field

from .goods import is_gtin
from .letters import words

ALIKE = 0.62
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product of the catalogue.

    :param names: its name in every language, its code
    :param gtins: its barcodes
    """

    id: int
    names: tuple[str, ...]
    gtins: frozenset[str] = field(default_factory=frozenset)


class Catalogue:
    """Candidates, prepared for many lines.

    :param candidates: iterable of :class:`Candidate`
    """

    def __init__(self, candidates):
        self.by_gtin, self.names, self.by_piece = {}, [], {}
        for candidate in candidates:
            for gtin in map(_plain, candidate.gtins):
                known = self.by_gtin.setdefault(gtin, candidate.id)
                if known != candidate.id:
                    self.by_gtin[gtin] = None  # two products: a person decides
            for name in candidate.names:
                pieces = _pieces(name)
                if sum(pieces.values()) > _SHORT:
                    self._add(candidate.id, pieces)

    def _add(self, product_id, pieces):
        index = len(self.names)
        self.names.append((product_id, pieces))
        for piece in pieces:
            self.by_piece.setdefault(piece, []).append(index)

    def match(self, name, gtin=None):
        """Return ``(product id, likeness up to 1)``, ``(None, 0)`` when nothing fits.

        A trade number settles it, unless two products have it.  A name must be clearly
        more like one product than like any other.
        """
        if gtin and _plain(gtin) in self.by_gtin:
            product_id = self.by_gtin[_plain(gtin)]
            return product_id, 1.0 if product_id else 0.0
        pieces = _pieces(name or "")
        if sum(pieces.values()) <= _SHORT:
            return None, 0.0
        best = {}
        for index in self._near(pieces):
            product_id, known = self.names[index]
            likeness = _likeness(pieces, known)
            best[product_id] = max(likeness, best.get(product_id, 0))
        ranked = sorted(((score, -key) for key, score in best.items()), reverse=True)
        if not ranked or ranked[0][0] < ALIKE:
            return None, 0.0
        if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
            return None, 0.0  # two products of one name: a person decides
        return -ranked[0][1], ranked[0][0]

    def _near(self, pieces):
        """Return the names that share the most pieces."""
        hits = Counter()
        for piece in pieces:
            hits.update(self.by_piece.get(piece, ())[:500])
        return [index for index, _count in hits.most_common(20)]


def _plain(gtin):
    """Return a trade number in its form of fourteen digits.

    A barcode that is none, its check digit is wrong, stays another text.
    """
    gtin = gtin.strip()
    return gtin.rjust(14, "0") if is_gtin(gtin) else gtin


def _pieces(name):
    """Return the pairs of neighbouring letters of a folded name, with their count."""
    pieces = Counter()
    for word in words(name):
        padded = f" {word} "
        pieces.update(padded[start : start + 2] for start in range(len(padded) - 1))
    return pieces


def _likeness(one, other):
    """Return the share of common pieces (Dice)."""
    return 2 * sum((one & other).values()) / (sum(one.values()) + sum(other.values()))
