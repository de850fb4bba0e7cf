from decimal import Decimal

from odoo import models

from ...engine import Measure, to_decimal
from ...values import UTC, naive

ZERO = Decimal(0)


class B2b2cSourceInvoice(models.AbstractModel):
    """Measures what was invoiced without an order.

    Lines of an order are measured with their order, wherever they are invoiced, so an
    invoice that mixes both counts nothing twice.  Credit notes reduce the invoice they
    reverse, product by product.  An invoice tells nothing about deliveries.
    """

    _name = "b2b2c.source.invoice"
    _description = "Reward Source: Invoice without an Order"
    _inherit = "b2b2c.source"

    _document_model = "account.move"
    _lines_field = "invoice_line_ids"

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
        invoice, orders = line.move_id, self.env["b2b2c.source.sale.order"]
        if hypothetical:
            part = self._get_part(line)
            return dict.fromkeys(("confirmed", "invoiced", "paid"), part)
        if invoice.state != "posted":
            return {}
        at = orders._at_day(invoice.invoice_date or invoice.date, invoice)
        kept = self._get_kept(line)
        measures = dict.fromkeys(("confirmed", "invoiced"), _at(kept, at))
        if orders._is_paid(invoice):
            measures["paid"] = _at(kept, orders._get_paid_at(invoice))
        return measures

    def _get_kept(self, line):
        """Return the measure of what credit notes leave of an invoice line."""
        notes = self._get_credit_notes(line.move_id)
        if not notes:
            return self._get_part(line)
        same = line.move_id.invoice_line_ids.filtered(
            lambda one: one.product_id == line.product_id and self._can_earn(one)
        )
        credited = notes.invoice_line_ids.filtered(
            lambda one: one.product_id == line.product_id and self._is_free(one)
        )
        kept = {one.id: self._get_part(one) for one in same}
        for note_line in credited:
            left = self._get_part(note_line)
            # a product invoiced at two prices: the same price first
            for one in same.sorted(
                lambda one, price=note_line.price_unit: (
                    one.price_unit != price,
                    one.id,
                )
            ):
                kept[one.id], left = _subtract(kept[one.id], left)
        return kept[line.id]

    def _get_credit_notes(self, invoice):
        """Return the credit notes in force that reverse an invoice."""
        return invoice.reversal_move_ids.filtered(
            lambda note: note.state == "posted" and note.move_type == "out_refund"
        )

    def _get_part(self, line):
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
            amount_total=total.quantize(Decimal("0.000001")),
        )

    # === HOOKS === #

    def _get_dealer_domain(self, company, partners):
        """Leave out what orders are behind: their lines are counted with them."""
        own = [("display_type", "=", "product"), ("sale_line_ids", "=", False)]
        return [
            *super()._get_dealer_domain(company, partners),
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("invoice_line_ids", "any", own),
        ]

    def _get_kind(self, document):
        return "invoice"

    def _get_occurred_at(self, document):
        """Return when an invoice was made, on another day than entered its noon."""
        orders = self.env["b2b2c.source.sale.order"]
        zone = orders._get_zone(document.company_id)
        day = document.invoice_date or document.date
        entered_at = document.create_date.replace(tzinfo=UTC)
        if not day or entered_at.astimezone(zone).date() == day:
            return document.create_date
        return naive(orders._at_noon(day, document.company_id))

    def _get_receiver(self, document):
        return document.partner_shipping_id or document.partner_id

    def _get_salesperson(self, document):
        return document.invoice_user_id.partner_id

    def _get_expected(self, document, triggers):
        if "paid" not in triggers or not document.invoice_date_due:
            return {}
        orders = self.env["b2b2c.source.sale.order"]
        due = orders._at_noon(document.invoice_date_due, document.company_id)
        return {"paid": due}

    def _get_rate(self, order):
        """Return 1: amounts are taken from the journal items, in company currency."""
        return Decimal(1)


def _at(measure, at):
    """Return a measure as reached at an instant."""
    return Measure(
        measure.quantity, measure.amount_untaxed, measure.amount_total, at=at
    )


def _subtract(measure, credited):
    """Take ``credited`` from ``measure``; return what is left of both.

    The amounts go as far as the quantity does.
    """
    if not credited.quantity or not measure.quantity:
        return measure, credited
    taken = min(measure.quantity, credited.quantity)
    share = taken / credited.quantity
    untaxed, total = credited.amount_untaxed * share, credited.amount_total * share
    left = measure.quantity - taken
    kept = Measure(
        quantity=left,
        amount_untaxed=max(measure.amount_untaxed - untaxed, ZERO) if left else ZERO,
        amount_total=max(measure.amount_total - total, ZERO) if left else ZERO,
    )
    rest = Measure(
        quantity=credited.quantity - taken,
        amount_untaxed=credited.amount_untaxed - untaxed,
        amount_total=credited.amount_total - total,
    )
    return kept, rest
