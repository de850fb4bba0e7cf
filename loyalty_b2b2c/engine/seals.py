"""Proof that history is what it was: rows in blocks, each block naming the one before.

A row is a line of a book that never changes.  Its digest covers every stored value of
it; the root of a block covers the digests of its rows, their order and their places;
the hash of a block covers its root and the hash of the block before.  So whoever
changes one row has to make every later block anew, and then the last hash, which was
told to others, is another one.

A company has several books and one chain of blocks: each block has rows of one book.
One hash stands for all of them, and a book whose end is cut off is missed by whatever
was sealed later in another.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

#: What the first block of a company names as the hash of the one before.
NOTHING_BEFORE = bytes(32)

_WORD = "b2b2c seal 1"  # what is hashed is a block of ours, and of no other format
_LEAF = struct.Struct(">qq32s")

#: What can be wrong, in the words of :class:`Fault`.
EDITED, ADDED, CUT_OFF, REHASHED = "edited", "added", "cut off", "re-hashed"


def canonical_bytes(values: Iterable[str | None]) -> bytes:
    """Return values in the one form that is hashed.

    Each is written with its length, so that no two lists have the same bytes; ``None``
    is another value than the empty text.
    """
    return "".join(
        "-," if value is None else f"{len(value)}:{value}," for value in values
    ).encode()


@dataclass(frozen=True, slots=True)
class Shape:
    """Which values of a row are hashed, and in which order.

    A shape never changes once a block has it: a new column is a new shape, and older
    blocks keep theirs.

    :param version: the number that blocks store
    :param columns: names of the values, at least two
    """

    version: int
    columns: tuple[str, ...]
    _pick: itemgetter = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "_pick", itemgetter(*self.columns))

    def digest(self, values: Mapping[str, str | None]) -> bytes:
        """Return the digest of a row, 32 bytes.

        :param values: the row's values as texts, by name; others are left out
        """
        return hashlib.sha256(canonical_bytes(self._pick(values))).digest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the order of a book; places are compared in that order.

    :param position: the number of the transaction that wrote it
    :param row_id: its id
    """

    position: int
    row_id: int

    def __str__(self):
        return f"{self.position}-{self.row_id}"

    def __lt__(self, other):
        return (self.position, self.row_id) < (other.position, other.row_id)


#: Before every row, also before one that somebody put in front of all others.
BEGINNING = Place(-(2**63), 0)


def read_place(text: str) -> Place:
    """Return the place that ``str`` wrote; of another text :data:`BEGINNING`, which is
    no row's."""
    try:
        return Place(*map(int, text.rsplit("-", 1)))
    except (TypeError, ValueError):
        return BEGINNING


def read_hash(text: str) -> bytes:
    """Return the hash of a hexadecimal text; of another text none, which fits
    nothing."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row as a block remembers it: its place and its digest."""

    place: Place
    digest: bytes

    def to_bytes(self) -> bytes:
        """Return the 48 bytes that are stored and hashed."""
        return _LEAF.pack(self.place.position, self.place.row_id, self.digest)


def pack(leaves: Iterable[Leaf]) -> bytes:
    """Return leaves as they are stored, 48 bytes each."""
    return b"".join(leaf.to_bytes() for leaf in leaves)


def unpack(stored: bytes) -> tuple[Leaf, ...]:
    """Return the leaves that :func:`pack` stored; an incomplete last one is lost."""
    whole = len(stored) - len(stored) % _LEAF.size
    return tuple(
        Leaf(Place(position, row_id), digest)
        for position, row_id, digest in _LEAF.iter_unpack(stored[:whole])
    )


def merkle_root(leaves: Sequence[Leaf]) -> bytes:
    """Return the root over leaves, as RFC 6962 (certificate transparency) makes it.

    :raise ValueError: there are none
    """
    if not leaves:
        raise ValueError("A block has at least one row.")
    row = [hashlib.sha256(b"\0" + leaf.to_bytes()).digest() for leaf in leaves]
    while len(row) > 1:
        above = [
            hashlib.sha256(b"\1" + row[index] + row[index + 1]).digest()
            for index in range(0, len(row) - 1, 2)
        ]
        row = above + row[len(above) * 2 :]  # the odd one goes up as it is
    return row[0]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows sealed together.

    :param company: id of the company whose books they are; each has its own chain
    :param number: 1, 2, 3 …
    :param book: name of the book that its rows stand in
    :param shape: version of the shape of its rows
    :param previous: hash of the block before, :data:`NOTHING_BEFORE` in the first
    :param first, last: places of its first and last row
    :param count: how many rows it has
    :param root: see :func:`merkle_root`
    :param sealed_at: when it was made, a text
    :param hash: see :meth:`get_hash`
    :param leaves: its rows, in the order of the book
    """

    company: int
    number: int
    book: str
    shape: int
    previous: bytes
    first: Place
    last: Place
    count: int
    root: bytes
    sealed_at: str
    hash: bytes
    leaves: tuple[Leaf, ...]

    def get_hash(self) -> bytes:
        """Return the hash over everything the block says."""
        return hash_block(
            (self.company, self.number, self.book, self.shape, self.previous.hex(),
             self.first, self.last, self.count, self.root.hex(), self.sealed_at)
        )  # fmt: skip

    def is_whole(self) -> bool:
        """Tell whether the block's leaves and its hash are those it says it has."""
        return bool(
            self.leaves
            and len(self.leaves) == self.count
            and (self.leaves[0].place, self.leaves[-1].place) == (self.first, self.last)
            and merkle_root(self.leaves) == self.root
            and self.get_hash() == self.hash
        )


