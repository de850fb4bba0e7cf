"""A book with seals, and the means of its database's owner."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import SQL

from ...engine import seals as engine
from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ..common import LoyaltyCommon


class SealsCommon(LoyaltyCommon):
    """30 and 5 points earned, 10 spent, 7 earned: four entries, two to a block."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what a running transaction booked is not final: here it has to be
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)
        cls.seals = cls.env["b2b2c.seal"]
        while cls.seals._seal(cls.company):
            pass  # what other tests of this database may have left
        cls.before = cls.seals.search_count([("company_id", "=", cls.company.id)])
        account = cls.member._get_account(cls.unit)
        cls.first = account._earn(30, source_key="fact/1")
        cls.second = account._earn(5, source_key="fact/2")
        cls.spent = account._redeem(10, source_key="redeem/1")
        cls.fourth = account._earn(7, source_key="fact/3")
        cls.sealed = [cls.seals._seal(cls.company, limit=2) for _time in range(3)]

    def _numbers(self):
        """Return the blocks of this test: the first and the second."""
        return self.before + 1, self.before + 2

    def _block(self, number):
        return self.seals.search(
            [("company_id", "=", self.company.id), ("number", "=", number)]
        )

    @classmethod
    def _append_only_tables(cls):
        """Return the tables whose rows never change, as the database says."""
        rows = cls.env.execute_query(
            SQL(
                """
                SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                 WHERE t.tgfoid = 'b2b2c_append_only'::regproc AND NOT t.tgisinternal
              GROUP BY 1 ORDER BY 1
                """
            )
        )
        return [table for (table,) in rows]

    @contextmanager
    def _without_triggers(self):
        """Let rows be changed, as the owner of the database can."""
        for action in ("DISABLE", "ENABLE"):
            for table in self._append_only_tables():
                self.env.cr.execute(
                    SQL("ALTER TABLE %s %s TRIGGER USER", SQL.identifier(table),
                        SQL(action))
                )  # fmt: skip
            if action == "DISABLE":
                yield
        self.env.invalidate_all()

    def _tamper(self, *queries):
        """Execute statements with the triggers off."""
        with self._without_triggers():
            for query in queries:
                self.env.cr.execute(query)

    def _problems(self):
        """Return what the proof of history says: (check, model, id)."""
        return [
            (problem.check, problem.model, problem.record_id)
            for problem in self.env["b2b2c.account"]._verify_seals()
        ]

    def _fault(self, number, kind, record):
        """Return how a fault is worded: of a row, or of a block with its rows."""
        name = f"seal {number} of company {self.company.id}"
        if record._name == "b2b2c.seal" and record:
            places = f"{record.first_place} to {record.last_place}"
            name += f" ({record.book} {places})"
        return (f"{name}: {kind}", record._name, record.id)

    def assertFound(self, number, kind, record):
        self.assertEqual(self._problems(), [self._fault(number, kind, record)])

    # === SEALING AGAIN === #

    def _forge_block(self, number, *, previous=None):
        """Seal the rows of a block again as they are now.

        :param previous: the hash before, as it is by default
        :return: the new hash
        """
        [block] = self.seals._read_blocks(self.company.id, after=number - 1)
        book = self.env[block.book]
        rows = [
            row
            for row in book._iter_sealed_rows(self.company.id)
            if not (row[0] < block.first or block.last < row[0])
        ]
        leaves = [*engine.iter_leaves(rows, book._get_shape())]
        previous = previous or block.previous
        root = engine.merkle_root(leaves)
        said = (
            block.company, number, block.book, block.shape, previous.hex(),
            leaves[0].place, leaves[-1].place, len(leaves), root.hex(), block.sealed_at,
        )  # fmt: skip
        forged = engine.hash_block(said)
        self._tamper(
            SQL(
                "UPDATE b2b2c_seal SET previous_hash = %s, root = %s, block_hash = %s,"
                " row_count = %s, leaves = %s WHERE company_id = %s AND number = %s",
                previous.hex(),
                root.hex(),
                forged.hex(),
                len(leaves),
                engine.pack(leaves),
                self.company.id,
                number,
            )
        )
        return forged

    def _forge_chain(self, number, state=None):
        """Seal a block and all after it again, as the owner of the database can.

        :param state: function(number, hash) called after each block
        """
        previous = None
        last = self.seals.search([("company_id", "=", self.company.id)], limit=1).number
        for one in range(number, last + 1):
            previous = self._forge_block(one, previous=previous)
            if state:
                state(one, previous.hex())
