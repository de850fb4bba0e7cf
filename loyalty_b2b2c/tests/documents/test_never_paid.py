"""What will never be paid, or never be delivered, does not wait.

Rules of 5 %: of 10 × 100.00 that is 50.  Whatever way a debt ends without money, the
points for it go; when that is undone, they wait again.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .books_common import LATER
from .test_sales_by_hand import HandCommon


class RestCommon(HandCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program(
            {"name": "both", "trigger": "confirmed", "hold": "until_delivered_paid"},
            {
                "name": "after delivery",
                "trigger": "confirmed",
                "hold": "days_after_delivery",
                "hold_days": 1,
            },
            {"name": "to pay", "trigger": "invoiced", "hold": "until_paid"},
            notify=False,
        )
        cls.loss = cls.env["account.account"].create(
            {"name": "Loss", "code": "LOSS", "account_type": "expense"}
        )

    def _get_waiting(self, document):
        """Return name of a rule -> (usable, pending) points of a document."""
        self.env.flush_all()
        self._process()
        entries = self.env["b2b2c.ledger.entry"].search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ]
        )
        return {
            rule.name: (
                sum(its.mapped("points")),
                sum(its.mapped("points_pending")),
            )
            for rule, its in entries.grouped("rule_id").items()
        }

    def assertWaiting(self, document, usable, pending, name="held"):
        self.assertEqual(
            self._get_waiting(document).get(name, (0, 0)), (usable, pending), name
        )


@tagged("post_install", "-at_install")
class TestNeverPaid(RestCommon):
    def test_a_difference_is_written_off_and_that_is_undone(self):
        for document, invoice in self._both():
            self.assertWaiting(document, 0, 50)
            payment = self._write_off(invoice, 450, self.loss)
            self.assertWaiting(document, 22, 0)
            self.assertWaiting(document, 22, 0, "to pay")
            self._unsettle(invoice)
            self.assertWaiting(document, 0, 50)
            self._settle(invoice, payment.move_id)
            self.assertWaiting(document, 22, 0)
            payment.action_draft()
            self.assertWaiting(document, 0, 50)

    def test_the_line_of_the_bank_writes_it_off(self):
        """700 came, the other 300 stand beside them in the entry of the statement."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        for document, invoice in self._both():
            line = self.env["account.bank.statement.line"].create(
                {
                    "journal_id": bank.id,
                    "date": LATER,
                    "payment_ref": "received",
                    "partner_id": self.contact.id,
                    "amount": 700,
                    "counterpart_account_id": self._receivable.id,
                }
            )
            entry = line.move_id
            owed = self._open_items(entry)
            entry.with_context(
                skip_account_move_synchronization=True, skip_readonly_check=True
            ).write(
                {
                    "line_ids": [
                        Command.update(
                            owed.id, {"amount_currency": -1000, "balance": -1000}
                        ),
                        Command.create(
                            {
                                "account_id": self.loss.id,
                                "balance": 300,
                                "amount_currency": 300,
                            }
                        ),
                    ]
                }
            )
            self._settle(invoice, entry)
            self.assertEqual(invoice.amount_residual, 0)
            self.assertWaiting(document, 35, 0)
            self._unsettle(invoice)
            self.assertWaiting(document, 0, 50)

    def test_a_bad_debt(self):
        """400 are paid, the rest becomes a loss by an entry, which is taken back."""
        for document, invoice in self._both():
            self._receive(invoice, 400)
            self.assertWaiting(document, 0, 50)
            entry = self._book(
                (self.loss, 600, None), (self._receivable, -600, self.contact)
            )
            self._settle(invoice, entry)
            self.assertWaiting(document, 20, 0)
            entry.button_draft()
            self.assertWaiting(document, 0, 50)
            self._unsettle(entry)
            self._receive(invoice, 600)
            self.assertWaiting(document, 50, 0)

    def test_a_part_becomes_a_bad_debt_and_the_rest_is_open(self):
        for document, invoice in self._both():
            entry = self._book(
                (self.loss, 600, None), (self._receivable, -600, self.contact)
            )
            self._settle(invoice, entry)
            self.assertWaiting(document, 0, 20)
            self._receive(invoice)
            self.assertWaiting(document, 20, 0)

    def test_paid_by_an_entry_that_takes_the_income_back(self):
        """Nothing is left: neither usable nor pending, and the reason is said."""
        income = self._create_account("409001", "income")
        for document, invoice in self._both():
            self.assertWaiting(document, 0, 50)
            entry = self._book(
                (income, 1000, None), (self._receivable, -1000, self.contact)
            )
            self._settle(invoice, entry)
            self.assertWaiting(document, 0, 0)
            last = self.env["b2b2c.ledger.entry"].search(
                [
                    ("document_model", "=", document._name),
                    ("document_id", "=", document.id),
                    ("rule_id.name", "=", "held"),
                ],
                order="id DESC",
                limit=1,
            )
            self.assertEqual(
                last.explanation_text.splitlines()[0],
                f"A part of {document.display_name} will never be paid.",
            )

    def test_the_entry_that_paid_it_is_reversed(self):
        """Who reverses what paid opens the invoice: it may be paid after all."""
        bank = self._create_account("109009", "asset_cash")
        for document, invoice in self._both():
            entry = self._book(
                (bank, 1000, None), (self._receivable, -1000, self.contact)
            )
            self._settle(invoice, entry)
            self.assertWaiting(document, 50, 0)
            entry._reverse_moves([{"date": LATER}], cancel=True)
            self.assertWaiting(document, 0, 50)

    def test_a_note_of_a_part_and_a_write_off_of_another(self):
        """1000 less 300 credited, 490 paid, 210 given up: 24 of 35 points."""
        for document, invoice in self._both():
            note = self._note(invoice, 300)
            self._settle(note, invoice)
            self.assertWaiting(document, 0, 35)
            self._write_off(invoice, 490, self.loss)
            self.assertWaiting(document, 24, 0)

    def test_the_note_of_a_sale_that_was_written_off_brings_nothing(self):
        """A is settled without money, its note settles B: B waits for nothing."""
        a, b = (self._bill((self.product, 10, 100.0)) for _number in range(2))
        note = self._note(a)
        self._settle(note, b)
        self.assertWaiting(b, 0, 50)  # as long as A may be paid
        entry = self._book(
            (self.loss, 1000, None), (self._receivable, -1000, self.contact)
        )
        self._settle(a, entry)
        self.assertWaiting(b, 0, 0)
        entry.button_draft()
        self.assertWaiting(b, 0, 50)

    def test_a_down_payment_that_is_written_off(self):
        order = self._create_lines_order((self.product, 10, 100.0))
        advance = self._down_payment(order, 50)
        final = self._final(order)
        self._receive(final)
        self.assertWaiting(order, 25, 25)
        self._write_off(advance, 100, self.loss)
        self.assertWaiting(order, 30, 0)

    def test_a_debt_that_was_moved_and_is_given_up_there(self):
        payer = self.env["res.partner"].create({"name": "Parent Company"})
        for document, invoice in self._both():
            moved = self._book(
                (self._receivable, 1000, payer),
                (self._receivable, -1000, self.contact),
            )
            debit = moved.line_ids.filtered("debit")
            (self._open_items(invoice) | (moved.line_ids - debit)).reconcile()
            self.assertWaiting(document, 0, 50)
            gone = self._book((self.loss, 600, None), (self._receivable, -600, payer))
            (debit | self._open_items(gone)).reconcile()
            self.assertWaiting(document, 0, 20)

    def test_a_provider_gave_back_and_nothing_is_open(self):
        for document, invoice in self._both():
            payment = self._receive(invoice)
            self.assertWaiting(document, 50, 0)
            refund = self._create_provider_refund(payment, 300)
            refund.action_post()
            self.assertWaiting(document, 35, 0)

    def test_differences_of_exchange_give_nothing_up(self):
        """CHF 1000 at 2, paid at 3 in two parts: all of it, and 25 points of ours."""
        currency = self._create_currency_rate("CHF", 2)
        invoice = self._bill((self.product, 10, 100.0), currency_id=currency.id)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": LATER, "rate": 3}
        )
        self._receive(invoice, 400, LATER, currency_id=currency.id)
        self.assertWaiting(invoice, 0, 25)
        self._receive(invoice, None, LATER, currency_id=currency.id)
        self.assertTrue(invoice.line_ids.matched_credit_ids.exchange_move_id)
        self.assertWaiting(invoice, 25, 0)

    def test_a_discount_for_paying_late_is_given_up(self):
        """2 % are kept back after the last day: 980 of 1000."""
        for document, invoice in self._both():
            self._write_off(invoice, 980, self.loss)
            self.assertWaiting(document, 49, 0)

    def test_an_invoice_that_is_cancelled(self):
        """An order is invoiced again, an invoice without one is over."""
        for document, invoice in self._both():
            self._write_off(invoice, 450, self.loss)
            self.assertWaiting(document, 22, 0)
            self._unsettle(invoice)
            invoice.button_draft()
            invoice.button_cancel()
            self.assertWaiting(document, 0, 50 if document != invoice else 0)


