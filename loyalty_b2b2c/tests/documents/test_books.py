"""Money really received for one invoice: what stands behind each payment."""

from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ...models.documents import books
from .books_common import DAY, LATER, BooksCommon


@tagged("post_install", "-at_install")
class TestPayments(BooksCommon):
    def test_nothing_parts_and_all(self):
        invoice = self._create_sale()
        self.assertPaid(invoice, 0)
        first = self._receive(invoice, 400, DAY)
        self.assertPaid(invoice, "2/5", 0, DAY)
        self._receive(invoice, 600, LATER)
        self.assertPaid(invoice, 1, day=LATER)
        first.action_draft()
        self.assertPaid(invoice, "3/5", 0)
        first.action_cancel()
        self.assertPaid(invoice, "3/5", 0)
        self._receive(invoice, 400, LATER)
        self.assertPaid(invoice, 1)

    def test_a_draft_and_what_is_not_paid(self):
        self.assertPaid(self._create_sale(post=False), 0)
        self.assertIsNone(books.get_paid_moment(self._create_sale()))

    def test_free_goods_are_paid_on_their_day(self):
        invoice = self._create_sale(0)
        self.assertPaid(invoice, 1)
        moment = books.get_paid_moment(invoice)
        self.assertEqual(moment.date(), invoice.date)

    def test_a_rejected_payment(self):
        invoice = self._create_sale()
        payment = self._receive(invoice)
        payment.action_reject()
        self.assertPaid(invoice, 0)

    def test_unreconciled(self):
        invoice = self._create_sale()
        payment = self._receive(invoice)
        self._unsettle(invoice)
        self.assertPaid(invoice, 0)
        self._settle(invoice, payment.move_id)
        self.assertPaid(invoice, 1)

    def test_a_cent_is_missing(self):
        """999.99 of 1000 are all of it, and 999.98 in two payments as well."""
        invoice, other = self._create_sale(), self._create_sale()
        self._receive(invoice, 999.99)
        self.assertPaid(invoice, 1)
        self._receive(other, 500)
        self._receive(other, 499.97)
        self.assertPaid(other, "99997/100000", 0)

    def test_one_payment_of_two_invoices(self):
        small, large = self._create_sale(500), self._create_sale()
        payment = self._receive(small | large, group_payment=True)
        self.assertEqual(len(payment), 1)
        self.assertPaid(small, 1)
        self.assertPaid(large, 1)
        payment.action_draft()
        self.assertPaid(small, 0)
        self.assertPaid(large, 0)

    def test_paid_on_a_bank_statement(self):
        """The line of the statement itself settles the invoice."""
        invoice = self._create_sale()
        bank = self._create_account("109001", "asset_cash")
        entry = self._book((bank, 300, None), (self._receivable, -300, self.contact))
        self._settle(invoice, entry)
        self.assertPaid(invoice, "3/10", 0, DAY)

    def test_shares_of_a_batch_are_read_together(self):
        invoices = self.env["account.move"].union(
            *(self._create_sale() for _number in range(5))
        )
        for invoice in invoices[:3]:
            self._receive(invoice)
        self.env.flush_all()
        with self.assertQueryCount(2), books.reading(invoices):
            shares = [int(books.get_paid(invoice).share) for invoice in invoices]
        self.assertEqual(shares, [1, 1, 1, 0, 0])
        with self.assertQueryCount(0), books.reading(invoices.browse()):
            pass

    def test_another_invoice_than_those_of_the_batch(self):
        first, second = self._create_sale(), self._create_sale()
        self._receive(second)
        self.env.flush_all()
        with books.reading(first):
            self.assertEqual(books.get_paid(second).share, 1)
            self.assertEqual(books.get_paid(first).share, 0)

    # === WHAT IS NO MONEY === #

    def test_a_write_off(self):
        expense = self._create_account("609001", "expense")
        invoice = self._create_sale()
        payment = self._write_off(invoice, 1, expense)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertPaid(invoice, "1/1000")
        payment.action_draft()
        self.assertPaid(invoice, 0)

    def test_accounts_that_count_and_that_do_not(self):
        """50 of charges count where a setting says so; 100 of an allowance do not."""
        charges = self._create_account("609002", "expense")
        allowance = self._create_account("109002", "asset_current")
        charged, doubtful = self._create_sale(), self._create_sale()
        self._write_off(charged, 950, charges)
        self._write_off(doubtful, 900, allowance)
        self.assertPaid(charged, "19/20")
        self.assertPaid(doubtful, 1)
        self.company.b2b2c_money_account_ids = charges
        self.company.b2b2c_loss_account_ids = allowance
        self.assertPaid(charged, 1)
        self.assertPaid(doubtful, "9/10")
        self.company.b2b2c_money_account_ids = self.company.b2b2c_loss_account_ids = (
            self.env["account.account"]
        )
        self.assertPaid(charged, "19/20")
        self.assertPaid(doubtful, 1)

    def test_a_note_that_somebody_typed_as_an_entry(self):
        """Income given back by hand settles the invoice and brings nothing."""
        invoice = self._create_sale()
        income = self._create_account("409001", "income")
        entry = self._book(
            (income, 1000, None), (self._receivable, -1000, self.contact)
        )
        self._settle(invoice, entry)
        self.assertPaid(invoice, 0)

    # === EARLY PAYMENT === #

    def _sell_with_discount(self, computation, tax):
        """Post 1000 and 20 % of tax with 2 % off within ten days."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        invoice = self._create_sale(post=False)
        invoice.invoice_line_ids.tax_ids = tax
        invoice.invoice_payment_term_id = terms
        invoice.action_post()
        return invoice

    def test_an_early_payment_discount_is_a_lower_price(self):
        tax = self._create_tax(20)
        for computation in ("included", "excluded", "mixed"):
            with self.subTest(computation):
                invoice = self._sell_with_discount(computation, tax)
                payment = self._receive(invoice, day=date(2026, 3, 5))
                self.assertLess(payment.amount, 1200)
                self.assertEqual(invoice.amount_residual, 0)
                self.assertPaid(invoice, 1)
                payment.action_draft()
                self.assertPaid(invoice, 0)

    def test_too_late_it_is_a_write_off(self):
        """1176 of 1200 on the last day are all of it, a day later 98 %."""
        expense, tax = self._create_account("609003", "expense"), self._create_tax(20)
        for day, share in ((date(2026, 3, 11), 1), (date(2026, 3, 12), "49/50")):
            with self.subTest(day):
                invoice = self._sell_with_discount("included", tax)
                self._write_off(
                    invoice,
                    1176,
                    expense,
                    payment_date=day,
                    early_payment_discount_mode=False,
                )
                self.assertPaid(invoice, share)

    # === MONEY THAT IS NO PAYMENT === #

    def test_netting_with_a_bill(self):
        supplier = self.contact.commercial_partner_id
        payable = supplier.property_account_payable_id
        invoice = self._create_sale()
        entry = self._book(
            (payable, 600, supplier), (self._receivable, -600, self.contact)
        )
        self._settle(invoice, entry)
        self.assertPaid(invoice, "3/5", 0)
        entry.button_draft()
        self.assertPaid(invoice, 0)

    def test_an_opening_balance(self):
        invoice = self._create_sale()
        equity = self._create_account("309001", "equity")
        entry = self._book((equity, 250, None), (self._receivable, -250, self.contact))
        self._settle(invoice, entry)
        self.assertPaid(invoice, "1/4", 0)

    def test_a_moved_debt_is_as_paid_as_it_is_there(self):
        payer = self.env["res.partner"].create({"name": "Parent Company"})
        bank = self._create_account("109003", "asset_cash")
        invoice = self._create_sale()
        moved = self._book(
            (self._receivable, 1000, payer), (self._receivable, -1000, self.contact)
        )
        debit = moved.line_ids.filtered("debit")
        (self._open_items(invoice) | (moved.line_ids - debit)).reconcile()
        self.assertPaid(invoice, 0)
        paid = self._book((bank, 600, None), (self._receivable, -600, payer), day=LATER)
        (debit | self._open_items(paid)).reconcile()
        self.assertPaid(invoice, "3/5", day=LATER)
        self.assertIn(invoice, books.get_component(paid))
        paid.button_draft()
        self.assertPaid(invoice, 0)

    def test_a_provider_gives_back(self):
        invoice = self._create_sale()
        payment = self._receive(invoice)
        refund = self._create_provider_refund(payment, 300)
        self.assertPaid(invoice, 1)
        refund.action_post()
        self.assertPaid(invoice, "7/10")
        note = self._note(invoice, 300)
        self.assertPaid(invoice, 1)  # 700 kept of 700
        self._settle(note, refund.move_id)
        self.assertPaid(invoice, 1)  # now it is what was paid out for the note
        refund.action_draft()
        refund.action_cancel()
        self.assertPaid(invoice, 1)

    # === CURRENCIES === #

    def test_foreign_currency_and_differences_of_exchange(self):
        """1000 CHF at 2, then at 3 CHF each; 400 are paid, then the rest."""
        currency = self._create_currency_rate("CHF", 2)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": DAY, "rate": 3}
        )
        invoice = self._create_sale(currency_id=currency.id)
        self._receive(invoice, 400, DAY, currency_id=currency.id)
        self.assertPaid(invoice, "2/5", 0, DAY)
        payment = self._receive(invoice, 600, LATER, currency_id=currency.id)
        partials = invoice.line_ids.matched_credit_ids
        self.assertTrue(partials.exchange_move_id)
        self.assertPaid(invoice, 1, day=LATER)
        payment.action_draft()
        self.assertPaid(invoice, "2/5", 0, DAY)

    # === PAYMENTS WITHOUT AN ENTRY === #

    def test_a_payment_without_an_entry_counts_its_amount(self):
        invoice = self._create_sale()
        with self._without_entries():
            payment = self._receive(invoice, 1, DAY)
            self.env.flush_all()
            self.assertFalse(payment.move_id)
            self.assertPaid(invoice, "1/1000", 0)
            rest = self._receive(invoice, 999, LATER)
            self.assertPaid(invoice, 1, day=LATER)
            rest.action_reject()
            self.assertPaid(invoice, "1/1000", 0)
            rest.action_draft()
            self.assertPaid(invoice, "1/1000", 0)

    def test_a_payment_without_an_entry_of_two_invoices(self):
        """1200 for 1000 and 500: what is due first is paid first."""
        due_later = self._create_sale(
            invoice_date_due="2026-05-01", invoice_payment_term_id=False
        )
        due_first = self._create_sale(
            500, invoice_date_due="2026-04-01", invoice_payment_term_id=False
        )
        with self._without_entries():
            payment = self._receive(due_later | due_first, 1200, group_payment=True)
            self.env.flush_all()
            self.assertFalse(payment.move_id)
            self.assertPaid(due_first, 1)
            self.assertPaid(due_later, "7/10", 0)

    def test_the_statement_of_a_payment_without_an_entry_is_not_another_one(self):
        invoice = self._create_sale()
        with self._without_entries():
            payment = self._receive(invoice, 400)
        self.env.flush_all()
        self._receive_statement(invoice, 400)
        payment.state = "paid"
        self.assertPaid(invoice, "2/5", 0)
        self._unsettle(invoice)
        self.assertPaid(invoice, "2/5", 0)

    def _receive_statement(self, invoice, amount):
        """Settle an invoice with a line of a bank statement."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": LATER,
                "payment_ref": "received",
                "partner_id": self.contact.id,
                "amount": amount,
                "counterpart_account_id": self._receivable.id,
            }
        )
        self._settle(invoice, line.move_id)

    # === ANY SEQUENCE === #

    def test_any_sequence_of_payments_is_what_is_in_force(self):
        """Against plain arithmetic: cents received by payments that were not undone."""
        expense = self._create_account("609009", "expense")
        steps = st.lists(
            st.tuples(
                st.sampled_from(["pay", "write off", "draft", "cancel", "unsettle"]),
                st.integers(1, 60000),
            ),
            min_size=1,
            max_size=6,
        )

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(steps)
        def play(steps):
            with self.env.cr.savepoint(flush=True) as savepoint:
                self._play(steps, expense)
                savepoint.rollback()
                self.env.invalidate_all()

        play()

    def _play(self, steps, expense):
        """Play steps on an invoice of 1000.00; compare after each."""
        invoice = self._create_sale()
        money = {}  # payment in force -> cents of money
        for verb, number in steps:
            rest = round(invoice.amount_residual * 100)
            payments = list(money)
            if verb in ("pay", "write off") and rest > 1:
                cents = min(number, rest - 1)  # never closed by itself
                if verb == "pay":
                    payment = self._receive(invoice, cents / 100)
                else:
                    payment = self._write_off(invoice, cents / 100, expense)
                money[payment] = cents
            elif payments and verb not in ("pay", "write off"):
                payment = payments[number % len(payments)]
                if verb == "draft":
                    payment.action_draft()
                elif verb == "cancel":
                    payment.action_draft()
                    payment.action_cancel()
                else:
                    self._unsettle(payment.move_id)
                del money[payment]
            received = sum(money.values())
            # for each payment a cent may be missing
            share = Fraction(received, 100000) if received < 100000 - len(money) else 1
            self.env.flush_all()
            self.assertEqual(books.get_paid(invoice).share, share)
