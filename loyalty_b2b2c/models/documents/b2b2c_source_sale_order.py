import operator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from types import MappingProxyType

import pytz

from odoo import fields, models
from odoo.tools import SQL

from ...engine import NOTHING, Measure, to_decimal
from ...values import UTC, aware
from ..base.rows import fetch_lines

ZERO = Decimal(0)
_UNDONE_PAYMENT = ("draft", "canceled", "rejected")
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
_SETTLEMENT_MODELS = (
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "account.payment",
)
# of the batch of orders that is being measured, see `_get_settlements`
_settlements = ContextVar("b2b2c_settlements", default=MappingProxyType({}))


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Measures sale orders: ordered, delivered, invoiced, paid.

    Nothing is stored: every figure is read from the order, its moves and its invoices
    as they are now, so hooks that Odoo fires twice or never cannot matter.
    """

    _name = "b2b2c.source.sale.order"
    _description = "Reward Source: Sale Order"
    _inherit = "b2b2c.source"

    _document_model = "sale.order"
    _head_fields = _ORDER_FIELDS

    _lines_field = "order_line"

    @contextmanager
    def _reading(self, documents):
        self._fetch(documents)
        invoices = documents.order_line.invoice_lines.move_id
        token = _settlements.set(self._get_settlements(invoices))
        try:
            yield
        finally:
            _settlements.reset(token)

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

    def _get_named_sellers(self, document):
        seller = document.b2b2c_seller_id
        buyer = document.partner_id.commercial_partner_id
        return seller if seller.employer_id == buyer else seller.browse()

    def _get_receiver(self, document):
        return document.partner_shipping_id or document.partner_id

    def _get_salesperson(self, document):
        return document.user_id.partner_id

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
        open_invoices = order.order_line.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_receipt")
                and move.payment_state not in ("paid", "in_payment", "reversed")
                and move.invoice_date_due
            )
        )
        if open_invoices:
            due = max(open_invoices.mapped("invoice_date_due"))
        else:
            day = ordered_at.date()
            terms = order.payment_term_id.line_ids
            due = max((term._get_due_date(day) for term in terms), default=day)
        return self._at_noon(due, order.company_id)

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

    def _get_settlements(self, invoices):
        """Return what invoices are reconciled with.

        :return: dict id of the invoices, and of those they reverse, -> list of
            (day, is the counterpart in force?)
        """
        invoices |= invoices.reversed_entry_id
        settlements = {invoice_id: [] for invoice_id in invoices.ids}
        if not settlements:
            return {}
        for model in _SETTLEMENT_MODELS:
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.move_id, partial.day,
                       other.move_id = own.move_id
                       OR (move.state = 'posted'
                           AND coalesce(payment.state, '') <> ALL (%(undone)s))
                  FROM account_move_line own
                  JOIN account_account account ON account.id = own.account_id
                   AND account.account_type
                       IN ('asset_receivable', 'liability_payable')
            CROSS JOIN LATERAL (
                       SELECT credit_move_id AS other_id, max_date AS day
                         FROM account_partial_reconcile WHERE debit_move_id = own.id
                    UNION ALL
                       SELECT debit_move_id, max_date
                         FROM account_partial_reconcile WHERE credit_move_id = own.id
                       ) partial
                  JOIN account_move_line other ON other.id = partial.other_id
                  JOIN account_move move ON move.id = other.move_id
             LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
                 WHERE own.move_id = ANY(%(ids)s)
                """,
                ids=invoices.ids,
                undone=list(_UNDONE_PAYMENT),
            )
        )
        for invoice_id, day, in_force in rows:
            settlements[invoice_id].append((day, in_force))
        return settlements

    def _get_settlements_of(self, invoice):
        """Return the settlements of an invoice, read with its batch if there is one."""
        known = _settlements.get()
        if invoice.id not in known:
            known = self._get_settlements(invoice)
        return known.get(invoice.id, [])

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
        ordered = self._get_part(line, line.product_uom_qty, rate, ordered_at)
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
                delivered = replace(ordered, at=at)
            else:
                delivered = self._get_part(line, line.qty_delivered, rate, at)
            measures["delivered"] = _still_valid(
                delivered, _combine(max, ordered, delivered), credited, invoiced
            )
        return measures

    def _get_part(self, line, quantity, rate, at):
        """Return the measure of ``quantity`` (line's unit) of an order line."""
        quantity, ordered = to_decimal(quantity), to_decimal(line.product_uom_qty)
        if ordered:
            share = quantity / ordered
            untaxed = to_decimal(line.price_subtotal) * share
            total = to_decimal(line.price_total) * share
        else:  # delivered without having been ordered
            untaxed = to_decimal(line.price_reduce_taxexcl) * quantity
            total = to_decimal(line.price_reduce_taxinc) * quantity
        return Measure(
            quantity=self._to_product_unit(
                line.product_id, line.product_uom_id, quantity
            ),
            amount_untaxed=_cents(untaxed * rate),
            amount_total=_cents(total * rate),
            at=at,
        )

    def _get_volumes(self, line, rate, moment):
        """Return the measure of a moment, cut by the days its parts reached it.

        What came back is taken from the invoice it reverses, else from the latest
        part: a sale that is undone was never there, on whatever day it is undone.
        """
        [measure] = super()._get_volumes(line, rate, moment) or [NOTHING]
        if not measure.at:
            return []
        if moment == "delivered":
            parts = self._get_delivered_parts(line, rate)
        elif moment in ("invoiced", "paid"):
            parts = self._get_invoiced_parts(line, moment)
        else:
            parts = []
        return fit(parts, measure)

    def _get_dealer_domain(self, company, partners):
        domain = super()._get_dealer_domain(company, partners)
        return [*domain, ("state", "in", ("sale", "cancel"))]

    def _get_delivered_parts(self, line, rate):
        """Return the measure of each move that brought goods of an order line."""
        return [
            self._get_part(
                line,
                move.product_uom._compute_quantity(
                    move.quantity, line.product_uom_id, round=False
                ),
                rate,
                aware(move.date),
            )
            for move in line.move_ids
            if move.state == "done"
            and move.location_dest_id._is_outgoing()
            and move.product_id == line.product_id
        ]

    def _get_invoiced_parts(self, line, moment):
        """Return the measure of each invoice of a line, less what reverses it."""
        parts = {}
        for item in line.invoice_lines.sorted("id"):
            move = item.move_id
            if move.state != "posted" or not move.is_invoice(include_receipts=True):
                continue
            if moment == "paid" and not self._is_paid(move.reversed_entry_id or move):
                continue
            invoice = move.reversed_entry_id or move
            at = self._at_day(invoice.invoice_date or invoice.date, invoice)
            if moment == "paid":
                at = self._get_paid_at(invoice)
            part = self._get_invoice_part(line, item)
            before = parts.get(invoice.id, NOTHING)
            parts[invoice.id] = _combine(operator.add, before, part, at=at)
        return list(parts.values())

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
        invoiced, paid, credited = _Sum(), _Sum(), _Sum()
        for item in line.invoice_lines:
            move = item.move_id
            if move.state != "posted" or not move.is_invoice(include_receipts=True):
                continue
            part = self._get_invoice_part(line, item)
            at = self._at_day(move.invoice_date or move.date, move)
            invoiced.add(part, at)
            if move.move_type == "out_refund":
                credited.subtract(part, at)
            settled = move.reversed_entry_id if part.quantity < 0 else move
            if self._is_paid(settled or move):
                paid.add(part, self._get_paid_at(settled or move))
        measures = {
            name: total.measure()
            for name, total in (("invoiced", invoiced), ("paid", paid))
            if total.at
        }
        return measures, credited.measure()

    def _get_invoice_part(self, line, item):
        """Return the signed measure of an invoice line, in company currency."""
        untaxed = -to_decimal(item.balance)
        subtotal = to_decimal(item.price_subtotal)
        total = (
            untaxed * to_decimal(item.price_total) / subtotal if subtotal else untaxed
        )
        refund = item.move_id.move_type in ("out_refund", "in_refund")
        quantity = to_decimal(item.quantity) * (-1 if refund else 1)
        return Measure(
            quantity=self._to_product_unit(
                line.product_id, item.product_uom_id, quantity
            ),
            amount_untaxed=untaxed,
            amount_total=_cents(total),
        )

    def _is_paid(self, move):
        """Tell whether an invoice is really paid.

        Since 19 a payment that is set to draft keeps its reconciliation and the
        invoice still says "paid": the payment itself is looked at too.
        """
        if move.payment_state not in ("paid", "in_payment"):
            return False
        settlements = self._get_settlements_of(move)
        if settlements:
            return all(in_force for _day, in_force in settlements)
        # nothing to pay, or a payment method without entries
        return not move.amount_total or any(
            payment.state in ("in_process", "paid")
            for payment in move.matched_payment_ids
        )

    def _get_paid_at(self, move):
        """Return when the last payment of an invoice was made."""
        days = [day for day, _in_force in self._get_settlements_of(move)]
        days = days or move.matched_payment_ids.mapped("date")
        return self._at_day(max(days) if days else move.date, move)

    def _at_day(self, day, move):
        """Return a document's day as an instant: now for today, else its noon.

        Accounting knows days only; noon in the company's zone is inside that day in
        every program's zone that is less than half a day away.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        if now.astimezone(self._get_zone(move.company_id)).date() == day:
            return now
        return self._at_noon(day, move.company_id)

    def _at_noon(self, day, company):
        """Return the noon of a day in the company's zone."""
        noon = datetime.combine(day, time(12))
        return self._get_zone(company).localize(noon).astimezone(UTC)

    def _get_zone(self, company):
        """Return the time zone of a company."""
        company.partner_id.fetch(("tz",))
        name = company.partner_id.tz
        name = name or self.env["res.users"].context_get().get("tz")  # cached by Odoo
        return pytz.timezone(name or "UTC")


