from odoo import models


class AccountPayment(models.Model):
    """Adapter: a payment set to draft, cancelled or rejected.

    In 19 the reconciliation survives "set to draft", so the invoice's own state does
    not change and only the payment tells.
    """

    _inherit = "account.payment"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._b2b2c_record_documents()
        return result

    def _b2b2c_record_documents(self):
        """Record what the invoices belong to that these payments pay."""
        payments = self.sudo()
        moves = (
            payments.move_id | payments.reconciled_invoice_ids | payments.invoice_ids
        )
        moves.with_env(self.env)._b2b2c_record_documents()
