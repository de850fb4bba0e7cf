"""The price guard of tills: a till is never stopped, what differs is recorded."""

import logging

from odoo.addons.loyalty_b2b2c.models.dealers.dealer_lookup import (
    find_dealers_of,
    of_dealer_companies,
)
from odoo.addons.loyalty_b2b2c.models.pricing.confirmed_prices import keep_volume
from odoo.addons.loyalty_b2b2c.models.pricing.deviations import (
    describe,
    describe_whole,
)
from odoo.addons.loyalty_b2b2c.models.pricing.invoice_guard import get_advance_left
from odoo.addons.loyalty_b2b2c.models.pricing.prices import (
    get_kept,
    get_product_taxes,
    is_same,
    net_price,
    plain,
    price_taxes,
)
from odoo.addons.loyalty_b2b2c.models.pricing.units import get_ratio, is_more

_logger = logging.getLogger(__name__)

#: A till invoices what was paid there; it is compared, never refused.
TILL = "till"


def record_deviations(orders):
    """Record what dealers paid less, or more, than by the tier.

    What cannot be compared is said in the log.

    :param orders: ``pos.order`` in the environment of who sells
    """
    paid = plain(of_dealer_companies(orders)).filtered(
        lambda order: order.state in ("paid", "done")
    )
    for order, dealer in find_dealers_of(paid).items():
        try:
            with order.env.cr.savepoint():
                _record(order, dealer)
        except Exception:
            _logger.exception("The prices of %s could not be compared.", order.name)


def is_of_tickets(move):
    """Tell whether an invoice asks for what was paid at a till, and compared there."""
    tickets = move.sudo().pos_order_ids
    if not tickets:
        return False
    paid = sum(tickets.mapped("amount_total"))
    return move.currency_id.compare_amounts(move.amount_total, paid) >= 0


def _record(order, dealer):
    """Record the lines of a till order that a dealer paid another price for, and what
    was paid less than the lines cost."""
    pricelist = order.env["product.pricelist"].browse(dealer.pricelist_id)
    keep_volume(order.lines.filtered(lambda line: not line.b2b2c_volume_seen))
    deviations = get_unpaid(order)
    for line in order.lines:
        expected = get_expected(line, pricelist, dealer)
        actual = get_actual(line)
        if expected is not None and not is_same(actual, expected):
            deviations.append(describe_line(line, expected, actual))
    if deviations:
        standing = order.env["b2b2c.ladder.standing"].browse(dealer.standing_id)
        order.env["b2b2c.price.deviation"]._record(order, standing, "pos", deviations)


def get_unpaid(order):
    """Return what was paid less than the lines of a ticket cost, its rounding too."""
    cost = sum(order.lines.mapped("price_subtotal_incl"))
    paid = sum(order.payment_ids.mapped("amount"))
    coin = order.currency_id.rounding * (1 + len(order.lines))
    if cost - paid <= coin:
        return []
    return [describe_whole(order, "total", cost, paid)]


def describe_line(line, expected, actual, why=""):
    """Return a till line as ``b2b2c.price.deviation`` records it."""
    name = line.full_product_name or line.product_id.display_name
    return describe(line, line.qty, expected, actual, why, name)


# === WHAT WAS PAID === #


def get_actual(line):
    """Return what a unit of a till line cost; of a combination, with all its parts.

    The till says what a unit costs and what all of them do; what is less counts.
    """
    price = get_paid_price(line)
    parts = line.combo_line_ids.filtered(is_part)
    if parts and line.qty:
        price += sum(get_paid_price(part) * part.qty / line.qty for part in parts)
    return price


def get_paid_price(line):
    """Return what a unit of one till line cost, as its price is written."""
    price = net_price(line)
    written = line._compute_amount_line_all()["price_subtotal"]
    if written and line.price_subtotal < written - 2 * line.currency_id.rounding:
        price *= line.price_subtotal / written
    own = get_product_taxes(line)
    charged = line.tax_ids_after_fiscal_position
    if price and price_taxes(own) != price_taxes(charged):
        # in terms of the product's taxes, as the price by the tier is
        kept = get_kept(price, charged, line.product_id, line.currency_id)
        one = get_kept(1.0, own, line.product_id, line.currency_id)
        price = kept / one if one else kept
    return price


