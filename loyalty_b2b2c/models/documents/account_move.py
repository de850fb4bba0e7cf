from odoo import models


class AccountMove(models.Model):
    """Adapter: invoices and credit notes, of orders or without one."""

    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if "invoice_date_due" in vals:  # when the rest is expected
            posted = self.filtered(lambda move: move.state == "posted")
            posted._b2b2c_record_documents()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._b2b2c_record_documents()
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._b2b2c_record_documents()
        return result

    def button_draft(self):
        result = super().button_draft()
        self._b2b2c_record_documents()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._b2b2c_record_documents()
        return result

    def unlink(self):
        invoices = self._b2b2c_get_invoices()
        documents = invoices._b2b2c_get_orders(), invoices._b2b2c_get_free_invoices()
        result = super().unlink()
        for records in documents:
            self.env["b2b2c.event"]._record(records)
        return result

    def _b2b2c_record_documents(self):
        """Record what these entries change: orders, and invoices without an order.

        Entries are invoices and credit notes, or journal entries of payments, which
        lead to the invoices they pay.
        """
        if not self:
            return  # Odoo calls its hooks for nothing dozens of times per invoice
        invoices = self._b2b2c_get_invoices()
        events = self.env["b2b2c.event"]
        events._record(invoices._b2b2c_get_orders().with_env(self.env))
        events._record(invoices._b2b2c_get_free_invoices().with_env(self.env))

    def _b2b2c_get_orders(self):
        """Return the sale orders behind these invoices."""
        return self.line_ids.sale_line_ids.order_id

    def _b2b2c_get_free_invoices(self):
        """Return which of these, or reversed by these, sell without an order."""
        invoices = self | self.reversed_entry_id
        source = self.env["b2b2c.source.invoice"]
        return invoices.invoice_line_ids.filtered(source._can_earn).move_id

    def _b2b2c_get_invoices(self):
        """Return the invoices and credit notes behind these entries, as superuser.

        A payment's own journal entry leads to the invoices it is reconciled with.
        """
        moves = self.sudo()
        invoices = moves.filtered(lambda move: move.is_invoice(include_receipts=True))
        lines = (moves - invoices).line_ids
        if lines:
            partials = lines.matched_debit_ids | lines.matched_credit_ids
            invoices |= (partials.debit_move_id | partials.credit_move_id).move_id
        return invoices
