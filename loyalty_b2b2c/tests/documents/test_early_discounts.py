"""A discount for paying early is a lower price (D1): 980 of 1000 in time give 49."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_sales_by_hand import HandCommon


@tagged("post_install", "-at_install")
class TestEarlyDiscounts(HandCommon):
    def _create_terms(self, computation="included"):
        """Create terms of payment: 2 % off within ten days."""
        return self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )

    def _bill_today(self, *lines, **values):
        terms = values.pop("terms", None) or self._create_terms()
        return self._bill(
            *lines,
            invoice_date=fields.Date.today(),
            invoice_payment_term_id=terms.id,
            **values,
        )

    def test_an_order_in_each_way_to_count_the_tax(self):
        """Of 1200 with tax 1176, 1180 or 1176 are paid; without it 980 of 1000."""
        tax = self._create_tax(20)
        for computation, amount in (
            ("included", 1176),
            ("excluded", 1180),
            ("mixed", 1176),
        ):
            with self.subTest(computation):
                order = self._create_lines_order(
                    (self.product, 10, 100.0),
                    confirm=False,
                    payment_term_id=self._create_terms(computation).id,
                )
                order.order_line.tax_ids = tax
                order.action_confirm()
                payment = self._receive(self._invoice(order))
                self.assertEqual(payment.amount, amount)
                self.assertWorth(order, confirmed=49, paid=49, pieces=10)
                payment.action_draft()  # nobody paid early after all
                self.assertWorth(order, 50, confirmed=50, paid=0, pieces=0)

    def test_with_taxes(self):
        """5 % of what is paid with its tax: 58 of 1176 or 1176, 59 of 1180."""
        self._create_program(
            {"name": "gross", "trigger": "paid", "amount_basis": "total"}, notify=False
        )
        tax = self._create_tax(20)
        for computation, points in (("included", 58), ("excluded", 59), ("mixed", 58)):
            with self.subTest(computation):
                bill = self._bill_today(
                    (self.product, 10, 100.0),
                    post=False,
                    terms=self._create_terms(computation),
                )
                bill.invoice_line_ids.tax_ids = tax
                bill.action_post()
                self._receive(bill)
                self.assertEqual(bill.amount_residual, 0)
                self.assertWorth(bill, paid=49, gross=points)

    def test_too_late_nothing_is_given(self):
        bill = self._bill_today((self.product, 10, 100.0))
        payment = self._receive(bill, day=fields.Date.today() + timedelta(days=11))
        self.assertEqual(payment.amount, 1000)
        self.assertWorth(bill, confirmed=50, paid=50, pieces=10)

    def test_with_a_rebate_and_pieces_that_come_back(self):
        """10 × 100 less 100 is 900, less 2 % 882; then two pieces of 100 less."""
        bill = self._bill_today((self.product, 10, 100.0), (self.rebate, 1, -100.0))
        self._receive(bill)
        self.assertWorth(bill, confirmed=44, paid=44, pieces=10)
        self._change_note(bill, **{self.product.name: (2, 100.0)})
        self.assertWorth(bill, confirmed=34, paid=34, pieces=8)

    def test_pieces_come_back_at_what_was_paid_for_them(self):
        """980 for 10: four of them for 98 each leave 588."""
        bill = self._bill_today((self.product, 10, 100.0))
        self._receive(bill)
        self._change_note(bill, **{self.product.name: (4, 98.0)})
        self.assertWorth(bill, confirmed=29, paid=29, pieces=6)

    def test_of_a_down_payment_too(self):
        """Of 500 in advance 490, of the other 500 as well: 980."""
        order = self._create_lines_order(
            (self.product, 10, 100.0), payment_term_id=self._create_terms().id
        )
        advance = self._down_payment(order, 50)
        self._receive(advance)
        self.assertEqual(advance.amount_residual, 0)
        final = self._final(order)
        self.assertWorth(order, 25, confirmed=49, paid=24)
        self._receive(final)
        self.assertWorth(order, confirmed=49, paid=49, pieces=10)

    def test_at_another_rate(self):
        """EUR 1000 at 0.5 are 2000; 980 of them at 0.8 are 980 all the same."""
        euro = self._create_currency_rate("EUR", 0.5)
        bill = self._bill_today((self.product, 10, 100.0), currency_id=euro.id)
        self.env.flush_all()
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": fields.Date.today() + timedelta(days=1),
                "rate": 0.8,
                "company_id": self.company.id,
            }
        )
        self._receive(bill, day=fields.Date.today() + timedelta(days=2))
        self.assertEqual(bill.amount_residual, 0)
        self.assertWorth(bill, confirmed=98, paid=98, pieces=10)

    def test_the_tax_of_what_is_written_off_is_no_money(self):
        """1200 with tax are lost: 1000 as an expense, 200 of tax that comes back."""
        tax = self._create_tax(20)
        bill = self._bill((self.product, 10, 100.0), post=False)
        bill.invoice_line_ids.tax_ids = tax
        bill.action_post()
        of_tax = bill.line_ids.filtered("tax_line_id")
        repartition = of_tax.tax_repartition_line_id
        owed = self._open_items(bill)
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        loss = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self._create_account("LOST", "expense").id,
                            "debit": 1000,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": of_tax.account_id.id,
                            "tax_repartition_line_id": repartition.id,
                            "debit": 200,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": owed.account_id.id,
                            "partner_id": owed.partner_id.id,
                            "credit": 1200,
                        }
                    ),
                ],
            }
        )
        loss.action_post()
        self._settle(bill, loss)
        self.assertEqual(bill.amount_residual, 0)
        self.assertPaid(bill, 0)