def fit(parts, measure):
    """Return ``parts``, in time order, cut or filled up to a measure in all.

    What is too much is taken from the latest part, what lacks is added to it.
    """
    parts = sorted((part for part in parts if part.at), key=lambda part: part.at)
    if not parts:
        return [measure]
    columns = [
        _fit_column([getattr(part, name) for part in parts], getattr(measure, name))
        for name in ("quantity", "amount_untaxed", "amount_total")
    ]
    return [
        Measure(*values, at=part.at)
        for part, *values in zip(parts, *columns, strict=True)
        if any(values)
    ]


def _fit_column(values, total):
    """Return numbers that add up to ``total``, the last ones cut first."""
    excess = sum(values, ZERO) - total
    fitted = []
    for value in reversed(values):
        cut = min(max(value, ZERO), excess) if excess > 0 else ZERO
        fitted.append(value - cut)
        excess -= cut
    fitted.reverse()
    fitted[-1] -= excess  # below zero: what lacks
    return fitted


class _Sum:
    """Adds up signed measures; below zero counts as nothing."""

    def __init__(self):
        self.quantity = self.untaxed = self.total = ZERO
        self.at = None

    def add(self, part, at):
        self.quantity += part.quantity
        self.untaxed += part.amount_untaxed
        self.total += part.amount_total
        self.at = at if self.at is None else max(self.at, at)

    def subtract(self, part, at):
        self.add(_combine(operator.sub, NOTHING, part), at)

    def measure(self):
        """Return the sum as a measure."""
        return Measure(
            quantity=max(self.quantity, ZERO),
            amount_untaxed=max(self.untaxed, ZERO),
            amount_total=max(self.total, ZERO),
            at=self.at,
        )


