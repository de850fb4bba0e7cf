"""Entries are sealed in the order of the feed; whoever changes one later is found."""

from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...exceptions import LedgerIsAppendOnly
from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ...models.ledger import ledger_audit
from ...models.seals import b2b2c_seal
from .seals_common import SealsCommon


@tagged("post_install", "-at_install")
class TestSeals(SealsCommon):
    """What is in a block."""

    def test_two_entries_to_a_block_and_nothing_twice(self):
        self.assertEqual(self.sealed, [2, 2, 0])
        first, second = map(self._block, self._numbers())
        self.assertEqual((first.row_count, second.row_count), (2, 2))
        self.assertEqual(second.previous_hash, first.block_hash)
        places = [
            block[name].rsplit("-", 1)[1]
            for block in (first, second)
            for name in ("first_place", "last_place")
        ]
        booked = self.first | self.second | self.spent | self.fourth
        self.assertEqual(places, [str(entry.id) for entry in booked.sorted("id")])

    def test_what_nobody_touched_is_right(self):
        self.assertEqual(self._problems(), [])
        self.assertEqual(self.env["b2b2c.account"]._get_seal_tail().count, 0)

    def test_the_tail_is_counted(self):
        account = self._account()
        entry = account._earn(1, source_key="fact/4")
        account._earn(1, source_key="fact/5")
        tail = self.env["b2b2c.account"]._get_seal_tail()
        self.assertEqual((tail.count, tail.since), (2, entry.recorded_at))
        message = self.env["b2b2c.account"].action_verify_all()["params"]["message"]
        self.assertIn("All balances equal their entries. 2 rows are not", message)
        self.assertEqual(self.seals._seal(self.company), 2)
        message = self.env["b2b2c.account"].action_verify_all()["params"]["message"]
        self.assertIn("Every row is sealed.", message)

    def test_what_may_still_get_an_earlier_neighbour_waits(self):
        entry = self._account()._earn(1, source_key="fact/4")
        [(position,)] = self.env.execute_query(
            SQL("SELECT feed_position FROM b2b2c_ledger_entry WHERE id = %s", entry.id)
        )
        for horizon, sealed in ((position, 0), (position + 1, 1)):
            with patch.object(
                B2b2cLedgerEntryFeed, "_get_horizon", lambda self, at=horizon: at
            ):
                self.assertEqual(self.seals._seal(self.company), sealed)

    def test_a_restored_database_goes_on_behind_every_book(self):
        """Another cluster numbers transactions anew; a book without entries since has
        the highest position."""
        entries = self.env["b2b2c.ledger.entry"]
        entries._set_feed_offset(10**12)
        self.env["b2b2c.seal.head"]._state(self.company)
        entries._set_feed_offset(0)
        entries._repair_feed()
        entry = self._account()._earn(1, source_key="fact/4")
        [(stated, booked)] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT max(feed_position) FROM b2b2c_seal_head),
                       (SELECT feed_position FROM b2b2c_ledger_entry WHERE id = %s)
                """,
                entry.id,
            )
        )
        self.assertGreater(stated, 10**12)
        self.assertGreater(booked, stated)

    def test_companies_have_chains_of_their_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.seals._seal(other), 0)
        self.assertFalse(self.seals.search([("company_id", "=", other.id)]))

    def test_a_second_sealer_with_the_same_number_inserts_nothing(self):
        last = [*self.seals._read_blocks(self.company.id, latest=True)]
        before = [*self.seals._read_blocks(self.company.id, after=last[0].number - 2)]
        entry = self._account()._earn(1, source_key="fact/4")
        with patch.object(
            type(self.seals), "_read_blocks", lambda *args, **kwargs: iter(before)
        ):  # it read before the other one committed
            self.assertEqual(self.seals._seal(self.company), 0)
        self.assertEqual(self.seals._seal(self.company), 1)
        self.assertEqual(
            self._block(self.before + 3).last_place.rsplit("-", 1)[1], str(entry.id)
        )
        self.assertEqual(self._problems(), [])

    def test_the_scheduled_action_seals_all(self):
        self._account()._earn(1, source_key="fact/4")
        with self.enter_registry_test_mode():
            self.env.ref("loyalty_b2b2c.cron_seal").method_direct_trigger()
        self.assertEqual(self._block(self.before + 3).row_count, 1)

    def test_a_booking_calls_the_sealer_after_its_commit(self):
        """Once, and then not again for half a minute."""
        due, calls = self.env.cr.postcommit, []
        with (
            patch.object(b2b2c_seal, "_called", {}),
            patch.object(
                b2b2c_seal, "in_transaction", lambda *given: calls.append(given)
            ),
        ):
            due.clear()
            for number in range(3):
                self._account()._earn(1, source_key=f"after/{number}")
                due.run()
            self.assertEqual(calls, [(self.env.registry, b2b2c_seal._trigger)])
            b2b2c_seal._called[self.env.cr.dbname] -= b2b2c_seal.CALL_SECONDS
            self._account()._earn(1, source_key="after/3")
            self.assertEqual(len(calls), 1, "not before the commit")
            due.run()
        self.assertEqual(len(calls), 2)

    def test_a_call_plans_two_runs(self):
        job = self.env.ref("loyalty_b2b2c.cron_seal")
        planned = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        b2b2c_seal._trigger(self.env)
        planned = (
            self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]) - planned
        )
        first, second = planned.sorted("call_at").mapped("call_at")
        self.assertEqual((second - first).total_seconds(), 30)

    def test_seals_are_closed_to_everybody(self):
        block = self._block(self.before + 1).sudo()
        for change in (
            lambda: block.create({}),
            lambda: block.write({"root": ""}),
            block.unlink,
        ):
            with self.assertRaises(LedgerIsAppendOnly):
                change()
        for table in ("b2b2c_seal", "b2b2c_seal_head"):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.env.cr.execute(SQL("TRUNCATE %s CASCADE", SQL.identifier(table)))

    def test_every_append_only_table_is_sealed(self):
        """Whoever adds one decides: it is a book, or it stands here with a reason."""
        elsewhere = {
            "b2b2c_ledger_allocation": "sealed with the entry it belongs to",
            "b2b2c_partner_visit": "found again from the sale that it names",
            "b2b2c_seal": "the chain itself",
            "b2b2c_voucher_showing": "who looked at a code; nothing follows from it",
        }
        books = {book._table for book in self.env["b2b2c.sealed"]._get_books()}
        self.assertEqual({*self._append_only_tables()}, books | {*elsewhere})
        self.assertFalse(books & {*elsewhere})

    def test_what_names_a_contact_follows_it(self):
        """Odoo makes contacts one by SQL: a table that refused would refuse that."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.conrelid::regclass::text, a.attname
                  FROM pg_constraint c
                  JOIN pg_attribute a
                    ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
                  JOIN pg_trigger t ON t.tgrelid = c.conrelid
                   AND t.tgname = 'b2b2c_append_only_row'
                 WHERE c.contype = 'f' AND c.confrelid = 'res_partner'::regclass
                   AND (t.tgattr::text = '' OR a.attnum = ANY(t.tgattr::int2[]))
                """
            )
        )
        self.assertEqual(rows, [])

    def test_every_column_is_sealed(self):
        """A column that is added needs a new shape, see ``_sealed_shapes``."""
        for book in self.env["b2b2c.sealed"]._get_books():
            with self.subTest(book=book._name):
                sealed = {*book._get_shape().columns} - {"lots", "allocations"}
                self.assertEqual(self._columns(book._table), sealed)

    def test_every_column_of_what_belongs_to_an_entry_is_sealed(self):
        for table, sealed, unsealed in (
            (
                "b2b2c_ledger_lot",
                {"id", "account_id", "points", "expires_at"},
                {"entry_id", "remaining"},  # whose it is, and what is left of it
            ),
            (
                "b2b2c_ledger_allocation",
                {"id", "origin_id", "lot_id", "points"},
                {"entry_id"},
            ),
        ):
            self.assertEqual(self._columns(table), sealed | unsealed, table)

    def _columns(self, table):
        rows = self.env.execute_query(
            SQL(
                "SELECT attname FROM pg_attribute WHERE attnum > 0"
                " AND NOT attisdropped AND attrelid = %s::regclass",
                table,
            )
        )
        return {name for (name,) in rows}


@tagged("post_install", "-at_install")
class TestTampering(SealsCommon):
    """The owner of the database switches the triggers off.  Each attack leaves books
    that add up wherever that can be had, and each control says that they do."""

    def test_an_edit_that_makes_everything_fit(self):
        """The entry, its lot and the balance times ten."""
        account = self._account()
        self._tamper(
            SQL("UPDATE b2b2c_ledger_entry SET points = 300 WHERE id = %s",
                self.first.id),
            SQL(
                "UPDATE b2b2c_ledger_lot SET points = 300, remaining = remaining + 270"
                " WHERE entry_id = %s",
                self.first.id,
            ),
            SQL(
                "UPDATE b2b2c_account SET folded_posted = folded_posted + 270"
                " WHERE id = %s",
                account.id,
            ),
        )  # fmt: skip
        self.assertEqual(ledger_audit.verify(self.env), [], "the control")
        self.assertFound(self._numbers()[0], "edited", self.first)
        self.assertEqual(len(self.env["b2b2c.account"]._verify_all()), 1)

    def test_each_column_of_an_entry(self):
        other = {
            "entry_type": "'adjust'", "reason": "'x'", "document_model": "'x'",
            "basis": "'{}'::jsonb", "explanation": "'[1]'::jsonb",
            "award_key": "'x'", "source_key": "'x'", "is_manual": "NOT is_manual",
            "effective_at": "effective_at + interval '1 second'",
            "recorded_at": "recorded_at + interval '1 microsecond'",
            "release_at": "now()", "expected_at": "now()",
            "reversal_of_id": "id", "related_id": "id", "line_id": "7",
            "points": "points + 0.000001", "points_pending": "points_pending + 1",
            "user_id": "NULL",
        }  # fmt: skip
        for column, value in other.items():
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    SQL(
                        "UPDATE b2b2c_ledger_entry SET %s = %s WHERE id = %s",
                        SQL.identifier(column),
                        SQL(value),
                        self.fourth.id,
                    )
                )
                self.assertFound(self._numbers()[1], "edited", self.fourth)
                savepoint.rollback()

    def test_an_allocation_and_a_date_of_expiry(self):
        for query in (
            SQL("UPDATE b2b2c_ledger_allocation SET points = points + 1"
                " WHERE entry_id = %s", self.spent.id),
            SQL("DELETE FROM b2b2c_ledger_allocation WHERE entry_id = %s",
                self.spent.id),
        ):  # fmt: skip
            with self.subTest(query=query), self.env.cr.savepoint() as savepoint:
                self._tamper(query)
                self.assertFound(self._numbers()[1], "edited", self.spent)
                savepoint.rollback()
        self._tamper(
            SQL(
                "UPDATE b2b2c_ledger_lot SET expires_at = '2099-01-01'"
                " WHERE entry_id = %s",
                self.second.id,
            )
        )
        self.assertEqual(ledger_audit.verify(self.env), [], "the control")
        self.assertFound(self._numbers()[0], "edited", self.second)

    def test_an_entry_that_is_deleted(self):
        self._tamper(
            SQL("DELETE FROM b2b2c_account_delta WHERE entry_id = %s", self.fourth.id),
            SQL("DELETE FROM b2b2c_ledger_lot WHERE entry_id = %s", self.fourth.id),
            SQL("DELETE FROM b2b2c_ledger_entry WHERE id = %s", self.fourth.id),
        )
        self.assertEqual(ledger_audit.verify(self.env), [], "the control")
        self.assertFound(self._numbers()[1], "cut off", self.fourth)

    def test_an_entry_that_is_put_between_others(self):
        columns = self.env.execute_query(
            SQL(
                "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
                " WHERE attrelid = 'b2b2c_ledger_entry'::regclass AND attnum > 0"
                " AND NOT attisdropped AND attname NOT IN ('id', 'source_key',"
                " 'points')"
            )
        )[0][0]
        [(forged,)] = self.env.execute_query(
            SQL(
                "INSERT INTO b2b2c_ledger_entry (source_key, points, %(columns)s)"
                " SELECT 'forged', 0, %(columns)s FROM b2b2c_ledger_entry"
                " WHERE id = %(entry)s RETURNING id",
                columns=SQL(columns),
                entry=self.first.id,
            )
        )
        self._tamper(
            SQL(
                "UPDATE b2b2c_ledger_entry SET feed_position = feed_position - 1"
                " WHERE id = %s",
                forged,
            )
        )
        self.assertEqual(ledger_audit.verify(self.env), [], "the control")
        forged = self.env["b2b2c.ledger.entry"].browse(forged)
        self.assertFound(self._first_block_after(forged), "added", forged)

    def _first_block_after(self, entry):
        """Return the block among whose entries this one was put."""
        place = next(
            place
            for place, row in entry._iter_sealed_rows(self.company.id)
            if row["id"] == str(entry.id)
        )
        return next(
            block.number
            for block in self.seals._iter_blocks(self.company.id)
            if not block.last < place
        )

    def test_two_entries_that_change_places(self):
        ids = [self.first.id, self.second.id]
        self._tamper(
            SQL(
                """
                UPDATE b2b2c_ledger_entry e SET points = o.points
                  FROM b2b2c_ledger_entry o
                 WHERE e.id = ANY(%s) AND o.id = ANY(%s) AND o.id <> e.id
                """,
                ids,
                ids,
            )
        )
        self.assertFound(self._numbers()[0], "edited", self.first)

    def test_a_block_that_is_edited(self):
        first = self._block(self.before + 1)
        for column, value in (
            ("leaves", "'x'::bytea"), ("root", "repeat('00', 32)"),
            ("row_count", "7"), ("first_place", "'1-1'"), ("last_place", "'x'"),
            ("sealed_at", "sealed_at + interval '1 day'"), ("shape", "9"),
            ("block_hash", "'zz'"),
        ):  # fmt: skip
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    SQL(
                        "UPDATE b2b2c_seal SET %s = %s WHERE id = %s",
                        SQL.identifier(column),
                        SQL(value),
                        first.id,
                    )
                )
                self.assertFound(first.number, "edited", first)
                savepoint.rollback()

    def test_a_block_that_is_sealed_again(self):
        number = self._numbers()[0]
        self._tamper(
            SQL("UPDATE b2b2c_ledger_entry SET reason = 'x' WHERE id = %s",
                self.first.id)
        )  # fmt: skip
        self._forge_block(number)
        self.assertFound(number, "re-hashed", self._block(number))

    def test_a_block_that_is_gone(self):
        number = self._numbers()[0]
        block = self._block(number)
        self._tamper(SQL("DELETE FROM b2b2c_seal WHERE id = %s", block.id))
        expected = self._fault(number, "cut off", self.seals.browse(0))
        self.assertEqual(self._problems(), [expected])

    def test_all_sealed_again_is_not_what_was_told(self):
        first, second = self._numbers()
        self.env["b2b2c.seal.head"]._state(self.company)
        self._tamper(
            SQL("UPDATE b2b2c_ledger_entry SET reason = 'x' WHERE id = %s",
                self.first.id)
        )  # fmt: skip
        forged = self._forge_block(first)
        self._forge_block(second, previous=forged)
        self.assertFound(second, "re-hashed", self._block(second))
        self._tamper(SQL("DELETE FROM b2b2c_seal_head"))
        self.assertEqual(self._problems(), [], "the control: nobody was told anything")

    def test_a_tail_that_is_cut_off_with_its_seal(self):
        second = self._numbers()[1]
        self.env["b2b2c.seal.head"]._state(self.company)
        ids = [self.spent.id, self.fourth.id]
        self._tamper(
            SQL("DELETE FROM b2b2c_seal WHERE number = %s AND company_id = %s",
                second, self.company.id),
            SQL("DELETE FROM b2b2c_account_delta WHERE entry_id = ANY(%s)", ids),
            SQL("DELETE FROM b2b2c_ledger_allocation WHERE entry_id = ANY(%s)", ids),
            SQL("DELETE FROM b2b2c_ledger_lot WHERE entry_id = ANY(%s)", ids),
            SQL("DELETE FROM b2b2c_ledger_entry WHERE id = ANY(%s)", ids),
        )  # fmt: skip
        [(check, model, record_id)] = self._problems()
        self.assertEqual(
            (check, model, record_id),
            (f"seal {second} of company {self.company.id}: cut off", "b2b2c.seal", 0),
        )

    def test_a_missing_trigger_of_the_seals(self):
        self.env.cr.execute(
            "ALTER TABLE b2b2c_seal DISABLE TRIGGER b2b2c_append_only_row"
        )
        self.assertEqual(
            self._problems(), [("trigger b2b2c_append_only_row", "b2b2c_seal", 0)]
        )

    def test_a_book_longer_than_a_page(self):
        entries = self.env["b2b2c.ledger.entry"]
        pages = [*entries._iter_sealed_rows(self.company.id, limit=3)]
        whole = [*entries._iter_sealed_rows(self.company.id)]
        self.assertEqual(pages, whole)
        self.assertGreaterEqual(len(whole), 4)
