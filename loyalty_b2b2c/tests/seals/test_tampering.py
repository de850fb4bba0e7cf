"""Eight attacks on each book, by whoever owns the database: each of them is found.

Each book gets rows of its own, two to a block, and statements about its blocks are
signed.  An attack says what it expects of the proof; the controls say that what is
found is found by what guards against it, and nothing is without an attack.
"""

import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL, config

from ...engine import seals as engine
from ...models.seals import signing
from .seals_common import SealsCommon
from .test_seal_heads import pem

#: What an attacker edits of a book, and to what.
EDITS = {
    "b2b2c.ledger.entry": ("points", "points * 10"),
    "b2b2c.volume.entry": ("value", "value * 10"),
    "b2b2c.challenge.score": ("delta", "delta * 10"),
    "b2b2c.ladder.change": ("volume", "volume + 1000000"),
    "b2b2c.seal.head": ("stated_at", "stated_at - interval '1 year'"),
}
#: What two rows of a book exchange; it is another value in each row of the tests.
SWAPS = {
    "b2b2c.ledger.entry": "points",
    "b2b2c.volume.entry": "value",
    "b2b2c.challenge.score": "delta",
    "b2b2c.ladder.change": "volume",
    "b2b2c.seal.head": "statement",
}
#: What the copies of a row need to be others.
COPIES = {
    "b2b2c.ledger.entry": {"source_key": "source_key || '/%s'", "points": "0"},
    "b2b2c.volume.entry": {"source_key": "source_key || '/%s'", "value": "%s"},
    "b2b2c.challenge.score": {"source_key": "source_key || '/%s'", "delta": "%s"},
    "b2b2c.ladder.change": {"volume": "%s"},
    "b2b2c.seal.head": {"number": "number + 1000 + %s", "signature": "NULL"},
}


