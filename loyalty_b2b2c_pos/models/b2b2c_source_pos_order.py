from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.documents import books, cards
from odoo.addons.loyalty_b2b2c.models.documents.unnamed_returns import (
    Return,
    get_sold_domain,
)

from . import line_kinds, ticket_money, ticket_rows, till_people
from .ticket_lines import TicketLines, get_unnamed_pieces
from .ticket_notes import get_notes


class B2b2cSourcePosOrder(models.AbstractModel):
    """Measures till tickets: what was sold, less what was brought back.

    A ticket is ordered, handed over and invoiced in one moment, and paid then as well
    but for what goes on the customer's account.  How it is read: :mod:`.ticket_lines`;
    which share of it is paid: :mod:`.ticket_money`; what it means:
    :mod:`engine.measuring`.
    """

    _name = "b2b2c.source.pos.order"
    _description = "Earning Source: Till Order"
    _inherit = "b2b2c.source.sold"

    _document_model = "pos.order"
    _lines_field = "lines"

    @contextmanager
    def _reading(self, documents):
        kept = ticket_rows.reading(documents)
        with kept, cards.reading(), books.reading(documents.account_move):
            yield

    def _get_moment_words(self):
        bought = self.env._("Bought at a till")
        return {
            "confirmed": bought,
            "delivered": bought,
            "invoiced": bought,
            "paid": self.env._("Ticket paid"),
        }

    def _is_hypothetical(self, document):
        return document.state == "draft"

    def _get_undone_cause(self, document, award):
        if document.lines.refund_orderline_ids:
            return "returned"
        if document.state not in line_kinds.PAID:
            return "cancelled"
        if get_notes(document):
            return "credited"
        if ticket_money.get_paid(document).lost:
            return "given_up"
        if award is not None and not award.points_released:
            return "unpaid"
        return "changed"

    def _get_happened_domain(self):
        return Domain("state", "in", line_kinds.PAID)

    # === GOODS THAT COME BACK AND NAME NO SALE === #

    def _get_sales_domain(self, product):
        return self._get_happened_domain() & get_sold_domain(self._lines_field, product)

    def _find_unnamed_returns(self, document_ids):
        lines = self.env["pos.order.line"].search(
            [
                ("order_id", "in", document_ids),
                ("order_id.state", "in", line_kinds.PAID),
                ("qty", "<", 0),
                ("refunded_orderline_id", "=", False),
            ]
        )
        pieces = get_unnamed_pieces(lines.filtered(line_kinds.is_unnamed_return))
        return [
            Return(line.order_id, line.id, line.product_id, pieces[line])
            for line in pieces
        ]

    def _get_nobodys_domain(self, back):
        return Domain("company_id", "=", back.company_id.id) & Domain(
            "partner_id", "=", False
        )

    # === WHO SOLD, AND WHEN === #

    @api.model
    def _get_touched(self, document_ids):
        self.env["b2b2c.ticket"]._settle(document_ids)
        return super()._get_touched(document_ids)

    def _get_occurred_at(self, document):
        return ticket_rows.get_sold_at(document)

    def _get_named_sellers(self, document):
        if not document._origin:
            return self._get_played_seller(document)
        return self.env["b2b2c.ticket"]._get_members(document)

    def _get_sold_by_domain(self, members):
        sold = SQL(
            """
            (SELECT t.order_id FROM b2b2c_ticket t
               JOIN b2b2c_member m ON m.partner_id = t.partner_id
                AND m.employer_id = t.employer_id
              WHERE m.id = ANY(%s))
            """,
            members.ids,
        )
        return super()._get_sold_by_domain(members) | Domain("id", "in", sold)

    # === PLAYED ON THE SCREEN === #

    def _get_imagined_kinds(self):
        return [self._document_model]

    def _imagine_sale(self, kind, sale):
        line = {
            "name": sale.product.display_name,
            "product_id": sale.product.id,
            "full_product_name": sale.product.display_name,
            "qty": sale.quantity,
            "price_unit": sale.amount / sale.quantity,
            "price_subtotal": sale.amount,
            "price_subtotal_incl": sale.amount,
        }
        tickets = self.env[self._document_model]
        return tickets.new(
            {
                "name": self.env._("Trial"),
                "date_order": fields.Datetime.now(),
                "state": "draft",
                "company_id": sale.company.id,
                "currency_id": sale.company.currency_id.id,
                "partner_id": sale.partner.id,
                "lines": [Command.create(line)],
                **self._prepare_people(tickets.config_id, sale.member),
            }
        )

    def _prepare_people(self, config, member):
        """Hook: return the values of a played ticket that name somebody, as a till
        does.

        :param config: the till's, ``pos.config``; there is none
        :param member: ``b2b2c.member``, possibly empty
        """
        if not member or not member._sells():
            return {}
        return {"b2b2c_seller_token": till_people.make_token(config, member)}

    def _get_played_seller(self, ticket):
        """Return who sold a ticket that is only played: nothing was kept of it."""
        token = ticket.b2b2c_seller_token or ""
        member = till_people.read_token(ticket.config_id, token)
        members = self.env["b2b2c.member"]
        is_member = member is not None and member._name == members._name
        return member if is_member else members

    # === MEASURING === #

    def _can_earn(self, line):
        return line_kinds.can_earn(line)

    def _get_fees(self, document):
        return document.lines.filtered(line_kinds.is_tip)

    def _get_line_name(self, line):
        return line.full_product_name or line.product_id.display_name

    def _get_sold_lines(self, document, hypothetical):
        lines = TicketLines(self, document)
        if hypothetical:
            return lines.imagine()
        return lines.describe() if document.state in line_kinds.PAID else []

    def _get_settled_charges(self, ticket):
        """Return what a ticket charges for lines of sale orders.

        :return: dict id of the ticket's line -> list of ``engine.measuring.Charge``
        """
        if ticket.state not in line_kinds.PAID:
            return {}
        return TicketLines(self, ticket).get_settled()
