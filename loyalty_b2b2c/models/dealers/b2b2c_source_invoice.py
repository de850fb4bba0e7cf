from odoo import models
from odoo.fields import Domain


class B2b2cSourceInvoice(models.AbstractModel):
    """What was invoiced to a dealer without an order."""

    _inherit = "b2b2c.source.invoice"

    def _get_dealer_domain(self, companies, partners):
        """Leave out what orders are behind: their lines are counted with them."""
        own = [("display_type", "=", "product"), ("sale_line_ids", "=", False)]
        return (
            super()._get_dealer_domain(companies, partners)
            & Domain("move_type", "in", ("out_invoice", "out_receipt"))
            & Domain("invoice_line_ids", "any", own)
        )
