from odoo import models


class B2b2cSourceInvoice(models.AbstractModel):
    """What was invoiced without an order has the date of its invoice."""

    _inherit = "b2b2c.source.invoice"

    _dated_field = "invoice_date"
