from odoo import models

from odoo.addons.loyalty_b2b2c.models.dealers.dealer_lookup import of_dealer_companies
from odoo.addons.loyalty_b2b2c.models.pricing.invoice_guard import InvoiceGuard
from odoo.addons.loyalty_b2b2c.models.pricing.marks import is_marked

from .till_guard import TILL, is_of_tickets


class AccountMoveLine(models.Model):
    """What was paid at a till is invoiced as it was; the till order is compared."""

    _inherit = "account.move.line"

    def _b2b2c_get_compared(self, state="draft"):
        if is_marked(TILL):
            return InvoiceGuard(self.browse(), state)
        if state == "posted":
            lines = of_dealer_companies(self)
            self = lines.filtered(lambda line: not is_of_tickets(line.move_id))
        return super()._b2b2c_get_compared(state)