class TamperingCommon(SealsCommon):
    """Four rows of each book in two blocks, then a statement about all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        path = Path(folder.name) / "seal.pem"
        cls.key = Ed25519PrivateKey.generate()
        path.write_bytes(pem(cls.key))
        cls.startClassPatcher(
            patch.dict(config.options.maps[0], {signing.OPTION: str(path)})
        )
        cls.heads = cls.env["b2b2c.seal.head"]
        challenge = cls._create_challenge()
        cls._create_dealer_rows()
        cls._copy_score(challenge)
        for number in range(4):
            cls.member._get_account(cls.unit)._earn(1, source_key=f"head/{number}")
            cls.seals._seal(cls.company)
            cls.heads._state(cls.company)
        while cls.seals._seal(cls.company, limit=2):
            pass
        cls.env.invalidate_all()
        cls.heads._state(cls.company)
        cls.books = cls.env["b2b2c.sealed"]._get_books()

    @classmethod
    def _create_dealer_rows(cls):
        """Let a dealer buy, and copy the rows that come of it."""
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        ladder = cls.env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "timezone": "UTC",
                "document_kind_ids": [Command.set(cls._get_document_kinds().ids)],
            }
        )
        ladder.action_start()
        cls.dealer = cls.env["b2b2c.ladder.standing"].create(
            {"ladder_id": ladder.id, "partner_id": cls.client.id}
        )
        cls._create_order(10)
        cls.env["b2b2c.event"]._process_now()
        cls.env.flush_all()
        for name in ("b2b2c.volume.entry", "b2b2c.ladder.change"):
            row = cls.env[name].search([("standing_id", "=", cls.dealer.id)], limit=1)
            for number in range(1, 5):
                cls._copy(row, number)

    @classmethod
    def _create_challenge(cls):
        """Let people compete with what they order."""
        program = cls._create_program({"kind": "fixed", "value": 1, "amount_min": 1e9})
        challenge = cls.env["b2b2c.challenge"].create(
            {
                "name": "Contest",
                "kind": "contest",
                "program_id": program.id,
                "moment": "confirmed",
                "first_day": "2020-01-01",
                "last_day": "2100-01-01",
                "prize_ids": [Command.create({"place_from": 1, "points": 1})],
            }
        )
        challenge.action_start()
        return challenge

    @classmethod
    def _copy_score(cls, challenge):
        """Copy the row that the dealer's order brought."""
        scores = cls.env["b2b2c.challenge.score"]
        [row] = scores.search([("challenge_id", "=", challenge.id)])
        for number in range(1, 5):
            cls._copy(row, number)

    @classmethod
    def _copy(cls, row, number):
        """Insert a row like another one; its id."""
        changes = {
            name: value % number if "%s" in value else value
            for name, value in COPIES[row._name].items()
        }
        columns = [
            name
            for name in row._get_shape().columns
            if name not in ("id", "feed_position", "lots", "allocations")
        ]
        [(copied,)] = cls.env.execute_query(
            SQL(
                "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(table)s"
                " WHERE id = %(row)s RETURNING id",
                table=SQL.identifier(row._table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(
                    SQL(changes[name]) if name in changes else SQL.identifier(name)
                    for name in columns
                ),
                row=row.id,
            )
        )
        return copied

    def _get_blocks(self, book):
        """Return the last two blocks of a book that have two rows each."""
        blocks = [
            block
            for block in self.seals._iter_blocks(self.company.id)
            if block.book == book._name and block.count == 2
        ]
        self.assertGreaterEqual(len(blocks), 2, f"{book._name} needs four rows")
        return blocks[-2:]

    def _chain_problems(self):
        """Return what the proof says about blocks and rows."""
        return [problem for problem in self._problems() if problem[0] != "statement"]

    def _update(self, book, row_id, column, value):
        return SQL(
            "UPDATE %s SET %s = %s WHERE id = %s",
            SQL.identifier(book._table),
            SQL.identifier(column),
            value,
            row_id,
        )

    def _edit(self, book, row_id):
        column, value = EDITS[book._name]
        self._tamper(self._update(book, row_id, column, SQL(value)))

    def _delete(self, book, *row_ids):
        """Delete rows, with those of other tables that refer to them."""
        queries = []
        if book._name == "b2b2c.ledger.entry":
            queries = [
                SQL("DELETE FROM %s WHERE entry_id = ANY(%s)", SQL.identifier(table),
                    list(row_ids))
                for table in (
                    "b2b2c_account_delta", "b2b2c_ledger_allocation",
                    "b2b2c_ledger_lot",
                )
            ]  # fmt: skip
        self._tamper(
            *queries,
            SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(book._table),
                list(row_ids)),
        )  # fmt: skip

    def _state_with(self, key):
        """Return a function that lets the statements about a block tell its new hash.

        :param key: signs them, ``None``: they lose their signature
        """

        def state(number, block_hash):
            for head in self.heads.search(
                [("company_id", "=", self.company.id), ("number", "=", number)]
            ):
                told = {**json.loads(head.statement), "hash": block_hash}
                text, signature, public = json.dumps(told, sort_keys=True), None, None
                if key:
                    signature = key.sign(text.encode()).hex()
                    public = key.public_key()
                    public = public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
                self._tamper(
                    SQL(
                        "UPDATE b2b2c_seal_head SET block_hash = %s, statement = %s,"
                        " signature = %s, public_key = %s WHERE id = %s",
                        block_hash,
                        text,
                        signature,
                        public,
                        head.id,
                    )
                )

        return state


