"""What was sealed and then changed is found, whoever changed it and however."""

import hashlib
from dataclasses import replace

import pytest
from engine import seals
from engine.seals import BEGINNING, Book, Fault, Leaf, Place, Shape
from hypothesis import given
from hypothesis import strategies as st

SHAPE = Shape(1, ("id", "points", "reason"))
WIDER = Shape(2, ("id", "points", "reason", "note"))
SHAPES = {1: SHAPE, 2: WIDER}


def row(number, points="1", reason=None):
    """Return the row at position 10 × number with id number."""
    return (
        Place(number * 10, number),
        {"id": str(number), "points": points, "reason": reason, "note": "n"},
    )


def chain(parts, shapes=None, names=None):
    """Seal parts of books, a block each, in shape 1 and one book unless said
    otherwise."""
    blocks, before, after = [], None, {}
    names = names or ["entries"] * len(parts)
    shapes = shapes or [SHAPE] * len(parts)
    for part, shape, name in zip(parts, shapes, names, strict=True):
        before = seals.seal(
            list(seals.iter_leaves(part, shape)),
            company=3,
            book=name,
            shape=shape.version,
            sealed_at=f"2026-03-{len(blocks) + 1:02} 10:00:00",
            before=before,
            after=after.get(name, BEGINNING),
        )
        after[name] = before.last
        blocks.append(before)
    return blocks


def find(blocks, rows, heads=None):
    """Find the fault of one book, or of several by name."""
    given = rows if isinstance(rows, dict) else {"entries": rows}
    books = {name: Book(one, SHAPES) for name, one in given.items()}
    return seals.find_fault(blocks, books, heads)


