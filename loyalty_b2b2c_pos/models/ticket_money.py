"""Which share of a ticket is paid, and since when."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from odoo.addons.loyalty_b2b2c.engine import to_fraction
from odoo.addons.loyalty_b2b2c.models.documents import books, cards, settlement
from odoo.addons.loyalty_b2b2c.values import aware

from . import line_kinds
from .ticket_notes import get_notes
from .ticket_rows import get_sold_at

NONE, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is due for a ticket, and how far it is paid.

    :param amount: taxes included, in the ticket's currency; below zero when given back.
    :param share: of it that is paid, 0 to 1.
    :param at: since when it is paid that far.
    :param hope: the share that is paid or still can be: not what was written off.
    """

    amount: Fraction
    share: Fraction
    at: datetime | None = None
    hope: Fraction = ALL


@dataclass(frozen=True, slots=True)
class Paid:
    """How far a ticket is paid.

    :param lost: the share of it that will never be.
    """

    share: Fraction
    at: datetime | None
    lost: Fraction = NONE


def get_paid(ticket):
    """Return how far a ticket is paid, with what was taken back of it.

    What is paid at the till counts at once.  What goes on the customer's account counts
    when nothing of it is open any more: the ticket's invoice, or the customer's line of
    the entry that closes the session.  Cards and down payments are as paid as they are
    themselves, goods given in exchange as paid as the goods that came back.
    """
    parts = _get_parts(ticket)
    for refund, share in _get_refunds(ticket):
        parts += [
            Part(part.amount * share, part.share, None, part.hope)
            for part in _get_payment_parts(refund)
        ]
    paid = [part for part in parts if part.share == 1]
    others = [part for part in parts if part.share < 1]
    promised = _get_sum(others)
    # what accounting credits is not owed any more
    owed = promised - _get_credited(ticket) if promised else NONE
    if owed <= 0:
        return Paid(ALL, _get_last(paid) or aware(get_sold_at(ticket)))
    came = sum((part.amount * part.share for part in others), NONE)
    hoped = sum((part.amount * part.hope for part in others), NONE)
    due, there = _get_sum(paid) + owed, _get_sum(paid)
    if due <= 0:
        return Paid(NONE, None)
    received = there + came * owed / promised
    lost = ALL - _limit((there + hoped * owed / promised) / due)
    if received <= 0:
        return Paid(NONE, None, lost)
    return Paid(min(ALL, received / due), _get_last(parts), lost)


def _limit(share):
    return min(ALL, max(NONE, share))


def _get_sum(parts):
    return sum((part.amount for part in parts), NONE)


def _get_last(parts):
    return max((part.at for part in parts if part.at and part.share), default=None)


def _get_parts(ticket):
    """Return the parts of what is due for a ticket itself."""
    parts = _get_payment_parts(ticket)
    for line in ticket.lines:
        amount = -to_fraction(line.price_subtotal_incl)
        if line_kinds.is_card_used(line):
            parts.append(_get_card_part(line, amount))
        elif line_kinds.is_down_payment(line) and amount > 0:
            parts.append(_get_advance_part(line, amount))
        elif line.refunded_orderline_id and _sells(ticket):
            sold = line_kinds.get_sold_line(line)
            paid = get_paid(sold.order_id)
            at = aware(get_sold_at(ticket))
            parts.append(Part(amount, paid.share, at, ALL - paid.lost))
    return parts


def _get_payment_parts(ticket):
    """Return what was paid at a till, and what went on the customer's account."""
    at = aware(get_sold_at(ticket))
    on_account = ticket.payment_ids.filtered(
        lambda payment: payment.payment_method_id.type == "pay_later"
    )
    amount = sum(
        to_fraction(payment.amount) for payment in ticket.payment_ids - on_account
    )
    parts = [Part(amount, ALL, at)] if amount else []
    for payment in on_account:
        amount = to_fraction(payment.amount)
        parts.append(Part(amount, *_get_account_share(payment)))
    return parts


