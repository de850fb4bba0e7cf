from odoo import models

_MEASURED = {"quantity", "price_unit", "discount", "sale_line_ids", "product_uom_id"}


class AccountMoveLine(models.Model):
    """Adapter: a posted invoice whose lines change is measured again."""

    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & _MEASURED:
            self.filtered(
                lambda item: item.parent_state == "posted"
            ).move_id._b2b2c_record_documents()
        return result
