from odoo import fields, models

from ...values import aware
from .days import is_earlier_day
from .set_back import find_counting_companies, report_set_back


class AccountMove(models.Model):
    """What is said of an invoice whose date somebody set back, and to whom."""

    _inherit = "account.move"

    def _b2b2c_report_set_back(self):
        """Report those of these invoices whose date is earlier than they happened."""
        kept = self.sudo().filtered("b2b2c_posted_at")
        report_set_back(kept.with_env(self.env).filtered(_is_posted))

    def _b2b2c_get_set_back(self):
        """Return the date of an invoice and when it was posted, as texts, where the
        date is an earlier day."""
        stated = self.env["b2b2c.source.invoice"]._get_dated_at(self)
        kept = self.b2b2c_posted_at
        if not is_earlier_day(aware(stated), aware(kept), self.company_id):
            return None
        day = self.invoice_date or self.date
        return fields.Date.to_string(day), fields.Datetime.to_string(kept)

    def _b2b2c_word_set_back(self, stated, kept):
        return self.env._(
            "%(invoice)s is dated %(date)s, before it was posted. Points, limits and "
            "volumes of dealers count it on %(kept)s.",
            invoice=self.name,
            date=stated,
            kept=kept,
        )

    def _b2b2c_get_counting_companies(self):
        """Return the companies whose programs count this invoice."""
        return find_counting_companies(self)


def _is_posted(move):
    return move.state == "posted"
