from contextlib import contextmanager
from fractions import Fraction

from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...values import aware
from ..base.rows import fetch_lines
from . import books, cards, order_returns, promotions, raises, settlement
from .charges import ITEM_FIELDS, MOVE_FIELDS
from .order_lines import STOCK_MOVE_FIELDS, OrderLines
from .unnamed_returns import get_sold_domain

_ORDER_FIELDS = (
    "name",
    "client_order_ref",
    "state",
    "date_order",
    "b2b2c_confirmed_at",
    "partner_id",
    "partner_shipping_id",
    "company_id",
    "user_id",
    "b2b2c_seller_id",
    "payment_term_id",
    "commitment_date",
    "currency_id",
    "currency_rate",
)
_LINE_FIELDS = (
    "order_id",
    "name",
    "display_type",
    "is_downpayment",
    "is_reward_line",  # of sale_loyalty
    "is_delivery",  # of delivery
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_delivered",
    "qty_delivered_method",
    "reward_id",  # of sale_loyalty
    "b2b2c_lowered",
    "b2b2c_before",
    "price_subtotal",
    "price_total",
    "invoice_lines",
)


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Measures sale orders: ordered, delivered, invoiced, paid.

    Nothing is stored: every figure is read from the order, its moves and its invoices
    as they are now, so hooks that Odoo fires twice or never cannot matter.  How they
    are read: :mod:`.order_lines`; what they mean: :mod:`engine.measuring`.
    """

    _name = "b2b2c.source.sale.order"
    _description = "Earning Source: Sale Order"
    _inherit = "b2b2c.source.sold"

    _document_model = "sale.order"
    _head_fields = _ORDER_FIELDS
    _lines_field = "order_line"
    _party_fields = ("partner_id", "partner_shipping_id")

    @contextmanager
    def _reading(self, documents):
        self._fetch(documents)
        invoices = documents.order_line.invoice_lines.move_id
        with cards.reading(), books.reading(invoices):
            yield

    def _is_hypothetical(self, document):
        return document.state in ("draft", "sent")

    def _get_occurred_at(self, document):
        return document._b2b2c_get_ordered_at()

    def _get_raises(self, document):
        return raises.get_raises(document.order_line, "product_uom_qty")

    def _get_undone_cause(self, document, award):
        if document.state != "sale":
            return "cancelled"
        lines = document.order_line
        refunds = lines.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        if refunds:
            return "credited"
        if settlement.is_given_up(lines.invoice_lines.move_id):
            return "given_up"
        if award is None or award.points_pending:
            return "unpaid"
        if any(line.qty_delivered < line.product_uom_qty for line in lines):
            return "returned"
        return "changed"

    # === PEOPLE === #

    def _get_named_sellers(self, document):
        seller = document.b2b2c_seller_id
        if not seller:
            return seller
        buyer = self._get_parties(document).buyer_company
        return seller if seller.employer_id == buyer else seller.browse()

    def _get_receiver(self, document):
        return document.partner_shipping_id or document.partner_id

    def _get_happened_domain(self):
        return Domain("state", "in", ("sale", "cancel"))

    def _get_sales_domain(self, product):
        return Domain("state", "=", "sale") & get_sold_domain("order_line", product)

    def _find_unnamed_returns(self, document_ids):
        return order_returns.find(self, document_ids)

    def _has_begun(self, document):
        """Tell whether goods of an order are gone, or an invoice of it is posted."""
        lines = document.order_line
        items = lines.invoice_lines
        return any(lines.mapped("qty_delivered")) or "posted" in items.mapped(
            "parent_state"
        )

    def _get_salesperson(self, document):
        return document.user_id.partner_id

    # === EXPECTED DAYS === #

    def _get_expected(self, document, triggers):
        ordered_at = self._get_occurred_at(document)
        expected = {}
        if "delivered" in triggers:
            expected["delivered"] = aware(
                document.commitment_date or self._get_scheduled_at(document)
            ) or aware(ordered_at)
        if "paid" in triggers:
            expected["paid"] = self._get_due_at(document, ordered_at)
        return expected

    def _get_scheduled_at(self, order):
        """Return for when the last open delivery is planned, if there is one."""
        moves = order.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_dest_id._is_outgoing()
            )
        )
        return max(moves.mapped("date"), default=None)

    def _get_due_at(self, order, ordered_at):
        """Return when payment is due: by open invoices, else by the payment terms."""
        due = settlement.get_due_day(order.order_line.invoice_lines.move_id)
        if not due:
            day = ordered_at.date()
            terms = order.payment_term_id.line_ids
            due = max((term._get_due_date(day) for term in terms), default=day)
        return settlement.at_noon(due, order.company_id)

    # === GOODS === #

    def _get_goods(self, shops):
        """Select orders as far as they are delivered, to who bought or who receives."""
        for model in ("sale.order", "sale.order.line", "stock.move"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT o.id, max(m.date) AS at
              FROM %s AS shop
        CROSS JOIN LATERAL (%s) its
              JOIN sale_order o ON o.id = its.id
               AND o.company_id = shop.company_id AND o.state = 'sale'
              JOIN sale_order_line l ON l.order_id = o.id AND l.qty_delivered > 0
              JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
             WHERE m.date >= shop.since
          GROUP BY o.id
            """,
            shops,
            self._select_of_shop(),
        )

    def _get_goods_lines(self, documents):
        return [
            (line.product_id, line.qty_delivered, line.product_uom_id)
            for line in documents.order_line
            if line.qty_delivered > 0
        ]

    # === MEASURING === #

    def _fetch(self, orders):
        """Read the columns that are measured, and not the hundreds that are not."""
        orders.fetch(_ORDER_FIELDS)
        known = self.env["sale.order.line"]._fields
        names = [name for name in _LINE_FIELDS if name in known]
        lines = fetch_lines(orders, self._lines_field, names)
        lines.product_id.fetch(("product_tmpl_id",))
        templates = lines.product_id.product_tmpl_id
        # the price: what conditions on products ask most
        templates.fetch(("uom_id", "categ_id", "list_price", "type", "invoice_policy"))
        templates.categ_id.fetch(("parent_path",))
        orders.company_id.fetch(("currency_id", "partner_id", "parent_path"))
        # the company's own contact: in whose zone its days are
        contacts = orders.partner_id | orders.company_id.partner_id
        contacts.fetch(("commercial_partner_id", "tz"))
        # the order's own state: the line's would read all columns of all lines
        stocked = lines.filtered(
            lambda line: (
                line.order_id.state == "sale"
                and line.qty_delivered_method == "stock_move"
            )
        )
        if stocked:
            moves = fetch_lines(stocked, "move_ids", STOCK_MOVE_FIELDS)
            moves.location_dest_id.fetch(("usage", "parent_path"))
        items = lines.invoice_lines
        if items:
            items.fetch(ITEM_FIELDS)
            items.move_id.fetch(MOVE_FIELDS)
            items.move_id.currency_id.fetch(("rounding",))

    def _can_earn(self, line):
        """Tell whether an order line is a sale of a product.

        Sections, notes, down payments, reward lines of other programs and cards are
        not, nor what lowers the order.
        """
        return bool(
            not line.display_type
            and line.product_id
            and not line.is_downpayment
            and line.product_id.type != "combo"
            and line.price_subtotal >= 0
            and line.product_uom_qty >= 0
            and not ("is_reward_line" in line._fields and line.is_reward_line)
            and not cards.is_card(line.product_id)
        )

    def _get_fees(self, document):
        lines = document.order_line
        if "is_delivery" not in lines._fields:  # module delivery
            return lines.browse()
        return lines.filtered("is_delivery")

    def _get_lowered(self, line, lines):
        """Return the keys of the lines that a promotion lowers.

        :param lines: all lines of the order that take part
        :return: ``None`` when Odoo does not say: the lines with the same taxes
        """
        if "reward_id" not in line._fields or not line.reward_id:
            return None
        return promotions.get_lowered(line, lines)

    def _get_other_charges(self, document):
        """Hook: what is charged for lines of an order elsewhere than on its invoices.

        :return: dict of :func:`~..processing.facts.get_key` of an order line -> list of
            ``engine.measuring.Charge``, in the order's currency and the product's unit
        """
        return {}

    def _get_handed_over(self, line):
        """Hook: how many pieces of an order line were handed over elsewhere.

        :return: in the product's own unit, those that came back included
        """
        return Fraction(0)

    def _get_sold_lines(self, document, hypothetical):
        lines = OrderLines(self, document)
        if hypothetical:
            return lines.imagine()
        if document.state != "sale":
            return []
        return order_returns.without_settled(document, lines.describe())

    # === PLAYED ON THE SCREEN === #

    def _get_imagined_kinds(self):
        return [self._document_model]

    def _imagine_sale(self, kind, sale):
        contact = sale.member.contact_id
        is_its = contact.commercial_partner_id == sale.partner.commercial_partner_id
        line = {
            "product_id": sale.product.id,
            "product_uom_qty": sale.quantity,
            "price_unit": sale.amount / sale.quantity,
            "tax_ids": False,
        }
        return self.env[self._document_model].new(
            {
                "name": self.env._("Trial"),
                "date_order": fields.Datetime.now(),
                "company_id": sale.company.id,
                "currency_id": sale.company.currency_id.id,
                "partner_id": (contact if contact and is_its else sale.partner).id,
                "b2b2c_seller_id": sale.member._sells() and sale.member.id,
                "order_line": [Command.create(line)],
            }
        )
