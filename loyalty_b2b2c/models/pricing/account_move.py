from odoo import fields, models

from ..dealers.dealer_lookup import of_dealer_companies
from .marks import BOOKS, is_marked, marked
from .posted_invoices import look_again, look_at_posted

#: What decides whose prices, and which, an invoice must have.
_WATCHED = {"partner_id", "currency_id", "fiscal_position_id"}
#: What lowers what is paid for an invoice, also when it is posted already.
_TERMS = {
    "invoice_payment_term_id",
    "invoice_cash_rounding_id",
    "fiscal_position_id",
    "line_ids",
    "invoice_line_ids",
}


class AccountMove(models.Model):
    """Price guard: what a dealer pays is looked at when it is posted.

    Credit notes of managed dealers are reported, never refused.
    """

    _inherit = "account.move"

    b2b2c_volume_seen = fields.Integer(
        readonly=True,
        copy=False,
        string="Last Volume",
        groups="loyalty_b2b2c.group_user",
        help="The last entry of dealers' volumes when the invoice was posted.",
    )

    def write(self, vals):
        """Look at the lines of a draft again when it becomes another customer's, and at
        a posted invoice when its terms or amounts are written."""
        is_outermost = not is_marked(BOOKS)
        with marked(BOOKS):
            result = super().write(vals)
        if not _WATCHED.isdisjoint(vals):
            of_dealer_companies(self).invoice_line_ids._check_b2b2c_price()
        if is_outermost and not _TERMS.isdisjoint(vals):
            look_again(self)
        return result

    def _post(self, soft=True):
        with marked(BOOKS):
            posted = super()._post(soft=soft)
        look_at_posted(posted)
        return posted
