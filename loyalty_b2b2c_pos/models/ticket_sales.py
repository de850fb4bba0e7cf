"""Tickets that a tier prices, as they are looked at when its volume was undone."""

from odoo.fields import Domain

from odoo.addons.loyalty_b2b2c.models.pricing.tier_sales import InvoiceSales

from .line_kinds import PAID
from .till_guard import (
    describe_line,
    get_actual,
    get_tier_price,
    is_free,
    is_part,
    is_reward,
    is_settled,
)


class TicketSales(InvoiceSales):
    """Paid tickets of a till."""

    model = "pos.order"

    def find(self, group, companies, since):
        return self.env[self.model].search(
            Domain("state", "in", PAID)
            & Domain("lines.b2b2c_volume_seen", ">", 0)
            & Domain("write_date", ">=", since)
            & Domain("company_id", "in", companies.ids)
            & Domain("partner_id", "child_of", group.partner_id.ids)
        )

    def is_binding(self, ticket):
        return ticket.state in PAID

    def get_seen(self, ticket):
        return max(ticket.lines.mapped("b2b2c_volume_seen"), default=0)

    def get_seller(self, ticket):
        return ticket.user_id

    def get_lines(self, ticket, pricelist):
        others = (is_part, is_free, is_reward, is_settled)
        for line in ticket.lines.filtered(lambda line: line.qty > 0):
            if any(is_other(line) for is_other in others):
                continue
            expected = get_tier_price(line, pricelist)
            yield describe_line(line, expected, get_actual(line), "undone"), False
