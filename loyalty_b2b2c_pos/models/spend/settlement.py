"""Payments in points and the ledger: what a ticket says, less what was booked.

Called from the outbox, after the ticket was stored: nothing can be refused any more.
What does not fit is booked as far as the participant agreed to it, and the rest is an
incident that a manager sees.
"""

from odoo.addons.loyalty_b2b2c.engine import to_decimal

from .. import line_kinds
from ..buyer.shown_buyers import get_shown
from . import ticket_words
from .pos_payment_method import POINTS

#: Tickets that people ring up by themselves: nobody showed a code to a cashier.
_SELF_SERVICE = ("kiosk", "mobile")


def settle_payments(payments):
    """Take what was paid in points, give back what was refunded; once each.

    :param payments: ``pos.payment`` with superuser rights, perhaps gone
    """
    payments = payments.exists().filtered(
        lambda payment: (
            payment.pos_order_id.state in line_kinds.PAID and is_of_points(payment)
        )
    )
    for payment in payments.sorted("id"):
        if payment.amount > 0:
            _take(payment)
        elif payment.amount < 0:
            _give_back(payment)
    for order in payments.pos_order_id.sorted("id"):
        _check_most(order)
        _check_money(order)


def settle_left(payments):
    """Free what was reserved and paid no ticket; settle what paid one all the same.

    :param payments: ``b2b2c.till.payment`` with superuser rights
    """
    for payment in payments.exists():
        line = find_paid(payment)
        if line:
            settle_payments(line)
        elif payment.state == "leaving":
            payment._release()


def find_paid(payment):
    """Return the line of a paid ticket that a ``b2b2c.till.payment`` is, if any."""
    line = payment.env["pos.payment"].search([("uuid", "=", payment.uuid)], limit=1)
    is_paid = line.pos_order_id.state in line_kinds.PAID and is_of_points(line)
    return line if is_paid else line.browse()


# === READING TICKETS === #


def is_of_points(payment):
    """Tell whether a ``pos.payment`` was made in points."""
    return payment.payment_method_id.use_payment_terminal == POINTS


def get_origin(order):
    """Return the ticket whose goods a refund takes back, empty for a sale."""
    return order.lines.refunded_orderline_id.order_id[:1]


def get_spends(order):
    """Return what was spent on a ticket, ``b2b2c.spend``, the last first."""
    uuids = order.payment_ids.filtered(is_of_points).mapped("uuid")
    rows = order.env["b2b2c.till.payment"].search(
        [("uuid", "in", uuids), ("state", "=", "paid")], order="id desc"
    )
    return rows.spend_id


def get_points_left(order):
    """Return what of a ticket was paid in points and did not come back yet: money."""
    return sum(
        to_decimal(spend.amount) - to_decimal(spend.amount_back)
        for spend in get_spends(order)
    )


def get_money_left(order):
    """Return what of a ticket was paid otherwise, less what refunds gave back so."""
    refunds = order.lines.refund_orderline_ids.order_id.filtered(
        lambda refund: refund.state in line_kinds.PAID
    )
    payments = (order | refunds).payment_ids
    money = payments.filtered(lambda payment: not is_of_points(payment))
    return order.currency_id.round(sum(money.mapped("amount")))


def get_most(order):
    """Return how much of a ticket may be paid in points: its price without tips."""
    tips = order.lines.filtered(line_kinds.is_tip)
    return order.amount_total - sum(tips.mapped("price_subtotal_incl"))


# === BOOKING === #


def _take(payment):
    """Spend what was reserved for a payment."""
    order = payment.pos_order_id
    row = payment.env["b2b2c.till.payment"]._find(payment.uuid)
    if row.state == "paid":
        return
    spend = row.spend_id
    is_theirs = spend and row.company_id == order.company_id
    if not is_theirs or order.source in _SELF_SERVICE:
        _report("till_not_reserved", order, payment.amount, payment.uuid)
        return
    amount = min(to_decimal(payment.amount), to_decimal(spend.amount))
    spend._capture(amount)
    row._set_paid()
    rest = to_decimal(payment.amount) - amount
    if rest:
        _report("till_more", order, rest, payment.uuid, spend)
    member = get_shown(order).member
    if member and member._get_survivor() != spend.member_id._get_survivor():
        _report("till_other", order, amount, payment.uuid, spend)


def _give_back(payment):
    """Give points back that a refund pays, up to what the ticket was paid with."""
    order = payment.pos_order_id
    rest = -to_decimal(payment.amount)
    for spend in get_spends(get_origin(order)):
        if rest > 0:
            rest -= spend._give_back(rest, f"{payment.uuid}/{spend.id}")
    if rest > 0:
        _report("till_back", order, rest, payment.uuid)


# === WHAT DOES NOT FIT === #


def _check_most(order):
    """See whether more points were paid on a ticket than it costs."""
    points = sum(order.payment_ids.filtered(is_of_points).mapped("amount"))
    over = points - get_most(order)
    if points > 0 and order.currency_id.compare_amounts(over, 0) > 0:
        _report("till_change", order, over, order.uuid, get_spends(order)[:1])


def _check_money(order):
    """See whether refunds of a ticket paid out what was paid in points."""
    if not order.lines.refund_orderline_ids:
        return
    left = get_money_left(order)
    if order.currency_id.compare_amounts(left, 0) < 0:
        key = f"{order.uuid}/{left}"
        _report("till_money_back", order, -left, key, get_spends(order)[:1])


def _report(kind, order, amount, key, spend=None):
    """Show a manager what does not fit; once per payment or ticket."""
    order.env["b2b2c.spend.incident"]._report(
        kind,
        ticket_words.word(kind, order, amount),
        company=order.company_id,
        spend=spend,
        key=key,
    )
