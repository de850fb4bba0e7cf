"""The closing of a session books what was paid in points: what is owed stays right."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.api.b2b2c_ledger_entry import (
    B2b2cLedgerEntryFeed,
)

from .spend_common import TillSpendCommon


@tagged("post_install", "-at_install")
class TestTillBooks(TillSpendCommon):
    """A point costs 0.10 and pays 0.10: 1,000 of them are 100.00 owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)
        cls.company.b2b2c_liability_cost_account_id = cls.env["account.account"].create(
            {"name": "Cost", "account_type": "expense", "code": "680008"}
        )
        cls.runs = cls.env["b2b2c.liability.run"]

    def _close(self):
        session = self.shop.current_session_id
        session.action_pos_session_closing_control()
        self._process()
        self.assertEqual(session.state, "closed")
        self.env.flush_all()
        return session

    def _owed(self):
        """Return what stands on the account, positive when it is owed."""
        self.env.flush_all()
        [(balance,)] = self.env.execute_query(
            SQL(
                "SELECT coalesce(-sum(balance), 0) FROM account_move_line"
                " WHERE account_id = %s AND parent_state = 'posted'",
                self.owed.id,
            )
        )
        return round(float(balance), 2)

    def _named(self):
        """Return the balance of the lines that are named as documents of tills."""
        documents = self.runs._get_liability_documents()
        rows = dict(self.env.execute_query(documents["till"][1]))
        self.assertLessEqual(set(rows.values()), {self.unit.id})
        lines = self.env["account.move.line"].browse(rows)
        return sum(
            lines.filtered(lambda line: line.account_id == self.owed).mapped("balance")
        )

    def test_a_closing_lowers_what_is_owed(self):
        first = self._sync((self.points, 30, self._held(30)), (self.cash, 70))
        self._sync((self.points, 20, self._held(20)), (self.cash, 80))
        self._bring_back_paid(first, (self.points, -15), (self.cash, -35), quantity=0.5)
        self._close()
        # 30 + 20 - 15
        self.assertEqual(self._owed(), -35)
        self.assertEqual(self._named(), 35)
        self.assertEqual(self._points_of(), (650, 0))

    def test_a_closing_with_refunds_only(self):
        order = self._sync((self.points, 30, self._held(30)), (self.cash, 70))
        self._close()
        self.shop.open_ui()
        self.shop.current_session_id.set_opening_control(0, "")
        self._bring_back_paid(order, (self.points, -30), (self.cash, -70))
        self._close()
        self.assertEqual((self._owed(), self._named()), (0, 0))
        self.assertEqual(self._points_of(), (1000, 0))

    def test_what_is_owed_is_the_ledger_at_its_value(self):
        """A day of sales, a refund and an expiry: the run finds 0.00 to explain."""
        yesterday = fields.Date.today() - timedelta(days=1)
        before = self.runs._prepare(self.company, yesterday)
        before.action_post_run()
        owed = self._owed()
        self.account._earn(100, source_key="short", expires_at=fields.Datetime.now())
        order = self._sync((self.points, 30, self._held(30)), (self.cash, 70))
        self._bring_back_paid(order, (self.points, -10), (self.cash, -20), quantity=0.3)
        self.account._expire()
        self._close()
        self.assertEqual(self._owed(), owed - 20)
        run = self.runs._prepare(self.company, fields.Date.today())
        run.action_post_run()
        balance = self.account._get_balances()[self.account.id]
        self.assertEqual(self._owed(), float(balance["posted"]) / 10)
        self.assertEqual(float(balance["posted"]), 800)

    def test_a_method_that_would_book_wrongly_is_refused(self):
        self._close()
        for values in (
            {"b2b2c_unit_id": False},
            {"outstanding_account_id": False},
            {"split_transactions": True},
            {"journal_id": self.cash.journal_id.id},
            {"use_payment_terminal": False},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.points.write(values)
        with self.assertRaisesRegex(ValidationError, "already"):
            self.points.copy({"b2b2c_unit_id": self.unit.id})
