from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Adapter: payments matched with and unmatched from invoices.

    Odoo has no hook for "no longer paid": cancelling a payment and unreconciling only
    delete these rows.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._b2b2c_get_moves()._b2b2c_record_documents()
        return partials

    def unlink(self):
        if not self:
            return super().unlink()
        moves = self._b2b2c_get_moves()
        result = super().unlink()
        moves.exists()._b2b2c_record_documents()
        return result

    def _b2b2c_get_moves(self):
        """Return the journal entries on both sides."""
        return (self.debit_move_id | self.credit_move_id).move_id
