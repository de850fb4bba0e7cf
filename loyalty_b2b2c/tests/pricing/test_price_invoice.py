"""Invoices of dealers cost what their orders do; credit notes are reported."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.dealers.dealer_lookup import forget_dealers
from .test_price_lock import LockCommon


@tagged("post_install", "-at_install")
class TestPriceInvoice(LockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "order"
        cls.biller = cls._create_user("biller", "account.group_account_manager")

    def _bill(self):
        """Return a draft invoice of 10 × 95.00 as an accountant sees it."""
        order = self._create_order(10)
        return order._create_invoices().with_user(self.biller)

    def _deviations(self, document):
        return self.env["b2b2c.price.deviation"].search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ]
        )

    def test_a_draft_invoice_keeps_the_price_of_the_order(self):
        bill = self._bill()
        line = bill.invoice_line_ids
        for values in (
            {"price_unit": 90},
            {"price_unit": 100},
            {"discount": 5},
            {"quantity": -1},
            {"sale_line_ids": [Command.clear()]},
            {"sale_line_ids": [Command.clear()], "price_unit": 1},
            {"product_id": self._create_product("Other", 1).id},
        ):
            with self.subTest(values):
                self.assertRefused(bill, lambda v=values: line.write(v))
                self.assertRefused(
                    bill,
                    lambda v=values: bill.write(
                        {"invoice_line_ids": [Command.update(line.id, v)]}
                    ),
                )
        line.quantity = 4
        self.assertEqual(bill.amount_untaxed, 380)
        bill.action_post()

    def test_negative_lines(self):
        bill = self._bill()
        for values in (
            {"name": "Rebate", "price_unit": -100},
            {"name": "Rebate", "price_unit": 100, "quantity": -1},
            {"product_id": self.product.id, "price_unit": 90},
        ):
            self.assertRefused(
                bill,
                lambda v=values: bill.write({"invoice_line_ids": [Command.create(v)]}),
            )
        bill.write(
            {"invoice_line_ids": [Command.create({"name": "Fee", "price_unit": 5})]}
        )
        self.assertEqual(bill.amount_untaxed, 955)

    def test_another_way_to_an_own_price(self):
        """A stranger's invoice, or order, that becomes the dealer's."""
        cheap = self._create_order(10, partner_id=self.stranger.id)
        cheap.order_line.price_unit = 1
        bill = self._bill()
        self.assertRefused(
            bill,
            lambda: bill.write(
                {
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": 1,
                                "sale_line_ids": [Command.set(cheap.order_line.ids)],
                            }
                        )
                    ]
                }
            ),
        )
        free = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.stranger.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 90,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        free = free.with_user(self.biller)
        self.assertRefused(free, lambda: free.write({"partner_id": self.client.id}), 90)
        free.invoice_line_ids.price_unit = 95
        free.partner_id = self.client
        euro = self._create_currency_rate("EUR", 2.0)
        self.assertRefused(free, lambda: free.write({"currency_id": euro.id}), 95)
        included = self._create_tax(20)
        included.price_include_override = "tax_included"
        line = free.invoice_line_ids
        self.assertRefused(
            free, lambda: line.write({"tax_ids": [Command.set(included.ids)]}), 95
        )

    def test_costs_are_passed_on(self):
        """What a vendor billed for the dealer is invoiced at cost, and at no other."""
        order = self._create_order(10)
        travel = self._create_product("Travel", 0, type="service")
        travel.write({"expense_policy": "cost", "purchase_ok": True})
        plan = self.env["account.analytic.plan"].create({"name": "Orders"})
        analytic = self.env["account.analytic.account"].create(
            {"name": order.name, "plan_id": plan.id}
        )
        cost = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.stranger.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": travel.id,
                            "price_unit": 70,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(analytic.id): 100},
                        }
                    )
                ],
            }
        )
        items = self.env.registry["account.move.line"]
        with patch.object(
            items,
            "_sale_determine_order",
            lambda lines: dict.fromkeys(lines.ids, order),
        ):
            cost.action_post()
        passed = order.order_line - order.order_line[0]
        self.assertTrue(passed.is_expense)
        self.assertEqual(passed.price_unit, 70)
        bill = order._create_invoices().with_user(self.biller)
        self.assertEqual(bill.amount_untaxed, 1020)
        line = passed.with_user(self.salesman)
        with self.assertRaises(UserError):
            line.price_unit = 1

    def test_down_payments_come_off_once(self):
        order = self._create_order(10)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": 40,
                "sale_order_ids": order.ids,
            }
        )
        wizard._create_invoices(order).action_post()
        bill = order._create_invoices(final=True)
        self.assertEqual(bill.amount_untaxed, 570)
        off = bill.invoice_line_ids.filtered(lambda one: one.quantity < 0)
        self.assertRefused(bill, lambda: off.write({"price_unit": 381}), 570)
        bill.action_post()

    def test_others_are_billed_freely(self):
        order = self._create_order(10, partner_id=self.stranger.id)
        bill = order._create_invoices().with_user(self.biller)
        bill.invoice_line_ids.price_unit = 1
        self.assertEqual(bill.amount_untaxed, 10)

    def test_what_was_delivered_beyond_the_order_is_told(self):
        """14 came instead of 10, and the tier has fallen: 4 × 5.00 less than today."""
        self.product.invoice_policy = "delivery"
        order = self._create_order(10)
        self.dealer.tier_id = self.ladder.tier_ids[0]
        self.dealer._give_tier_price()
        forget_dealers(self.env)
        self._deliver(order, 14)
        bill = order._create_invoices().with_user(self.biller)
        self.assertEqual(bill.amount_untaxed, 1330)
        bill.action_post()
        self.assertEqual(
            self._deviations(bill).mapped(
                lambda one: (one.kind, one.quantity, one.expected, one.cost)
            ),
            [("free", 4, 100, 20)],
        )

    def test_taxes_in_the_price_by_a_fiscal_position_are_told(self):
        """95.00 with 25 % in it are 76.00: 19.00 a piece less."""
        tax = self._create_tax(25)
        self.product.taxes_id = tax
        position = self.env["account.fiscal.position"].create({"name": "Inside"})
        inside = tax.copy({"name": "in", "price_include_override": "tax_included"})
        inside.fiscal_position_ids, inside.original_tax_ids = position, tax
        order = self._create_order(10, fiscal_position_id=position.id)
        self.assertEqual(order.amount_untaxed, 760)
        self.assertEqual(
            self._deviations(order).mapped(lambda one: (one.kind, one.cost)),
            [("terms", 190)],
        )
        bill = order._create_invoices()
        bill.action_post()
        self.assertFalse(self._deviations(bill), "told with the order")

    def test_a_usual_discount_for_early_payment_is_told_once(self):
        """2 % of 950.00, with the order; its invoice has the same term."""
        term = self.env["account.payment.term"].create(
            {"name": "2 % in 10 days", "early_discount": True}
        )
        order = self._create_order(10, payment_term_id=term.id)
        self.assertEqual(self._deviations(order).cost, 19)
        bill = order._create_invoices()
        bill.action_post()
        self.assertFalse(self._deviations(bill))

    def test_a_rounding_to_coins_is_told(self):
        """950.00 to 100: 900.00 are paid, a rounding up costs nothing."""
        account = self.env["account.account"].search(
            [("account_type", "=", "expense")], limit=1
        )
        for method, costs in (("DOWN", [50]), ("UP", [])):
            bill = self._create_order(10)._create_invoices()
            bill.invoice_cash_rounding_id = self.env["account.cash.rounding"].create(
                {
                    "name": method,
                    "rounding": 100,
                    "rounding_method": method,
                    "profit_account_id": account.id,
                    "loss_account_id": account.id,
                }
            )
            bill.action_post()
            self.assertEqual(self._deviations(bill).mapped("cost"), costs)

    def test_a_credit_note_without_a_return_is_reported(self):
        bill = self._bill()
        bill.action_post()
        refund = self._credit_note(bill, 4)
        self.assertEqual(
            self._deviations(refund).mapped(
                lambda one: (one.kind, one.quantity, one.cost, one.state)
            ),
            [("credit", 4, 380, "review")],
        )

    def test_a_credit_note_for_what_came_back_is_none(self):
        self.product.invoice_policy = "delivery"
        order = self._create_order(10)
        picking = self._deliver(order)
        bill = self._invoice(order)
        self._return(picking, 4)
        self.assertFalse(self._deviations(self._credit_note(bill, 4)))
