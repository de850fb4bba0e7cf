"""Documents and what settles them, as far as the money of some depends on it."""

from datetime import date
from fractions import Fraction

from ...engine import to_fraction
from ...engine.money import NOTHING, Due, Match, Payment, get_paid, join
from .books_facts import add_fact, make_document
from .books_rows import SALES, read_facts


class Books:
    """What the books say about some invoices and all that their money depends on."""

    def __init__(self, env):
        self.env = env
        self.documents = {}
        # order line of a down payment -> where else than on an invoice it was taken
        self.taken = {}
        self._known = set()
        self._paid = None

    def load(self, ids):
        """Read documents that are not known yet, and what they depend on."""
        waiting = set(ids) - self._known
        while waiting:
            self._known |= waiting
            documents = self._read(waiting)
            waiting = self._read_advances(documents)
            for document in documents:
                waiting.update(document.get_needed())
            waiting -= self._known
            self._paid = None  # also what was asked while advances were read

    def _read(self, ids):
        """Read documents in one statement and return them."""
        facts = read_facts(self.env, ids)
        documents = {
            document_id: make_document(*values)
            for kind, document_id, values in facts
            if kind == "head"
        }
        for kind, document_id, values in facts:
            if kind != "head" and document_id in documents:
                add_fact(documents[document_id], kind, values)
        self.documents.update(documents)
        return documents.values()

    def _read_advances(self, documents):
        """Read down payments that are on no invoice of the order.

        :return: set of ids of other invoices they are on
        """
        lines = {
            advance.order_line
            for document in documents
            for advance in document.advances
            if not advance.invoices
        }
        if not lines:
            return set()
        found = self.env["b2b2c.books"]._get_advances(lines)
        self.taken.update(found)
        return {
            invoice_id
            for advances in found.values()
            for _amount, invoice_id, _day in advances
            if invoice_id
        }

    # === ANSWERS === #

    def get_paid(self, document_id):
        """Return how far the sale of a document is paid; ``None`` if not in force."""
        if self._paid is None:
            self._paid = _Arguments(self).get_paid()
        return self._paid.get(document_id)

    def get_notes(self, document_id):
        """Return id of each note of a document -> the part that belongs to its sale."""
        parts = self.get_note_parts()
        notes, waiting = {}, [document_id]
        while waiting:
            origin_id = waiting.pop()
            origin = self.documents.get(origin_id)
            if not origin:
                continue
            found = dict.fromkeys(origin.notes | origin.debit_notes, Fraction(1))
            for note_id, of_note in parts.items():
                if origin_id in of_note:
                    found[note_id] = of_note[origin_id][0]
            for note_id, part in found.items():
                if note_id in self.documents and note_id != document_id:
                    if note_id not in notes:
                        waiting.append(note_id)
                    notes[note_id] = notes.get(note_id, NOTHING) + part
        return {note: min(Fraction(1), notes[note]) for note in sorted(notes)}

    def get_note_parts(self):
        """Return how notes that name nothing are shared by what they settle.

        :return: dict id of the note -> id of what it settles -> (part of the note, rate
            from the note's currency)
        """
        parts = {}
        for note_id, note in self.documents.items():
            if not note.is_unnamed:
                continue
            settled = {}
            for edge in note.edges:
                if edge.side < 0 and edge.other in self.documents and edge.own:
                    own, taken = settled.get(edge.other, (NOTHING, NOTHING))
                    settled[edge.other] = own + edge.own, taken + edge.taken
            whole = sum((own for own, _taken in settled.values()), NOTHING)
            if whole:
                parts[note_id] = {
                    other: (own / whole, taken / own)
                    for other, (own, taken) in settled.items()
                }
        return parts


