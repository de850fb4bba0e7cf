"""Pending until delivered and paid, or some days after the delivery."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_rules import RulesCommon


@tagged("post_install", "-at_install")
class TestDeliveredAndPaid(RulesCommon):
    """Ten units of 100.00, 5 %: five points a unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"hold": "until_delivered_paid"})

    def test_delivered_first(self):
        order = self._create_order()
        self.assertEqual(self._points(order), (0, 50))
        picking = self._deliver(order, 4)
        self.assertEqual(self._points(order), (0, 50))
        self._pay(self._invoice(order))
        self.assertEqual(self._points(order), (20, 30))
        self._deliver(order)
        self.assertEqual(self._points(order), (50, 0))
        self._return(picking, 3)
        self.assertEqual(self._points(order), (35, 15))

    def test_paid_first(self):
        order = self._create_order()
        payment = self._pay(self._invoice(order))
        self.assertEqual(self._points(order), (0, 50))
        self._deliver(order, 4)
        self.assertEqual(self._points(order), (20, 30))
        payment.action_cancel()
        self.assertEqual(self._points(order), (0, 50))

    def test_cancelled(self):
        order = self._create_order()
        self._deliver(order, 4)
        self._pay(self._invoice(order))
        self.assertEqual(self._points(order), (20, 30))
        order._action_cancel()
        self.assertEqual(self._points(order), (0, 0))


@tagged("post_install", "-at_install")
class TestDaysAfterDelivery(RulesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"hold": "days_after_delivery", "hold_days": 14})

    def test_the_delivered_part_waits(self):
        with freeze_time("2026-03-01 12:00:00"):
            order = self._create_order()
        with freeze_time("2026-03-10 12:00:00"):
            self.assertEqual(self._points(order), (0, 50))
            self._deliver(order, 4)
            self.assertEqual(self._points(order), (0, 50))
        with freeze_time("2026-03-24 11:59:59"):
            self.assertEqual(self._points(order), (0, 50))
        with freeze_time("2026-03-24 12:00:00"):
            self.assertEqual(self._points(order), (20, 30))

    def test_a_return_takes_back_what_was_free(self):
        with freeze_time("2026-03-01 12:00:00"):
            order = self._create_order()
            picking = self._deliver(order, 4)
            self.assertEqual(self._points(order), (0, 50))
        with freeze_time("2026-03-20 12:00:00"):
            self.assertEqual(self._points(order), (20, 30))
            self._return(picking, 3)
            # 1 delivered, 6 to come: nobody promises the 3 that went back
            self.assertEqual(self._points(order), (5, 30))

    def test_a_later_delivery_leaves_free_points_free(self):
        with freeze_time("2026-03-01 12:00:00"):
            order = self._create_order()
            self._deliver(order, 4)
            self._process()
        with freeze_time("2026-03-20 12:00:00"):
            self.assertEqual(self._points(order), (20, 30))
            self._deliver(order)
            self.assertEqual(self._points(order), (20, 30))
        with freeze_time("2026-04-03 12:00:00"):
            self.assertEqual(self._points(order), (50, 0))

    def test_cancelled_while_waiting(self):
        with freeze_time("2026-03-01 12:00:00"):
            order = self._create_order()
            self._deliver(order, 4)
            self._process()
            order._action_cancel()
        with freeze_time("2026-03-20 12:00:00"):
            self.assertEqual(self._points(order), (0, 0))


@tagged("post_install", "-at_install")
class TestExpected(RulesCommon):
    """When pending points are expected, as the entry says."""

    def _expected(self, order):
        self._process()
        entries = self._entries("earn", "reverse")
        return entries.filtered("points_pending")[-1].expected_at

    def test_payment_terms(self):
        self._create_program({"hold": "until_paid"})
        order = self._create_order(
            date_order="2026-03-10 08:00:00",
            payment_term_id=self.env.ref("account.account_payment_term_30days").id,
            confirm=False,
        )
        with freeze_time("2026-03-10 08:00:00"):
            order.action_confirm()
        self.assertEqual(self._expected(order), datetime(2026, 4, 9, 12))

    def test_invoice_due_date(self):
        self._create_program({"trigger": "invoiced", "hold": "until_paid"})
        order = self._create_order()
        invoice = order._create_invoices()
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = "2030-05-31"
        invoice.action_post()
        self.assertEqual(self._expected(order), datetime(2030, 5, 31, 12))

    def test_promised_delivery(self):
        self._create_program({"hold": "days_after_delivery", "hold_days": 14})
        order = self._create_order(commitment_date="2030-05-01 10:00:00")
        self.assertEqual(self._expected(order), datetime(2030, 5, 15, 10))
        words = self._entries("earn").explanation_text
        self.assertIn("pending for some days after the delivery. Expected on", words)

    def test_planned_delivery_and_payment(self):
        self._create_program({"hold": "until_delivered_paid"})
        order = self._create_order()
        order.picking_ids.move_ids.date = "2030-05-01 10:00:00"
        self.assertEqual(self._expected(order), datetime(2030, 5, 1, 10))
        self._deliver(order)
        self._process()
        self.assertEqual(self._entries("earn").points_pending, 50)
