from odoo import models


class AccountMove(models.Model):
    """Adapter: invoices and credit notes of orders that earn."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._b2b2c_record_orders()
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._b2b2c_record_orders()
        return result

    def button_draft(self):
        result = super().button_draft()
        self._b2b2c_record_orders()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._b2b2c_record_orders()
        return result

    def unlink(self):
        orders = self._b2b2c_get_orders()
        result = super().unlink()
        self.env["b2b2c.event"]._record(orders)
        return result

    def _b2b2c_record_orders(self):
        """Record the orders of these invoices, and of what these payments pay."""
        if self:  # Odoo calls its hooks for nothing dozens of times per invoice
            self.env["b2b2c.event"]._record(self._b2b2c_get_orders())

    def _b2b2c_get_orders(self):
        """Return the sale orders behind these entries.

        A payment's own journal entry leads to the invoices it is reconciled with.
        """
        if not self:
            return self.env["sale.order"]
        moves = self.sudo()
        invoices = moves.filtered(lambda move: move.is_invoice(include_receipts=True))
        lines = (moves - invoices).line_ids
        if lines:
            partials = lines.matched_debit_ids | lines.matched_credit_ids
            invoices |= (partials.debit_move_id | partials.credit_move_id).move_id
        orders = invoices.line_ids.sale_line_ids.order_id
        return orders.with_env(self.env)