def _sells(ticket):
    """Tell whether a ticket sells goods beside those that it takes back."""
    return any(
        not line_kinds.is_tip(line)
        and (
            line_kinds.can_earn(line) or (line.qty > 0 and line_kinds.is_of_order(line))
        )
        for line in ticket.lines
    )


def _get_refunds(ticket):
    """Return (ticket, share of it) of the tickets that only take back of a ticket."""
    backs = ticket.lines.browse().union(*map(line_kinds.get_taken_back, ticket.lines))
    found = []
    for refund in backs.order_id:
        if _sells(refund):
            continue
        linked = refund.lines.filtered("refunded_orderline_id")
        whole = sum(to_fraction(line.price_subtotal_incl) for line in linked)
        own = sum(to_fraction(line.price_subtotal_incl) for line in linked & backs)
        if whole:
            found.append((refund, own / whole))
    return found


def _get_credited(ticket):
    """Return what accounting credits of a ticket's invoice, as the ticket's part."""
    notes = get_notes(ticket)
    if not notes:
        return NONE
    tickets = ticket.account_move.pos_order_ids
    whole = sum(to_fraction(one.amount_total) for one in tickets)
    own = to_fraction(ticket.amount_total) / whole if whole else NONE
    return own * _get_taken_off(notes)


def _get_taken_off(notes):
    """Return what notes take off in all; debit notes add."""
    return sum(
        (
            part * to_fraction(note.amount_total) * _get_direction(note)
            for note, part in notes
        ),
        NONE,
    )


def _get_direction(note):
    return 1 if note.move_type == "out_refund" else -1


# === ON ACCOUNT === #


def _get_account_share(payment):
    """Return (share, since when, hope) of a purchase on account that was paid since.

    Before its session is closed nobody can pay it but with an invoice; afterwards the
    closing may have been paid, and an invoice be made all the same.
    """
    ticket = payment.pos_order_id
    known = []
    if ticket.account_move:
        known.append(_get_invoice_share(ticket))
    if _is_in_closing(ticket):
        item = _get_closing_item(payment)
        known += [_get_item_share(item)] if item else []
    share, at, _hope = max(known, key=lambda paid: paid[0], default=(NONE, None, ALL))
    return share, at, max((hope for *_paid, hope in known), default=ALL)


def _is_in_closing(ticket):
    """Tell whether the closing of a session posted a ticket: it had no invoice then.

    An invoice that is made afterwards takes it out again, by an entry of its own.
    """
    if not ticket.session_id.move_id:
        return False
    if not ticket.account_move:
        return True
    entries = ticket.env["account.move"].sudo()
    return bool(
        entries.search_count([("reversed_pos_order_id", "=", ticket.id)], limit=1)
    )


def _get_invoice_share(ticket):
    """Return (share, since when, hope) of what an invoice leaves to pay."""
    invoice = ticket.account_move
    if invoice.state != "posted":
        return NONE, None, ALL
    paid = books.get_paid(invoice)
    at = settlement.get_paid_at(invoice) if paid.settled else None
    if paid.settled == 1 or not (paid.settled or paid.lost):
        return paid.settled, at, ALL
    notes = books.get_notes(invoice)
    tickets = invoice.pos_order_ids.union(
        *(note.pos_order_ids for note, _part in notes)
    )
    till = account = NONE
    for payment in tickets.payment_ids:
        if payment.payment_method_id.type == "pay_later":
            account += to_fraction(payment.amount)
        else:
            till += to_fraction(payment.amount)
    account -= _get_taken_off([pair for pair in notes if not pair[0].pos_order_ids])
    if account <= 0:
        return ALL, at, ALL
    share, hope = (
        _limit((of_all * (till + account) - till) / account)
        for of_all in (paid.settled, ALL - paid.lost)
    )
    return share, at, hope


