from odoo import models
from odoo.fields import Domain


class B2b2cSourceInvoice(models.AbstractModel):
    """What was invoiced without an order has the date of its invoice."""

    _inherit = "b2b2c.source.invoice"

    _dated_field = "invoice_date"

    def _get_sold_by_domain(self, members):
        own = Domain("invoice_user_id.partner_id", "in", members.partner_id.ids)
        return super()._get_sold_by_domain(members) | own