def hash_block(values: Iterable) -> bytes:
    """Return the hash of a block that says these values."""
    return hashlib.sha256(canonical_bytes(map(str, (_WORD, *values)))).digest()


def seal(
    leaves: Sequence[Leaf],
    *,
    company: int,
    book: str,
    shape: int,
    sealed_at: str,
    before: Block | None,
    after: Place = BEGINNING,
) -> Block:
    """Return the next block of a company.

    :param leaves: its rows, in the order of the book
    :param before: the last block of the company, ``None`` for the first
    :param after: place of the last row of the book that has a seal
    :raise ValueError: no rows, or rows out of order
    """
    places = [after, *(leaf.place for leaf in leaves)]
    if any(not one < other for one, other in zip(places, places[1:], strict=False)):
        raise ValueError("Rows are sealed in the order of the book.")
    number = before.number + 1 if before else 1
    previous = before.hash if before else NOTHING_BEFORE
    root = merkle_root(leaves)
    first, last = leaves[0].place, leaves[-1].place
    said = (company, number, book, shape, previous.hex(), first, last, len(leaves),
            root.hex(), sealed_at)  # fmt: skip
    return Block(
        company, number, book, shape, previous, first, last, len(leaves), root,
        sealed_at, hash_block(said), tuple(leaves),
    )  # fmt: skip


# === THE PROOF === #


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not what it was.

    :param kind: :data:`EDITED`, :data:`ADDED`, :data:`CUT_OFF` or :data:`REHASHED`
    :param block: number of the block; 0 when it is not known which one
    :param book: name of the row's book, empty when a block is meant
    :param row: place of the row, ``None`` when a block is meant
    :param sealed, found: digests or hashes as they were and as they are; empty: nothing
    """

    kind: str
    block: int
    book: str = ""
    row: Place | None = None
    sealed: bytes = b""
    found: bytes = b""


@dataclass(slots=True)
class Book:
    """A book that is read once, from its beginning, with one of its rows looked at.

    :param rows: ``(place, values)`` of its rows, in their order
    :param shapes: the shapes that its rows had, by version
    """

    rows: Iterable[tuple[Place, Mapping[str, str | None]]]
    shapes: Mapping[int, Shape]
    place: Place | None = field(init=False, default=None)
    values: Mapping[str, str | None] | None = field(init=False, default=None)

    def __post_init__(self):
        self.rows = iter(self.rows)
        self.forward()

    def forward(self):
        """Look at the next row; at none behind the last."""
        self.place, self.values = next(self.rows, (None, None))


def find_fault(
    blocks: Iterable[Block],
    books: Mapping[str, Book],
    heads: Mapping[int, bytes] | None = None,
) -> Fault | None:
    """Compare books with their blocks, and those with what others were told.

    All are read once, in their order, a row at a time: they may be of any length.

    :param blocks: all blocks of a company
    :param books: its books by name; rows after their last block are not looked at
    :param heads: number of a block -> its hash, as it was told to others
    :return: the first fault, ``None`` when history is what it was
    """
    heads = heads or {}
    number, previous = 0, NOTHING_BEFORE
    for block in blocks:
        number += 1
        fault = (
            _find_broken_link(block, number, previous, books)
            or _find_wrong_row(block, books[block.book])
            or _find_other_head(block, heads)
        )
        if fault:
            return fault
        previous = block.hash
    later = sorted(told for told in heads if told > number)
    if later:
        return Fault(CUT_OFF, number + 1, sealed=heads[later[0]])
    return None


def _find_broken_link(block, number, previous, books) -> Fault | None:
    """Say whether a block is itself, and follows the one before."""
    if block.number != number:
        # numbers rise, so those between are gone; a lower one was put in
        gone = block.number > number
        return Fault(CUT_OFF if gone else ADDED, number, found=block.hash)
    book = books.get(block.book)
    if book is None or block.shape not in book.shapes or not block.is_whole():
        return Fault(EDITED, number, sealed=block.hash, found=block.get_hash())
    if block.previous != previous:
        # this one names another block than the one that stands before it
        return Fault(
            REHASHED, max(number - 1, 1), sealed=block.previous, found=previous
        )
    return None


def _find_wrong_row(block, book) -> Fault | None:
    """Compare the rows of a block with the book's, which ends up behind them."""
    shape = book.shapes[block.shape]
    for leaf in block.leaves:
        if book.place != leaf.place:
            if book.place is not None and book.place < leaf.place:
                found = shape.digest(book.values)
                return Fault(ADDED, block.number, block.book, book.place, found=found)
            return Fault(
                CUT_OFF, block.number, block.book, leaf.place, sealed=leaf.digest
            )
        found = shape.digest(book.values)
        if found != leaf.digest:
            return Fault(
                EDITED, block.number, block.book, leaf.place, leaf.digest, found
            )
        book.forward()
    return None


def _find_other_head(block, heads) -> Fault | None:
    """Compare the hash of a block with what others were told about it."""
    told = heads.get(block.number, block.hash)
    if told == block.hash:
        return None
    return Fault(REHASHED, block.number, sealed=told, found=block.hash)


def iter_leaves(
    rows: Iterable[tuple[Place, Mapping[str, str | None]]], shape: Shape
) -> Iterator[Leaf]:
    """Yield the leaf of each row."""
    for place, values in rows:
        yield Leaf(place, shape.digest(values))
