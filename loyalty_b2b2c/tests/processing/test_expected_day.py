"""When pending points are expected: the entry knows, and what moved since is kept."""

from datetime import datetime
from pathlib import Path

from odoo.modules.module import load_script
from odoo.tests import tagged

from ..common import LoyaltyCommon

ADDON = Path(__file__).parents[2]


@tagged("post_install", "-at_install")
class TestExpectedDay(LoyaltyCommon):
    """5 % of 10 × 100.00, pending until delivered and paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"hold": "until_delivered_paid"})
        cls.order = cls._create_order(commitment_date="2030-05-01 10:00:00")

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _moved(self):
        """Process the outbox; return the days that moved, of all awards."""
        self._process()
        return self.env["b2b2c.expected.day"].search([]).mapped("expected_at")

    def _day(self):
        """Process the outbox; return when the member's points are expected."""
        self._process()
        entry = self._entries().filtered("points_pending")[-1]
        moved = self.env["b2b2c.expected.day"]._get_moved([entry.award_key])
        return moved.get(entry.award_key, entry.expected_at)

    def test_what_the_entry_knows_is_kept_nowhere_else(self):
        self.assertEqual(self._day(), datetime(2030, 5, 1, 10))
        self.env["b2b2c.event"]._record(self.order)
        self.assertEqual(self._moved(), [])

    def test_a_promise_put_off(self):
        self._process()
        self.order.commitment_date = "2030-06-01 10:00:00"
        self.assertEqual(self._day(), datetime(2030, 6, 1, 10))
        self.assertEqual(len(self._entries()), 1)  # nothing was booked
        self.order.commitment_date = "2030-05-01 10:00:00"
        self.assertEqual(self._day(), datetime(2030, 5, 1, 10))

    def test_a_delivery_put_off(self):
        self.order.commitment_date = False
        self.order.picking_ids.scheduled_date = "2030-07-01 10:00:00"
        self.assertEqual(self._day(), datetime(2030, 7, 1, 10))
        self.order.picking_ids.scheduled_date = "2030-07-15 10:00:00"
        self.assertEqual(self._day(), datetime(2030, 7, 15, 10))

    def test_an_invoice_due_later(self):
        self.program.rule_ids.hold = "until_paid"
        invoice = self._invoice(self.order)
        self._process()
        invoice.invoice_date_due = "2030-08-31"
        self.assertEqual(self._day(), datetime(2030, 8, 31, 12))

    def test_an_invoice_without_an_order_due_later(self):
        self.program.rule_ids.hold = "until_paid"
        self.order._action_cancel()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_payment_term_id": False,
                "invoice_date_due": "2030-05-31",
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.product.id, "price_unit": 100})
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(self._day(), datetime(2030, 5, 31, 12))
        invoice.invoice_date_due = "2030-06-30"
        self.assertEqual(self._day(), datetime(2030, 6, 30, 12))

    def test_other_terms_of_payment(self):
        self.program.rule_ids.hold = "until_paid"
        self.order.date_order = "2030-03-01 10:00:00"
        self._process()
        terms = self.env.ref("account.account_payment_term_30days")
        self.order.payment_term_id = terms
        self.assertEqual(self._day(), datetime(2030, 3, 31, 12))

    def test_what_comes_later_says_its_own_day(self):
        """5 pieces more are pending on their own entry; the promise has moved."""
        self._process()
        self.order.commitment_date = "2030-06-01 10:00:00"
        self._process()
        self.order.order_line.product_uom_qty = 15
        self.order.commitment_date = "2030-07-01 10:00:00"
        self.assertEqual(self._day(), datetime(2030, 7, 1, 10))
        self.assertEqual(
            self._entries().mapped("expected_at"),
            [datetime(2030, 5, 1, 10), datetime(2030, 7, 1, 10)],
        )

    def test_nothing_is_kept_of_what_is_not_pending(self):
        self._process()
        self.order.commitment_date = "2030-06-01 10:00:00"
        self.assertEqual(self._moved(), [datetime(2030, 6, 1, 10)])
        self._deliver(self.order)
        self._pay(self._invoice(self.order))
        self.assertEqual(self._moved(), [])
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_a_cancelled_order_expects_nothing(self):
        self._process()
        self.order.commitment_date = "2030-06-01 10:00:00"
        self._process()
        self.order._action_cancel()
        self.assertEqual(self._moved(), [])

    def test_a_deleted_order_expects_nothing(self):
        self._process()
        self.order.commitment_date = "2030-06-01 10:00:00"
        self._process()
        self.order._action_cancel()
        self.order.unlink()
        self.assertEqual(self._moved(), [])

    def test_the_update_keeps_what_pages_computed_before(self):
        other = self._create_order(commitment_date="2030-05-01 10:00:00")
        self._process()
        self.env.flush_all()
        self.env.cr.execute(  # as before: no event, nothing is kept
            "UPDATE sale_order SET commitment_date = '2030-06-01 10:00' WHERE id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        digest = self.env["b2b2c.account"]._ledger_digest()
        load_script(
            str(ADDON / "migrations" / "19.0.1.1.0" / "end-expected_days.py"), "days"
        ).migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual(self._moved(), [datetime(2030, 6, 1, 10)])
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)
        self.assertFalse(self._events(other, "new"))

    def test_points_follow_a_merge_with_their_day(self):
        self._process()
        self.order.commitment_date = "2030-06-01 10:00:00"
        self._process()
        other = self._create_member(name="Petro", email="petro@example.com", phone=None)
        self._merge(self.member.partner_id, other.partner_id)
        entry = self.env["b2b2c.ledger.entry"].search(
            [("account_id", "=", self._account(other).id)]
        )
        self.assertEqual((entry.points_pending, entry.basis["hold"]),
                         (50, "until_delivered_paid"))  # fmt: skip
        moved = self.env["b2b2c.expected.day"]._get_moved([entry.award_key])
        self.assertEqual(moved, {entry.award_key: datetime(2030, 6, 1, 10)})
