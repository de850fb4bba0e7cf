"""The price guard of tills: a till is never stopped, what differs is recorded."""

import logging

from odoo.addons.loyalty_b2b2c.models.dealers.dealer_lookup import (
    find_dealers_of,
    of_dealer_companies,
)
from odoo.addons.loyalty_b2b2c.models.pricing.prices import is_same, net_price, plain

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


def _record(order, dealer):
    """Record the lines of a till order that a dealer paid another price for."""
    pricelist = order.env["product.pricelist"].browse(dealer.pricelist_id)
    deviations = []
    for line in order.lines:
        expected = get_expected(line, pricelist, dealer)
        actual = get_actual(line)
        if expected is not None and not is_same(actual, expected):
            deviations.append(
                {
                    "key": line.id,
                    "name": line.full_product_name or line.product_id.display_name,
                    "product": line.product_id,
                    "quantity": line.qty,
                    "expected": expected,
                    "actual": actual,
                    "currency": order.currency_id,
                }
            )
    if deviations:
        standing = order.env["b2b2c.ladder.standing"].browse(dealer.standing_id)
        order.env["b2b2c.price.deviation"]._record(order, standing, "pos", deviations)


def get_actual(line):
    """Return what a unit of a till line cost; of a combination, with all its parts."""
    parts = line.combo_line_ids
    if parts and line.qty:
        return net_price(line) + sum(
            net_price(component) * component.qty / line.qty for component in parts
        )
    return net_price(line)


def get_expected(line, pricelist, dealer):
    """Return what a unit of a till line costs by the tier.

    :param pricelist: of the tier
    :return: ``None`` for what has no price by the tier
    """
    order = line.order_id
    if line.combo_parent_id or line.product_id in get_free_products(order.config_id):
        return None
    if line.refunded_orderline_id:
        return get_actual(line.refunded_orderline_id)
    if "sale_order_line_id" in line._fields and line.sale_order_line_id:
        return net_price(line.sale_order_line_id)  # guarded there
    is_reward = "is_reward_line" in line._fields and line.is_reward_line
    if is_reward and dealer.rewards:
        return None
    product = line.product_id.with_company(order.company_id)
    context = product._get_product_price_context(line.attribute_value_ids)
    price = pricelist._get_product_price(
        product.with_context(**context),
        line.qty or 1,
        currency=order.currency_id,
        uom=product.uom_id,
        date=order.date_order,
    )
    return product._get_tax_included_unit_price_from_price(
        price,
        product_taxes=product.taxes_id._filter_taxes_by_company(order.company_id),
        fiscal_position=order.fiscal_position_id,
    )


def get_free_products(config):
    """Return the products of a till without a price: tips and down payments."""
    free = config.tip_product_id
    if "down_payment_product_id" in config._fields:
        free |= config.down_payment_product_id
    return free
