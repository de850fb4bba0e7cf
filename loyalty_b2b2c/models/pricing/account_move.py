from odoo import models

from ..dealers.dealer_lookup import of_dealer_companies
from .invoice_guard import record_credits

#: What decides whose prices, and which, an invoice must have.
_WATCHED = {"partner_id", "currency_id", "fiscal_position_id"}


class AccountMove(models.Model):
    """Price guard: credit notes of managed dealers are reported, never refused."""

    _inherit = "account.move"

    def write(self, vals):
        """Look at the lines of a draft again when it becomes another customer's."""
        result = super().write(vals)
        if not _WATCHED.isdisjoint(vals):
            of_dealer_companies(self).invoice_line_ids._check_b2b2c_price()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        record_credits(posted)
        return posted
