"""What a unit costs a dealer, computed with the methods of core that price a line."""

from typing import NamedTuple

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


def price_line(line):
    """Return the :class:`LinePrice` of an order line by the order's price list.

    The same methods of core that price the line, on what the line is now.

    :param line: one ``sale.order.line`` in a :func:`plain` environment
    """
    line = line.with_company(line.company_id)
    if line.pricelist_item_id.pricelist_id != line.order_id.pricelist_id:
        # found before the order got another price list
        line.invalidate_recordset(["pricelist_item_id"], flush=False)
    price = line._get_display_price()
    price_unit = line.product_id._get_tax_included_unit_price_from_price(
        price,
        product_taxes=line.product_id.taxes_id._filter_taxes_by_company(
            line.company_id
        ),
        fiscal_position=line.order_id.fiscal_position_id,
    )
    share = _discount_share(line)
    digits = line.env["decimal.precision"].precision_get("Discount")
    return LinePrice(price_unit, round(share * 100, digits), price_unit * (1 - share))


def price_by_list(line, pricelist, quantity=None):
    """Return what a unit of an order line costs by a price list, before taxes.

    :param line: one ``sale.order.line`` in a :func:`plain` environment
    :param quantity: of the line by default
    """
    return pricelist._get_product_price(
        line.product_id.with_context(**line._get_product_price_context()),
        quantity or line.product_uom_qty or 1,
        currency=line.currency_id,
        uom=line.product_uom_id,
        date=line.order_id.date_order,
    )


def get_deviation(line, expected):
    """Return an order line as ``b2b2c.price.deviation`` records it.

    :param expected: what a unit costs by the tier
    """
    return {
        "key": line.id,
        "name": line.name,
        "product": line.product_id,
        "quantity": line.product_uom_qty,
        "expected": expected,
        "actual": net_price(line),
        "currency": line.currency_id,
    }


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
