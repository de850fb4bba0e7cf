"""S4.1-S4.5: the buyer's employee is rewarded for what his company buys and pays."""

from unittest.mock import patch

from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestFirstSlice(LoyaltyCommon):
    """Every order is 10 × 100.00; the rule gives 5 %: 50 points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"hold": "until_paid"})

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_unpaid_order_is_pending(self):
        self._create_order()
        self.assertEqual(self._balances(), (0, 50, 0))

    def test_payment_makes_pending_points_usable(self):
        order = self._create_order()
        self._deliver(order)
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_processing_again_books_nothing(self):
        order = self._create_order()
        self._pay(self._invoice(order))
        self._process()
        before = self._entries()
        self.env["b2b2c.event"]._record(order)
        self._process()
        self.assertEqual(self._entries(), before)

    def test_payment_cancelled_goes_back_to_pending(self):
        order = self._create_order()
        payment = self._pay(self._invoice(order))
        self._process()
        payment.action_cancel()
        self.assertEqual(self._balances(), (0, 50, 0))
        self.assertEqual(self._entries()[-1].entry_type, "reverse")

    def test_payment_set_to_draft_goes_back_to_pending(self):
        order = self._create_order()
        payment = self._pay(self._invoice(order))
        self._process()
        payment.action_draft()
        self.assertEqual(self._balances(), (0, 50, 0))

    def test_unreconciled_invoice_goes_back_to_pending(self):
        order = self._create_order()
        invoice = self._invoice(order)
        self._pay(invoice)
        self._process()
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._balances(), (0, 50, 0))

    def test_cancelled_order_takes_everything_back(self):
        order = self._create_order()
        self._process()
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._entries().mapped("entry_type"), ["earn", "void"])

    def test_paid_then_cancelled(self):
        order = self._create_order()
        self._pay(self._invoice(order))
        self._process()
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_partial_credit_note_takes_its_part(self):
        order = self._create_order()
        invoice = self._invoice(order)
        self._pay(invoice)
        self._process()
        self._credit_note(invoice, 4)  # 6 units stay paid, nobody will pay the rest
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_full_credit_note_takes_all_posted(self):
        order = self._create_order()
        invoice = self._invoice(order)
        self._pay(invoice)
        self._process()
        self._credit_note(invoice)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_credited_and_invoiced_again_is_earned_again(self):
        order = self._create_order()
        invoice = self._invoice(order)
        self._pay(invoice)
        self._credit_note(invoice)
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_returned_and_credited_counts_once(self):
        self.program.action_close()
        self._create_program({"trigger": "delivered", "kind": "per_unit", "value": 3})
        order = self._create_order()
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking, 4)
        self._credit_note(invoice, 4)
        self.assertEqual(self._balances(), (18, 0, 0))

    def test_delivery_rule_follows_returns(self):
        self.program.action_close()
        self._create_program({"trigger": "delivered", "kind": "per_unit", "value": 3})
        order = self._create_order()
        self.assertEqual(self._balances(), (0, 0, 0))
        picking = self._deliver(order)
        self.assertEqual(self._balances(), (30, 0, 0))
        self._return(picking, 4)
        self.assertEqual(self._balances(), (18, 0, 0))

    def test_spent_points_become_a_debt(self):
        order = self._create_order()
        self._pay(self._invoice(order))
        self._process()
        self._account()._redeem(40, source_key="test/redeem")
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 40))
        self._pay(self._invoice(self._create_order()))
        self._process()
        self._account()._fold()
        self.assertEqual(self._balances(), (10, 0, 0))

    def test_order_button_shows_the_entries(self):
        order = self._create_order()
        self._process()
        self.assertEqual((order.b2b2c_entry_count, order.b2b2c_points), (1, 50))


@tagged("post_install", "-at_install")
class TestPaymentWithoutEntry(LoyaltyCommon):
    """Enterprise accounting: a payment waits for the bank without a journal entry."""

    def setUp(self):
        super().setUp()
        self._create_program({"hold": "until_paid"})
        self.startPatcher(
            patch.object(
                type(self.env["account.move"]),
                "_get_invoice_in_payment_state",
                lambda _move: "in_payment",
            )
        )
        methods = self.env["account.payment.method.line"].search([])
        methods.payment_account_id = False
        self.payment = self._pay(self._invoice(self._create_order()))
        self.assertFalse(self.payment.move_id)
        self.assertEqual(self._balances(), (50, 0, 0))

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_cancelled(self):
        self.payment.action_cancel()
        self.assertEqual(self._balances(), (0, 50, 0))

    def test_set_to_draft_and_posted_again(self):
        self.payment.action_draft()
        self.assertEqual(self._balances(), (0, 50, 0))
        self.payment.action_post()
        self.assertEqual(self._balances(), (50, 0, 0))
