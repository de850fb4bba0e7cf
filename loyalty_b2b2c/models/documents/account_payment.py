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
        # what settles nothing yet is recorded when it is reconciled
        known = self.filtered(lambda one: one._b2b2c_pays())
        result = super().write(vals)
        known._b2b2c_record_documents()
        return result

    def _b2b2c_pays(self):
        """Tell whether a payment counts for documents, or gives back what counts.

        An entry pays what it is reconciled with, whatever invoices the payment names;
        a payment without one pays what it names.
        """
        payment = self.sudo()
        if payment.source_payment_id:
            return True
        if not payment.move_id:
            return bool(payment.invoice_ids)
        return any(payment.move_id.line_ids.mapped("matching_number"))

    def _b2b2c_record_documents(self):
        """Record what these payments, or those they give back, pay."""
        payments = self.sudo()
        payments |= payments.source_payment_id
        moves = payments.move_id | payments.invoice_ids
        moves.with_env(self.env)._b2b2c_record_documents()
