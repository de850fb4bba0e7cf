"""Open quotations follow a dealer's tier: they are priced anew, or flagged."""

from .marks import LADDER, marked
from .order_guard import OPEN, OrderGuard
from .prices import plain


def follow_tier(standing):
    """Price a dealer's open quotations by the tier in force, or flag them.

    What the customer is paying for, or paid, keeps its price.

    :param standing: the dealer, in a superuser environment
    """
    if standing.ladder_id.benefit == "bonus":
        return
    pricelist = standing.partner_id.with_company(
        standing.company_id
    ).property_product_pricelist
    orders = standing.env["sale.order"].search(
        [
            ("partner_id", "child_of", standing.partner_id.ids),
            ("company_id", "in", standing._get_priced_companies().ids),
            ("state", "in", OPEN),
        ]
    )
    for order in orders.filtered(lambda order: order.pricelist_id != pricelist):
        if is_being_paid(order):
            continue
        if order._b2b2c_is_flagged_only(standing):
            flag(order, standing)
        else:
            order.pricelist_id = pricelist
            order._recompute_prices()


def flag(order, standing):
    """Keep the prices of before, and say so, until a person updates them."""
    with marked(LADDER):
        order.write(
            {
                "b2b2c_kept_pricelist_id": order.pricelist_id.id,
                "b2b2c_standing_id": standing.id,
            }
        )


def is_being_paid(order):
    """Tell whether the customer pays, or paid, the price of an order online."""
    return any(
        transaction.state in ("pending", "authorized", "done")
        for transaction in order.sudo().transaction_ids
    )


def update_prices(order):
    """Give a quotation the prices of the tier in force, as a person asked for it."""
    order.check_access("write")
    dealer = OrderGuard(order).dealers.get(order)
    if not dealer or order.state not in OPEN:
        return
    with marked(LADDER):
        plain(order).write(
            {"pricelist_id": dealer.pricelist_id, "b2b2c_kept_pricelist_id": False}
        )
    order.action_update_prices()


def price_copies_anew(orders, vals_list):
    """Take out of the values of copies what prices a dealer's order.

    :param vals_list: of ``copy_data``, one for each order; changed in place
    """
    dealers = OrderGuard(orders).dealers
    for order, vals in zip(plain(orders), vals_list, strict=True):
        if order not in dealers:
            continue
        vals.pop("pricelist_id", None)
        for command in vals.get("order_line", ()):
            for name in ("price_unit", "technical_price_unit", "discount"):
                command[2].pop(name, None)