# === WHAT MUST BE PAID === #


def get_expected(line, pricelist, dealer):
    """Return what a unit of a till line costs by the tier.

    What a line names (a line it takes back, its combination, an order) counts only when
    it is the dealer's, of the same goods, and not more than that.

    :param pricelist: of the tier
    :return: ``None`` for what has no price by the tier
    """
    if is_part(line) or is_free(line):
        return None
    if is_taken_back(line):
        return get_actual(line.refunded_orderline_id)
    if is_settled(line):
        sold = line.sale_order_line_id
        return net_price(sold) / get_ratio(sold.product_uom_id, sold.product_id)
    if dealer.rewards and is_reward(line):
        return None
    return get_tier_price(line, pricelist)


def get_tier_price(line, pricelist):
    """Return what a unit of a till line costs by a price list, with the taxes of the
    product in it that are in its price."""
    order = line.order_id
    product = line.product_id.with_company(order.company_id)
    context = product._get_product_price_context(line.attribute_value_ids)
    return pricelist._get_product_price(
        product.with_context(**context),
        abs(line.qty) or 1,
        currency=order.currency_id,
        uom=product.uom_id,
        date=order.date_order,
    )


def is_part(line):
    """Tell whether a line is a part of a combination on the same ticket.

    The combination has a choice for it, and lets so many of it be taken.
    """
    parent, item = line.combo_parent_id, line.combo_item_id
    return bool(
        parent
        and parent.order_id == line.order_id
        and parent.product_id.type == "combo"
        and item.product_id == line.product_id
        and item.combo_id in parent.product_id.combo_ids
        and 0 <= line.qty * (1 if parent.qty > 0 else -1)
        and abs(line.qty) <= abs(parent.qty) * item.combo_id.qty_max
    )


def is_taken_back(line):
    """Tell whether a line takes back goods that the same dealer was sold."""
    sold = line.refunded_orderline_id
    return bool(
        sold
        and line.qty < 0
        and -line.qty <= sold.qty
        and sold.product_id == line.product_id
        and is_same_customer(line, sold.order_id)
    )


def is_settled(line):
    """Tell whether a line settles what the same dealer ordered (``pos_sale``).

    The price of the order was guarded there.
    """
    if "sale_order_line_id" not in line._fields:
        return False
    sold = line.sale_order_line_id
    if not sold or sold.is_downpayment or sold.product_id != line.product_id:
        return False
    ordered = sold.product_uom_qty * get_ratio(sold.product_uom_id, sold.product_id)
    return bool(
        sold.order_id.state == "sale"
        and sold.order_id.b2b2c_standing_id
        and not is_more(line.qty, ordered)
        and is_same_customer(line, sold.order_id)
    )


def is_same_customer(line, document):
    """Tell whether a document is of the customer of a till line."""
    customer = line.order_id.partner_id.commercial_partner_id
    return document.partner_id.commercial_partner_id == customer


def is_reward(line):
    """Tell whether a line is what a promotion gives: it costs nothing, or takes off."""
    is_given = "is_reward_line" in line._fields and line.is_reward_line
    return bool(is_given and line.reward_id and line.price_subtotal <= 0)


def is_free(line):
    """Tell whether a line has no price: a tip, or what is paid in advance, and what
    takes that off again."""
    config = line.order_id.config_id
    if line.product_id == config.tip_product_id:
        return line.price_subtotal >= 0
    if "down_payment_product_id" not in config._fields:
        return False
    if line.product_id != config.down_payment_product_id:
        return False
    if line.price_subtotal >= 0:
        return True
    sold = line.sale_order_line_id
    left = sum(sold.pos_order_line_ids.mapped("price_subtotal"))
    left += get_advance_left(sold, ("posted",))
    return bool(
        sold.is_downpayment
        and is_same_customer(line, sold.order_id)
        and line.currency_id.compare_amounts(left, 0) >= 0
    )
