"""What confirmed orders of dealers cost is kept with their lines."""

from odoo.tools import SQL

from ..dealers.dealer_lookup import find_dealers_of, of_dealer_companies
from .marks import LADDER, marked
from .prices import plain

#: What is kept of a line: what was sold, how much of it in which unit, and for what.
CONFIRMED = (
    "b2b2c_net_price",
    "b2b2c_net_quantity",
    "b2b2c_net_uom_id",
    "b2b2c_net_product_id",
)


def keep_prices_of_before(orders):
    """Keep the prices of orders that were confirmed before there was a dealer.

    They were free then, which is remembered: an invoice at such a price is told.

    :param orders: ``sale.order``, of which lines may change next
    """
    orders = plain(of_dealer_companies(orders)).filtered(
        lambda order: order.state == "sale" and not order.b2b2c_standing_id
    )
    if orders:
        keep_prices(orders)
        # one that is being made as confirmed has no lines yet: they are compared
        free = orders.filtered(lambda one: one.b2b2c_standing_id and one.order_line)
        if free:
            with marked(LADDER):
                free.write({"b2b2c_was_free": True})


def keep_prices(orders, lines=None):
    """Keep what confirmed orders of dealers cost.

    :param orders: ``sale.order``
    :param lines: those of their lines that are new; all by default
    """
    orders = plain(of_dealer_companies(orders))
    for order, dealer in find_dealers_of(orders).items():
        if not order.b2b2c_standing_id:
            with marked(LADDER):
                order.b2b2c_standing_id = dealer.standing_id
    orders = orders.filtered("b2b2c_standing_id")
    lines = orders.order_line if lines is None else plain(lines)
    sold = lines.filtered(lambda line: line.order_id in orders)
    if not sold:
        return
    sold.flush_recordset(
        ["price_unit", "discount", "product_uom_qty", "product_uom_id", "product_id"]
    )
    sold.env.cr.execute(
        SQL(
            "UPDATE sale_order_line SET"
            " b2b2c_net_price ="
            " price_unit::numeric * (1 - coalesce(discount, 0)::numeric / 100),"
            " b2b2c_net_quantity = product_uom_qty,"
            " b2b2c_net_uom_id = product_uom_id,"
            " b2b2c_net_product_id = product_id"
            " WHERE id = ANY(%s) AND display_type IS NULL",
            sold.ids,
        )
    )
    sold.invalidate_recordset(CONFIRMED, flush=False)


def keep_volume(documents):
    """Keep up to which entry of volumes the tiers of dealers' documents followed.

    :param documents: orders, invoices or lines of tickets that became binding just now
    """
    if not documents:
        return
    documents.env.cr.execute(
        SQL(
            "UPDATE %s SET b2b2c_volume_seen ="
            " (SELECT coalesce(max(id), 0) FROM b2b2c_volume_entry)"
            " WHERE id = ANY(%s)",
            SQL.identifier(documents._table),
            documents.ids,
        )
    )
    documents.invalidate_recordset(["b2b2c_volume_seen"], flush=False)
