from odoo import fields, models

from ...exceptions import FactError
from ...values import UTC, naive
from ..ledger.booked import get_booked
from .processor import Processor


class B2b2cLedgerEntryExpected(models.Model):
    """When pending points are expected, as their documents are now.

    An entry keeps what was expected when it was booked and never changes; a delivery
    that is put off, or done, moves the day without booking anything.
    """

    # a file of its own: only screens need this
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.ledger.entry"

    def _get_expected(self):
        """Return when what these entries' awards still hold is expected.

        :return: dict award key -> naive UTC, ``None`` when nobody knows; awards whose
            document cannot be measured are missing
        """
        expected = {}
        sources = self.env["b2b2c.source"]._get_sources()
        awarded = self.filtered(lambda one: one.award_key and one.document_id)
        for model, entries in awarded.grouped("document_model").items():
            if model in sources:
                ids = set(entries.mapped("document_id"))
                expected.update(self._get_expected_of(model, ids))
        return expected

    def _get_expected_of(self, model, document_ids):
        documents = self.env[model].sudo().browse(sorted(document_ids)).exists()
        booked = get_booked(documents.env, model, documents.ids)
        processor = Processor(documents.env, model)
        now = fields.Datetime.now().replace(tzinfo=UTC)
        expected = {}
        for company in documents.company_id:
            part = documents.filtered(lambda one, c=company: one.company_id == c)
            for asked in processor._ask(company, part, booked).values():
                for fact, programs in asked:
                    if isinstance(fact, FactError):
                        continue
                    decision = processor.decide(fact, programs, now, told=False)
                    for award in decision.awards:
                        expected[award.key] = naive(award.expected_at)
        return expected
