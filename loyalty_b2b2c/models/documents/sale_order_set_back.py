from odoo import fields, models

from ...values import aware
from .days import is_earlier_day


class SaleOrder(models.Model):
    """What is said of an order whose date somebody set back, and to whom."""

    _inherit = "sale.order"

    def _b2b2c_get_set_back(self):
        """Return the date of an order and when it was confirmed, as texts, where the
        date is an earlier day."""
        stated, kept = self.date_order, self.b2b2c_confirmed_at
        if not kept or not is_earlier_day(aware(stated), aware(kept), self.company_id):
            return None
        return fields.Datetime.to_string(stated), fields.Datetime.to_string(kept)

    def _b2b2c_word_set_back(self, stated, kept):
        return self.env._(
            "The date of %(order)s was set back to %(date)s. Points, limits and "
            "volumes of dealers count it on %(kept)s, when it was confirmed.",
            order=self.name,
            date=stated,
            kept=kept,
        )

    def _b2b2c_get_counting_companies(self):
        """Return the companies whose programs count this order.

        Packages that count orders for something else extend it with ``super()``.
        """
        programs = self.env["b2b2c.program"]
        source_id = self.company_id.id
        return self.env["res.company"].browse(
            company_id
            for company_id in programs._get_awarding_companies(source_id)
            if programs._get_engine_programs(company_id, source_id)
        )
