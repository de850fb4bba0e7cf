"""What is booked stays booked: for users, for code, for SQL."""

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...exceptions import LedgerIsAppendOnly
from ...models.ledger.ledger_door import LedgerDoor, Posting
from ..common import LoyaltyCommon

TABLES = ("b2b2c_ledger_entry", "b2b2c_ledger_allocation")


@tagged("post_install", "-at_install")
class TestAppendOnly(LoyaltyCommon):
    """30 points earned, 10 of them spent: an entry, a lot and an allocation each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.member._get_account(cls.unit)
        account._earn(30, source_key="fact/1")
        account._redeem(10, source_key="redeem/1")
        account._earn(5, source_key="fact/2")  # stays a delta
        cls.closed = (
            account.entry_ids,
            account.entry_ids.allocation_ids,
            account.lot_ids,
            account,
            cls.env["b2b2c.account.delta"].search([("account_id", "=", account.id)]),
        )

    def setUp(self):
        super().setUp()
        self.before = self.env["b2b2c.account"]._ledger_digest()

    def tearDown(self):
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), self.before)
        self.assertEqual(self._balances(), (25, 0, 0))
        self.assertBooksRight()
        super().tearDown()

    def test_there_is_something_to_protect(self):
        for records in self.closed:
            self.assertTrue(records, records._name)

    def test_superuser_cannot_create(self):
        for records in self.closed:
            with self.subTest(model=records._name):
                with self.assertRaises(LedgerIsAppendOnly):
                    records.sudo().create({})

    def test_superuser_cannot_write(self):
        for records in self.closed:
            with self.subTest(model=records._name):
                with self.assertRaises(LedgerIsAppendOnly):
                    records.sudo().write({"id": 1})

    def test_superuser_cannot_unlink(self):
        for records in self.closed:
            with self.subTest(model=records._name):
                with self.assertRaises(LedgerIsAppendOnly):
                    records.sudo()[:1].unlink()

    def test_superuser_cannot_copy(self):
        with self.assertRaises(LedgerIsAppendOnly):
            self.closed[0][:1].sudo().copy()

    def test_the_refusal_says_what_to_do(self):
        entry, counter = self.closed[0][:1], self.env["b2b2c.hour.count"]
        with self.assertRaisesRegex(LedgerIsAppendOnly, "reverse it instead"):
            entry.sudo().write({"reason": "other"})
        with self.assertRaisesRegex(LedgerIsAppendOnly, "Counted within the Hour"):
            counter.sudo().create({"scope": "search/u1"})

    def test_limits_are_counted_by_the_booker_only(self):
        for model in ("b2b2c.cap.scope", "b2b2c.cap.use"):
            with self.assertRaises(LedgerIsAppendOnly):
                self.env[model].sudo().create({"scope": "p1"})

    def test_sql_is_refused(self):
        for table in TABLES:
            for query in (
                f"UPDATE {table} SET points = points + 1",
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with self.subTest(query=query):
                    with self.assertRaises(psycopg2.errors.RestrictViolation):
                        with mute_logger("odoo.sql_db"):
                            self.env.cr.execute(query)

    def test_missing_trigger_is_noticed(self):
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "ALTER TABLE b2b2c_ledger_entry DISABLE TRIGGER b2b2c_append_only_row"
            )
            problems = self.env["b2b2c.account"]._verify_all()
            savepoint.rollback()
        self.assertEqual(
            [problem.check for problem in problems],
            ["trigger b2b2c_append_only_row"],
        )

    def test_a_fact_is_booked_once(self):
        account = self._account()
        first = account._earn(30, source_key="fact/1")
        self.assertEqual(first, account._earn(99, source_key="fact/1"))

    def test_a_spending_is_booked_once(self):
        account = self._account()
        first = account._redeem(10, source_key="redeem/1")
        self.assertEqual(first, account._redeem(99, source_key="redeem/1"))

    def test_the_key_is_unique_in_the_database(self):
        door = LedgerDoor(self.env)
        self.assertEqual(
            door.credit([Posting(self._account().id, "earn", "fact/1", points=1)]), {}
        )
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            with mute_logger("odoo.sql_db"):
                self.env.cr.execute(
                    """
                    INSERT INTO b2b2c_ledger_entry
                           (account_id, unit_id, company_id, entry_type, source_key,
                            effective_at, recorded_at)
                    SELECT account_id, unit_id, company_id, entry_type, source_key,
                           now(), now()
                      FROM b2b2c_ledger_entry WHERE source_key = 'fact/1'
                    """
                )

    def test_balance_never_negative_in_the_database(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            with mute_logger("odoo.sql_db"):
                self.env.cr.execute(
                    "UPDATE b2b2c_account SET folded_posted = -1 WHERE id = %s",
                    [self._account().id],
                )

    def test_rebuild_books_nothing(self):
        self.env["b2b2c.account"]._rebuild()
