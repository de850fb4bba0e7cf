"""Money really received for a sale: notes, down payments, and what a change reaches."""

from fractions import Fraction

from odoo.tests import tagged

from ...models.documents import books
from .books_common import DAY, LATER, BooksCommon


@tagged("post_install", "-at_install")
class TestOwnNotes(BooksCommon):
    def test_a_price_note_lowers_what_the_sale_is_worth(self):
        invoice = self._create_sale()
        note = self._note(invoice, 100)
        self._settle(invoice, note)
        self.assertPaid(invoice, 0)
        self._receive(invoice, 900)
        self.assertPaid(invoice, 1)
        self.assertEqual(books.get_notes(invoice), [(note, 1)])
        note.button_draft()
        self.assertPaid(invoice, "9/10", 0)
        self.assertEqual(books.get_notes(invoice), [])

    def test_a_note_of_a_paid_sale_before_and_after_it_is_paid_out(self):
        invoice = self._create_sale()
        self._receive(invoice, day=DAY)
        note = self._note(invoice, 300)
        self.assertPaid(invoice, 1, day=DAY)
        out = self._receive(note, day=LATER)
        self.assertEqual(out.payment_type, "outbound")
        self.assertPaid(invoice, 1, day=DAY)
        out.action_draft()
        out.action_cancel()
        self.assertPaid(invoice, 1)

    def test_everything_credited_is_worth_nothing(self):
        invoice = self._create_sale()
        self._receive(invoice)
        note = self._note(invoice)
        self.assertPaid(invoice, 0)
        note.button_draft()
        self.assertPaid(invoice, 1)

    def test_a_note_of_the_note_brings_it_back(self):
        invoice = self._create_sale()
        self._receive(invoice)
        note = self._note(invoice)
        back = self._note(note)
        self.assertEqual(back.move_type, "out_invoice")
        self._settle(note, back)
        self.assertPaid(invoice, 1)
        self.assertEqual(books.get_notes(invoice), [(note, 1), (back, 1)])
        back.button_draft()
        self.assertPaid(invoice, 0)

    def test_a_refund_of_an_order_with_two_invoices(self):
        """4 of 10 come back; no invoice is named."""
        order = self._create_order()
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 6
        first.action_post()
        second = self._invoice(order)
        self._receive(first)
        self._receive(second)
        self.assertPaid(first, 1)
        order.order_line.product_uom_qty = 6
        note = order._create_invoices(final=True)
        note.action_post()
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 400))
        self.assertFalse(note.reversed_entry_id)
        for invoice in (first, second):
            self.assertEqual(books.get_notes(invoice), [(note, 1)])
            self.assertPaid(invoice, 1)
        self.assertEqual(
            books.get_component(first) & (first | second | note), first | second | note
        )

    def test_one_of_two_invoices_of_a_sale_is_open(self):
        """600 paid, 400 open, 100 credited: 600 of 900, and they count."""
        order = self._create_order()
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 6
        first.action_post()
        second = self._invoice(order)
        order.order_line.product_uom_qty = 9
        note = order._create_invoices(final=True)
        note.action_post()
        self.assertEqual(note.amount_total, 100)
        self._receive(first)
        self.assertPaid(first, "2/3")
        self._receive(second, 100)
        self.assertPaid(first, "7/9", "2/3")


