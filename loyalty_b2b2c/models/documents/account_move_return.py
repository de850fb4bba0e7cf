from odoo import models


class AccountMove(models.Model):
    """Adapter: credit notes that name no sale may tell of goods that came back."""

    _inherit = "account.move"

    def _b2b2c_record_sales(self, posted=None):
        result = super()._b2b2c_record_sales(posted)
        notes = self.sudo().filtered(lambda move: move._b2b2c_may_return())
        self.env["b2b2c.event"]._record(notes.with_env(self.env))
        return result

    def _b2b2c_may_return(self):
        """Tell whether this may take goods back, and names no sale."""
        return (
            self.move_type == "out_refund"
            and not self.reversed_entry_id
            and not self.line_ids.sale_line_ids
        )

    def _b2b2c_names_no_sale(self):
        """Tell whether nothing says which sale a note is of: it neither names one nor
        settles an invoice."""
        debts = self.line_ids.matched_debit_ids.debit_move_id.move_id
        return self._b2b2c_may_return() and not debts.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )
