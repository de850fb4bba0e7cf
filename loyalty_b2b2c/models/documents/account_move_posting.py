from odoo import fields, models

from ...values import aware
from .days import is_earlier_day


class AccountMove(models.Model):
    """An invoice without an order counts from when it was posted, at the earliest.

    What code tells without a user's rights is history; what a person writes is not,
    see ``sale.order``.  Of most invoices nothing is kept: they are of the day.
    """

    _inherit = "account.move"

    # when it was posted, of what a person dated earlier, or takes back to a draft
    b2b2c_posted_at = fields.Datetime(
        string="Counts From", copy=False, groups=fields.NO_ACCESS
    )
    # when it was reported that its date is an earlier one
    b2b2c_redated_at = fields.Datetime(
        string="Date Set Back", copy=False, groups=fields.NO_ACCESS
    )

    def write(self, vals):
        if "invoice_date" not in vals or self.env.su:
            return super().write(vals)
        self._b2b2c_keep_posted_at()
        result = super().write(vals)
        self._b2b2c_report_set_back()
        return result

    def button_draft(self):
        if self and not self.env.su:
            self._b2b2c_keep_posted_at()
        return super().button_draft()

    def _post(self, soft=True):
        fresh = self.filtered(lambda move: not move.posted_before)
        posted = super()._post(soft=soft)
        if not self.env.su:
            now = fields.Datetime.now()
            for move in (posted & fresh)._b2b2c_get_dated_before(now):
                move.sudo().b2b2c_posted_at = now
            posted._b2b2c_report_set_back()
        return posted

    def _b2b2c_keep_posted_at(self):
        """Keep when posted invoices happened, before their date is another one."""
        source = self.env["b2b2c.source.invoice"].sudo()
        posted = self.sudo().filtered(
            lambda move: move.state == "posted" and not move.b2b2c_posted_at
        )
        for move in posted._b2b2c_get_free_invoices() & posted:
            move.b2b2c_posted_at = source._get_occurred_at(move)

    def _b2b2c_get_dated_before(self, at):
        """Return the invoices without an order that are of an earlier day.

        :param at: naive UTC
        """
        source, kept = self.env["b2b2c.source.invoice"].sudo(), aware(at)
        dated = self.filtered(
            lambda move: (
                move.is_sale_document(include_receipts=True)
                and is_earlier_day(
                    aware(source._get_dated_at(move)), kept, move.company_id
                )
            )
        )
        return dated and dated._b2b2c_get_free_invoices() & dated
