"""After a program closed or a rule ended, old documents give less, never more."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestEndedRules(LoyaltyCommon):
    """5 % of 10 × 100.00, ordered on 10 March; it ends on 20 March, today is April."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.startClassPatcher(freeze_time("2026-03-10 10:00:00"))

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-10 10:00:00")

    def _order_before(self, *rule, **values):
        """Start a program, sell in time, let it end; return the order."""
        self.program = self._create_program(*rule, **values)
        order = self._create_order()
        self._process()
        self.clock.move_to("2026-03-20 10:00:00")
        if not (values or any("valid_until" in one for one in rule)):
            self.program.action_close()
        self.clock.move_to("2026-04-01 10:00:00")
        return order

    def _check_nothing_is_added(self, rule, **values):
        order = self._order_before({"trigger": "confirmed", **rule}, **values)
        self.assertEqual(self._balances(), (50, 0, 0))
        order.order_line.product_uom_qty = 20
        self.assertEqual(self._balances(), (50, 0, 0))
        order.order_line.price_unit = 300
        self.assertEqual(self._balances(), (50, 0, 0))
        order.order_line = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 30})
        ]
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_nothing_is_added_after_a_program_closed(self):
        self._check_nothing_is_added({})

    def test_nothing_is_added_to_a_whole_document(self):
        self._check_nothing_is_added({"scope": "document"})

    def test_nothing_is_added_after_a_rule_ended(self):
        self._check_nothing_is_added({"valid_until": "2026-03-20 10:00:00"})

    def test_nothing_is_added_after_a_program_ended(self):
        self._check_nothing_is_added({}, date_to="2026-03-20 10:00:00")

    def test_less_is_less_and_does_not_come_back(self):
        order = self._order_before({"trigger": "confirmed"})
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._balances(), (30, 0, 0))
        order.order_line.product_uom_qty = 10
        self.assertEqual(self._balances(), (30, 0, 0))
        order.order_line.product_uom_qty = 2
        self.assertEqual(self._balances(), (10, 0, 0))
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_a_discount_that_is_taken_away(self):
        program = self._create_program({"trigger": "confirmed"})
        discount = self._create_product("Discount", 0, type="service")
        order = self._create_order()
        order.order_line = [
            Command.create(
                {
                    "product_id": discount.id,
                    "product_uom_qty": 1,
                    "price_unit": -400,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self.assertEqual(self._balances(), (30, 0, 0))
        self.clock.tick(timedelta(hours=1))
        program.action_close()
        self.clock.tick(timedelta(hours=1))
        order.order_line[1].product_uom_qty = 0
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_what_was_sold_in_time_is_paid_later(self):
        order = self._order_before({"trigger": "paid"})
        self.assertEqual(self._balances(), (0, 0, 0))
        invoice = self._invoice(order)
        self._pay(invoice)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_of_what_is_paid_later_only_the_old_part_counts(self):
        order = self._order_before({"trigger": "paid"})
        order.order_line.product_uom_qty = 25
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (50, 0, 0))  # of 125

    def test_what_is_pending_is_released_and_no_more(self):
        order = self._order_before({"trigger": "confirmed", "hold": "until_paid"})
        self.assertEqual(self._balances(), (0, 50, 0))
        order.order_line.product_uom_qty = 20
        self.assertEqual(self._balances(), (0, 50, 0))
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_a_payment_that_is_undone_and_made_again(self):
        program = self._create_program({"trigger": "paid"})
        payment = self._pay(self._invoice(self._create_order()))
        self.assertEqual(self._balances(), (50, 0, 0))
        self.clock.tick(timedelta(hours=1))
        program.action_close()
        payment.action_draft()
        self.assertEqual(self._balances(), (0, 0, 0))
        payment.action_post()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_what_was_changed_before_the_end_counts(self):
        program = self._create_program({"trigger": "confirmed"})
        order = self._create_order()
        self._process()
        self.clock.tick(timedelta(days=1))
        order.order_line.product_uom_qty = 20
        self.clock.tick(timedelta(days=1))
        program.action_close()  # before it was processed
        self.assertEqual(self._balances(), (100, 0, 0))
        self.clock.tick(timedelta(days=1))
        order.order_line.product_uom_qty = 40
        self.assertEqual(self._balances(), (100, 0, 0))
        program.action_start()
        order.order_line.price_unit = 101
        self.assertEqual(self._balances(), (202, 0, 0))

    def test_an_invoice_that_is_taken_back_to_a_draft(self):
        program = self._create_program({"trigger": "invoiced"})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [self._get_item(10)],
            }
        )
        invoice.action_post()
        self.assertEqual(self._balances(), (50, 0, 0))
        self.clock.move_to("2026-03-20 10:00:00")
        program.action_close()
        self.clock.move_to("2026-04-01 10:00:00")
        for change, points in (
            ([], 50),  # a word was wrong
            ([Command.update(invoice.invoice_line_ids.id, {"quantity": 20})], 50),
            ([self._get_item(5)], 50),
            ([Command.update(invoice.invoice_line_ids.id, {"quantity": 6})], 30),
        ):
            invoice.button_draft()
            self.assertEqual(self._balances(), (0, 0, 0))
            invoice.invoice_line_ids = change
            invoice.action_post()
            self.assertEqual(self._balances(), (points, 0, 0))

    def _get_item(self, quantity):
        return Command.create(
            {
                "product_id": self.product.id,
                "quantity": quantity,
                "price_unit": 100,
                "tax_ids": [Command.clear()],
            }
        )

    def test_the_statement_says_so(self):
        order = self._order_before({"trigger": "confirmed", "scope": "document"})
        order.order_line.product_uom_qty = 20
        self.assertEqual(self._balances(), (50, 0, 0))
        order.order_line.product_uom_qty = 5
        self.assertEqual(self._balances(), (25, 0, 0))
        order.order_line.product_uom_qty = 8  # 40, of which 25 are old
        preview = self.env["b2b2c.preview"].browse(
            order.action_b2b2c_preview()["res_id"]
        )
        texts = " ".join(preview.award_ids.mapped("why"))
        self.assertIn("The rule had ended", texts)
