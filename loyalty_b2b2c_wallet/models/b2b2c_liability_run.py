from odoo import api, models
from odoo.tools import SQL


class B2b2cLiabilityRun(models.Model):
    """Lines of points on invoices move the account of points owed by themselves, where
    a company books part payments there."""

    _inherit = "b2b2c.liability.run"

    @api.model
    def _get_liability_documents(self):
        documents = super()._get_liability_documents()
        query = SQL(
            """
            SELECT l.id AS line_id, a.unit_id
              FROM b2b2c_part_payment p
              JOIN b2b2c_account a ON a.id = p.account_id
              JOIN sale_order_line o ON o.order_id = p.order_id
              JOIN loyalty_card c ON c.id = o.coupon_id
                                 AND c.b2b2c_account_id = p.account_id
              JOIN sale_order_line_invoice_rel r ON r.order_line_id = o.id
              JOIN account_move_line l ON l.id = r.invoice_line_id
            """
        )
        return {**documents, "part_payment": (self.env._("Part payments"), query)}
