"""Invoices and receipts without a sale order."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestInvoices(LoyaltyCommon):
    """Ten units of 100.00, 5 %: five points a unit."""

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _create_invoice(self, *lines, post=True, **values):
        """Create an invoice of the client; lines are (product, quantity, price)."""
        lines = lines or ((self.product, 10, 100.0),)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, quantity, price in lines
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def test_life_of_an_invoice(self):
        self._create_program({"trigger": "invoiced", "hold": "until_paid"})
        invoice = self._create_invoice(post=False)
        self.assertEqual(self._balances(), (0, 0, 0))
        invoice.action_post()
        self.assertEqual(self._balances(), (0, 50, 0))
        payment = self._pay(invoice)
        self.assertEqual(self._balances(), (50, 0, 0))
        payment.action_cancel()
        self.assertEqual(self._balances(), (0, 50, 0))
        self._pay(invoice)
        self._credit_note(invoice, 4)
        self.assertEqual(self._balances(), (30, 0, 0))
        self.assertEqual(self._entries("reverse")[-1].document_id, invoice.id)

    def test_a_credit_note_to_draft_gives_back(self):
        self._create_program({"trigger": "invoiced"})
        invoice = self._create_invoice()
        note = self._credit_note(invoice, 4)
        self.assertEqual(self._balances(), (30, 0, 0))
        note.button_draft()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_invoice_to_draft_and_deleted(self):
        self._create_program({"trigger": "confirmed"})
        invoice = self._create_invoice()
        self.assertEqual(self._balances(), (50, 0, 0))
        invoice.button_draft()
        self.assertEqual(self._balances(), (0, 0, 0))
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_receipt(self):
        self._create_program({"trigger": "invoiced"})
        self._create_invoice(move_type="out_receipt")
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_an_invoice_delivers_nothing(self):
        self._create_program({"trigger": "delivered"})
        self._create_invoice()
        self.assertEqual(self._balances(), (0, 0, 0))

    def _invoice_with_typed_line(self, order):
        """Post the invoice of an order with 2 units that somebody typed beside it."""
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "quantity": 2,
                    "price_unit": 100,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        invoice.action_post()
        return invoice

    def test_a_line_typed_beside_an_order_earns_nothing_by_itself(self):
        """10 units of the order, not the 2 that somebody added to its invoice."""
        self._create_program({"trigger": "paid"})
        order = self._create_order()
        invoice = self._invoice_with_typed_line(order)
        self._pay(invoice)
        self.assertEqual(self._balances(), (50, 0, 0))
        preview = self.env["b2b2c.preview"]._build(invoice)
        self.assertIn("counts with the order", preview.refusal_ids.mapped("why")[0])

    def test_a_program_may_count_typed_lines(self):
        """The order's 10 units with the order, the other 2 with the invoice."""
        self._create_program({"trigger": "paid"}, counts_typed_lines=True)
        order = self._create_order()
        invoice = self._invoice_with_typed_line(order)
        self.assertEqual(self._balances(), (0, 0, 0))
        self._pay(invoice)
        self.assertEqual(self._balances(), (60, 0, 0))
        totals = self.env["b2b2c.ledger.entry"]._get_document_totals
        self.assertEqual(totals(order)[order.id][1], 50)
        self.assertEqual(totals(invoice)[invoice.id][1], 10)
        self._credit_note(invoice)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_a_product_at_two_prices_is_credited_at_its_own(self):
        self._create_program({"trigger": "invoiced"})
        invoice = self._create_invoice((self.product, 1, 100), (self.product, 1, 40))
        self.assertEqual(self._balances(), (7, 0, 0))
        note = invoice._reverse_moves([{"invoice_date": "2026-03-11"}], cancel=False)
        note.invoice_line_ids.filtered(lambda line: line.price_unit == 100).unlink()
        note.action_post()
        self.assertEqual(self._balances(), (5, 0, 0))

    def test_kind_of_document(self):
        kind = self.env.ref("loyalty_b2b2c.document_kind_invoice")
        self._create_program(
            {"trigger": "invoiced", "document_kind_ids": [Command.set(kind.ids)]}
        )
        self._create_invoice()
        self._invoice(self._create_order())
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_foreign_currency(self):
        """10 × 100.00 CHF at 2 CHF each: 500.00, 25 points."""
        currency = self._create_currency_rate("CHF", 2.0)
        self._create_program({"trigger": "invoiced"})
        self._create_invoice(currency_id=currency.id)
        self.assertEqual(self._balances(), (25, 0, 0))

    def test_expected_when_due(self):
        self._create_program({"trigger": "invoiced", "hold": "until_paid"})
        self._create_invoice(
            invoice_payment_term_id=False, invoice_date_due="2030-05-31"
        )
        self._process()
        self.assertEqual(self._entries("earn").expected_at, datetime(2030, 5, 31, 12))

    def test_enrolled_between_entry_and_posting_of_the_same_day(self):
        self._create_program({"trigger": "invoiced"})
        self.member.enrolled_at = "2026-03-10 09:00:00"
        with freeze_time("2026-03-11 10:00:00"):
            self._create_invoice(invoice_date="2026-03-10")  # counts as of noon
        with freeze_time("2026-03-09 10:00:00"):
            self._create_invoice(invoice_date="2026-03-09")
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_our_salesperson_of_the_invoice(self):
        clerk = self._create_user("clerk", "account.group_account_invoice")
        ours = self._create_member(
            name="Clerk",
            email="c@example.com",
            role="salesperson",
            employer_id=self.company.partner_id.id,
            contact_id=clerk.partner_id.id,
        )
        self._create_program(
            {"trigger": "invoiced", "role": "salesperson", "pick": "seller"}
        )
        self._create_invoice(invoice_user_id=clerk.id)
        self.assertEqual(self._balances(ours), (50, 0, 0))