@tagged("post_install", "-at_install")
class TestNeverDelivered(RestCommon):
    def test_the_rest_of_an_order_that_was_invoiced_is_cancelled(self):
        """10 are invoiced and paid, 6 delivered, 4 never will be."""
        order = self._create_lines_order((self.product, 10, 100.0))
        invoice = self._invoice(order)
        self._receive(invoice)
        self.assertWaiting(order, 0, 50, "both")
        self._deliver(order, 6)
        self.assertWaiting(order, 30, 20, "both")
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertWaiting(order, 30, 0, "both")
        self.assertWaiting(order, 0, 30, "after delivery")
        self.assertWaiting(order, 50, 0, "held")

    def test_what_is_cancelled_and_neither_delivered_nor_invoiced(self):
        order = self._create_lines_order((self.product, 10, 100.0))
        self._deliver(order, 6)
        order.action_lock()
        self.assertWaiting(order, 0, 50, "both")
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertWaiting(order, 0, 30, "both")
        self.assertWaiting(order, 0, 30)

    def test_pieces_that_came_back_wait_until_they_are_credited(self):
        """8 of 10 stay: two are paid, and are delivered again or credited."""
        order = self._create_lines_order((self.product, 10, 100.0))
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._receive(invoice)
        self.assertWaiting(order, 50, 0, "both")
        self._return(picking, 2)
        self.assertWaiting(order, 40, 10, "both")
        self.assertWaiting(order, 50, 0)
        self._change_note(invoice, **{self.product.name: (2, 100.0)})
        self.assertWaiting(order, 40, 0, "both")

    def test_delivered_beyond_the_order_until_the_order_is_raised(self):
        order = self._create_lines_order((self.product, 10, 100.0))
        self._deliver(order, 12)
        self.assertWaiting(order, 0, 50)
        self.assertWaiting(order, 0, 60, "after delivery")
        order.order_line.product_uom_qty = 12
        self.assertWaiting(order, 0, 60)

    def test_written_off_and_never_delivered(self):
        """The smaller of both: 6 of 10 come, 300 of 1000 are paid."""
        order = self._create_lines_order((self.product, 10, 100.0))
        invoice = self._invoice(order)
        self._deliver(order, 6)
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self._write_off(invoice, 300, self.loss)
        self.assertWaiting(order, 15, 0, "both")

    def test_an_order_that_is_cancelled(self):
        order = self._create_lines_order((self.product, 10, 100.0))
        order._action_cancel()
        for name in ("held", "both", "after delivery"):
            self.assertWaiting(order, 0, 0, name)

    def test_goods_are_handed_over_with_an_invoice_that_has_no_order(self):
        invoice = self._bill((self.product, 10, 100.0))
        self.assertWaiting(invoice, 0, 50, "both")
        self._receive(invoice, None, LATER)
        self.assertWaiting(invoice, 50, 0, "both")

    def test_days_after_a_delivery_begin_with_such_an_invoice(self):
        with freeze_time(f"{LATER} 20:00:00"):
            invoice = self._bill((self.product, 10, 100.0), invoice_date=LATER)
            self.assertWaiting(invoice, 0, 50, "after delivery")
        with freeze_time(fields.Datetime.to_datetime(LATER) + timedelta(days=2)):
            self.assertWaiting(invoice, 50, 0, "after delivery")
