"""What a document says beside its prices, and what is paid for it less therefore.

Terms with a discount for early payment, taxes that a fiscal position puts in the place
of the product's own, and the rounding of a total: accounting, or the law, may ask for
each of them, so none is refused.  What they lower is a deviation, with what it costs.
"""

from .deviations import describe
from .prices import (
    TOLERANCE,
    get_kept,
    get_product_taxes,
    is_same,
    net_price,
    plain,
    price_taxes,
)

#: Fields of orders that lower what is paid, whatever the lines say.
TERMS = {"payment_term_id", "fiscal_position_id"}
KIND = "terms"


def get_early_share(term):
    """Return which part of a price terms of payment give back for early payment."""
    return term.discount_percentage / 100 if term.early_discount else 0


def get_lowered(line, fiscal_position, share):
    """Return what a unit of a line is sold for, and what is paid for it in the end.

    :param line: of an order or invoice, with ``product_id`` and ``tax_ids``
    :param fiscal_position: of the document
    :param share: that is given back, see :func:`get_early_share`
    :return: (by the price alone, with terms and taxes)
    """
    price = net_price(line)
    # a negative tax lowers the price, be it the product's own
    own = get_product_taxes(line)
    own -= price_taxes(own).filtered(lambda tax: tax.amount < 0)
    sold = paid = price
    if line.product_id and price_taxes(own) != price_taxes(line.tax_ids):
        before = _get_price_before(line, price, own, fiscal_position)
        sold = get_kept(before, own, line.product_id, line.currency_id)
        paid = get_kept(price, line.tax_ids, line.product_id, line.currency_id)
    return sold, paid * (1 - share)


def _get_price_before(line, price, own, fiscal_position):
    """Return a price as it was before a fiscal position took taxes out of it."""
    unit = line.product_id._get_tax_included_unit_price_from_price(
        1.0, product_taxes=own, fiscal_position=fiscal_position
    )
    return price / unit if unit else price


def describe_lowered(line, quantity, sold, paid):
    """Return what a line lowers as ``b2b2c.price.deviation`` records it.

    Another share is another deviation: what somebody accepted was less.
    """
    return describe(line, quantity, sold, paid, f"{1 - paid / sold:.4f}")


def is_lower(paid, sold):
    """Tell whether less is paid than something is sold for."""
    return sold > paid and not is_same(paid, sold)


def record_order_terms(orders):
    """Record what terms and taxes of confirmed orders lower.

    :param orders: ``sale.order`` of companies with dealers
    """
    for order in plain(orders):
        standing = order.b2b2c_standing_id
        if order.state != "sale" or not standing:
            continue
        share = get_early_share(order.payment_term_id)
        deviations = []
        for line in order.order_line:
            if line.display_type or line.is_downpayment or not line.product_uom_qty:
                continue
            sold, paid = get_lowered(line, order.fiscal_position_id, share)
            if is_lower(paid, sold):
                deviations.append(
                    describe_lowered(line, line.product_uom_qty, sold, paid)
                )
        if deviations:
            by = order.env["b2b2c.price.deviation"].with_user(orders.env.user).sudo()
            by._record(order, standing, KIND, deviations)


# === INVOICES === #


def get_due(invoice):
    """Return what an invoice asks for, and what it would by its prices and taxes alone.

    :param invoice: ``account.move``, an invoice or a credit note
    :return: (amount, amount by prices), both above zero, in its currency
    """
    lines = invoice.line_ids
    asked = abs(
        sum(
            line.amount_currency
            for line in lines
            if line.display_type == "payment_term"
        )
    )
    products = lines.filtered(lambda line: line.display_type == "product")
    engine = invoice.env["account.tax"]
    base_lines = [
        invoice._prepare_product_base_line_for_taxes_computation(line)
        for line in products
    ]
    engine._add_tax_details_in_base_lines(base_lines, invoice.company_id)
    engine._round_base_lines_tax_details(base_lines, invoice.company_id)
    totals = engine._get_tax_totals_summary(
        base_lines, invoice.currency_id, invoice.company_id
    )
    total, untaxed = totals["total_amount_currency"], totals["base_amount_currency"]
    term = invoice.invoice_payment_term_id
    if term.early_discount and term.early_pay_discount_computation == "mixed":
        # taxes are of what is paid early; the law of some countries
        total -= (total - untaxed) * get_early_share(term)
    return asked, abs(total)


def get_doubt(invoice, total):
    """Return how much an amount may differ because each line of it is rounded."""
    coin = invoice.currency_id.rounding
    return coin * (1 + len(invoice.invoice_line_ids)) + TOLERANCE * total


def get_early_discount(invoice):
    """Return which part of an invoice is given back for early payment: by its terms, or
    by what is written beside the debt."""
    debts = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
    asked = sum(debts.mapped("amount_currency"))
    early = sum(
        debt.amount_currency - debt.discount_amount_currency
        for debt in debts
        if debt.discount_date
    )
    written = early / asked if asked else 0
    return max(get_early_share(invoice.invoice_payment_term_id), written)