@tagged("post_install", "-at_install")
class TestOtherNotes(BooksCommon):
    """Notes that settle another sale than the one they credit, or that name none."""

    def test_the_note_of_a_paid_sale_pays_another(self):
        first, second = self._create_sale(), self._create_sale()
        payment = self._receive(first, day=LATER)
        note = self._note(first)
        self._settle(note, second)
        self.assertPaid(first, 0)
        self.assertPaid(second, 1, day=note.date)
        self.assertEqual(books.get_notes(second), [])
        self.assertIn(second, books.get_component(payment.move_id))
        payment.action_draft()
        self.assertPaid(second, 0)
        payment.action_cancel()
        self.assertPaid(second, 0)
        self._receive(first, 400)
        self.assertPaid(second, "2/5")
        self._unsettle(second)
        self.assertPaid(second, 0)

    def test_the_note_of_an_unpaid_sale_pays_nothing(self):
        first, second = self._create_sale(), self._create_sale()
        note = self._note(first)
        self._settle(note, second)
        self.assertEqual(second.amount_residual, 0)
        self.assertPaid(second, 0)
        # and no more when the sale it credits is not there
        first.button_draft()
        self.assertPaid(second, 0)

    def test_money_goes_on_over_two_notes(self):
        first, second, third = (self._create_sale() for _number in range(3))
        payment = self._receive(first)
        self._settle(self._note(first), second)
        note = self._note(second)
        self._settle(note, third)
        self.assertPaid(third, 1)
        self.assertPaid(second, 0)
        self.assertIn(third, books.get_component(payment.move_id))
        self.assertNotIn(first, books.get_component(third))
        payment.action_draft()
        self.assertPaid(third, 0)
        payment.action_post()
        self.assertPaid(third, 1)
        note.button_draft()
        self.assertPaid(third, 0)
        self.assertPaid(second, 1)

    def test_a_circle_of_notes_is_no_money(self):
        first, second = self._create_sale(), self._create_sale()
        of_first, of_second = self._note(first), self._note(second)
        self._settle(of_first, second)
        self._settle(of_second, first)
        self.assertPaid(first, 0)
        self.assertPaid(second, 0)

    def test_notes_that_were_reconciled_with_each_others_sale(self):
        """Three notes over 100, 200 and 300; one of the first settles the second."""
        first, second = self._create_sale(), self._create_sale()
        own, astray = self._note(first, 100), self._note(first, 200)
        of_second = self._note(second, 300)
        self._settle(own, first)
        self._settle(astray, second)
        self._receive(first)
        self._receive(second)
        self.assertPaid(first, 1)
        self.assertPaid(second, 1)
        self.assertEqual(books.get_notes(first), [(own, 1), (astray, 1)])
        self.assertEqual(books.get_notes(second), [(of_second, 1)])

    def test_a_note_that_names_nothing_lowers_what_it_settles(self):
        invoice = self._create_sale()
        note = self._create_sale(900, move_type="out_refund")
        self.assertEqual(books.get_notes(invoice), [])
        self._settle(note, invoice)
        self.assertPaid(invoice, 0)
        self._receive(invoice)
        self.assertPaid(invoice, 1)
        self.assertEqual(books.get_notes(invoice), [(note, 1)])
        self._unsettle(note)
        self.assertPaid(invoice, "1/10", 0)
        self.assertEqual(books.get_notes(invoice), [])

    def test_a_note_that_names_nothing_and_settles_two_sales(self):
        """900 credited: 600 of it on the one, 300 on the other."""
        first, second = self._create_sale(600), self._create_sale()
        note = self._create_sale(900, move_type="out_refund")
        self._settle(note, first)
        self._settle(note, second)
        self.assertEqual(books.get_notes(first), [(note, Fraction(2, 3))])
        self.assertEqual(books.get_notes(second), [(note, Fraction(1, 3))])
        self.assertPaid(first, 0)  # worth nothing
        payment = self._receive(second, 350)
        self.assertPaid(second, "1/2", 0)
        self._receive(second, 350)
        self.assertPaid(second, 1)
        payment.action_draft()
        self.assertPaid(second, "1/2", 0)
        self.assertEqual(books.get_component(note), first | second | note)

    def test_a_note_in_another_currency_than_the_sale(self):
        """200 CHF at 2 CHF each are 100 of 1000."""
        currency = self._create_currency_rate("CHF", 2)
        invoice = self._create_sale()
        note = self._create_sale(200, move_type="out_refund", currency_id=currency.id)
        self._settle(invoice, note)
        self.assertEqual(invoice.amount_residual, 900)
        self._receive(invoice, 450)
        self.assertPaid(invoice, "1/2", 0)
        self._receive(invoice)
        self.assertPaid(invoice, 1)


