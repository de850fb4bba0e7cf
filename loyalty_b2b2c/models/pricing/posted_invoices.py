"""What dealers pay in the end is looked at once, when an invoice or a note is posted.

Whatever way led there: each line is compared with its order or the tier, and what the
invoice asks for with what its lines cost.  What accounting or the law may need is a
deviation with its cost: terms and taxes that lower a price, the rounding of a total,
orders of before somebody was a dealer, deliveries beyond an order, credit notes.
"""

from odoo.exceptions import UserError

from ..dealers.dealer_lookup import of_dealer_companies
from .confirmed_prices import keep_volume
from .deviations import describe, describe_whole
from .invoice_guard import (
    INVOICES,
    get_advance_left,
    is_own,
    was_sold_to_dealer,
)
from .prices import is_same, net_price, plain, price_taxes
from .terms import (
    KIND,
    describe_lowered,
    get_doubt,
    get_due,
    get_early_discount,
    get_early_share,
    get_lowered,
    is_lower,
    record_order_terms,
)
from .units import get_ratio

#: What an invoice costs less than by the tier, and nobody can refuse.
FREE = "free"


def look_at_posted(moves):
    """Look at invoices and credit notes of dealers that were posted just now.

    :param moves: ``account.move`` in the environment of who posted
    :raise UserError: an invoice of a dealer is cheaper than it must be
    """
    moves = of_dealer_companies(moves)
    invoices = moves.filtered(lambda move: move.move_type in INVOICES)
    if invoices:
        look_at_invoices(invoices)
    record_credits(moves)


def look_at_invoices(invoices):
    """Compare what invoices ask for with what they must, or record it.

    :raise UserError: one asks for less
    """
    guard = invoices.invoice_line_ids._b2b2c_get_compared("posted")
    guard.check()
    look_at_orders(guard, invoices.env)
    look_at_terms(guard)
    keep_volume(guard.lines.move_id & invoices)
    for invoice, lines in guard.lines.grouped("move_id").items():
        free = [found for line in lines for found in get_free(guard, line)]
        record(invoice, get_standing(invoice), FREE, free)


def look_at_orders(guard, env):
    """Look again at terms and taxes of invoiced orders: what the order names may have
    become something else since it was confirmed.

    :param guard: :class:`~.invoice_guard.InvoiceGuard` of the lines
    :param env: of who posts
    """
    orders = guard.lines.sale_line_ids.order_id.with_env(env)
    record_order_terms(
        orders.filtered(
            lambda order: (
                order.payment_term_id.early_discount
                or price_taxes(order.order_line.tax_ids)
            )
        )
    )


def look_again(moves):
    """Look at posted invoices of which terms or amounts were written.

    :param moves: ``account.move`` in the environment of who wrote them
    :raise UserError: an amount does not follow from the lines
    """
    posted = of_dealer_companies(moves).filtered(
        lambda move: move.state == "posted" and move.move_type in INVOICES
    )
    if posted:
        look_at_terms(posted.invoice_line_ids._b2b2c_get_compared("posted"))


def look_at_terms(guard):
    """Record what terms, taxes and rounding take off posted invoices.

    :param guard: :class:`~.invoice_guard.InvoiceGuard` of their lines
    :raise UserError: an amount does not follow from the lines
    """
    for invoice, lines in guard.lines.grouped("move_id").items():
        share = get_early_discount(invoice)
        by_terms = [found for line in lines for found in get_terms(line, share)]
        by_terms += get_rounded(invoice)
        record(invoice, get_standing(invoice), KIND, by_terms)


def record(move, standing, kind, deviations):
    """Record deviations of an invoice or note as of who posted it."""
    if deviations and standing:
        rows = move.env["b2b2c.price.deviation"].sudo()
        rows._record(move, standing, kind, deviations)


def get_standing(move):
    """Return the dealer whom an invoice or note is for: of its customer, or orders."""
    standings = move.env["b2b2c.ladder.standing"]
    own = standings._of_partner(move.partner_id, move.company_id)
    found = own or move.invoice_line_ids.sale_line_ids.order_id.b2b2c_standing_id[:1]
    return found if found.ladder_id.benefit != "bonus" else found.browse()


def get_terms(line, share):
    """Yield what terms and taxes of an invoice lower, beyond those of its order."""
    sold_line = line.sale_line_ids[:1]
    if line.quantity <= 0:
        return
    sold, paid = get_lowered(line, line.move_id.fiscal_position_id, share)
    order = sold_line.order_id
    if order.b2b2c_standing_id and is_own(line.move_id, order):
        before = get_early_share(order.payment_term_id)
        known = get_lowered(sold_line, order.fiscal_position_id, before)
        sold *= known[1] / known[0] if known[0] else 1 - before
    if is_lower(paid, sold):
        yield describe_lowered(line, line.quantity, sold, paid)