def _get_closing_item(payment):
    """Return the line of a session's closing that a purchase on account became.

    Odoo does not link them: customer, method and amount tell, and of equal ones the
    order.  Where nobody identified the customer there is none, and the purchase stays
    unpaid until it is invoiced.
    """
    session, method = payment.session_id, payment.payment_method_id
    if not method.split_transactions:
        return None
    partner = _get_debtor(payment)
    alike = session.order_ids.payment_ids.filtered(
        lambda other: (
            other.payment_method_id == method
            and other.amount == payment.amount
            and _get_debtor(other) == partner
            and _is_in_closing(other.pos_order_id)
        )
    ).sorted("id")
    name = f"{session.name} - {method.name}"
    items = session.move_id.line_ids.filtered(
        lambda item: (
            item.name == name
            and item.partner_id == partner
            and not payment.currency_id.compare_amounts(
                item.amount_currency, payment.amount
            )
        )
    ).sorted("id")
    number = alike.ids.index(payment.id)
    return items[number] if number < len(items) else None


def _get_debtor(payment):
    return payment.env["res.partner"]._find_accounting_partner(payment.partner_id)


def _get_item_share(item):
    """Return (share, since when, hope) of a line of a closing, paid once settled.

    What is settled with another closing came back there, and lowers the debt.
    """
    due = abs(to_fraction(item.amount_currency))
    received, settled, last = NONE, NONE, None
    for entry, amount, money, day in books.get_settling(item):
        if entry.pos_session_ids:
            due -= amount
            continue
        settled += amount
        received += amount * money
        last = max(last or day, day)
    if due <= 0:
        return NONE, None, ALL
    # an entry that was set to draft stays matched, and settles nothing
    rest = max(abs(to_fraction(item.amount_residual_currency)), due - settled)
    hope = _limit((received + rest) / due)
    if rest > to_fraction(item.currency_id.rounding) or not received:
        return NONE, None, hope
    at = settlement.at_day(last, item.company_id)
    return min(ALL, received / due), at, hope


# === CARDS AND DOWN PAYMENTS === #


def _get_card_part(line, amount):
    """Return what was paid with a card, as paid as the card itself was."""
    ticket = line.coupon_id.sudo().source_pos_order_id
    share, hope = NONE, ALL
    if not ticket:
        share, hope = _get_share_of_sales(line)
    elif ticket.state in line_kinds.PAID:
        paid = get_paid(ticket)
        share, hope = paid.share, ALL - paid.lost
    return Part(amount, share, aware(get_sold_at(line.order_id)), hope)


def _get_share_of_sales(line):
    """Return (share, hope) of a card that orders sold: what is invoiced and paid."""
    sales = cards.get_sales(line)
    due = sum((amount for amount, *_rest in sales), NONE)
    if due <= 0:
        return ALL, ALL
    invoices = line.env["account.move"].sudo()
    received, hoped = NONE, due
    for amount, invoice_id, _day in sales:
        if invoice_id:
            paid = books.get_paid(invoices.browse(invoice_id))
            received += amount * paid.settled
            hoped -= amount * paid.lost
    return min(ALL, received / due), hoped / due


def _get_advance_part(line, amount):
    """Return what a ticket deducts for a down payment, as paid as that was."""
    advance = line.sale_order_line_id
    invoices = advance.invoice_lines.move_id.filtered(
        lambda move: move.state == "posted" and move.move_type == "out_invoice"
    )
    tickets = advance.pos_order_line_ids.filtered(
        lambda taken: (
            taken.price_subtotal_incl > 0 and taken.order_id.state in line_kinds.PAID
        )
    ).order_id
    paid = [(one.settled, one.lost) for one in map(books.get_paid, invoices)]
    paid += [(one.share, one.lost) for one in map(get_paid, tickets - line.order_id)]
    share = min((share for share, _lost in paid), default=NONE)
    hope = ALL - max((lost for _share, lost in paid), default=NONE)
    return Part(amount, share, aware(get_sold_at(line.order_id)), hope)
