from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .score_feed import ScoreFeed

#: A document's own date may be a little beside the instant it happened.
_MARGIN = timedelta(days=2)


class B2b2cSource(models.AbstractModel):
    """Every document that was processed may change a score."""

    _inherit = "b2b2c.source"

    # the field by which documents that happened within some days are found
    _dated_field = "date_order"

    @api.model
    def _after_processing(self, document_ids, judged=None):
        """Count the documents in challenges."""
        ScoreFeed(self.env, self._document_model).feed(document_ids, judged)
        return super()._after_processing(document_ids, judged)

    def _get_sold_by_domain(self, members):
        """Return the domain of the documents that name members as who sold, or as who
        bought: they score where nobody sold."""
        people = members.partner_id | members.contact_id
        bought = [Domain(name, "in", people.ids) for name in self._party_fields[:1]]
        return Domain.OR([self._get_personal_domain(members), *bought])

    def _find_around(self, companies, date_from, date_to, named=Domain.TRUE):
        """Return the documents that may have happened within a time, and some beside.

        :param companies: whose documents, ``res.company`` records
        :param date_from, date_to: naive UTC
        :param named: domain they satisfy as well
        """
        since, until = date_from - _MARGIN, date_to + _MARGIN
        documents = self.env[self._document_model].sudo()
        return documents.with_context(active_test=False).search(
            Domain("company_id", "in", companies.ids)
            & Domain(self._dated_field, ">=", since)
            & Domain(self._dated_field, "<", until)
            & self._get_happened_domain()
            & named,
            order="id",
        )
