from odoo import models
from odoo.fields import Domain

from ...engine.measuring import INVOICE, SoldLine
from ...values import UTC, aware, naive
from ..processing.facts import get_key
from . import books, charges, raises, settlement
from .days import is_earlier_day
from .unnamed_returns import Return, get_sold_domain


class B2b2cSourceInvoice(models.AbstractModel):
    """Measures what was invoiced without an order.

    Lines of an order are measured with their order, wherever they are invoiced; what is
    typed beside them, or names an order, is the same sale.  Notes lower the invoice
    they are of, and debit notes raise it.  An invoice tells nothing about deliveries.
    """

    _name = "b2b2c.source.invoice"
    _description = "Earning Source: Invoice without an Order"
    _inherit = "b2b2c.source.sold"

    _document_model = "account.move"
    _lines_field = "invoice_line_ids"
    _party_fields = ("partner_id", "partner_shipping_id")
    _triggers = ("confirmed", "invoiced", "paid")

    def _reading(self, documents):
        return books.reading(documents)

    def _is_hypothetical(self, document):
        return document.state == "draft"

    def _get_raises(self, document):
        return raises.get_raises(document.invoice_line_ids, "quantity")

    def _get_undone_cause(self, document, award):
        if document.state != "posted":
            return "cancelled"
        if self._get_credit_notes(document):
            return "credited"
        if settlement.is_given_up(document):
            return "given_up"
        if award is None or award.points_pending:
            return "unpaid"
        return "changed"

    # === MEASURING === #

    def _can_earn(self, line):
        """Tell whether an invoice line sells a product without an order."""
        return bool(
            line.move_id.move_type in ("out_invoice", "out_receipt")
            and self._takes_part(line)
            and line.product_id
            and line.product_id.type != "combo"
            and line.quantity > 0
            and line.price_subtotal >= 0
            and charges.get_kind(line.move_id) == INVOICE
        )

    def _get_typed(self, document):
        items = document.invoice_line_ids
        return items if find_orders(document) else items.browse()

    def _get_fees(self, document):
        items = document.invoice_line_ids
        services = items.filtered(lambda item: item.product_id.type == "service")
        if not services or "delivery.carrier" not in self.env:
            return items.browse()
        carriers = self.env["delivery.carrier"].sudo().with_context(active_test=False)
        carriers = carriers.search([("product_id", "in", services.product_id.ids)])
        return services.filtered(lambda item: item.product_id in carriers.product_id)

    def _takes_part(self, line):
        """Tell whether an invoice line is sold without an order, or lowers such."""
        return bool(
            line.display_type == "product"
            and not line.is_downpayment
            and not line.sale_line_ids
        )

    def _get_sold_lines(self, document, hypothetical):
        if document.state != "posted" and not hypothetical:
            return []
        items = document.invoice_line_ids.filtered(self._takes_part)
        lowered = any(item.price_subtotal < 0 or item.quantity < 0 for item in items)
        notes = [] if hypothetical else books.get_notes(document)
        taxes = charges.get_taxes(items) if lowered or notes else {}
        lines = {
            get_key(item): self._describe(item, taxes.get(item.id, frozenset()))
            for item in items
        }
        if hypothetical:
            return list(lines.values())
        charged = charges.Charges(self, lines)
        for item in items:
            key = get_key(item)
            charged.add(key, lines[key].written, document, document.browse())
        keys = list(lines)
        for note, share in notes:
            for item in note.invoice_line_ids.filtered(self._takes_part):
                figures = charges.get_figures(self, item).scaled(share)
                charged.add_item(item, figures, document, keys)
        return charged.get_lines()

    def _describe(self, item, taxes):
        written = charges.get_figures(self, item)
        return SoldLine(
            get_key(item),
            written,
            promised=written.quantity,
            product=item.product_id.id or None,
            taxes=taxes,
        )

    def _get_credit_notes(self, invoice):
        """Return the credit notes in force that lower an invoice."""
        notes = [note for note, _share in books.get_notes(invoice)]
        return (
            invoice.browse()
            .union(*notes)
            .filtered(lambda note: note.move_type == "out_refund")
        )

    # === HOOKS === #

    def _get_kind(self, document):
        return "invoice"

    def _get_occurred_at(self, document):
        """Return when an invoice was made, on another day than entered its noon.

        What a person dated earlier than it was posted happened then.
        """
        at, kept = self._get_dated_at(document), document.sudo().b2b2c_posted_at
        if not kept:
            return at
        is_earlier = is_earlier_day(aware(at), aware(kept), document.company_id)
        return kept if is_earlier else at

    def _get_dated_at(self, document):
        """Return when an invoice was made by what its date says."""
        zone = settlement.get_zone(document.company_id)
        day = document.invoice_date or document.date
        entered_at = document.create_date.replace(tzinfo=UTC)
        if not day or entered_at.astimezone(zone).date() == day:
            return document.create_date
        return naive(settlement.at_noon(day, document.company_id))

    def _get_receiver(self, document):
        return document.partner_shipping_id or document.partner_id

    def _get_origin(self, document):
        """Return the order that an invoice invoices besides, or what it corrects."""
        return find_orders(document)[:1] or charges.get_corrected(document)

    def _get_happened_domain(self):
        sold = [("display_type", "=", "product"), ("sale_line_ids", "=", False)]
        return (
            Domain("move_type", "in", ("out_invoice", "out_receipt"))
            & Domain("state", "=", "posted")
            & Domain("invoice_line_ids", "any", sold)
        )

    # === GOODS THAT COME BACK AND NAME NO SALE === #

    def _get_sales_domain(self, product):
        return self._get_happened_domain() & get_sold_domain(self._lines_field, product)

    def _find_unnamed_returns(self, document_ids):
        notes = self.env["account.move"].search(
            [
                ("id", "in", document_ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("reversed_entry_id", "=", False),
            ]
        )
        returns = []
        for note in notes.filtered(lambda note: note._b2b2c_names_no_sale()):
            items = note.invoice_line_ids.filtered(self._takes_part)
            for item in items.filtered(lambda item: item.product_id):
                figures = charges.get_figures(self, item).scaled(-1)
                if figures.quantity > 0:
                    product, pieces = item.product_id, figures.quantity
                    amount = figures.untaxed
                    returns.append(Return(note, item.id, product, pieces, amount))
        return returns

    def _has_begun(self, document):
        """Tell that another customer can be written into an invoice only while it is a
        draft: it is posted for that one."""
        return False

    def _get_salesperson(self, document):
        return document.invoice_user_id.partner_id

    def _get_expected(self, document, triggers):
        if "paid" not in triggers or not document.invoice_date_due:
            return {}
        due = settlement.at_noon(document.invoice_date_due, document.company_id)
        return {"paid": due}

    def _get_stored_rate(self, document):
        return document.invoice_currency_rate


def find_orders(invoice):
    """Return the orders that an invoice charges, by its lines or by what it says.

    What somebody typed by hand on it is that order's sale once more, not a new one.
    """
    orders = invoice.line_ids.sale_line_ids.order_id
    names = [name.strip() for name in (invoice.invoice_origin or "").split(",")]
    if orders or not any(names):
        return orders
    domain = [("name", "in", names), ("company_id", "=", invoice.company_id.id)]
    return invoice.env["sale.order"].sudo().search(domain, limit=1)
