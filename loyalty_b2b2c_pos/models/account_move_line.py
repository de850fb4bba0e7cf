from odoo import models

from odoo.addons.loyalty_b2b2c.models.pricing.invoice_guard import InvoiceGuard
from odoo.addons.loyalty_b2b2c.models.pricing.marks import is_marked

from .till_guard import TILL


class AccountMoveLine(models.Model):
    """What was paid at a till is invoiced as it was; the till order is compared."""

    _inherit = "account.move.line"

    def _b2b2c_get_compared(self, state="draft"):
        if is_marked(TILL):
            return InvoiceGuard(self.browse(), state)
        return super()._b2b2c_get_compared(state)