@tagged("post_install", "-at_install")
class TestTamperingMatrix(TamperingCommon):
    """Every attack on every book."""

    def _try(self, attack):
        """Make an attack on each book.

        :param attack: function(book, first block, second block) that attacks and
            returns the faults that the proof has to name: (block, kind, record)
        """
        self.assertEqual(self._problems(), [], "the control: nothing was touched")
        for book in self.books:
            with self.subTest(book=book._name), self.env.cr.savepoint() as savepoint:
                first, second = self._get_blocks(book)
                fault = self._fault(*attack(book, first, second))
                self.assertEqual(self._chain_problems(), [fault])
                savepoint.rollback()
            self.env.invalidate_all()

    def _row(self, book, block, index):
        return book.browse(block.leaves[index].place.row_id)

    def test_edit(self):
        def attack(book, first, _second):
            row = self._row(book, first, 1)
            self._edit(book, row.id)
            return first.number, "edited", row

        self._try(attack)

    def test_edit_with_the_digest_of_the_row(self):
        """The block does not have that root then; whose row it is, it cannot say."""

        def attack(book, first, _second):
            place = first.leaves[1].place
            self._edit(book, place.row_id)
            [values] = [
                row
                for at, row in book._iter_sealed_rows(self.company.id)
                if at == place
            ]
            digest = book._get_shape().digest(values)
            leaves = engine.pack([first.leaves[0], engine.Leaf(place, digest)])
            block = self._block(first.number)
            self._tamper(self._update(block, block.id, "leaves", leaves))
            return first.number, "edited", block

        self._try(attack)

    def test_delete_one(self):
        def attack(book, first, _second):
            row = self._row(book, first, 1)
            self._delete(book, row.id)
            return first.number, "cut off", row

        self._try(attack)

    def test_delete_the_tail(self):
        def attack(book, _first, second):
            rows = [
                leaf.place.row_id
                for block in self.seals._iter_blocks(self.company.id)
                for leaf in block.leaves
                if block.book == book._name and block.number >= second.number
            ]
            self._delete(book, *rows)
            return second.number, "cut off", book.browse(rows[0])

        self._try(attack)

    def test_delete_the_tail_with_its_blocks(self):
        def attack(book, _first, second):
            blocks = self.seals.search(
                [
                    ("company_id", "=", self.company.id),
                    ("book", "=", book._name),
                    ("number", ">=", second.number),
                ]
            )
            rows = [
                leaf.place.row_id
                for block in self.seals._iter_blocks(self.company.id)
                for leaf in block.leaves
                if block.number in blocks.mapped("number")
            ]
            self._delete(book, *rows)
            self._delete(blocks, *blocks.ids)
            return second.number, "cut off", self.seals.browse(0)

        self._try(attack)

    def test_insert(self):
        def attack(book, first, second):
            row = self._row(book, first, 1)
            forged = self._copy(row, 777)
            position = second.first.position
            # before the row, in its transaction: its own id has to be lower
            forged_id = -forged
            self._tamper(
                self._update(book, forged, "feed_position", position),
                self._update(book, forged, "id", forged_id),
            )
            block = next(
                one.number
                for one in self.seals._iter_blocks(self.company.id)
                if one.book == book._name
                and not one.last < engine.Place(position, forged_id)
            )
            return block, "added", book.browse(forged_id)

        self._try(attack)

    def test_swap(self):
        def attack(book, first, second):
            one, other = self._row(book, first, 1), self._row(book, second, 0)
            self._tamper(
                SQL(
                    "UPDATE %(table)s a SET %(column)s = b.%(column)s FROM %(table)s b"
                    " WHERE (a.id, b.id) IN"
                    " ((%(one)s, %(other)s), (%(other)s, %(one)s))",
                    table=SQL.identifier(book._table),
                    column=SQL.identifier(SWAPS[book._name]),
                    one=one.id,
                    other=other.id,
                )
            )
            return first.number, "edited", one

        self._try(attack)

    def test_one_block_sealed_again(self):
        def attack(book, first, _second):
            self._edit(book, first.leaves[1].place.row_id)
            self._forge_block(first.number)
            return first.number, "re-hashed", self._block(first.number)

        self._try(attack)

    def test_all_blocks_sealed_again(self):
        """The first statement about one of them tells another hash."""

        def attack(book, first, _second):
            self._edit(book, first.leaves[1].place.row_id)
            self._forge_chain(first.number)
            told = min(
                head.number
                for head in self.heads.search([("company_id", "=", self.company.id)])
                if head.number >= first.number
            )
            return told, "re-hashed", self._block(told)

        self._try(attack)


