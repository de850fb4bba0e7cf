import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.loyalty_b2b2c.engine import local_day, to_decimal
from odoo.addons.loyalty_b2b2c.values import aware

from .. import line_kinds
from .own_cards import is_own_card

#: What somebody tries within an hour.
TRIES = 10
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{3,30}")


class B2b2cLateTicket(models.AbstractModel):
    """Tickets of tills, named by the number, the day and the total on them.

    That is no claim (``b2b2c.claim``): a claim is a document of its own that proves a
    sale we know nothing of, while this sale is in our books and is judged there; a
    claim would count it twice. Officers find these tickets among *Buyers of Tickets*.
    """

    _inherit = "b2b2c.late.ticket"

    @api.model
    def _is_offered(self, members):
        companies = self._get_selling_companies(members)
        days = companies.mapped("b2b2c_ticket_days")
        tills = self.env["pos.config"].sudo()
        domain = [("company_id", "in", companies.ids)]
        return any(days) and bool(tills.search_count(domain, limit=1))

    @api.model
    def _name_ticket(self, members, number, day, total):
        members = members.sudo()
        scope = f"ticket/p{members.partner_id[:1].id}"
        counts = self.env["b2b2c.hour.count"].sudo()
        if not counts._count_apart(members.company_id[:1], {scope: TRIES}):
            return self.env._("Too many tries. Try again in an hour."), False
        order = self._find_order(members, number, day, total)
        member = self._choose_member(members, order)
        buyers = self.env["b2b2c.till.buyer"].sudo()
        if not member or not buyers._keep(order, member, "ticket"):
            return self._word_nothing(), False
        self.env["b2b2c.event"].sudo()._record(order)
        return self.env._("Thank you. The points of this ticket are yours."), True

    def _word_nothing(self):
        """Return the one answer to whatever cannot be credited."""
        return self.env._(
            "No ticket with this number, day and total can be credited. Tickets are "
            "credited once, for some days, when no card was shown."
        )

    def _get_selling_companies(self, members):
        """Return the companies whose tickets bring these participants points."""
        companies = members.sudo().company_id
        programs = self.env["b2b2c.program"].sudo()
        running = programs.search(
            [("company_id", "in", companies.ids), ("state", "=", "running")]
        )
        return companies | running._get_counted_companies()

    def _find_order(self, members, number, day, total):
        """Return the paid ticket of nobody that this is, empty when there is none."""
        orders = self.env["pos.order"].sudo()
        words = number.split() if isinstance(number, str) else []
        found = _NUMBER.fullmatch(words[-1]) if words else None  # "Order 25A-1-000007"
        if not found or not day or total is None or total <= 0:
            return orders
        order = orders.search(
            Domain("pos_reference", "=", found.group())
            & Domain("company_id", "in", self._get_selling_companies(members).ids)
            & Domain("state", "in", line_kinds.PAID),
            limit=2,
        )
        if len(order) == 1 and self._is_theirs(order, members, day, total):
            return order
        return orders

    def _is_theirs(self, order, members, day, total):
        """Tell whether a ticket is nobody else's, and is what the person says of it."""
        company = order.company_id
        zone = company.b2b2c_timezone or "UTC"
        since = fields.Datetime.now() - timedelta(days=company.b2b2c_ticket_days)
        own = members.partner_id | members.contact_id
        places = order.currency_id.decimal_places
        paid = round(to_decimal(order.amount_total), places)
        return (
            local_day(aware(order.date_order), zone) == day
            and company.b2b2c_ticket_days > 0
            and order.create_date >= since  # by our clock, not the till's
            and paid == round(total, places)
            and (not order.partner_id or order.partner_id in own)
        )

    def _choose_member(self, members, order):
        """Return which membership a ticket would be of, empty for none.

        Who cashed in picks up no tickets that others leave behind.
        """
        if not order:
            return members.browse()
        able = members.filtered(
            lambda member: (
                member.state == "enrolled" and member.enrolled_at <= order.date_order
            )
        )
        able = (able.filtered(lambda member: member._buys_anywhere()) or able)[:1]
        return able.browse() if able and is_own_card(order, able) else able
