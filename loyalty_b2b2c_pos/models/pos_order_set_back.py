from odoo import fields, models

from odoo.addons.loyalty_b2b2c.models.documents.set_back import find_counting_companies


class PosOrder(models.Model):
    """What is said of a ticket whose date somebody set back, and to whom."""

    _inherit = "pos.order"

    def _b2b2c_get_set_back(self):
        """Return the date of a ticket and when it was sold, as texts, where the date is
        an earlier day."""
        stated, kept = self.date_order, self._b2b2c_get_sold_at()
        if stated == kept:
            return None
        return fields.Datetime.to_string(stated), fields.Datetime.to_string(kept)

    def _b2b2c_word_set_back(self, stated, kept):
        return self.env._(
            "%(order)s is dated %(date)s, before it was sold. Points, limits and "
            "volumes of dealers count it on %(kept)s.",
            order=self.name,
            date=stated,
            kept=kept,
        )

    def _b2b2c_get_counting_companies(self):
        """Return the companies whose programs count this ticket."""
        return find_counting_companies(self)