def get_rounded(invoice):
    """Return what the rounding of a total takes off.

    :raise UserError: it asks for less, and it is not the rounding
    """
    asked, total = get_due(invoice)
    missing, rounding = total - asked, invoice.invoice_cash_rounding_id
    doubt = get_doubt(invoice, total)
    off = -rounding.compute_difference(invoice.currency_id, total) if rounding else 0
    if missing - max(off, 0) > doubt:
        raise UserError(
            invoice.env._(
                "What %(dealer)s pays does not follow from the prices and taxes of "
                "the lines: an amount of this invoice was written by hand.",
                dealer=invoice.partner_id.commercial_partner_id.name,
            )
        )
    if off <= 0 or is_same(asked, total):
        return []
    return [describe_whole(invoice, "rounding", total, asked, rounding.name)]


def get_free(guard, line):
    """Yield what a line costs less than by the tier, though it costs what was sold.

    It was sold when the customer was no dealer, or belonged to another one; or more was
    delivered than was ordered.
    """
    sold, price = line.sale_line_ids[:1], net_price(line)
    if not sold or sold.is_downpayment or line.quantity <= 0:
        return
    today = guard.get_price_today(line)
    if today is None or not is_lower(price, today):
        return
    quantity = line.quantity
    if was_sold_to_dealer(line.move_id, sold.order_id):
        unit = get_ratio(line.product_uom_id, line.product_id)
        beyond = sold.qty_invoiced - sold.product_uom_qty
        beyond *= get_ratio(sold.product_uom_id, sold.product_id) / unit
        quantity = min(quantity, beyond)
    if quantity > 0:
        yield describe(line, quantity, today, price, "free")


# === CREDIT NOTES === #


def record_credits(moves):
    """Record what dealers get back for goods that stay, or above their price.

    :param moves: ``account.move`` that were posted, in the environment of who did
    """
    refunds = plain(moves).filtered(lambda move: move.move_type == "out_refund")
    for refund in refunds:
        standing = get_credited_dealer(refund)
        if not standing or standing.ladder_id.benefit == "bonus":
            continue
        lines = refund.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not is_payment(line)
        )
        credits = [credit for line in lines for credit in get_credits(line)]
        record(refund, standing, "credit", credits + get_too_much(refund))


def is_payment(line):
    """Tell whether a line of a note takes back a payment within its order.

    Such a line lowers what is given back.  One that gives money back is compared,
    though it names the line of a payment.
    """
    sold = line.sale_line_ids
    return (
        bool(sold)
        and line.price_subtotal <= 0
        and line.product_id == sold.product_id
        and all(one._b2b2c_is_payment() for one in sold)
    )


def get_credited_dealer(refund):
    """Return the dealer a credit note is for: of its orders, or of its customer."""
    order = refund.invoice_line_ids.sale_line_ids.order_id
    return order.b2b2c_standing_id[:1] or refund.env[
        "b2b2c.ladder.standing"
    ]._of_partner(refund.partner_id, refund.company_id)


def get_credits(line):
    """Return what a line of a credit note gives away, for deviations."""
    sold, price = line.sale_line_ids[:1], net_price(line)
    if sold.is_downpayment:
        return get_advance(line, sold)
    deviations = []
    kept_quantity = line.quantity
    # what somebody else, or another product, brought back proves nothing
    if sold.product_id == line.product_id and is_own(line.move_id, sold.order_id):
        ratio = get_ratio(sold.product_uom_id, sold.product_id)
        ratio /= get_ratio(line.product_uom_id, line.product_id)
        by_order = sold.product_id.invoice_policy == "order"
        owed = sold.product_uom_qty if by_order else sold.qty_delivered
        kept_quantity = min(line.quantity, (owed - sold.qty_invoiced) * ratio)
        paid = net_price(sold) / ratio
        if price > paid and not is_same(price, paid):
            deviations.append(describe(line, -line.quantity, paid, price, "price"))
    if kept_quantity > 0 and price:
        deviations.append(describe(line, kept_quantity, price, 0, "kept"))
    return deviations


def get_advance(line, sold):
    """Return what is given back of an advance that other invoices took off already."""
    too_much = min(line.price_subtotal, -get_advance_left(sold, ("posted",)))
    if line.currency_id.compare_amounts(too_much, 0) <= 0:
        return []
    return [describe(line, 1, too_much, 0, "advance")]


def get_too_much(refund):
    """Return what a credit note gives back beyond what its lines cost."""
    given, total = get_due(refund)
    if given - total <= get_doubt(refund, total):
        return []
    return [describe_whole(refund, "amount", given - total, 0)]
