"""Any life of invoices without an order books what plain arithmetic says.

The verbs of notes and money are those of the machine of orders, and so is the oracle
(:mod:`..processing.oracle`).
"""

from collections import Counter
from datetime import datetime, time
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from odoo import Command
from odoo.tests import tagged

from ..processing.bill_verbs import BillVerbs
from ..processing.machine_kit import (
    PICK,
    Story,
    StoryWorld,
    at,
    some,
    to_fraction,
    verb,
)
from ..processing.oracle import Bill, Invoice, Line, Worth

#: trigger, kind, value, amount basis, scope, hold; invoices tell of no deliveries.
RULES = {
    "posted": ("confirmed", "percent", 5, "untaxed", "line", "none"),
    "when paid": ("confirmed", "percent", 10, "total", "line", "until_paid"),
    "whole": ("invoiced", "percent", 3, "untaxed", "document", "until_paid"),
    "paid": ("paid", "percent", 4, "total", "line", "none"),
    "pieces": ("invoiced", "per_unit", 3, "untaxed", "line", "none"),
    "paid pieces": ("paid", "per_unit", 2, "untaxed", "document", "none"),
}

FIFTH, NONE = Fraction(1, 5), Fraction(0)
#: What is written beside 8 × 17.00 with 20 % tax and 5 × 33.00 without:
#: (product, unit, quantity, price, tax).
SPECIAL = {
    "plain": (),
    "discount": (("rebate", None, 1, -30, FIFTH),),
    "discount without a product": ((None, None, 1, -30, FIFTH),),
    "exchange": (("product", None, -2, 17, FIFTH),),
    "dozens": (("eggs", "dozen", 2, 50, FIFTH),),
}


class FreeInvoice(Invoice):
    rules = RULES


class InvoiceMachine(BillVerbs, Story):
    """One story of up to three invoices."""

    examples = 12

    def _create_documents(self):
        return []

    @initialize(
        special=st.sampled_from(sorted(SPECIAL)), pace=st.sampled_from([1, 3, 0])
    )
    def begin_with_an_invoice(self, special, pace):
        self.pace = pace
        self.write_invoice(special=special, is_foreign=False)

    @some(lambda self: len(self.orders) < 3)
    @verb(special=st.sampled_from(sorted(SPECIAL)), is_foreign=st.booleans())
    def write_invoice(self, special, is_foreign):
        rows = (
            ("product", None, 8, 17, FIFTH),
            ("ink", None, 5, 33, NONE),
            *SPECIAL[special],
        )
        record = self.test._write_invoice(rows, self._now().date(), is_foreign)
        lines = []
        for item, row in zip(record.invoice_line_ids, rows, strict=True):
            _product, unit, quantity, price, tax = row
            ratio = 12 if unit else 1
            piece = Worth.of(1, Fraction(price, ratio), tax)
            kind = "discount" if price < 0 else "service"
            lines.append(Line(item, quantity * ratio, piece, tax, kind, ratio))
        charged = {number: line.written for number, line in enumerate(lines)}
        total, day = to_fraction(record.amount_total), self._now().date()
        invoice = FreeInvoice(record, Fraction(2 if is_foreign else 1), lines)
        invoice.bills.append(Bill(record, charged, total, day))
        invoice.confirmed_at = datetime.combine(day, time(12))
        self.orders.append(invoice)

    def get_items(self, order, note):
        """Yield (line of a note, number of the line that it copies)."""
        [bill] = [one for one in order.bills if one.record == note.reversed_entry_id]
        yield from zip(note.invoice_line_ids, bill.charged, strict=True)

    def get_deducted(self, _order, _record):
        """Return nothing: down payments are of orders."""
        return []

    @verb(pick=PICK)
    def touch(self, pick):
        """Odoo calls a hook again."""
        self.test.env["b2b2c.event"]._record(at(self.orders, pick).record)


#: Everything in one story.
TOUR = (
    ("write_invoice", {"special": "exchange", "is_foreign": False}),
    ("write_invoice", {"special": "dozens", "is_foreign": True}),
    ("write_invoice", {"special": "discount without a product", "is_foreign": False}),
    ("pay", {"pick": 0, "percent": 50}),
    ("credit_note", {"pick": 0, "part": 3}),
    ("undo_note", {"pick": 0}),
    ("credit_note", {"pick": 0, "part": None}),
    ("lower_price", {"pick": 1}),
    (
        "settle_with_note_of_none",
        {"pick": 1, "number": None, "pieces": 1, "is_taxed": True},
    ),
    (
        "settle_with_note_of_none",
        {"pick": 1, "number": 1, "pieces": 2, "is_taxed": False},
    ),
    ("pay_in_other_currency", {"pick": 1, "percent": 50}),
    ("write_off", {"pick": 1, "percent": 90}),
    ("undo_payment_or_redo", {"pick": 0, "cancel": False}),
    ("undo_payment_or_redo", {"pick": 0, "cancel": False}),
    ("credit_note", {"pick": 1, "part": None}),
    ("unreconcile", {"pick": 0}),
    ("write_off", {"pick": 0, "percent": 50}),
    ("time_passes", {"hours": 72}),
    ("cron_sweeps", {}),
    ("touch", {"pick": 0}),
    ("process", {}),
)


class InvoiceWorld(StoryWorld):
    """Invoices in two currencies; one of ours is two francs."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"  # where its noon is
        cls._create_program(
            *(
                {
                    "name": name,
                    "trigger": trigger,
                    "kind": kind,
                    "value": value,
                    "amount_basis": basis,
                    "scope": scope,
                    "hold": hold,
                }
                for name, (trigger, kind, value, basis, scope, hold) in RULES.items()
            ),
            notify=False,
        )
        cls.tax = cls._create_tax(20)
        cls.foreign = cls._create_currency_rate("CHF", 2.0)
        cls.ink = cls._create_product("Ink", 33.0)
        cls.rebate = cls._create_product("Rebate", 0.0, type="service")
        cls.eggs = cls._create_product("Eggs", 5.0)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.expense = cls._get_expense_account()

    def _write_invoice(self, rows, day, is_foreign):
        """Post an invoice of rows as in ``SPECIAL``."""
        currency = self.foreign if is_foreign else self.company.currency_id
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_date": day,
                "currency_id": currency.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": getattr(self, name).id if name else False,
                            "name": "Line",
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.tax.ids if tax else [])],
                            **({"product_uom_id": self.dozen.id} if unit else {}),
                        }
                    )
                    for name, unit, quantity, price, tax in rows
                ],
            }
        )
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestInvoiceMachine(InvoiceWorld):
    def test_any_story(self):
        """Any story ends in the balance its invoices deserve."""
        self._tell_stories(InvoiceMachine)

    def test_a_note_of_one_of_two_lines_is_undone(self):
        """Eight sold and two taken back on one invoice: the two take no part in it."""
        story = type("Story", (InvoiceMachine,), {"test": self, "played": Counter()})
        verbs = (
            ("write_invoice", {"special": "exchange", "is_foreign": False}),
            ("credit_note", {"pick": 0, "part": 3}),
            ("undo_note", {"pick": 0}),
            ("credit_note", {"pick": 0, "part": 4}),
        )
        self._play(story(), verbs)

    def test_every_verb(self):
        """One story with everything in it, compared after each verb."""
        story = type("Story", (InvoiceMachine,), {"test": self, "played": Counter()})
        self._play(story(pace=1), TOUR)
        missing = story.get_verbs() - story.played.keys()
        self.assertEqual(missing, {"invoice_to_draft", "post_or_cancel_draft_invoice"})
