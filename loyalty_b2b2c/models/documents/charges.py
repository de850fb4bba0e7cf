"""What invoices and notes charge for the lines of an order or of an invoice."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from ...engine import to_fraction
from ...engine.measuring import DEBIT, INVOICE, NOTE, Charge, SoldLine
from ...engine.sharing import Figures
from ..processing.facts import get_key
from . import books, early_discounts, settlement

NONE = Fraction(0)

ITEM_FIELDS = (
    "move_id",
    "display_type",
    "is_downpayment",
    "product_id",
    "product_uom_id",
    "quantity",
    "price_subtotal",
    "price_total",
)
MOVE_FIELDS = (
    "name",
    "state",
    "move_type",
    "amount_untaxed",
    "b2b2c_posted_at",
    "company_id",
    "currency_id",
    "date",
    "invoice_currency_rate",
    "invoice_date",
    "invoice_date_due",
    "payment_state",
    "reversed_entry_id",
)


def get_taxes(lines, field="tax_ids"):
    """Return line id -> the taxes that share a discount: those that are a percentage.

    :param lines: of orders, invoices or tickets
    :param field: of the lines, the taxes that are charged
    """
    return {
        line.id: frozenset(
            tax.id
            for tax in line[field].flatten_taxes_hierarchy()
            if tax.amount_type not in ("fixed", "code")
        )
        for line in lines
    }


def get_figures(source, item):
    """Return money and pieces of an invoice line with the sign of its document.

    :param item: ``account.move.line``; money is in its document's currency
    """
    sign = -1 if item.move_id.move_type in ("out_refund", "in_refund") else 1
    ratio = source._get_unit_ratio(item.product_uom_id, item.product_id.uom_id)
    return Figures(
        sign * to_fraction(item.price_subtotal),
        sign * to_fraction(item.price_total),
        sign * to_fraction(item.quantity) * ratio,
    )


def get_origin(move):
    """Return the invoice that a note, a note of a note or a debit note is of.

    :return: the document itself when it names none
    """
    seen = move
    while True:
        parent = get_corrected(move)
        if not parent or parent in seen:
            return move
        seen |= parent
        move = parent


def get_corrected(move):
    """Return what a document says it reverses or adds to, possibly empty."""
    if move.reversed_entry_id:
        return move.reversed_entry_id
    if "debit_origin_id" in move._fields:  # module account_debit_note
        return move.debit_origin_id
    return move.browse()


def get_kind(move):
    """Return what a document is to the sale that it charges.

    :return: ``engine.measuring`` ``INVOICE``, ``NOTE`` or ``DEBIT``
    """
    if move.move_type == "out_refund":
        return NOTE
    parent = get_corrected(move)
    if not parent:
        return INVOICE
    undoes = parent.move_type == "out_refund" or move.reversed_entry_id
    return NOTE if undoes else DEBIT


def _get_payer(note, origin):
    """Return the document whose money a note is settled with.

    A debit note is paid by itself, and so is what is credited of it.
    """
    payer, seen = note, note
    while payer.reversed_entry_id and payer.reversed_entry_id not in seen:
        payer = payer.reversed_entry_id
        seen |= payer
    return payer if payer != note else origin or note


def _has_sign_of(figures, written):
    """Tell whether figures add to what is written, rather than take from it."""
    if figures.untaxed and written.untaxed:
        return (figures.untaxed > 0) == (written.untaxed > 0)
    return (figures.quantity < 0) == (written.quantity < 0)


class Charges:
    """Collects what is charged for the lines of a document.

    :param source: the source of the document, which knows units
    :param lines: dict key -> ``engine.measuring.SoldLine``, without charges yet
    :param get_taxes: returns key -> the taxes that share what lowers the document where
        lines do not tell: most orders are lowered by nothing, and nobody asks
    """

    def __init__(self, source, lines, get_taxes=None):
        self.source = source
        self.lines = lines
        self.get_taxes = get_taxes or self._get_own_taxes
        self.charges = defaultdict(list)  # key of a line -> charges
        self.extras = []  # lines below zero, or raising others, that nobody ordered
        self.settled = {}  # (invoice id, payer id) -> when it was made and paid

    def _get_own_taxes(self):
        return {key: line.taxes for key, line in self.lines.items()}

    def get_lines(self):
        """Return the lines of the document with their charges, and what lowers them."""
        charged = [
            replace(line, charges=tuple(self.charges[key]))
            for key, line in self.lines.items()
        ]
        return charged + self.extras

    def extend(self, key, charges):
        """Add charges of something else than invoices."""
        self.charges[key].extend(charges)

    def add(self, key, figures, move, origin):
        """Add what a document charges for a line."""
        written = self.lines[key].written
        charge = self._get_charge(figures, move, origin, written)
        self.charges[key] += early_discounts.add_to(charge, move)

    def _get_charge(self, figures, move, origin, written):
        """Return what an invoice or note charges for a line.

        :param figures: with the sign of its document, in the currency of the line
        :param move: the invoice or note
        :param origin: the invoice whose sale a note belongs to, empty when nobody says
            so
        :param written: ``Figures`` of the line that is charged
        """
        kind = get_kind(move)
        adds = _has_sign_of(figures, written)
        if kind == NOTE and adds and not origin:
            kind = INVOICE  # what an order takes back is invoiced by a note
        if kind == INVOICE and not adds:
            kind = NOTE
        payer = _get_payer(move, origin) if kind == NOTE else move
        sign = -1 if (written.quantity < 0) == adds else 1
        return Charge(
            replace(figures, quantity=sign * abs(figures.quantity)),
            kind=kind,
            coin=to_fraction(move.currency_id.rounding),
            **self._get_settled(origin or move, payer),
        )

    def _get_settled(self, invoice, payer):
        """Return when an invoice was made, and how far and when its payer is paid.

        It is the same for each line.

        :return: values of ``Charge``
        """
        key = invoice.id, payer.id
        if key not in self.settled:
            known = books.get_paid(payer)
            paid = known.settled
            self.settled[key] = {
                "at": settlement.get_invoiced_at(invoice),
                "paid": paid,
                "paid_at": settlement.get_paid_at(payer) if paid else None,
                "lost": known.lost,
            }
        return self.settled[key]

    def add_item(self, item, figures, origin, keys):
        """Add a line of a note that names no line of the document.

        It belongs to the line that sold the same product, at the same price if there
        are several.  Anything else lowers, or raises, what the note is of.

        :param figures: of the item, as far as they are this document's
        :param keys: of the lines that the note's invoice charges
        """
        targets = self._get_targets(item, figures, keys)
        for key, share in targets:
            self.add(key, figures.scaled(share), item.move_id, origin)
        rest = figures.scaled(1 - sum((share for _key, share in targets), NONE))
        if rest.untaxed:
            self._add_extra(item, rest, origin, keys)

    def _get_targets(self, item, figures, keys):
        """Return (key, share of the item) for the lines that it belongs to."""
        same = [key for key in keys if self._is_same(item, self.lines[key])]
        if len(same) <= 1:
            return [(key, Fraction(1)) for key in same]
        targets, left = [], abs(figures.quantity)
        for key in same:
            line = self.lines[key]
            pieces = min(left, self._get_room(key, figures))
            if pieces > 0 and _has_price(figures, line.piece):
                targets.append((key, pieces / abs(figures.quantity)))
                left -= pieces
        return targets

    def _is_same(self, item, line):
        """Tell whether an item can be about what a line sold."""
        return bool(item.product_id) and item.product_id.id == line.product

    def _get_room(self, key, figures):
        """Return how many pieces of a line a note can take back, or return again."""
        quantity = self.lines[key].written.quantity
        way = -1 if quantity < 0 else 1
        taken = -way * sum(
            (
                charge.figures.quantity
                for charge in self.charges[key]
                if charge.kind == NOTE
            ),
            NONE,
        )
        takes_back = way * figures.quantity < 0
        return abs(quantity) - taken if takes_back else taken

    def _add_extra(self, item, figures, origin, keys):
        """Add a line that lowers or raises the lines of its invoice as a whole."""
        taxes = get_taxes(item)[item.id]
        of_lines = self.get_taxes()
        alike = [key for key in keys if of_lines[key] == taxes]
        lowered = Figures(-abs(figures.untaxed), -abs(figures.total))
        charge = self._get_charge(figures, item.move_id, origin, lowered)
        charge = replace(charge, figures=replace(figures, quantity=NONE))
        self.extras.append(
            SoldLine(
                get_key(item),
                lowered,
                charges=tuple(early_discounts.add_to(charge, item.move_id)),
                product=item.product_id.id or None,
                lowers=frozenset(alike or keys),
            )
        )


def _has_price(figures, piece):
    """Tell whether the pieces of a note have the price of a line's."""
    coin = Fraction(1, 100)
    expected = abs(piece.untaxed * figures.quantity)
    return abs(abs(figures.untaxed) - expected) <= coin * (1 + abs(figures.quantity))
