"""What a line of a till ticket is: goods, or something that is no sale."""

from odoo.addons.loyalty_b2b2c.models.documents import cards, promotions

#: The taxes that a line is charged with.
TAXES = "tax_ids_after_fiscal_position"
#: States of tickets that count.
PAID = ("paid", "done")


def can_earn(line):
    """Tell whether a line is a sale of a product.

    What settles a sale order is measured there; what is taken back is measured with the
    ticket it was sold on; cards, discounts and rewards are no sales.
    """
    return bool(
        line.qty > 0
        and line.price_subtotal >= 0
        and line.product_id.type != "combo"
        and not line.refunded_orderline_id
        and not is_discount(line)
        and not is_discount_of_return(line)
        and not is_reward(line)
        and not is_down_payment(line)
        and not is_of_order(line)
        and not is_card(line)
    )


def is_unnamed_return(line):
    """Tell whether a line takes goods back and does not say when they were sold: the
    quantity was typed with a minus."""
    return bool(
        line.qty < 0
        and line.price_unit >= 0
        and line.product_id
        and line.product_id.type != "combo"
        and not line.refunded_orderline_id
        and not is_of_order(line)
        and not is_reward(line)
        and not is_discount_of_return(line)
        and get_kind(line) == "goods"
    )


def get_kind(line):
    """Return what a line was when it was sold, one of :data:`KINDS` or ``"goods"``."""
    return line.sudo().b2b2c_kind or find_kind(line)


def find_kind(line):
    """Return what a line is by the settings of its till and by programs as they are."""
    return next((kind for kind, is_kind in KINDS.items() if is_kind(line)), "goods")


def is_tip(line):
    """Tell whether a line is a tip."""
    return get_kind(line) == "tip"


def is_discount(line):
    """Tell whether a line is Odoo's discount on a ticket (``pos_discount``)."""
    return get_kind(line) == "discount"


def is_card(line):
    """Tell whether a line sells a gift card, or fills a wallet."""
    return get_kind(line) == "card"


def is_down_payment(line):
    """Tell whether a line is paid in advance for a sale order, or deducts that."""
    return get_kind(line) == "down_payment" or bool(
        "sale_order_line_id" in line._fields  # module pos_sale
        and line.sale_order_line_id.is_downpayment
    )


def is_discount_of_return(line):
    """Tell whether a line is the discount on what its ticket takes back.

    The till writes it anew and names no line: like the discount of the sale it is of
    Odoo's discount product, or of one that lowered the sale.
    """
    if line.refunded_orderline_id or is_of_order(line):
        return False
    taken_back = line.order_id.lines.refunded_orderline_id
    if not taken_back:
        return False
    if is_discount(line):
        return True
    lowering = taken_back.order_id.lines.filtered(
        lambda sold: sold.qty > 0 and sold.price_subtotal < 0
    )
    return line.qty > 0 and line.product_id in lowering.product_id


def is_of_order(line):
    """Tell whether a line settles a line of a sale order (``pos_sale``)."""
    return bool(
        "sale_order_line_id" in line._fields
        and (line.sale_order_line_id or line.sale_order_origin_id)
    )


def is_reward(line):
    """Tell whether a line is a reward of Odoo's own loyalty (``pos_loyalty``)."""
    return "is_reward_line" in line._fields and line.is_reward_line


def is_free_product(line):
    """Tell whether a line takes off pieces that a promotion gives for nothing."""
    return bool(
        is_reward(line)
        and line.price_subtotal <= 0
        and line.reward_id.sudo().reward_type == "product"
    )


def is_card_used(line):
    """Tell whether a line pays with a card that somebody bought.

    A card that was given is a discount.
    """
    if not is_reward(line):
        return False
    return cards.is_bought(line.coupon_id.sudo())


def get_sold_line(line):
    """Return the line that was sold in the end, of a line that takes it back."""
    while line.refunded_orderline_id:
        line = line.refunded_orderline_id
    return line


def get_taken_back(line):
    """Return the lines that take a line back, and those that take these back again."""
    found, waiting = line.browse(), line
    while waiting:
        waiting = (waiting.refund_orderline_ids - found).filtered(
            lambda back: back.order_id.state in PAID
        )
        found |= waiting
    return found


# === WHAT THE PROMOTION OF A LINE LOWERS === #


def get_lowered(line, lines):
    """Return the lines that the promotion of a line lowered when it was sold.

    :param lines: of the ticket, those that can be lowered
    :return: ``None`` for a promotion on the whole ticket: the lines with its taxes
    """
    if line.sudo().b2b2c_kind:
        kept = line.sudo().b2b2c_lowered
        return lines.filtered(lambda one: one.id in kept) if kept else None
    lowered = find_lowered(line)
    return None if lowered is None else lowered & lines


def find_lowered(line):
    """Return the lines that the promotion of a line lowers, by what it says now."""
    if not is_reward(line):
        return None
    if not is_free_product(line):
        return promotions.find_lowered(line, line.order_id.lines)
    products = line.reward_id.sudo().reward_product_ids
    sold = line.order_id.lines.filtered(
        lambda other: other.product_id in products and other.qty > 0
    )
    alike = sold.filtered(lambda other: other.price_unit == -line.price_unit)
    return alike or sold


# === KINDS, BY SETTINGS AS THEY ARE === #


def _is_tip(line):
    return _is_product(line, "tip_product_id")


def _is_discount(line):
    key = (line.extra_tax_data or {}).get("computation_key") or ""
    return key.startswith("global_discount") or _is_product(line, "discount_product_id")


def _is_down_payment(line):
    return _is_product(line, "down_payment_product_id")


def _is_card(line):
    return not is_reward(line) and cards.is_card(line.product_id)


def _is_product(line, field):
    """Tell whether a line is of a product that its till names in a field."""
    config = line.order_id.config_id
    return bool(
        line.product_id and field in config._fields and line.product_id == config[field]
    )


#: What a line can be but goods -> how it is told.
KINDS = {
    "tip": _is_tip,
    "discount": _is_discount,
    "down_payment": _is_down_payment,
    "card": _is_card,
}
