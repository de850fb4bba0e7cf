"""What dealers saved: how much less than the list price their orders cost."""

from datetime import timedelta

from odoo.tools import SQL

from ...engine import day_start
from ...values import naive


def get_saved(standing, first, last):
    """Return what the tiers of a dealer took off confirmed orders.

    A tier of d % makes d / (100 - d) of what was paid: 5.00 of 95.00. Lines whose price
    a person approved are left out, and so are tiers whose price list a person made with
    other prices than percentages of categories.

    :param standing: ``b2b2c.ladder.standing`` (sudo)
    :param date first, last: when the orders were confirmed, in the ladder's time zone
    :return: amount without taxes in the currency of the ladder's company
    """
    percents = {
        tier.pricelist_id.id: rates
        for tier in standing.ladder_id.tier_ids
        if (rates := get_percents(tier.pricelist_id))
    }
    if not percents:
        return 0.0
    saved = 0.0
    for pricelist_id, category, paid in _get_paid(standing, [*percents], first, last):
        percent = get_percent(percents[pricelist_id], category)
        saved += paid * percent / (100 - percent)
    return standing.company_id.currency_id.round(saved)


def get_percents(pricelist):
    """Return ``{category id, 0 for all products: percent}`` of a price list.

    Empty where it does not consist of percentages of categories alone.
    """
    items = pricelist.item_ids
    is_plain = all(
        item.compute_price == "percentage"
        and item.applied_on in ("2_product_category", "3_global")
        and item.percent_price < 100
        and not (item.min_quantity or item.date_start or item.date_end)
        for item in items
    )
    if not is_plain:
        return {}
    return {item.categ_id.id or 0: item.percent_price for item in items}


def get_percent(percents, category):
    """Return the percentage of the nearest category above, else the one of all.

    :param dict percents: see :func:`get_percents`
    :param category: ``product.category``, possibly empty
    """
    while category and category.id not in percents:
        category = category.parent_id
    return percents.get(category.id or 0, 0.0)


def _get_paid(standing, pricelists, first, last):
    """Yield (price list id, category, amount) of a dealer's confirmed orders."""
    env = standing.env
    for model in ("sale.order", "sale.order.line", "product.template"):
        env[model].flush_model()
    zone = standing._get_timezone()
    begin, end = (
        naive(day_start(day, zone)) for day in (first, last + timedelta(days=1))
    )
    rows = env.execute_query(
        SQL(
            """
            SELECT o.pricelist_id, t.categ_id,
                   sum(l.price_subtotal / coalesce(nullif(o.currency_rate, 0), 1))
              FROM sale_order o
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE o.b2b2c_standing_id = %(standing)s AND o.state = 'sale'
               AND o.pricelist_id = ANY(%(pricelists)s)
               AND o.b2b2c_confirmed_at >= %(begin)s
               AND o.b2b2c_confirmed_at < %(end)s
               AND l.is_downpayment IS NOT TRUE
               AND l.b2b2c_exception_line_id IS NULL
          GROUP BY o.pricelist_id, t.categ_id
            """,
            standing=standing.id,
            pricelists=pricelists,
            begin=begin,
            end=end,
        )
    )
    for pricelist_id, category_id, paid in rows:
        yield pricelist_id, env["product.category"].browse(category_id), paid