def _combine(function, one, other, at=None):
    """Apply ``function`` to the three figures of two measures."""
    return Measure(
        quantity=function(one.quantity, other.quantity),
        amount_untaxed=function(one.amount_untaxed, other.amount_untaxed),
        amount_total=function(one.amount_total, other.amount_total),
        at=at or one.at,
    )


def _still_valid(measured, promised, credited, invoiced):
    """Return what of a measure is not given up by credit notes.

    What was credited is no longer expected to be paid, unless it was invoiced again.
    Goods that came back and were credited count once: the larger of "promised
    less credited" and "invoiced" is what the sale is still worth.
    """
    if credited == NOTHING and not _has_negative(measured):
        # nothing was given up: most lines, each time
        return measured if measured.quantity else NOTHING
    worth = _combine(max, _combine(operator.sub, promised, credited), invoiced)
    kept = _combine(max, _combine(min, measured, worth), NOTHING, at=measured.at)
    # a price raised after everything was credited leaves an amount of no goods
    return kept if kept.quantity else NOTHING


def _has_negative(measure):
    return min(measure.quantity, measure.amount_untaxed, measure.amount_total) < 0


def _cents(value):
    """Return an amount without the noise of a division: six decimals are plenty."""
    return value.quantize(Decimal("0.000001")).normalize() + ZERO
