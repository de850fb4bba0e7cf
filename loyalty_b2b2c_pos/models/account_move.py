from odoo import models


class AccountMove(models.Model):
    """Adapter: invoices of till orders on the customer's account get paid later."""

    _inherit = "account.move"

    def _b2b2c_record_sales(self):
        result = super()._b2b2c_record_sales()
        orders = self.sudo().pos_order_ids
        if orders:
            orders.with_env(self.env)._b2b2c_record_documents()
        return result
