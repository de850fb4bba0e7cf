from contextlib import contextmanager

from odoo import fields, models
from odoo.tools import SQL

from ...engine import NOTHING, Measure, six_decimals, to_decimal
from ...values import aware
from ..base.rows import fetch_lines
from . import settlement

_ORDER_FIELDS = (
    "name",
    "state",
    "date_order",
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
    "price_subtotal",
    "price_total",
    "invoice_lines",
)
_ITEM_FIELDS = (
    "move_id",
    "quantity",
    "product_uom_id",
    "balance",
    "price_subtotal",
    "price_total",
)
_MOVE_FIELDS = (
    "state",
    "move_type",
    "payment_state",
    "invoice_date",
    "invoice_date_due",
    "date",
    "amount_total",
    "company_id",
    "reversed_entry_id",
)
_STOCK_MOVE_FIELDS = ("state", "date", "location_dest_id")


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Measures sale orders: ordered, delivered, invoiced, paid.

    Nothing is stored: every figure is read from the order, its moves and its invoices
    as they are now, so hooks that Odoo fires twice or never cannot matter.
    """

    _name = "b2b2c.source.sale.order"
    _description = "Earning Source: Sale Order"
    _inherit = "b2b2c.source"

    _document_model = "sale.order"
    _head_fields = _ORDER_FIELDS
    _lines_field = "order_line"

    @contextmanager
    def _reading(self, documents):
        self._fetch(documents)
        with settlement.reading(documents.order_line.invoice_lines.move_id):
            yield

    def _is_hypothetical(self, document):
        return document.state in ("draft", "sent")

    def _get_undone_cause(self, document, award):
        if document.state != "sale":
            return "cancelled"
        lines = document.order_line
        refunds = lines.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        if refunds:
            return "credited"
        if award is None or award.points_pending:
            return "unpaid"
        if any(line.qty_delivered < line.product_uom_qty for line in lines):
            return "returned"
        return "changed"

    # === PEOPLE === #

    def _get_named_sellers(self, document):
        seller = document.b2b2c_seller_id
        buyer = document.partner_id.commercial_partner_id
        return seller if seller.employer_id == buyer else seller.browse()

    def _get_receiver(self, document):
        return document.partner_shipping_id or document.partner_id

    def _get_salesperson(self, document):
        return document.user_id.partner_id

    # === EXPECTED DAYS === #

    def _get_expected(self, document, triggers):
        ordered_at = document.date_order or fields.Datetime.now()
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
              JOIN res_partner p ON p.commercial_partner_id = shop.shop_id
              JOIN sale_order o
                ON (o.partner_id = p.id OR o.partner_shipping_id = p.id)
               AND o.company_id = shop.company_id AND o.state = 'sale'
              JOIN sale_order_line l ON l.order_id = o.id AND l.qty_delivered > 0
              JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
             WHERE m.date >= shop.since
          GROUP BY o.id
            """,
            shops,
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
        templates.fetch(("uom_id", "categ_id", "list_price"))
        templates.categ_id.fetch(("parent_path",))
        orders.partner_id.fetch(("commercial_partner_id",))
        orders.company_id.fetch(("currency_id", "partner_id", "parent_path"))
        delivered = lines.filtered("qty_delivered")
        if delivered:
            moves = fetch_lines(delivered, "move_ids", _STOCK_MOVE_FIELDS)
            moves.location_dest_id.fetch(("usage", "parent_path"))
        items = lines.invoice_lines
        if not items:
            return
        items.fetch(_ITEM_FIELDS)
        moves = items.move_id
        moves.fetch(_MOVE_FIELDS)
        moves.reversed_entry_id.fetch(_MOVE_FIELDS)

    def _can_earn(self, line):
        """Tell whether an order line is a sale of a product.

        Sections, notes, down payments, reward lines of other programs and delivery
        costs are not.
        """
        return (
            not line.display_type
            and line.product_id
            and not line.is_downpayment
            and not ("is_reward_line" in line._fields and line.is_reward_line)
            and not ("is_delivery" in line._fields and line.is_delivery)
        )

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> measure of one order line."""
        order = line.order_id
        ordered_at = aware(order.date_order or fields.Datetime.now())
        ordered = self._measure_ordered(line, line.product_uom_qty, rate, ordered_at)
        if hypothetical:
            return dict.fromkeys(
                ("confirmed", "delivered", "invoiced", "paid"), ordered
            )
        if order.state != "sale":
            return {}
        measures, credited = self._get_invoice_measures(line)
        invoiced = measures.get("invoiced", NOTHING)
        measures["confirmed"] = _still_valid(ordered, ordered, credited, invoiced)
        if line.qty_delivered > 0:
            at = self._get_delivered_at(line)
            if line.qty_delivered == line.product_uom_qty:
                delivered = ordered.reached(at)
            else:
                delivered = self._measure_ordered(line, line.qty_delivered, rate, at)
            measures["delivered"] = _still_valid(
                delivered, ordered.at_least(delivered), credited, invoiced
            )
        return measures

    def _measure_ordered(self, line, quantity, rate, at):
        """Return the measure of ``quantity`` (the line's unit) of an order line.

        :param rate: exact factor from the order's currency to the company's
        """
        quantity, ordered = to_decimal(quantity), to_decimal(line.product_uom_qty)
        if ordered:
            share = quantity / ordered
            untaxed = to_decimal(line.price_subtotal) * share
            total = to_decimal(line.price_total) * share
        else:  # delivered without having been ordered
            untaxed = to_decimal(line.price_reduce_taxexcl) * quantity
            total = to_decimal(line.price_reduce_taxinc) * quantity
        return Measure(
            self._to_product_unit(line.product_id, line.product_uom_id, quantity),
            untaxed,
            total,
            at,
        ).converted(rate)

    def _get_delivered_at(self, line):
        """Return when goods last moved; the order's date for what has no move."""
        dates = [
            move.date
            for move in line.move_ids
            if move.state == "done" and move.location_dest_id._is_outgoing()
        ]
        return aware(max(dates) if dates else line.order_id.date_order)

    def _get_invoice_measures(self, line):
        """Return the measures ``invoiced`` and ``paid`` of an order line, and what was
        credited.

        Invoices add, credit notes subtract.  A credit note counts against "paid" only
        when the invoice it reverses is paid itself (the credit note of an unpaid
        invoice takes nothing away that was there).
        """
        if not line.invoice_lines:
            return {}, NOTHING
        invoiced = paid = credited = NOTHING
        for item in self._get_invoiced_items(line):
            move = item.move_id
            measure = self._measure_invoiced(line, item)
            at = settlement.get_invoiced_at(move)
            invoiced = invoiced.plus(measure.reached(at))
            if move.move_type == "out_refund":
                credited = credited.minus(measure.reached(at))
            settled = move.reversed_entry_id if measure.quantity < 0 else move
            if settlement.is_paid(settled or move):
                paid_at = settlement.get_paid_at(settled or move)
                paid = paid.plus(measure.reached(paid_at))
        measures = {
            trigger: measure.floor()
            for trigger, measure in (("invoiced", invoiced), ("paid", paid))
            if measure.at
        }
        return measures, credited.floor()

    def _get_invoiced_items(self, line):
        """Return the lines of posted invoices and credit notes of an order line."""
        return line.invoice_lines.filtered(
            lambda item: (
                item.move_id.state == "posted"
                and item.move_id.is_invoice(include_receipts=True)
            )
        )

    def _measure_invoiced(self, line, item):
        """Return the signed measure of an invoice line, in company currency."""
        untaxed = -to_decimal(item.balance)
        subtotal = to_decimal(item.price_subtotal)
        total = (
            untaxed * to_decimal(item.price_total) / subtotal if subtotal else untaxed
        )
        refund = item.move_id.move_type in ("out_refund", "in_refund")
        quantity = to_decimal(item.quantity) * (-1 if refund else 1)
        return Measure(
            self._to_product_unit(line.product_id, item.product_uom_id, quantity),
            untaxed,
            six_decimals(total),
        )


def _still_valid(measured, promised, credited, invoiced):
    """Return what of a measure is not given up by credit notes.

    What was credited is no longer expected to be paid, unless it was invoiced again.
    Goods that came back and were credited count once: the larger of "promised
    less credited" and "invoiced" is what the sale is still worth.
    """
    if credited == NOTHING and not measured.is_negative():
        # nothing was given up: most lines, each time
        return measured if measured.quantity else NOTHING
    worth = promised.minus(credited).at_least(invoiced)
    kept = measured.at_most(worth).floor().reached(measured.at)
    # a price raised after everything was credited leaves an amount of no goods
    return kept if kept.quantity else NOTHING
