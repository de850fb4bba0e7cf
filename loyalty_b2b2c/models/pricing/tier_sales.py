"""Documents that a tier prices, as they are looked at when its volume was undone.

Add-ons with documents of their own bring a class like these: see
``b2b2c.ladder.standing._get_tier_sales``.
"""

from odoo.fields import Domain

from .deviations import describe
from .invoice_guard import INVOICES, get_list_price
from .prices import get_deviation, price_by_list


class OrderSales:
    """Confirmed orders.

    :param env: superuser environment
    """

    model = "sale.order"

    def __init__(self, env):
        self.env = env

    def find(self, group, companies, since):
        """Return the orders of dealers that can have been confirmed since a moment.

        :param group: ``b2b2c.ladder.standing``
        :param companies: whose documents the ladder prices
        """
        return self.env[self.model].search(
            Domain("state", "=", "sale")
            & Domain("b2b2c_confirmed_at", ">=", since)
            & Domain("company_id", "in", companies.ids)
            & (
                Domain("b2b2c_standing_id", "in", group.ids)
                | Domain("partner_id", "child_of", group.partner_id.ids)
            )
        )

    def is_binding(self, order):
        """Tell whether an order counts."""
        return order.state == "sale"

    def get_at(self, order):
        """Return when an order became binding (naive UTC)."""
        return order.b2b2c_confirmed_at

    def get_seen(self, order):
        """Return the number of the last entry of volumes that was known then, 0 for
        documents of before it was kept."""
        return order.b2b2c_volume_seen

    def get_seller(self, order):
        """Return who sold, ``res.users``."""
        return order.user_id

    def get_standing(self, order):
        """Return the dealer that is kept of an order, possibly empty."""
        return order.b2b2c_standing_id

    def get_price_tier(self, order, tiers, deserved):
        """Return the tier whose prices an order has, possibly empty.

        :param tiers: of the ladder
        :param deserved: the tier by all that was known then
        """
        return tiers.filtered(lambda tier: tier.pricelist_id == order.pricelist_id)

    def get_lines(self, order, pricelist):
        """Yield (line as a deviation, whether its price was approved).

        :param pricelist: what a unit should have cost by
        """
        for line in order.order_line:
            if line.product_id and not line.is_downpayment:
                expected = price_by_list(line, pricelist)
                is_approved = bool(line.b2b2c_exception_line_id)
                yield get_deviation(line, expected), is_approved


class InvoiceSales(OrderSales):
    """Posted invoices without an order."""

    model = "account.move"

    def find(self, group, companies, since):
        return self.env[self.model].search(
            Domain("state", "=", "posted")
            & Domain("move_type", "in", INVOICES)
            & Domain("b2b2c_volume_seen", ">", 0)
            & Domain("write_date", ">=", since)
            & Domain("company_id", "in", companies.ids)
            & Domain("partner_id", "child_of", group.partner_id.ids)
        )

    def is_binding(self, move):
        return move.state == "posted"

    def get_at(self, move):
        return move.create_date

    def get_seller(self, move):
        return move.invoice_user_id

    def get_standing(self, move):
        return self.env["b2b2c.ladder.standing"]

    def get_price_tier(self, move, tiers, deserved):
        return deserved

    def get_lines(self, move, pricelist):
        for line in move.invoice_line_ids:
            is_own = line.display_type == "product" and not line.sale_line_ids
            if is_own and line.product_id:
                expected = get_list_price(line, pricelist)
                price = line.price_unit * (1 - line.discount / 100)
                yield (
                    describe(line, line.quantity, expected, price, "undone"),
                    False,
                )
