from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class B2b2cSource(models.AbstractModel):
    """What recommendations ask of documents, and by which one each of them came."""

    _inherit = "b2b2c.source"

    @api.model
    def _before_processing(self, documents):
        """Settle by which recommendations documents came: their recommenders earn."""
        self.env["b2b2c.referral.use"]._settle(self, documents)
        return super()._before_processing(documents)

    def _get_referrers(self, document):
        """Return who brought the buyer of a document, and who brought that one.

        Of a quotation it is who would be credited if it were sold now.
        """
        line = self.env["b2b2c.referral.use"]._get_line(self, document)
        return [*super()._get_referrers(document), *line]

    def _get_named_link(self, document):
        """Hook: return the ``b2b2c.referral.link`` whose code a document names (sudo).

        :param document: stored or imagined
        """
        return self.env["b2b2c.referral.use"]._find(document).link_id

    def _get_attributed_at(self, document):
        """Return until when somebody must have brought the buyer (naive UTC)."""
        return self._get_occurred_at(document)

    @api.model
    def _has_bought(self, companies, customers, document=None, before=None):
        """Tell whether one of some customers bought something, as any document.

        :param companies: ``res.company`` that sell
        :param customers: ``res.partner``: persons, or companies themselves
        :param document: one that does not count, nor do those that belong to it
        :param before: naive UTC; what was bought later does not count
        """
        found = self._find_purchases(companies, customers)
        return any(
            not source._is_of(other, document)
            and source._was_before(other, document, before)
            for source, documents in found
            for other in documents
        )

    @api.model
    def _find_purchases(self, companies, customers):
        """Return the first documents of each kind by which customers bought something.

        All kinds are asked in one query: a cart asks it while somebody waits.

        :return: list of (source, its documents, oldest first)
        """
        queries = []
        for model in self._get_sources():
            domain = self._for_model(model)._get_purchases_domain(companies, customers)
            documents = self.env[model].sudo()
            query = documents._search(domain, order="id", limit=10)
            document_id = SQL.identifier(documents._table, "id")
            queries.append(SQL("(%s)", query.select(SQL("%s", model), document_id)))
        found = defaultdict(list)
        for model, document_id in self.env.execute_query(
            SQL(" UNION ALL ").join(queries)
        ):
            found[model].append(document_id)
        return [
            (self._for_model(model), self.env[model].sudo().browse(sorted(ids)))
            for model, ids in found.items()
        ]

    def _get_purchases_domain(self, companies, partners):
        """Return the domain of what companies were sold and did not cancel."""
        bought = self._get_bought_domain(companies, partners)
        return bought & self._get_happened_domain()

    def _was_before(self, other, document, before):
        """Tell whether a document happened before another one, or before a moment.

        Of two within one second it is the one that was made first.

        :param other: record of ``_document_model``
        :param document: the other one, if there is one
        :param before: naive UTC, ``None``: everything did
        """
        if before is None:
            return True
        at = self._get_occurred_at(other)
        if at != before or not document or other._name != document._name:
            return at <= before
        return other.id < document.id

    def _is_of(self, other, document):
        """Tell whether a document is another one, or belongs to it."""
        return bool(document) and document in (other, self._get_origin(other))
