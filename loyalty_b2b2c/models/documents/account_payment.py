from odoo import models


class AccountPayment(models.Model):
    """Adapter: a payment set to draft, cancelled or rejected.

    In 19 the reconciliation survives "set to draft", so the invoice's own state does
    not change and only the payment tells.
    """

    _inherit = "account.payment"

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        # what has no entry yet and names nothing is recorded when it is reconciled
        known = self.filtered(
            lambda one: one.move_id or one.invoice_ids or one.source_payment_id
        )
        result = super().write(vals)
        known._b2b2c_record_documents()
        return result

    def _b2b2c_record_documents(self):
        """Record what these payments, or those they give back, pay."""
        payments = self.sudo()
        payments |= payments.source_payment_id
        moves = payments.move_id | payments.invoice_ids
        moves.with_env(self.env)._b2b2c_record_documents()