class _Arguments:
    """The arguments of the engine, from what the books say."""

    def __init__(self, books):
        self.env, self.documents = books.env, books.documents
        self.taken = books.taken
        self.parts = books.get_note_parts()
        self.dues, self.payments, self.matches = [], [], {}
        self.kin = [
            (document_id, other)
            for document_id, document in self.documents.items()
            for other in document.origins | document.notes
        ]
        self.worths = self._get_worths()

    def get_paid(self):
        """Return id of each document -> how far its sale is paid."""
        for document_id, document in self.documents.items():
            deductions = tuple(self._get_deductions(document))
            for key, factor in self._get_keys(document_id):
                self._add_due(key, document, factor, deductions)
                for edge in document.edges:
                    self._add_edge(key, document, factor, edge)
        self._add_loose_payments()
        paid = get_paid(self.dues, self.kin, self.payments, self.matches.values())
        return {
            document_id: paid[self._get_keys(document_id)[0][0]]
            for document_id in self.documents
        }

    def _get_keys(self, document_id):
        """Return (key of a due, factor from the document's amounts) of a document."""
        parts = self.parts.get(document_id)
        if not parts:
            return [(document_id, Fraction(1))]
        return [
            ((document_id, other), part * rate) for other, (part, rate) in parts.items()
        ]

    def _get_worths(self):
        """Return id of a document -> what is due for its sale as a whole."""
        roots = join(self.documents, self.kin)
        sums = dict.fromkeys(roots.values(), NOTHING)
        for document_id, root in roots.items():
            sums[root] += self.documents[document_id].amount
        return {document_id: sums[root] for document_id, root in roots.items()}

    # === WHAT IS DUE === #

    def _add_due(self, key, document, factor, deductions):
        """Enter what is due for a document, or for a part of a note."""
        if isinstance(key, tuple):
            self.kin.append((key, key[1]))
        self.dues.append(
            Due(
                key,
                document.amount * factor,
                deductions,
                document.discount,
                document.discount_until,
                document.rounding,
            )
        )

    def _get_deductions(self, document):
        """Yield (key of what a down payment was taken with, amount deducted for it)."""
        for advance in document.advances:
            parts = self._get_takings(advance)
            whole = sum((weight for _key, weight in parts), NOTHING)
            for key, weight in parts:
                yield key, advance.amount * weight / whole

    def _get_takings(self, advance):
        """Return list of (key of what a down payment was taken with, its weight).

        Of several invoices of one down payment those count that were not credited.
        """
        known = [one for one in advance.invoices if one in self.documents]
        kept = [one for one in known if self.worths[one] > 0] or known
        if kept:
            return [(one, Fraction(1)) for one in kept]
        takings = []
        for number, taken in enumerate(self.taken.get(advance.order_line, ())):
            amount, invoice_id, day = taken
            key = invoice_id or ("taken", advance.order_line, number)
            takings.append((key, amount))
            if not invoice_id:
                self.dues.append(Due(key, amount))
                if day:
                    self.payments.append(Payment(key, amount, day))
        return takings or [(None, Fraction(1))]

    # === WHAT SETTLES IT === #

    def _add_edge(self, key, document, factor, edge):
        """Enter a reconciliation as a payment, or as a match with another document."""
        if document.type == "entry" and edge.side < 0:
            return  # what the entry settles is read with what it settles
        if edge.other_type in SALES or (edge.side < 0 and edge.moves_debt):
            self._add_match(key, edge)
            return
        money, lost, moved = edge.get_shares()
        self.payments.append(
            Payment(
                key,
                edge.side * edge.own * abs(factor),
                edge.day,
                money,
                lost,
                moved,
                edge.other if moved else None,
            )
        )

    def _add_match(self, key, edge):
        """Enter what two documents settle of each other, once for both."""
        if edge.side > 0:
            invoice, note = key, self._get_note_key(edge.other, key)
            amounts = edge.own, edge.taken
        else:
            invoice, note = edge.other, key
            if isinstance(key, tuple) and key[1] != invoice:
                return  # another part of the note
            amounts = edge.taken, edge.own
        if isinstance(note, tuple):  # in the currency of what it settles
            amounts = amounts[0], amounts[0]
        self.matches.setdefault(edge.partial, Match(invoice, note, *amounts, edge.day))

    def _get_note_key(self, note, invoice):
        """Return the key of the part of a note that settles an invoice."""
        return (note, invoice) if invoice in self.parts.get(note, ()) else note

    def _add_loose_payments(self):
        """Enter payments without an entry, up to what is open of their invoices.

        The invoice that is due first is paid first.  What a bank statement has settled
        meanwhile is that payment and not another one.
        """
        payments, rests, covered = {}, {}, {}
        for document_id, document in self.documents.items():
            if not document.loose:
                continue
            payments.update((payment.id, payment) for payment in document.loose)
            settled = sum((edge.side * edge.own for edge in document.edges), NOTHING)
            rests[document_id] = document.amount - settled
            covered[document_id] = sum(
                (edge.own for edge in document.edges if edge.is_statement), NOTHING
            )
        for payment in sorted(payments.values(), key=lambda one: (one.day, one.id)):
            self._share_out(payment, rests, covered)

    def _share_out(self, payment, rests, covered):
        """Share a payment without an entry among its invoices.

        :param rests: id of an invoice -> what is open, lowered here
        :param covered: id of an invoice -> paid by statements, lowered here
        """
        invoices = sorted(
            rests.keys() & set(payment.invoices),
            key=lambda one: (self.documents[one].due_day or date.max, one),
        )
        left = self._convert(payment, self.documents[invoices[0]].currency)
        for invoice in invoices if payment.is_done else ():
            known = min(left, covered[invoice])
            left, covered[invoice] = left - known, covered[invoice] - known
        for invoice in invoices:
            side = 1 if self.documents[invoice].amount >= 0 else -1
            amount = min(left, max(NOTHING, side * rests[invoice]))
            if amount:
                left, rests[invoice] = left - amount, rests[invoice] - side * amount
                self.payments.append(Payment(invoice, side * amount, payment.day))

    def _convert(self, payment, currency_id):
        """Return the amount of a payment without an entry in its invoices' currency."""
        if payment.currency == currency_id:
            return payment.amount
        record = self.env["account.payment"].sudo().browse(payment.id)
        rate = self.env["res.currency"]._get_conversion_rate(
            record.currency_id,
            self.env["res.currency"].browse(currency_id),
            record.company_id,
            payment.day,
        )
        return payment.amount * to_fraction(rate)
