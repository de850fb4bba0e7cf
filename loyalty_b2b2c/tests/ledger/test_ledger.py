"""The posting door: every kind of entry, with figures to check by hand."""

import csv
import io

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import InsufficientPoints
from ...hooks import uninstall_hook
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLedger(LoyaltyCommon):
    def setUp(self):
        super().setUp()
        self.account = self._account()

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_earn_once_per_fact(self):
        first = self.account._earn(10, source_key="fact/1")
        second = self.account._earn(10, source_key="fact/1")
        self.assertEqual(first, second)
        self.assertEqual(self._balances(), (10, 0, 0))

    def test_pending_confirm_void(self):
        entry = self.account._earn(10, source_key="fact/1", pending=True)
        self.account._confirm(entry, 4)
        self.account._void(entry, 5)
        self.assertEqual(self._balances(), (4, 1, 0))

    def test_pending_taken_back_cannot_be_confirmed(self):
        entry = self.account._earn(50, source_key="fact/1", pending=True)
        self.account._reverse(entry, 20, reason="Mistake")
        self.account._confirm(entry)  # the 30 that are left
        self.assertEqual(self._balances(), (30, 0, 0))
        with self.assertRaises(UserError):
            self.account._confirm(entry)

    def test_hold_capture_release(self):
        self.account._earn(100, source_key="fact/1")
        hold = self.account._hold(60, source_key="hold/1")
        self.assertEqual(self._balances(), (40, 0, 0))
        self.account._capture(hold, 50)
        self.account._release(hold)
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(self.account.balance_posted, 50)

    def test_cannot_overspend(self):
        self.account._earn(10, source_key="fact/1")
        with self.assertRaises(InsufficientPoints):
            self.account._redeem(11, source_key="redeem/1")
        self.assertEqual(self._balances(), (10, 0, 0))

    def test_soonest_to_expire_is_spent_first(self):
        late = self.account._earn(
            10, source_key="fact/1", expires_at="2031-01-01 00:00:00"
        )
        soon = self.account._earn(
            10, source_key="fact/2", expires_at="2030-01-01 00:00:00"
        )
        self.account._redeem(15, source_key="redeem/1")
        lots = self.env["b2b2c.ledger.lot"].search(
            [("entry_id", "in", (late + soon).ids)]
        )
        left = {lot.entry_id: lot.remaining for lot in lots}
        self.assertEqual(left, {late: 5, soon: 0})

    def test_expire(self):
        self.account._earn(10, source_key="fact/1", expires_at="2024-01-01 00:00:00")
        self.account._earn(7, source_key="fact/2")
        self.account._expire()
        self.assertEqual(self._balances(), (7, 0, 0))

    def test_lapsed_points_cannot_be_spent_before_the_sweep(self):
        self.account._earn(10, source_key="fact/1", expires_at="2024-01-01 00:00:00")
        self.account._earn(7, source_key="fact/2")
        with self.assertRaises(InsufficientPoints):
            self.account._redeem(8, source_key="redeem/1")
        self.account._redeem(7, source_key="redeem/2")
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_adjust_and_reverse_it_twice(self):
        entry = self.account._adjust(20, source_key="adj/1", reason="Gift")
        undo = self.account._reverse(entry, reason="Mistake")
        self.assertEqual(self._balances(), (0, 0, 0))
        self.account._reverse(undo, reason="No mistake")
        self.assertEqual(self._balances(), (20, 0, 0))

    def test_transfer_keeps_expiry(self):
        other = self._create_member(name="Petro", email="p@example.com")
        target = other._get_account(self.unit)
        self.account._earn(10, source_key="fact/1", expires_at="2031-01-01 00:00:00")
        self.account._transfer(target, 4, source_key="t/1", reason="Family")
        self.assertEqual(self._balances(), (6, 0, 0))
        self.assertEqual(self._balances(other), (4, 0, 0))
        self.assertEqual(str(target.lot_ids.expires_at), "2031-01-01 00:00:00")

    def test_reversed_redemption_returns_to_its_lot(self):
        earned = self.account._earn(
            10, source_key="fact/1", expires_at="2031-01-01 00:00:00"
        )
        spent = self.account._redeem(6, source_key="redeem/1")
        self.account._reverse(spent, 2, reason="Half refunded")
        lot = self.env["b2b2c.ledger.lot"].search([("entry_id", "=", earned.id)])
        self.assertEqual(lot.remaining, 6)
        self.assertEqual(self._balances(), (6, 0, 0))

    def test_taking_back_lapsed_points_makes_no_debt(self):
        earned = self.account._earn(
            10, source_key="fact/1", expires_at="2024-01-01 00:00:00"
        )
        self.account._expire()
        self.account._reverse(earned, reason="Sale undone")
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_rebuild_repairs_a_broken_balance(self):
        self.account._earn(10, source_key="fact/1")
        self.account._fold()
        self.env.cr.execute(
            "UPDATE b2b2c_account SET folded_posted = 999 WHERE id = %s",
            [self.account.id],
        )
        self.assertTrue(self.env["b2b2c.account"]._verify_all())
        self.env["b2b2c.account"]._rebuild()
        self.assertEqual(self._balances(), (10, 0, 0))

    def test_uninstalling_keeps_a_copy_of_the_books(self):
        self.account._earn(30, source_key="fact/copy")
        uninstall_hook(self.env)
        copy = self.env["ir.attachment"].search(
            [("name", "like", "loyalty_ledger_")], order="id desc", limit=1
        )
        rows = list(csv.DictReader(io.StringIO(copy.raw.decode("utf-8-sig"))))
        entries = self.env["b2b2c.ledger.entry"].search([], order="id")
        self.assertEqual([int(row["id"]) for row in rows], entries.ids)
        last = rows[-1]
        self.assertEqual(float(last["points"]), 30)
        self.assertEqual(
            (last["source_key"], last["member"], last["employer"]),
            ("fact/copy", "Olena Kovalenko", "Office Client"),
        )
