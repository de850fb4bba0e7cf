"""What happens to invoices, whatever they are of: notes of every kind, and money."""

from fractions import Fraction
from math import floor

from hypothesis import strategies as st

from .machine_kit import PICK, UNITS, at, some, to_fraction, verb
from .oracle import Bill, Payment, Worth

#: What a note takes of the price of each piece: never the price of an invoice.
PRICE_NOTE = Fraction(1, 2)


class BillVerbs:
    """Verbs of a machine with documents (``orders``) that have bills.

    The machine says what a line of a note is about (``get_items``) and which down
    payments an invoice deducts (``get_deducted``).
    """

    def _bills(self):
        return [bill for order in self.orders for bill in order.bills]

    def _asking(self):
        """Return the invoices in force, and what undid a note: all that is to pay."""
        return [
            one for bill in self._bills() for one, sign in bill.get_family() if sign > 0
        ]

    def _payable(self):
        return [bill for bill in self._asking() if bill.open > 0]

    def _payments(self, *states):
        return [
            p for bill in self._asking() for p in bill.payments if p.state in states
        ]

    def _creditable(self):
        return [
            (order, bill)
            for order in self.orders
            for bill in order.bills
            if bill.state == "posted"
            and not any(note.state == "draft" for note in bill.notes)
            and any(self._left_to_credit(bill, n) > 0 for n in bill.charged)
        ]

    def _left_to_credit(self, bill, number):
        return int(bill.get_charged(number).pieces)

    def _unreconcilable(self):
        return [
            b
            for b in self._bills()
            if b.state == "posted"
            and (b.payments or b.notes)
            and not any(x.state == "draft" for x in (*b.payments, *b.notes))
        ]

    @some(lambda self: self._creditable())
    @verb(pick=PICK, part=st.one_of(st.none(), UNITS))
    def credit_note(self, pick, part):
        order, bill = at(self._creditable(), pick)
        note = self.test._reverse(bill.record)
        if part is not None:
            note.invoice_line_ids.filtered("is_downpayment").unlink()
        charged = {}
        for item, number in list(self.get_items(order, note)):
            line, sold = order.lines[number], bill.charged[number]
            left = self._left_to_credit(bill, number)
            if left * sold.pieces <= 0 or (part is not None and line.lowers):
                item.unlink()
                continue
            pieces = left if part is None else min(part * line.ratio, left)
            item.quantity = pieces / line.ratio
            charged[number] = sold * (pieces / sold.pieces)
        self.add_note(order, bill, note, charged)

    @some(lambda self: [b for b in self._bills() if _can_reopen(b)])
    @verb(pick=PICK)
    def invoice_to_draft(self, pick):
        bill = at([b for b in self._bills() if _can_reopen(b)], pick)
        bill.record.button_draft()
        bill.state = "draft"

    @some(lambda self: [b for b in self._bills() if b.state == "draft"])
    @verb(pick=PICK, again=st.booleans())
    def post_or_cancel_draft_invoice(self, pick, again):
        bill = at([b for b in self._bills() if b.state == "draft"], pick)
        if again:
            bill.record.action_post()
            bill.state = "posted"
        else:
            bill.record.button_cancel()
            self._drop(bill)

    def _drop(self, bill):
        bill.state = "cancel"
        bill.payments = []

    @some(lambda self: self._payable())
    @verb(pick=PICK, percent=st.sampled_from([100, 100, 50, 10]))
    def pay(self, pick, percent):
        bill = at(self._payable(), pick)
        amount = bill.open * percent / 100
        amount = Fraction(floor(amount * 100), 100) or bill.open
        payment = self.test._pay(bill.record, float(amount))
        bill.payments.append(Payment(payment, amount))

    @some(lambda self: self._payments("paid", "draft"))
    @verb(pick=PICK, cancel=st.booleans())
    def undo_payment_or_redo(self, pick, cancel):
        payment = at(self._payments("paid", "draft"), pick)
        if cancel:
            payment.record.action_cancel()
            payment.state = "cancel"
        elif payment.state == "paid":
            payment.record.action_draft()
            payment.state = "draft"
        else:
            payment.record.action_post()
            payment.state = "paid"

    @some(lambda self: self._unreconcilable())
    @verb(pick=PICK)
    def unreconcile(self, pick):
        bill = at(self._unreconcilable(), pick)
        bill.record.line_ids.remove_move_reconcile()
        bill.payments = []
        bill.notes = [note for note in bill.notes if not note.is_unnamed]
        for note in bill.notes:
            note.covered = Fraction(0)

    def add_note(self, order, bill, record, charged, **values):
        """Post a note and tell the oracle; nothing happens when it is worth nothing."""
        if record.amount_total <= 0:
            record.unlink()
            return
        record.action_post()
        total = to_fraction(record.amount_total)
        covered = min(total, max(bill.open, Fraction(0)))
        deducted = self.get_deducted(order, record)
        bill.notes.append(
            Bill(record, charged, total, covered=covered, deducted=deducted, **values)
        )

    @some(lambda self: self._creditable())
    @verb(pick=PICK)
    def lower_price(self, pick):
        """Credit a part of the price of every piece of an invoice."""
        order, bill = at(self._creditable(), pick)
        note = self.test._reverse(bill.record)
        note.invoice_line_ids.filtered("is_downpayment").unlink()
        charged = {}
        for item, number in list(self.get_items(order, note)):
            line, left = order.lines[number], self._left_to_credit(bill, number)
            if left <= 0 or line.kind == "discount":
                item.unlink()
                continue
            values = {"quantity": left / line.ratio, "price_unit": float(PRICE_NOTE)}
            item.write({**values, "discount": 0})
            price = PRICE_NOTE / line.ratio
            charged[number] = Worth.of(left, price, line.taxes)
        self.add_note(order, bill, note, charged, is_price=True)

    def _get_undoable_notes(self):
        return [
            (order, bill, note)
            for order in self.orders
            for bill in order.bills
            for note in bill.notes
            if bill.state == "posted" and not note.is_unnamed and not note.notes
        ]

    @some(lambda self: self._get_undoable_notes())
    @verb(pick=PICK)
    def undo_note(self, pick):
        """Reverse a credit note: the customer owes the money again."""
        order, _bill, note = at(self._get_undoable_notes(), pick)
        record = self.test._reverse(note.record)
        record.action_post()
        rest = note.total - note.covered
        deducted = self.get_deducted(order, record)
        note.notes.append(
            Bill(
                record,
                note.charged,
                note.total,
                covered=rest,
                deducted=deducted,
                is_price=note.is_price,
            )
        )

    def _get_plain_open(self):
        """Return (order, bill) of open invoices that charge goods."""
        return [
            (order, bill)
            for order in self.orders
            for bill in order.bills
            if bill.state == "posted" and bill.charged and bill.open > 0
        ]

    @some(lambda self: self._get_plain_open())
    @verb(
        pick=PICK,
        number=st.sampled_from([None, 0, 1]),
        pieces=st.integers(1, 2),
        is_taxed=st.booleans(),
    )
    def settle_with_note_of_none(self, pick, number, pieces, is_taxed):
        """Reconcile a credit note that names no invoice: 12.00 off, or goods back."""
        order, bill = at(self._get_plain_open(), pick)
        sold = bill.charged.get(number)
        if number is not None and not self._is_sold_once(order, bill, number):
            return
        if sold is None:
            product, taxes = None, Fraction(1, 5) if is_taxed else Fraction(0)
            worth = Worth.of(1, 12, taxes)
        else:
            product, taxes = (
                order.lines[number].record.product_id,
                order.lines[number].taxes,
            )
            pieces = min(pieces, int(sold.pieces))
            worth = Worth.of(pieces, sold.untaxed / sold.pieces, taxes)
        if worth.total > bill.open:
            return
        note = self.test._create_note_of_none(bill.record, product, worth, bool(taxes))
        alike = [n for n in bill.charged if order.lines[n].taxes == taxes]
        extra = (worth.untaxed, worth.total, alike or list(bill.charged))
        bill.notes.append(
            Bill(
                note,
                {} if sold is None else {number: worth},
                worth.total,
                extras=[extra] if sold is None else [],
                covered=worth.total,
                is_unnamed=True,
            )
        )

    def _is_sold_once(self, order, bill, number):
        """Tell whether an invoice has one line of a product, and sells it."""
        product = order.lines[number].record.product_id
        same = [n for n in bill.charged if order.lines[n].record.product_id == product]
        return same == [number] and bill.charged[number].pieces > 0

    def _get_even(self):
        """Return what is open in amounts that both currencies can name."""
        return [b for b in self._payable() if b.open * 50 == floor(b.open * 50)]

    @some(lambda self: self._get_even())
    @verb(pick=PICK, percent=st.sampled_from([1, 50, 90]))
    def write_off(self, pick, percent):
        """Take a part of what is open for all of it."""
        bill = at(self._get_even(), pick)
        settled = bill.open
        received = Fraction(floor(settled * percent / 100 / 2) * 2) or settled
        record = self.test._pay_in(
            bill.record,
            received,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.test.expense.id,
        )
        bill.payments.append(Payment(record, settled, settled - received))

    @some(lambda self: self._get_even())
    @verb(pick=PICK, percent=st.sampled_from([100, 50]))
    def pay_in_other_currency(self, pick, percent):
        """Pay in the currency of the other order: one of ours is two of theirs."""
        bill = at(self._get_even(), pick)
        amount = Fraction(floor(bill.open * percent / 100 * 50), 50) or bill.open
        currency, rate = self.test.company.currency_id, Fraction(1, 2)
        if bill.record.currency_id == currency:
            currency, rate = self.test.foreign, Fraction(2)
        record = self.test._pay_in(bill.record, amount * rate, currency_id=currency.id)
        bill.payments.append(Payment(record, amount))


def _can_reopen(bill):
    """An invoice goes back to draft while nothing was credited of it."""
    return bill.state == "posted" and not bill.notes
