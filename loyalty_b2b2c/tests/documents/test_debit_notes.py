"""Debit notes ask for more money and for no more pieces (``account_debit_note``)."""

from collections import Counter
from fractions import Fraction

from odoo.tests import tagged

from ..processing.machine_kit import PICK, at, some, to_fraction, verb
from ..processing.oracle import Bill, Worth
from .test_invoice_machine import InvoiceMachine, InvoiceWorld


class DebitMachine(InvoiceMachine):
    """Stories of invoices and of what is asked for beside them."""

    def _get_plain_open(self):
        """Return invoices that goodwill is settled with: no debit notes."""
        return [pair for pair in super()._get_plain_open() if not pair[1].is_debit]

    def _get_raisable(self):
        return [
            order
            for order in self.orders
            if order.bills[0].state == "posted" and len(order.bills) < 3
        ]

    @some(lambda self: self._get_raisable())
    @verb(pick=PICK)
    def ask_for_more(self, pick):
        """Ask for 2.00 more for all that was sold, with a copy of the lines."""
        order = at(self._get_raisable(), pick)
        record = self.test._create_debit_note(order.record)
        charged = {}
        for item, number in list(
            zip(record.invoice_line_ids, range(len(order.lines)), strict=True)
        ):
            line = order.lines[number]
            if line.lowers:
                item.unlink()
                continue
            item.price_unit = 2
            price = Fraction(2, line.ratio)
            charged[number] = Worth.of(line.quantity, price, line.taxes)
        record.action_post()
        total, day = to_fraction(record.amount_total), self._now().date()
        order.bills.append(Bill(record, charged, total, day, is_debit=True))


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestDebitMachine(InvoiceWorld):
    def _create_debit_note(self, invoice):
        """Return the draft of a debit note with the lines of an invoice."""
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"copy_lines": True}).create_debit()
        return self.env["account.move"].browse(action["res_id"])

    def test_any_story(self):
        self._tell_stories(DebitMachine)

    def test_what_is_credited_of_a_debit_note_is_paid_as_that(self):
        """The invoice is paid; the debit note is open, and a part of it credited."""
        story = type("Story", (DebitMachine,), {"test": self, "played": Counter()})
        verbs = (
            ("write_invoice", {"special": "plain", "is_foreign": False}),
            ("ask_for_more", {"pick": 0}),
            ("pay", {"pick": 0, "percent": 100}),
            ("credit_note", {"pick": 1, "part": 2}),
        )
        self._play(story(pace=1), verbs)
