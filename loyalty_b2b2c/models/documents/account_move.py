from odoo import models

from ..base.harmless import harmless
from . import books, charges


class AccountMove(models.Model):
    """Adapter: invoices and credit notes, of orders or without one."""

    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if "invoice_date_due" in vals:  # when the rest is expected
            posted = self.filtered(lambda move: move.state == "posted")
            posted._b2b2c_record_sales()
        if "matched_payment_ids" in vals:  # payments without an entry
            loose = self.matched_payment_ids.filtered(lambda one: not one.move_id)
            loose._b2b2c_record_documents()
        return result

    def _post(self, soft=True):
        fresh = self.filtered(lambda move: move._b2b2c_is_alone())
        posted = super()._post(soft=soft)
        sold = (posted & fresh).filtered(lambda move: move.is_invoice(True))
        sold._b2b2c_record_sales(posted)
        (posted - fresh)._b2b2c_record_documents(posted)
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._b2b2c_record_documents()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._b2b2c_record_documents()
        return result

    def unlink(self):
        invoices = self and self._b2b2c_get_invoices()  # Odoo asks dozens of times
        documents = invoices._b2b2c_get_orders(), invoices._b2b2c_get_free_invoices()
        result = super().unlink()
        for records in documents:
            self.env["b2b2c.event"]._record(records)
        return result

    @harmless("What %s changes could not be told.")
    def _b2b2c_record_documents(self, posted=None):
        """Record what these entries change, also by way of notes and down payments.

        Entries are invoices and credit notes, or journal entries of payments.

        :param posted: those of these invoices that were posted just now
        """
        self._b2b2c_get_invoices().with_env(self.env)._b2b2c_record_sales(posted)

    @harmless("What %s sells could not be told.")
    def _b2b2c_record_sales(self, posted=None):
        """Record the orders of these invoices, and those that sell without an order.

        :param posted: the invoices that were posted just now
        """
        invoices = self.sudo().filtered(lambda move: move.is_invoice(True))
        if not invoices:
            return
        events = self.env["b2b2c.event"]
        events._record(invoices._b2b2c_get_orders().with_env(self.env))
        free = invoices._b2b2c_get_free_invoices().with_env(self.env)
        new = free & posted if posted else free.browse()
        events._record(new, "posted")
        events._record(free - new)

    def _b2b2c_get_orders(self):
        """Return the sale orders behind these invoices."""
        return self.line_ids.sale_line_ids.order_id

    def _b2b2c_get_free_invoices(self):
        """Return which of these, or reversed by these, sell without an order."""
        invoices = self | self.reversed_entry_id
        source = self.env["b2b2c.source.invoice"]
        return invoices.invoice_line_ids.filtered(source._can_earn).move_id

    def _b2b2c_get_invoices(self):
        """Return the invoices and notes that these entries change, as superuser."""
        moves = self.sudo()
        alone = moves.filtered(lambda move: move._b2b2c_is_alone())
        return books.get_component(moves - alone) | alone.filtered(
            lambda move: move.is_invoice(include_receipts=True)
        )

    def _b2b2c_is_alone(self):
        """Tell whether an entry was never posted and corrects nothing."""
        return not (
            self.posted_before
            or charges.get_corrected(self)
            or self.move_type == "out_refund"
        )