@tagged("post_install", "-at_install")
class TestDownPayments(BooksCommon):
    """An order of 1000: a down payment, and the invoice that deducts it."""

    def _sell(self, percent):
        """Return the invoice of a down payment and the final one."""
        order = self._create_order()
        down = self._down_payment(order, percent)
        final = self._final(order)
        self.assertEqual(final.amount_total, 1000 - 10 * percent)
        return down, final

    def test_half_of_it(self):
        down, final = self._sell(50)
        self.assertPaid(final, 0)
        paid = self._receive(down, day=DAY)
        self.assertPaid(final, "1/2")
        self._receive(final)
        self.assertPaid(final, 1, day=final.date)
        self.assertIn(final, books.get_component(paid.move_id))
        paid.action_draft()
        self.assertPaid(final, "1/2")
        paid.action_cancel()
        self.assertPaid(down, 0)
        self.assertPaid(final, "1/2")

    def test_a_part_of_the_rest_does_not_count_yet(self):
        down, final = self._sell(50)
        self._receive(down)
        self._receive(final, 250)
        self.assertPaid(final, "3/4", "1/2")

    def test_all_of_it(self):
        down, final = self._sell(100)
        self.assertEqual(final.amount_total, 0)
        self.assertPaid(final, 0)
        payment = self._receive(down)
        self.assertPaid(final, 1)
        payment.action_draft()
        self.assertPaid(final, 0)

    def test_credited_afterwards(self):
        down, final = self._sell(50)
        self._receive(down)
        self._receive(final)
        note = self._note(down)
        self.assertPaid(down, 0)
        self.assertPaid(final, "1/2")
        self.assertIn(final, books.get_component(note))
        note.button_draft()
        self.assertPaid(final, 1)

    def test_two_of_them(self):
        """200 paid and 300 not, of 1000; the rest is paid."""
        order = self._create_order()
        first, second = self._down_payment(order, 20), self._down_payment(order, 30)
        final = self._final(order)
        self.assertEqual(final.amount_total, 500)
        self._receive(first)
        self._receive(final)
        self.assertPaid(final, "7/10")
        self._receive(second)
        self.assertPaid(final, 1)

    def test_credited_and_invoiced_again(self):
        """The down payment's second invoice counts, not the credited one."""
        down, final = self._sell(50)
        self._note(down)
        again = down.copy({"invoice_date": "2026-03-01"})
        for old, new in zip(down.invoice_line_ids, again.invoice_line_ids, strict=True):
            new.sale_line_ids = old.sale_line_ids
        again.action_post()
        self._receive(again)
        self.assertPaid(final, "1/2")

    def test_the_final_invoice_credited(self):
        down, final = self._sell(50)
        self._receive(down)
        self._receive(final)
        note = self._note(final)
        self.assertPaid(final, 0)
        self.assertPaid(down, 1)
        note.button_draft()
        self.assertPaid(final, 1)


@tagged("post_install", "-at_install")
class TestHooks(BooksCommon):
    """Whatever a change reaches is measured again."""

    def _recorded(self, action):
        """Return the documents whose events an action records."""
        self._process()
        before = self.env["b2b2c.event"].search([], order="id desc", limit=1).id or 0
        action()
        self.env.flush_all()
        events = self.env["b2b2c.event"].search([("id", ">", before)])
        return {(event.source_model, event.source_id) for event in events}

    def test_the_payment_of_a_sale_whose_note_settled_another(self):
        first, second = self._create_sale(), self._create_sale()
        payment = self._receive(first)
        self._settle(self._note(first), second)
        recorded = self._recorded(payment.action_draft)
        self.assertEqual(
            recorded, {("account.move", first.id), ("account.move", second.id)}
        )

    def test_a_down_payment_that_is_undone(self):
        order = self._create_order()
        down = self._down_payment(order, 50)
        self._final(order)
        payment = self._receive(down)
        self.assertEqual(
            self._recorded(payment.action_cancel), {("sale.order", order.id)}
        )

    def test_what_was_paid_together_is_not_reached_by_each_other(self):
        first, second = self._create_sale(), self._create_sale()
        self._receive(first | second, group_payment=True)
        self.assertEqual(books.get_component(first), first)
        recorded = self._recorded(lambda: self._unsettle(first))
        self.assertIn(("account.move", first.id), recorded)

    def test_payments_without_an_entry(self):
        invoice = self._create_sale()
        paid = {("account.move", invoice.id)}
        with self._without_entries():
            self.assertEqual(self._recorded(lambda: self._receive(invoice, 400)), paid)
            [payment] = invoice.matched_payment_ids
            self.assertFalse(payment.move_id)
            self.assertEqual(self._recorded(payment.action_reject), paid)

    def test_what_a_provider_gives_back(self):
        invoice = self._create_sale()
        refund = self._create_provider_refund(self._receive(invoice), 300)
        recorded = self._recorded(refund.action_post)
        self.assertEqual(recorded, {("account.move", invoice.id)})

    def test_free_goods_and_an_ordinary_payment(self):
        """Posted, and paid: once each."""
        invoice = self._create_sale(post=False)
        sale = {("account.move", invoice.id)}
        self.assertEqual(self._recorded(invoice.action_post), sale)
        self.assertEqual(self._recorded(lambda: self._receive(invoice)), sale)
        free = self._create_sale(0, post=False)
        self.assertEqual(self._recorded(free.action_post), {("account.move", free.id)})

    def test_statements_of_reading(self):
        """One for an ordinary invoice, two with a note, three over another sale."""
        plain, noted, first, second = (self._create_sale() for _number in range(4))
        self._receive(plain | noted | first, group_payment=True)
        self._settle(self._note(first), second)
        self._note(noted, 100)
        self.env.flush_all()
        for invoice, statements in ((plain, 2), (noted, 4), (second, 6)):
            with self.assertQueryCount(statements):
                books.get_paid(invoice)
        with self.assertQueryCount(1):
            books.get_component(first)
