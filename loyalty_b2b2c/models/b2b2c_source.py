from odoo import api, models


class B2b2cSource(models.AbstractModel):
    """Interface of a document the suite can measure.

    An implementation inherits this model under its own name, sets
    ``_document_model`` and overrides the three methods; then it adds itself to
    :meth:`_get_sources` (call super, add a key).
    """

    _name = "b2b2c.source"
    _description = "Reward Source"

    _document_model = None

    @api.model
    def _get_sources(self):
        """Return the known sources: document model -> model of its source."""
        return {"sale.order": "b2b2c.source.sale.order"}

    @api.model
    def _for_model(self, document_model):
        """Return the source of a document model.

        :raise KeyError: nothing measures this model
        """
        return self.env[self._get_sources()[document_model]]

    def _get_facts(self, documents, booked, hypothetical=False):
        """Describe documents as they are now.

        :param documents: records of ``_document_model`` of one company
        :param booked: dict document id -> ``{source key: {(rule id, member id)}}`` of
            what was booked before
        :param bool hypothetical: measure every moment as if it had been reached in
            full (preview of what is not confirmed yet)
        :return: dict document id -> ``engine.DocumentFact`` or the
            :class:`~..exceptions.FactError` that prevents it
        """
        raise NotImplementedError

    def _get_undone_cause(self, document, award):
        """Return why points of ``document`` are taken back.

        :return: ``"cancelled"``, ``"unpaid"``, ``"credited"``, ``"returned"`` or
            ``"changed"``
        """
        return "changed"

    def _get_line(self, source_key):
        """Split a source key into ``(line model, line id)``.

        :return: ``(None, None)`` when the key names the document itself
        """
        model, record_id = source_key.split(",")
        if model == self._document_model:
            return None, None
        return model, int(record_id)
