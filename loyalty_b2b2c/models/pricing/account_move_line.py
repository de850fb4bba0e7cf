from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import UserError

from ..dealers.dealer_lookup import of_dealer_companies
from .invoice_guard import AMOUNTS, PRICING, InvoiceGuard
from .marks import BOOKS, EXPENSE, is_marked, marked
from .posted_invoices import look_again


class AccountMoveLine(models.Model):
    """Price guard: an invoice of a managed dealer has the prices of its order."""

    _inherit = "account.move.line"

    @api.constrains(*PRICING)
    def _check_b2b2c_price(self):
        # what is posted is hardly ever written, but by remote calls it can be
        for state in ("draft", "posted"):
            self._b2b2c_get_compared(state).check()

    def _b2b2c_get_compared(self, state="draft"):
        """Hook: return the :class:`InvoiceGuard` of the lines that are compared.

        :param str state: of the invoices that are looked at
        """
        return InvoiceGuard(self, state)

    def write(self, vals):
        """Keep what binds a dealer's invoice to the order, and look at a posted invoice
        of which amounts are written, when all are."""
        is_outermost = not (is_marked(BOOKS) or AMOUNTS.isdisjoint(vals))
        amounts = of_dealer_companies(self) if is_outermost else self.browse()
        compared = self.browse()
        if "sale_line_ids" in vals:
            compared = self._b2b2c_get_compared().lines
        before = {line: line.sale_line_ids for line in compared}
        with marked(BOOKS) if amounts else nullcontext():
            result = super().write(vals)
        if any(sold - line.sale_line_ids for line, sold in before.items()):
            raise UserError(self.env._("An invoice of a dealer stays with its order."))
        if amounts:
            look_again(amounts.move_id)
        return result

    def _sale_create_reinvoice_sale_line(self):
        """Let core pass costs on: a bill of a vendor proves them, not a salesperson."""
        with marked(EXPENSE):
            return super()._sale_create_reinvoice_sale_line()