@tagged("post_install", "-at_install")
class TestTamperingStatements(TamperingCommon):
    """All blocks are made anew, and all statements with them."""

    def _forge_all(self, key):
        """Edit a row of each book, and seal and state all again; statements that tell
        another hash now."""
        kept = {head: head.block_hash for head in self.heads.search([])}
        blocks = [self._get_blocks(book)[0] for book in self.books]
        for book, block in zip(self.books, blocks, strict=True):
            if book._name != self.heads._name:
                self._edit(book, block.leaves[1].place.row_id)
        self._forge_chain(min(b.number for b in blocks), state=self._state_with(key))
        self.env.invalidate_all()
        return [head for head in kept if head.block_hash != kept[head]]

    def test_signed_with_another_key(self):
        changed = self._forge_all(Ed25519PrivateKey.generate())
        self.assertGreaterEqual(len(changed), 1)
        self.assertEqual(
            {*self._problems()},
            {("statement", head._name, head.id) for head in changed},
        )

    def test_signatures_that_are_taken_away(self):
        changed = self._forge_all(None)
        last = max(changed, key=lambda head: head.number)
        self.assertEqual(self._problems(), [("statement", last._name, last.id)])

    def test_control_who_has_the_key_is_believed(self):
        """What nobody without the key can do, so the key is what guards."""
        self.assertTrue(self._forge_all(self.key))
        self.assertEqual(self._problems(), [])


@tagged("post_install", "-at_install")
class TestTamperingThatFits(TamperingCommon):
    """Edits that leave no sum wrong: only the seals know."""

    def test_volume_with_its_day(self):
        row = self.env["b2b2c.volume.entry"].search(
            [("standing_id", "=", self.dealer.id)], order="id", limit=1
        )
        row_volume = row.value
        self._tamper(
            SQL("UPDATE b2b2c_volume_entry SET value = value * 10 WHERE id = %s",
                row.id),
            SQL(
                "UPDATE b2b2c_volume_day SET value = value + %s * 9"
                " WHERE standing_id = %s AND day = %s",
                row_volume,
                row.standing_id.id,
                row.day,
            ),
        )  # fmt: skip
        [problem] = self._problems()
        self.assertEqual(problem[1:], (row._name, row.id))
        self.assertTrue(problem[0].endswith(": edited"), problem)

    def test_an_allocation_and_what_remains_of_lots(self):
        """Each way to write an allocation, named by the entry it belongs to."""
        entries = self.env["b2b2c.ledger.entry"]
        debits = [
            self._account()._redeem(points, source_key=f"spent/{points}")
            for points in (1, 2)
        ]
        while self.seals._seal(self.company, limit=2):
            pass
        self.assertEqual(self._problems(), [])
        one, other = (entry.id for entry in debits)
        copy = SQL(
            "INSERT INTO b2b2c_ledger_allocation (entry_id, origin_id, lot_id, points)"
            " SELECT %s, origin_id, lot_id, points FROM b2b2c_ledger_allocation"
            " WHERE entry_id = %s",
            one,
            other,
        )
        for name, query, wrong in (
            ("edit", "UPDATE %s SET points = points * 10 WHERE entry_id = %s", one),
            ("delete", "DELETE FROM %s WHERE entry_id = %s", other),
            ("insert", copy, one),
            ("move", "UPDATE %s SET entry_id = %s WHERE entry_id = %s", one),
            (
                "swap",
                "UPDATE %s SET points = 3 - points WHERE entry_id IN (%s, %s)",
                one,
            ),
        ):
            with self.subTest(attack=name), self.env.cr.savepoint() as savepoint:
                if isinstance(query, str):
                    ids = [wrong, other] if query.count("%s") == 3 else [wrong]
                    table = SQL.identifier("b2b2c_ledger_allocation")
                    query = SQL(query, table, *ids)
                self._tamper(query)
                [problem] = self._problems()
                self.assertEqual(problem[1:], (entries._name, wrong))
                savepoint.rollback()
