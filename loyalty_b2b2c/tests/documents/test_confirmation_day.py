"""An order counts on the day it was confirmed, whatever date somebody writes later."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import IntakeError
from ..dealers.test_ladder import LadderCommon


@tagged("post_install", "-at_install")
class TestConfirmationDay(LadderCommon):
    """A campaign of January gives 5 %, orders are confirmed in February."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.january = cls._create_program(
            {
                "trigger": "confirmed",
                "valid_from": "2026-01-01 00:00:00",
                "valid_until": "2026-02-01 00:00:00",
            }
        )
        cls.manager = cls._create_user(
            "dates",
            "loyalty_b2b2c.group_manager",
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.company.b2b2c_manager_id = cls.manager
        cls.salesman = cls._create_user(
            "salesman", "sales_team.group_sale_salesman_all_leads"
        )

    def _get_reports(self, order):
        return order.message_ids.filtered(lambda m: "was set back" in (m.body or ""))

    def test_a_date_set_back_counts_for_nothing_earlier(self):
        self._create_program({"trigger": "confirmed", "value": 1})
        with freeze_time("2026-02-10 10:00:00"):
            order = self._create_order()
            order.with_user(self.salesman).date_order = "2026-01-15 10:00:00"
            self.assertEqual(self._balances(), (10, 0, 0))
            order.order_line.product_uom_qty = 20
            self.assertEqual(self._balances(), (20, 0, 0))
            entry = self._entries("earn")[-1]
            self.assertEqual(entry.effective_at, datetime(2026, 2, 10, 10))
            # said once, to who runs the programs
            order.with_user(self.salesman).date_order = "2026-01-16 10:00:00"
        self.assertEqual(len(self._get_reports(order)), 1)
        self.assertEqual(order.activity_ids.user_id, self.manager)
        self.assertEqual(len(order.activity_ids), 1)

    def test_a_date_set_forward_gains_nothing_and_loses_nothing(self):
        with freeze_time("2026-01-20 10:00:00"):
            late = self._create_order()
            late.with_user(self.salesman).date_order = "2026-02-03 10:00:00"
            self.assertEqual(self._balances(), (50, 0, 0))
        self._create_program(
            {"trigger": "confirmed", "value": 7, "valid_from": "2026-03-01 00:00:00"}
        )
        with freeze_time("2026-02-10 10:00:00"):
            order = self._create_order()
            order.with_user(self.salesman).date_order = "2026-03-02 10:00:00"
            self.assertEqual(self._balances(), (50, 0, 0))
        self.assertFalse(self._get_reports(order))

    def test_a_limit_of_a_month_is_of_the_month_of_confirmation(self):
        self.january.action_close()
        self._create_program(
            {
                "trigger": "confirmed",
                "cap_period_kind": "month",
                "cap_period": 60,
            }
        )
        with freeze_time("2026-02-10 10:00:00"):
            self._create_order()
            self.assertEqual(self._balances(), (50, 0, 0))
            order = self._create_order()
            order.with_user(self.salesman).date_order = "2026-01-31 10:00:00"
            self.assertEqual(self._balances(), (60, 0, 0))

    def test_a_volume_stays_on_the_day_of_confirmation(self):
        with freeze_time("2026-02-10 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            order = self._sell(1000)
        with freeze_time("2026-05-20 10:00:00"):
            # the guard refuses it of a dealer's order; a closed ladder guards nothing
            dealer.ladder_id.action_close()
            self.env.flush_all()
            order.with_user(self.salesman).date_order = "2026-01-01 10:00:00"
            again = self._create_dealer(self._create_ladder())
            entry = self.env["b2b2c.volume.entry"].search(
                [("standing_id", "=", again.id)]
            )
            self.assertEqual((entry.day, entry.value), (date(2026, 2, 10), 100000))
            self.assertEqual(again.volume, 0)

    def test_an_order_confirmed_again_counts_on_the_later_day(self):
        with freeze_time("2026-01-20 10:00:00"):
            order = self._create_order()
            self.assertEqual(self._balances(), (50, 0, 0))
            order._action_cancel()
            self.assertEqual(self._balances(), (0, 0, 0))
        with freeze_time("2026-02-02 10:00:00"):
            order.action_draft()
            order.action_confirm()
            self.assertEqual(self._balances(), (0, 0, 0))
            order.with_user(self.salesman).date_order = "2026-01-20 10:00:00"
            self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(order.b2b2c_confirmed_at, datetime(2026, 2, 2, 10))

    def test_confirmed_and_dated_back_in_one_write(self):
        with freeze_time("2026-02-10 10:00:00"):
            order = self._create_order(confirm=False)
            order.with_user(self.salesman).write(
                {"state": "sale", "date_order": "2026-01-15 10:00:00"}
            )
            made = (
                self.env["sale.order"]
                .with_user(self.salesman)
                .create(
                    {
                        "partner_id": self.contact.id,
                        "state": "sale",
                        "date_order": "2026-01-15 10:00:00",
                        "order_line": [
                            Command.create(
                                {"product_id": self.product.id, "product_uom_qty": 10}
                            )
                        ],
                    }
                )
            )
            self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(
            (order | made).mapped("b2b2c_confirmed_at"), [datetime(2026, 2, 10, 10)] * 2
        )

    def test_history_is_told_by_code_and_by_the_loyalty_manager(self):
        with freeze_time("2026-02-10 10:00:00"):
            order = self._create_order()
            order.date_order = "2026-01-15 10:00:00"
            self.assertEqual(self._balances(), (50, 0, 0))
            told = self._create_order(2)
            for name in ("b2b2c_confirmed_at", "b2b2c_redated_at"):
                with self.assertRaises(UserError):
                    told.with_user(self.salesman)[name] = "2026-01-15 10:00:00"
            told.with_user(self.manager).b2b2c_confirmed_at = "2026-01-15 10:00:00"
            self.assertEqual(self._balances(), (60, 0, 0))
            told.order_line.product_uom_qty = 4
            self.assertEqual(self._balances(), (60, 0, 0))  # January is over (D5)

    def test_an_order_of_before_the_suite_keeps_its_day(self):
        with freeze_time("2026-01-20 10:00:00"):
            order = self._create_order()
            self.assertEqual(self._balances(), (50, 0, 0))
        order.b2b2c_confirmed_at = False
        with freeze_time("2026-03-20 10:00:00"):
            order.with_user(self.salesman).date_order = "2025-12-01 10:00:00"
            self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(order.b2b2c_confirmed_at, datetime(2026, 1, 20, 10))

    def test_nothing_is_said_where_nobody_counts(self):
        self.january.action_close()
        self.january.state = "draft"
        order = self._create_order()
        order.with_user(self.salesman).date_order = "2020-01-15 10:00:00"
        self.assertFalse(self._get_reports(order))
        self.assertFalse(order.activity_ids)

    # === WITHOUT AN ORDER === #

    def _bill(self, day, user=None, **values):
        """Post an invoice of 1000 of some day, without an order."""
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 10,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        bill.with_user(user or self.accountant).action_post()
        return bill

    @property
    def accountant(self):
        return self.env["res.users"].search(
            [("login", "=", "books")]
        ) or self._create_user("books", "account.group_account_invoice")

    def test_an_invoice_counts_from_when_it_was_posted(self):
        self._create_program({"trigger": "invoiced", "value": 1})
        with freeze_time("2026-02-10 10:00:00"):
            bill = self._bill("2026-01-15")
            # 1 % of February, and nothing of January
            self.assertEqual(self._balances(), (10, 0, 0))
            [entry] = self._entries("earn")
            self.assertEqual(entry.effective_at, datetime(2026, 2, 10, 10))
            self.assertEqual(len(bill.activity_ids), 1)
            self.assertIn("before it was posted", bill.activity_ids.note)
        with freeze_time("2026-03-10 10:00:00"):
            # corrected as invoices are: it stays the one of February
            bill = bill.with_user(self.accountant)
            bill.button_draft()
            bill.invoice_date = "2026-01-16"
            bill.action_post()
            self.assertEqual(self._balances(), (10, 0, 0))
            [entry] = self._entries("earn")
            self.assertEqual(entry.effective_at, datetime(2026, 2, 10, 10))
            self.assertEqual(len(bill.sudo().activity_ids), 1)

    def test_an_invoice_that_is_set_back_after_it_was_posted(self):
        with freeze_time("2026-02-10 10:00:00"):
            bill = self._bill("2026-02-10")
            self.assertEqual(self._balances(), (0, 0, 0))
            self.assertFalse(bill.activity_ids)
            bill = bill.with_user(self.accountant)
            bill.button_draft()
            bill.invoice_date = "2026-01-15"
            bill.action_post()
            self.assertEqual(self._balances(), (0, 0, 0))
            self.assertEqual(len(bill.sudo().activity_ids), 1)

    def test_an_invoice_that_was_entered_in_time_and_history(self):
        with freeze_time("2026-01-15 10:00:00"):
            self._bill("2026-01-15")
            self.assertEqual(self._balances(), (50, 0, 0))
        with freeze_time("2026-02-10 10:00:00"):
            told = self._bill("2026-01-15", self.env.ref("base.user_root"))
            self.assertEqual(self._balances(), (100, 0, 0))
            self.assertFalse(told.activity_ids)

    def test_what_was_reported_once_has_its_day(self):
        """Told again as of January: refused. Told again as paid: of February."""
        self.january.rule_ids.trigger = "paid"
        values = {
            "type": "sale",
            "reference": "R-1",
            "status": "confirmed",
            "occurred_at": "2026-02-10T10:00:00+00:00",
            "member": {"email": "olena@example.com"},
            "lines": [{"product": {"id": self.product.id}, "quantity": 10}],
        }
        options = {"company": self.company, "channel": "api"}
        with freeze_time("2026-02-11 10:00:00"):
            intake = self.env["b2b2c.intake"]
            document, _new = intake._record(values, **options)
            again = {**values, "status": "paid"}
            with self.assertRaises(IntakeError):
                intake._record(
                    {**again, "occurred_at": "2026-01-15T10:00:00+00:00"}, **options
                )
            same, is_new = intake._record(again, **options)
            self.assertEqual((same, is_new), (document, False))
            self.assertEqual(document.occurred_at, datetime(2026, 2, 10, 10))
            self.assertEqual(self._balances(), (0, 0, 0))
