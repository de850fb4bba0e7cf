from odoo import models

from ...engine import NOTHING, Measure, six_decimals, to_decimal
from ...values import UTC, naive
from ..base import rates
from . import settlement


class B2b2cSourceInvoice(models.AbstractModel):
    """Measures what was invoiced without an order.

    Lines of an order are measured with their order, wherever they are invoiced, so an
    invoice that mixes both counts nothing twice.  Credit notes reduce the invoice they
    reverse, product by product.  An invoice tells nothing about deliveries.
    """

    _name = "b2b2c.source.invoice"
    _description = "Earning Source: Invoice without an Order"
    _inherit = "b2b2c.source"

    _document_model = "account.move"
    _lines_field = "invoice_line_ids"

    def _is_hypothetical(self, document):
        return document.state == "draft"

    def _get_undone_cause(self, document, award):
        if document.state != "posted":
            return "cancelled"
        if self._get_credit_notes(document):
            return "credited"
        if award is None or award.points_pending:
            return "unpaid"
        return "changed"

    # === MEASURING === #

    def _can_earn(self, line):
        """Tell whether an invoice line sells a product without an order."""
        return bool(
            line.move_id.move_type in ("out_invoice", "out_receipt")
            and self._is_free(line)
            and line.quantity > 0
        )

    def _is_free(self, line):
        """Tell whether an invoice line has a product and no order behind it."""
        return bool(
            line.display_type == "product"
            and line.product_id
            and not line.sale_line_ids
            and not line.is_downpayment
        )

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> measure of one invoice line."""
        invoice = line.move_id
        if hypothetical:
            whole = self._measure_line(line)
            return dict.fromkeys(("confirmed", "invoiced", "paid"), whole)
        if invoice.state != "posted":
            return {}
        kept = self._get_kept(line)
        invoiced = kept.reached(settlement.get_invoiced_at(invoice))
        measures = dict.fromkeys(("confirmed", "invoiced"), invoiced)
        if settlement.is_paid(invoice):
            measures["paid"] = kept.reached(settlement.get_paid_at(invoice))
        return measures

    def _get_kept(self, line):
        """Return the measure of what credit notes leave of an invoice line."""
        notes = self._get_credit_notes(line.move_id)
        if not notes:
            return self._measure_line(line)
        sold = line.move_id.invoice_line_ids.filtered(
            lambda item: item.product_id == line.product_id and self._can_earn(item)
        )
        credited = notes.invoice_line_ids.filtered(
            lambda item: item.product_id == line.product_id and self._is_free(item)
        )
        kept = {item.id: self._measure_line(item) for item in sold}
        for note_line in credited:
            left = self._measure_line(note_line)
            # a product invoiced at two prices: the same price first
            for item in sold.sorted(
                lambda item, price=note_line.price_unit: (
                    item.price_unit != price,
                    item.id,
                )
            ):
                kept[item.id], left = _take(kept[item.id], left)
        return kept[line.id]

    def _get_credit_notes(self, invoice):
        """Return the credit notes in force that reverse an invoice."""
        return invoice.reversal_move_ids.filtered(
            lambda note: note.state == "posted" and note.move_type == "out_refund"
        )

    def _measure_line(self, line):
        """Return the measure of a whole line, positive, in its company's currency."""
        untaxed = abs(to_decimal(line.balance))
        subtotal = to_decimal(line.price_subtotal)
        total = (
            untaxed * to_decimal(line.price_total) / subtotal if subtotal else untaxed
        )
        quantity = to_decimal(line.quantity)
        return Measure(
            quantity=self._to_product_unit(
                line.product_id, line.product_uom_id, quantity
            ),
            amount_untaxed=untaxed,
            amount_total=six_decimals(total),
        )

    # === HOOKS === #

    def _get_kind(self, document):
        return "invoice"

    def _get_occurred_at(self, document):
        """Return when an invoice was made, on another day than entered its noon."""
        zone = settlement.get_zone(document.company_id)
        day = document.invoice_date or document.date
        entered_at = document.create_date.replace(tzinfo=UTC)
        if not day or entered_at.astimezone(zone).date() == day:
            return document.create_date
        return naive(settlement.at_noon(day, document.company_id))

    def _get_receiver(self, document):
        return document.partner_shipping_id or document.partner_id

    def _get_salesperson(self, document):
        return document.invoice_user_id.partner_id

    def _get_expected(self, document, triggers):
        if "paid" not in triggers or not document.invoice_date_due:
            return {}
        due = settlement.at_noon(document.invoice_date_due, document.company_id)
        return {"paid": due}

    def _get_rate(self, document):
        """Return 1: amounts are taken from the journal items, in company currency."""
        return rates.ONE


def _take(measure, credited):
    """Take what was credited from a measure; return what is left of both.

    The amounts go as far as the quantity does.
    """
    if not credited.quantity or not measure.quantity:
        return measure, credited
    if credited.quantity <= measure.quantity:
        left = measure.minus(credited).floor()
        return (left if left.quantity else NOTHING), NOTHING
    rest = credited.quantity - measure.quantity
    return NOTHING, credited.times(rest, credited.quantity)
