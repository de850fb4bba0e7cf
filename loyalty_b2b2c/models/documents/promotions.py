"""Which lines of an order a promotion of Odoo's own (``sale_loyalty``) lowers.

Odoo writes a line for the discount and forgets which lines it was computed from.
"""

from ..processing.facts import get_key


def get_lowered(line, lines):
    """Return the keys of the lines that the promotion behind a line lowers.

    :param line: with a ``reward_id``
    :param lines: all lines of its order that take part
    :return: frozenset of keys; ``None`` for a promotion on the whole order: it lowers
        the lines with its taxes
    """
    kept = line.sudo().b2b2c_lowered  # when the order was confirmed
    if kept:
        lowered = lines.filtered(lambda other: other.id in kept)
    else:
        lowered = find_lowered(line, lines)
    return None if lowered is None else frozenset(map(get_key, lowered))


def find_lowered(line, lines):
    """Return the lines that the promotion behind a line lowers, as it is now.

    :param line: with a ``reward_id``
    :param lines: lines of its order
    :return: ``sale.order.line`` records; ``None``: all lines with its taxes
    """
    reward = line.reward_id.sudo()
    others = lines.filtered(lambda other: other.price_subtotal > 0)
    goods = others.filtered(lambda other: not _is_extra(other))
    if reward.reward_type == "shipping":
        return others.filtered(_is_delivery)
    if reward.reward_type != "discount":
        return None
    if reward.discount_applicability == "specific":
        domain = reward._get_discount_product_domain()
        products = goods.product_id.filtered_domain(domain)
        return goods.filtered(lambda other: other.product_id in products)
    if reward.discount_applicability == "cheapest":
        return goods.sorted(lambda other: (other.price_unit, other.id))[:1]
    # on the whole order, and each of its lines is written for one set of taxes
    return None


def _is_extra(line):
    """Tell whether a line is a reward or a delivery cost, which no promotion lowers."""
    return line.is_reward_line or _is_delivery(line)


def _is_delivery(line):
    return "is_delivery" in line._fields and line.is_delivery