@st.composite
def books(draw):
    """Draw a book of some rows in blocks of one to four."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    rows = [
        row(
            number, draw(st.sampled_from("123")), draw(st.sampled_from((None, "", "x")))
        )
        for number in range(1, sum(sizes) + 1)
    ]
    parts, begin = [], 0
    for size in sizes:
        parts.append(rows[begin : begin + size])
        begin += size
    return rows, parts


class TestBytes:
    def test_a_value_is_written_with_its_length(self):
        assert (
            seals.canonical_bytes(["7", None, "", "лот"]) == "1:7,-,0:,3:лот,".encode()
        )

    @given(*[st.lists(st.none() | st.text(max_size=4), max_size=4)] * 2)
    def test_other_values_are_other_bytes(self, one, other):
        same = seals.canonical_bytes(one) == seals.canonical_bytes(other)
        assert same == (one == other)

    def test_a_digest_covers_the_columns_of_its_shape(self):
        _place, values = row(7)
        expected = hashlib.sha256(b"1:7,1:1,-,").digest()
        assert SHAPE.digest(values) == expected
        assert SHAPE.digest({**values, "note": "other"}) == expected
        assert WIDER.digest({**values, "note": "other"}) != WIDER.digest(values)

    @given(st.lists(st.tuples(st.integers(0, 2**62), st.integers(1, 2**31 - 1))))
    def test_stored_leaves_are_read_again(self, places):
        leaves = tuple(Leaf(Place(*place), bytes(range(32))) for place in places)
        assert seals.unpack(seals.pack(leaves)) == leaves
        assert [seals.read_place(str(leaf.place)) for leaf in leaves] == [
            leaf.place for leaf in leaves
        ]

    @pytest.mark.parametrize("text", ["", "7", "a-b", "1-2-x"])
    def test_another_text_is_no_place(self, text):
        assert seals.read_place(text) == seals.BEGINNING < Place(-5, 1)

    def test_another_text_is_no_hash(self):
        assert (seals.read_hash("00ff"), seals.read_hash("0g")) == (b"\0\xff", b"")


class TestRoot:
    def leaves(self, count):
        return [Leaf(Place(1, number), bytes([number]) * 32) for number in range(count)]

    def test_three_leaves_by_hand(self):
        first, second, third = (
            hashlib.sha256(b"\0" + leaf.to_bytes()).digest() for leaf in self.leaves(3)
        )
        pair = hashlib.sha256(b"\1" + first + second).digest()
        expected = hashlib.sha256(b"\1" + pair + third).digest()
        assert seals.merkle_root(self.leaves(3)) == expected

    def test_there_is_no_root_of_nothing(self):
        with pytest.raises(ValueError, match="at least one row"):
            seals.merkle_root([])

    @given(st.data(), st.integers(2, 20))
    def test_order_number_and_each_leaf_count(self, data, count):
        leaves = self.leaves(count)
        roots = {seals.merkle_root(leaves)}
        at = data.draw(st.integers(0, count - 2))
        swapped = [*leaves]
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        moved = [*leaves]
        moved[at] = replace(moved[at], place=Place(2, at))
        for others in (swapped, moved, leaves[:-1], [*leaves, leaves[-1]]):
            roots.add(seals.merkle_root(others))
        assert len(roots) == 5


class TestSealing:
    def test_the_next_block_names_the_one_before(self):
        first, second = chain([[row(1), row(2)], [row(3)]])
        assert (first.number, first.previous, first.count) == (1, bytes(32), 2)
        assert (second.number, second.previous, second.count) == (2, first.hash, 1)
        assert (str(first.first), str(first.last)) == ("10-1", "20-2")

    def test_rows_out_of_order_are_refused(self):
        with pytest.raises(ValueError, match="order of the book"):
            chain([[row(2), row(1)]])
        with pytest.raises(ValueError, match="order of the book"):
            chain([[row(1)], [row(1)]])

    @pytest.mark.parametrize(
        "change",
        [
            {"company": 4}, {"number": 2}, {"book": "others"}, {"shape": 2},
            {"previous": b"\1" * 32},
            {"first": Place(0, 0)}, {"last": Place(99, 9)}, {"count": 3},
            {"root": bytes(32)}, {"sealed_at": "2026-03-02"}, {"leaves": ()},
        ],
    )  # fmt: skip
    def test_a_block_that_says_something_else_is_not_whole(self, change):
        [block] = chain([[row(1), row(2)]])
        assert block.is_whole()
        assert not replace(block, **change).is_whole()


class TestProof:
    @given(books())
    def test_what_was_not_touched_has_no_fault(self, book):
        rows, parts = book
        blocks = chain(parts)
        heads = {block.number: block.hash for block in blocks}
        assert find(blocks, rows, heads) is None
        assert find(blocks, [*rows, row(len(rows) + 1)], heads) is None

    @given(books(), st.data())
    def test_the_first_edited_row_is_named(self, book, data):
        rows, parts = book
        numbers = data.draw(
            st.sets(st.integers(0, len(rows) - 1), min_size=1, max_size=3)
        )
        changed = [
            (place, {**values, "points": "9"}) if index in numbers else (place, values)
            for index, (place, values) in enumerate(rows)
        ]
        fault = find(chain(parts), changed)
        assert (fault.kind, fault.row.row_id) == ("edited", min(numbers) + 1)

    @given(books(), st.data())
    def test_a_deleted_row_is_named(self, book, data):
        rows, parts = book
        at = data.draw(st.integers(0, len(rows) - 1))
        fault = find(chain(parts), rows[:at] + rows[at + 1 :])
        assert (fault.kind, fault.row) == ("cut off", rows[at][0])

    @given(books(), st.data())
    def test_an_added_row_is_named(self, book, data):
        rows, parts = book
        at = data.draw(st.integers(0, len(rows) - 1))
        place = Place(rows[at][0].position, 0)  # before the row, in its transaction
        forged = (place, {**rows[at][1], "id": "0"})
        fault = find(chain(parts), [*rows[:at], forged, *rows[at:]])
        assert (fault.kind, fault.row) == ("added", place)

    @given(books(), st.data())
    def test_two_rows_that_changed_places_are_found(self, book, data):
        rows, parts = book
        at = data.draw(st.integers(0, len(rows) - 2))
        swapped = [*rows]
        swapped[at] = rows[at][0], rows[at + 1][1]
        swapped[at + 1] = rows[at + 1][0], rows[at][1]
        fault = find(chain(parts), swapped)
        assert (fault.kind, fault.row.row_id) == ("edited", at + 1)

    @given(books(), st.data())
    def test_a_cut_tail_of_rows_is_found(self, book, data):
        rows, parts = book
        left = data.draw(st.integers(0, len(rows) - 1))
        fault = find(chain(parts), rows[:left])
        assert (fault.kind, fault.row) == ("cut off", rows[left][0])

    @given(books(), st.data())
    def test_a_block_sealed_again_does_not_fit_the_next(self, book, data):
        """The row is edited, its block made anew: all blocks after it are too old."""
        rows, parts = book
        at = data.draw(st.integers(0, len(parts) - 2))
        place, values = parts[at][0]
        changed = (place, {**values, "points": "9"})
        anew = chain([*parts[:at], [changed, *parts[at][1:]]])
        rows = [changed if one[0] == place else one for one in rows]
        fault = find([*anew, *chain(parts)[at + 1 :]], rows)
        assert (fault.kind, fault.block) == ("re-hashed", at + 1)

    @given(books(), st.data())
    def test_a_chain_sealed_again_is_not_what_others_were_told(self, book, data):
        rows, parts = book
        told = {block.number: block.hash for block in chain(parts)}
        at = data.draw(st.integers(0, len(parts) - 1))
        place, values = parts[at][0]
        changed = (place, {**values, "points": "9"})
        anew = chain([*parts[:at], [changed, *parts[at][1:]], *parts[at + 1 :]])
        rows = [changed if one[0] == place else one for one in rows]
        assert find(anew, rows) is None, "the control: nobody was told anything"
        fault = find(anew, rows, told)
        assert (fault.kind, fault.block) == ("re-hashed", at + 1)
        assert (fault.sealed, fault.found) == (told[at + 1], anew[at].hash)

    def test_a_chain_cut_off_with_its_rows(self):
        rows = [row(1), row(2), row(3)]
        first, second = chain([rows[:1], rows[1:]])
        assert find([first], rows[:1]) is None, "the control: nobody was told anything"
        expected = Fault("cut off", 2, sealed=second.hash)
        assert find([first], rows[:1], {1: first.hash, 2: second.hash}) == expected
        assert find([], [], {2: second.hash}).kind == "cut off"

    def test_a_missing_and_a_doubled_block(self):
        rows = [row(1), row(2), row(3)]
        first, second, third = chain([[one] for one in rows])
        assert find([first, third], rows) == Fault("cut off", 2, found=third.hash)
        assert find([first, first, second, third], rows).kind == "added"

    def test_leaves_changed_with_the_row(self):
        rows = [row(1), row(2)]
        [block] = chain([rows])
        changed = [row(1, points="9"), row(2)]
        forged = replace(block, leaves=tuple(seals.iter_leaves(changed, SHAPE)))
        fault = find([forged], changed)
        assert (fault.kind, fault.block, fault.row) == ("edited", 1, None)

    def test_a_block_of_a_book_that_there_is_not(self):
        rows = [row(1), row(2)]
        [block] = chain([rows])
        assert find([block], {"others": rows}) == Fault(
            "edited", 1, sealed=block.hash, found=block.hash
        )

    @given(books(), st.data())
    def test_each_of_two_books_is_proved_by_one_chain(self, book, data):
        """Rows of the same places stand in both; blocks come in any order."""
        rows, parts = book
        names = data.draw(st.permutations(["one"] * len(parts) + ["two"] * len(parts)))
        waiting = {"one": iter(parts), "two": iter(parts)}
        blocks = chain(
            [next(waiting[name]) for name in names], [SHAPE] * len(names), names
        )
        assert find(blocks, {"one": rows, "two": rows}) is None
        at = data.draw(st.integers(0, len(rows) - 1))
        place, values = rows[at]
        edited = [*rows]
        edited[at] = place, {**values, "points": "9"}
        for other, own in (("one", "two"), ("two", "one")):
            fault = find(blocks, {other: rows, own: edited})
            assert (fault.kind, fault.book, fault.row) == ("edited", own, place)
            fault = find(blocks, {other: rows, own: rows[:at]})
            assert (fault.kind, fault.book, fault.row) == ("cut off", own, place)

    def test_the_end_of_a_book_is_missed_by_what_was_sealed_later_in_another(self):
        rows = [row(1), row(2)]
        first, second, third = chain(
            [rows[:1], rows[1:], rows[:1]], None, ["one", "one", "two"]
        )
        left = {"one": rows[:1], "two": rows[:1]}
        assert find([first, third], left) == Fault("cut off", 2, found=third.hash)
        anew = chain([rows[:1], rows[:1]], None, ["one", "two"])
        assert find(anew, left) is None, "the control: nobody was told anything"
        assert find(anew, left, {3: third.hash}).kind == "cut off"

    def test_each_block_keeps_its_shape(self):
        rows = [row(1), row(2)]
        blocks = chain([rows[:1], rows[1:]], [SHAPE, WIDER])
        assert find(blocks, rows) is None
        noted = [(place, {**values, "note": "other"}) for place, values in rows]
        fault = find(blocks, noted)  # shape 1 has no notes, so the first is the second
        assert (fault.kind, fault.row.row_id) == ("edited", 2)
        assert find([replace(blocks[0], shape=8)], rows).kind == "edited"
