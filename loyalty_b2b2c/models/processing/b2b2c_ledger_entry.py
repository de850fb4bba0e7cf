from odoo import models

from ...exceptions import FactError
from ...values import naive
from .judge import Judge, join


class B2b2cLedgerEntry(models.Model):
    """When pending points are expected, as their documents are now.

    An entry keeps what was expected when it was booked and never changes; a delivery
    that is put off, or done, moves the day without booking anything.
    """

    _inherit = "b2b2c.ledger.entry"

    def _get_expected(self):
        """Return when what these entries' awards still hold is expected.

        :return: dict award key -> naive UTC, ``None`` when nobody knows; awards whose
            document cannot be measured are missing
        """
        expected = {}
        sources = self.env["b2b2c.source"]._get_sources()
        awarded = self.filtered(lambda entry: entry.award_key and entry.document_id)
        for model, entries in awarded.grouped("document_model").items():
            if model in sources:
                ids = sorted(set(entries.mapped("document_id")))
                documents = self.env[model].sudo().browse(ids).exists()
                expected.update(self._get_expected_of(documents))
        return expected

    def _get_expected_of(self, documents):
        """Return award key -> when its pending points are expected (naive UTC)."""
        expected = {}
        for verdicts in Judge(documents.env, told=False).ask(documents).values():
            try:
                awards = join(verdicts).awards
            except FactError:
                continue
            expected.update({award.key: naive(award.expected_at) for award in awards})
        return expected
