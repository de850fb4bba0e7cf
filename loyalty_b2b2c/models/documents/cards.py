"""Gift cards and wallets of Odoo's own (``loyalty``, ``sale_loyalty``).

Who buys a card has bought nothing yet: what is paid with it counts, and is as paid as
the sale of the card.  A card that nobody bought was given, and lowers the price like
any other promotion.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

from odoo.tools import SQL

from ...engine import to_fraction

KINDS = ("gift_card", "ewallet")

# products that are cards, of the batch of documents that is being measured: empty until
# somebody asks; see `reading`
_products = ContextVar("b2b2c_card_products", default=None)


@contextmanager
def reading():
    """Read which products are cards once for all questions inside."""
    token = _products.set([])
    try:
        yield
    finally:
        _products.reset(token)


def are_known(env):
    """Tell whether orders can be paid with cards."""
    return "coupon_id" in env["sale.order.line"]._fields


def is_card(product):
    """Tell whether a product is a gift card or fills a wallet.

    Who buys one has bought nothing yet: what is paid with it counts.
    """
    if product.type != "service" or "loyalty.program" not in product.env:
        return False
    known = _products.get()
    if known is None:
        return product in _read_products(product.env)
    if not known:
        known.append(_read_products(product.env))
    return product in known[0]


def fetch_kinds(products):
    """Read what :func:`is_card` asks of products, and not their other columns."""
    products.fetch(("product_tmpl_id",))
    products.product_tmpl_id.fetch(("type",))


def _read_products(env):
    """Return the products that are gift cards or fill wallets."""
    programs = env["loyalty.program"].sudo().with_context(active_test=False)
    return programs.search([("program_type", "in", KINDS)]).trigger_product_ids


def is_bought(card):
    """Tell whether a card is one that pays, and somebody bought it.

    :param card: ``loyalty.card``, as superuser
    """
    return card.program_type in KINDS and card._has_source_order()


def is_payment(line):
    """Tell whether an order line pays with a card that somebody bought.

    :param line: ``sale.order.line``
    """
    if not are_known(line.env) or not line.reward_id:
        return False
    return is_bought(line.coupon_id.sudo())


def select_payments():
    """Return the condition that ``line`` pays with a card that an order sold."""
    return SQL(
        """
        EXISTS (SELECT FROM loyalty_card card
                  JOIN loyalty_program program ON program.id = card.program_id
                   AND program.program_type = ANY(%s)
                 WHERE card.id = line.coupon_id AND card.order_id IS NOT NULL)
        """,
        list(KINDS),
    )


def select_paid_with(move):
    """Select the invoices that are paid with cards that ``move`` invoices.

    :param SQL move: alias of ``account_move``
    """
    return SQL(
        """
        SELECT other.move_id
          FROM (SELECT id FROM account_move_line
                 WHERE move_id = %s.id AND quantity > 0 OFFSET 0) item
    CROSS JOIN LATERAL (SELECT order_line_id FROM sale_order_line_invoice_rel
                 WHERE invoice_line_id = item.id OFFSET 0) own
    CROSS JOIN LATERAL (SELECT order_id FROM sale_order_line
                 WHERE id = own.order_line_id OFFSET 0) sold
    CROSS JOIN LATERAL (SELECT card.id FROM loyalty_card card
                  JOIN loyalty_program program ON program.id = card.program_id
                 WHERE card.order_id = sold.order_id
                   AND program.program_type = ANY(%s) OFFSET 0) card
    CROSS JOIN LATERAL (SELECT id FROM sale_order_line
                 WHERE coupon_id = card.id OFFSET 0) used
    CROSS JOIN LATERAL (SELECT invoice_line_id FROM sale_order_line_invoice_rel
                 WHERE order_line_id = used.id OFFSET 0) rel
    CROSS JOIN LATERAL (SELECT move_id FROM account_move_line
                 WHERE id = rel.invoice_line_id OFFSET 0) other
        """,
        move,
        list(KINDS),
    )


def get_sales(line):
    """Return how the card was sold that an order line pays with.

    :param line: ``sale.order.line``
    :return: list of ``(amount with taxes, id of the invoice or None, None)``; what is
        not invoiced is not paid
    """
    card = line.coupon_id.sudo()
    products = card.program_id.trigger_product_ids
    sales = []
    for sold in card.order_id.order_line.filtered(lambda x: x.product_id in products):
        items = sold.invoice_lines.filtered(
            lambda item: item.parent_state == "posted" and item.quantity > 0
        )
        sales += [
            (to_fraction(item.price_total), item.move_id.id, None) for item in items
        ]
        invoiced = sum((amount for amount, *_rest in sales), Fraction(0))
        rest = to_fraction(sold.price_total) - invoiced
        if rest > 0:
            sales.append((rest, None, None))
    return sales
