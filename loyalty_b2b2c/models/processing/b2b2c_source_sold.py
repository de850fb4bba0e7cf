from odoo import models

from ...engine.facts import REACHABLE
from ...engine.measuring import DocumentMeasure
from ...values import aware
from .facts import get_key


class B2b2cSourceSold(models.AbstractModel):
    """A document whose lines were sold together: all of it is measured at once.

    Orders, invoices without one, till tickets and reported sales are such.  A source of
    this kind says what is written on the lines, what can still come of them and what
    invoices and notes charge (:meth:`_get_sold_lines`); the engine does the rest, so
    the same lines give the same figures on each of them (:mod:`engine.measuring`).
    """

    _name = "b2b2c.source.sold"
    _description = "Earning Source: Document of a Sale"
    _inherit = "b2b2c.source"

    # whether pieces that cost nothing do not count: not where amounts need not be told
    _is_free_worthless = True

    def _get_sold_lines(self, document, hypothetical):
        """Return the lines of a document, as far as they matter for what it is worth.

        Those that cannot earn and those below zero belong to them: they lower others,
        or take their part of what lowers all.

        :return: list of ``engine.measuring.SoldLine``, whose keys are those of
            :func:`~.facts.get_key`; empty when the document sells nothing now
        """
        raise NotImplementedError

    def _get_sold_lines_left(self, document, hypothetical):
        """Hook: return the lines of a document, less what came back elsewhere.

        :return: see :meth:`_get_sold_lines`
        """
        return self._get_sold_lines(document, hypothetical)

    def _get_document_measure(self, document, hypothetical=False):
        """Return the measure of a document, ``None`` when it sells nothing."""
        lines = self._get_sold_lines_left(document, hypothetical)
        if not lines:
            return None
        ordered_at = aware(self._get_occurred_at(document))
        return DocumentMeasure(lines, ordered_at, self._is_free_worthless)

    def _measure(self, document, rate, hypothetical=False):
        whole = self._get_document_measure(document, hypothetical)
        known = {*self._triggers, *map(REACHABLE.get, self._triggers)}
        measures = {}
        for line in document[self._lines_field].filtered(self._can_earn):
            moments = whole.get_measures(get_key(line)) if whole else {}
            if hypothetical and moments:
                moments = dict.fromkeys(self._triggers, moments["confirmed"])
            measures[line.id] = {
                trigger: measure.converted(rate)
                for trigger, measure in moments.items()
                if trigger in known
            }
        return measures

    def _measure_parts(self, document, rate, trigger):
        whole = self._get_document_measure(document)
        if not whole or trigger not in self._triggers:
            return {}
        return {
            line.id: [
                part.converted(rate) for part in whole.get_parts(get_key(line), trigger)
            ]
            for line in document[self._lines_field].filtered(self._can_earn)
        }
