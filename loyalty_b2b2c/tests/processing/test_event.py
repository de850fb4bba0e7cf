"""The outbox: one row per document and transaction; a fault stays where it is."""

from unittest.mock import patch

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.processing import b2b2c_event
from ...models.processing.booker import Booker
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestEvent(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"value": 5})

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_one_event_per_document_and_transaction(self):
        order = self._create_order()
        self._deliver(order)
        self._pay(self._invoice(order))
        self.assertEqual(self._events(order).mapped("state"), ["new"])

    def test_next_transaction_has_its_own(self):
        order = self._create_order()
        self.env.cr.execute("UPDATE b2b2c_event SET transaction_ref = 'earlier'")
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(len(self._events(order)), 2)
        self._sweep()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_draft_order_is_no_event(self):
        self.assertFalse(self._events(self._create_order(confirm=False)))

    def test_rolled_back_change_leaves_no_orphan(self):
        order = self._create_order(confirm=False)
        with self.env.cr.savepoint() as savepoint:
            order.action_confirm()
            savepoint.rollback()
        self.assertFalse(self._events(order))
        order.action_confirm()
        self.assertEqual(len(self._events(order)), 1)

    def test_event_knows_who_acted(self):
        seller = self._create_user("seller", "sales_team.group_sale_salesman_all_leads")
        order = self._create_order(confirm=False)
        order.with_user(seller).action_confirm()
        self.assertEqual(self._events(order).actor_id, seller)
        self._process()
        self.assertEqual(self._entries().user_id, seller)

    def test_one_bad_document_stops_no_other(self):
        bad, good = self._create_order(), self._create_order()
        with self._failing_for(bad), mute_logger(b2b2c_event.__name__):
            self._sweep()
        self.assertEqual(self._events(bad).state, "failed")
        self.assertEqual(self._events(good).state, "done")
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_failure_books_nothing_of_its_document(self):
        """The second line fails after the first was booked: neither is."""
        order = self._create_lines_order(
            (self.product, 1, 100.0), (self.product, 2, 100.0)
        )
        original, calls = Booker._post, []

        def fail_second(booker, *args):
            calls.append(args)
            if len(calls) % 2 == 0:
                raise RuntimeError("boom")
            return original(booker, *args)

        with patch.object(Booker, "_post", fail_second):
            with mute_logger(b2b2c_event.__name__):
                self._sweep()
        self.assertEqual(self._events(order).state, "failed")
        self.assertFalse(self._entries())

    def test_attempts_are_counted(self):
        order = self._create_order()
        with self._failing_for(order), mute_logger(b2b2c_event.__name__):
            self._sweep()
            self._events(order).action_retry()
            self._sweep()
        self.assertEqual(self._events(order).attempts, 2)

    def test_nothing_to_do_is_ignored(self):
        self.program.action_close()
        order = self._create_order(date_order="2099-01-01")
        self._sweep()
        self.assertEqual(self._events(order).state, "ignored")

    def test_unknown_document_is_ignored(self):
        self.env["b2b2c.event"]._record(self.client)
        self._sweep()
        self.assertEqual(self._events(self.client).state, "ignored")

    def test_processing_reports_entries(self):
        order = self._create_order()
        self._sweep()
        self.assertEqual(self._events(order).entry_count, 1)

    def test_sweep_goes_through_all_batches(self):
        orders = [self._create_order() for _number in range(3)]
        with patch.object(b2b2c_event, "BATCH", 2):
            self.assertEqual(self._sweep(), 3)
        self.assertEqual(self._balances(), (150, 0, 0))
        self.assertEqual({self._events(order).state for order in orders}, {"done"})

    def test_request_processes_its_own_events_only(self):
        mine, others = self._create_order(), self._create_order()
        self._events(others)
        self.env.cr.execute(
            "UPDATE b2b2c_event SET transaction_ref = 'other' WHERE source_id = %s",
            [others.id],
        )
        self.env.cr.execute("SELECT txid_current()::text")
        own = SQL("transaction_ref = %s", self.env.cr.fetchone()[0])
        with self.enter_registry_test_mode():
            b2b2c_event._process_waiting(self.registry, own)
        self.assertEqual(self._events(mine).state, "done")
        self.assertEqual(self._events(others).state, "new")

    def test_processing_follows_the_commit(self):
        """The hook that runs after a commit is queued once per transaction."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, {})
            orders = self._create_order() | self._create_order()
            env["b2b2c.event"]._record(orders.with_env(env))
            env["b2b2c.event"]._record(orders.with_env(env))
            self.assertEqual(len(cr.postcommit._funcs), 1)

    def test_deferred_processing_waits_for_the_sweep(self):
        order = self._create_order()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, {})
            with b2b2c_event.deferred_processing():
                env["b2b2c.event"]._record(order.with_env(env))
            self.assertEqual(len(cr.postcommit._funcs), 0)

    def test_old_events_are_forgotten_but_not_failures(self):
        done, failed = self._create_order(), self._create_order()
        self._sweep()
        self._events(failed).sudo().state = "failed"
        self.env.flush_all()
        self.env.cr.execute("UPDATE b2b2c_event SET write_date = '2020-01-01'")
        self.env["b2b2c.event"]._gc_done()
        self.assertFalse(self._events(done).exists())
        self.assertTrue(self._events(failed))

    def test_recent_events_are_kept(self):
        order = self._create_order()
        self._sweep()
        self.env["b2b2c.event"]._gc_done()
        self.assertTrue(self._events(order))

    def _failing_for(self, order):
        """Let processing fail for one document only."""
        original = Booker._book_document

        def book(booker, document, *args):
            if document.id == order.id:
                raise RuntimeError("boom")
            return original(booker, document, *args)

        return patch.object(Booker, "_book_document", book)

    # === THE QUEUE OF FAILURES === #

    def _fail(self, number=1):
        """Return failed events of orders in a currency without a rate."""
        currency = self._create_currency_rate("JPY")
        pricelist = self._create_pricelist(currency)
        orders = self.env["sale.order"]
        for _ in range(number):
            orders |= self._create_order(pricelist_id=pricelist.id)
        with mute_logger("odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event"):
            self._sweep()
        self.env.invalidate_all()
        events = self._events(orders, "failed")
        self.assertEqual(len(events), number)
        return events

    def _ignore(self, events, user, reason="Test order"):
        wizard = self.env["b2b2c.event.ignore"].with_user(user)
        wizard.with_context(active_ids=events.ids).create(
            {"reason": reason}
        ).action_ignore()
        events.invalidate_recordset()

    def test_failures_are_ignored_with_a_reason(self):
        events = self._fail(2)
        officer = self._create_user("ignorer", "loyalty_b2b2c.group_officer")
        self._ignore(events, officer)
        self.assertEqual(set(events.mapped("state")), {"ignored"})
        self.assertFalse(events.activity_ids)
        for event in events:
            self.assertIn("Ignored by Ignorer: Test order", event.reason)
            self.assertIn("exchange rate", event.reason)  # what it was about

    def test_an_ignored_document_that_changes_is_looked_at_again(self):
        events = self._fail()
        officer = self._create_user("ignorer", "loyalty_b2b2c.group_officer")
        self._ignore(events, officer)
        order = self.env["sale.order"].browse(events.source_id)
        self._create_currency_rate("JPY", 2)
        order.order_line.product_uom_qty = 20
        self._process()
        self.assertTrue(self._entries("earn"))

    def test_only_officers_ignore_and_only_failures(self):
        events = self._fail()
        user = self._create_user("plain", "loyalty_b2b2c.group_user")
        officer = self._create_user("ignorer", "loyalty_b2b2c.group_officer")
        with self.assertRaises(UserError):
            self._ignore(events, user)
        with self.assertRaises(UserError):
            self._ignore(events, officer, reason=" ")
        done = self._create_order()
        self._process()
        self._ignore(self._events(done), officer)
        self.assertEqual(self._events(done).state, "done")
        self.assertEqual(events.state, "failed")

    def test_many_are_retried_at_once(self):
        events = self._fail(2)
        self._create_currency_rate("JPY", 1)
        events.action_retry()
        self._process()
        self.assertEqual(set(events.mapped("state")), {"done"})
        self.assertTrue(all(event.age for event in events))
