"""What a unit costs a dealer, computed with the methods of core that price a line."""

from typing import NamedTuple

from odoo import fields

from .combos import is_part
from .deviations import describe

#: A price may differ by so much of itself: Odoo keeps discounts with two decimals.
TOLERANCE = 0.0001


class LinePrice(NamedTuple):
    """What a line must cost: as core shows it, and what is left of it."""

    price_unit: float
    discount: float
    net: float

    def matches(self, net):
        """Tell whether a net price is this one."""
        shown = self.price_unit * (1 - self.discount / 100)
        return is_same(net, self.net) or is_same(net, shown)


def plain(records):
    """Return records as the guard looks at them.

    Of the client's context only the language stays: other keys of it change what core
    computes as a price.
    """
    context = {"lang": records.env.lang} if records.env.lang else {}
    return records.with_env(records.env(su=True, context=context))


def is_same(price, other):
    """Tell whether two prices are the same but for the rounding of a discount."""
    return abs(price - other) <= TOLERANCE * abs(other)


def net_price(line):
    """Return what a unit of a line of an order or invoice costs."""
    return line.price_unit * (1 - (line.discount or 0) / 100)


def price_taxes(taxes):
    """Return those of these taxes that make a price another one: in it, or negative."""
    return taxes.flatten_taxes_hierarchy().filtered(
        lambda tax: tax.price_include or tax.amount < 0
    )


def get_kept(price, taxes, product, currency):
    """Return what is left of the price of a unit: without the taxes in it or on top of
    it, and less what negative taxes take off.

    :param price: of a unit, as it is written on a line
    :param taxes: the taxes that are charged
    """
    if not price_taxes(taxes):
        return price
    # so many that the rounding of one price does not matter
    quantity = 10000.0
    figures = taxes.with_context(round_base=False).compute_all(
        price, currency=currency, quantity=quantity, product=product
    )
    lowered = sum(min(tax["amount"], 0) for tax in figures["taxes"])
    return (figures["total_excluded"] + lowered) / quantity


def get_product_taxes(line):
    """Return the taxes of the product of a line, whatever the customer is."""
    return line.product_id.taxes_id._filter_taxes_by_company(line.company_id)


def price_line(line):
    """Return the :class:`LinePrice` of an order line by the order's price list.

    The same methods of core that price the line, on what the line is now.

    :param line: one ``sale.order.line`` in a :func:`plain` environment
    """
    line = line.with_company(line.company_id)
    if line.pricelist_item_id.pricelist_id != line.order_id.pricelist_id:
        # found before the order got another price list
        line.invalidate_recordset(["pricelist_item_id"], flush=False)
    if line.combo_item_id and not is_part(line):
        price = line._get_display_price_ignore_combo()
    else:
        price = line._get_display_price()
    price_unit = line.product_id._get_tax_included_unit_price_from_price(
        price,
        product_taxes=get_product_taxes(line),
        fiscal_position=line.order_id.fiscal_position_id,
    )
    share = _discount_share(line)
    digits = line.env["decimal.precision"].precision_get("Discount")
    return LinePrice(price_unit, round(share * 100, digits), price_unit * (1 - share))


def price_today(line, pricelist):
    """Return what a unit of an order line costs by the price list of today.

    What a line is shows in its price by the order's list (parts of a combination, taxes
    in the price); this is that price at the ratio of the two lists.

    :param line: one ``sale.order.line`` in a :func:`plain` environment
    """
    expected = price_line(line).net
    of_combo = line.combo_item_id and is_part(line)
    priced = line._get_linked_line() if of_combo else line
    ordered = price_by_list(priced, line.order_id.pricelist_id)
    now = fields.Datetime.now()
    return expected * price_by_list(priced, pricelist, at=now) / (ordered or 1)


def price_by_list(line, pricelist, quantity=None, at=None):
    """Return what a unit of an order line costs by a price list, before taxes.

    :param line: one ``sale.order.line`` in a :func:`plain` environment
    :param quantity: of the line by default
    :param at: when, the date of the order by default
    """
    return pricelist._get_product_price(
        line.product_id.with_context(**line._get_product_price_context()),
        quantity or line.product_uom_qty or 1,
        currency=line.currency_id,
        uom=line.product_uom_id,
        date=at or line.order_id.date_order,
    )


def get_deviation(line, expected):
    """Return an order line as ``b2b2c.price.deviation`` records it.

    :param expected: what a unit costs by the tier
    """
    return describe(line, line.product_uom_qty, expected, net_price(line))


def _discount_share(line):
    """Return the part of the displayed price that core gives as a discount."""
    enabled = line.env["product.pricelist.item"]._is_discount_feature_enabled()
    if not enabled or not line.order_id.pricelist_id:
        return 0
    if line.combo_item_id:
        linked = line._get_linked_line()
        return _discount_share(linked.with_company(line.company_id)) if linked else 0
    if not line.pricelist_item_id._show_discount():
        return 0
    base = line._get_pricelist_price_before_discount()
    share = (base - line._get_pricelist_price()) / base if base else 0
    return share if share * base > 0 else 0
