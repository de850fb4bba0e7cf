from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from . import parties
from .parties import Parties

#: When a document happens: it is for whom it names then.
_MOMENTS = ("confirmed", "posted", "delivered", "paid")
_BATCH = 1000


class B2b2cSource(models.AbstractModel):
    """Who bought is who bought then: reading it, and writing it down in time."""

    _inherit = "b2b2c.source"

    # fields that name who bought and who gets the goods; empty when the document itself
    # stores the company it was for, and nothing else must be kept
    _party_fields = ("partner_id",)

    # === WHO IT WAS === #

    def _get_origin(self, document):
        """Return the document that this one belongs to, possibly empty.

        Invoices and notes of a sale are the purchase of who bought then.

        :return: a record of any model that has a source
        """
        return document.browse()

    def _get_named_parties(self, document):
        """Return who bought and who gets the goods by the document as it is now."""
        origin = self._get_origin(document)
        if origin:
            return self._for_model(origin._name)._get_parties(origin)
        return Parties.of(self._get_buyer(document), self._get_receiver(document))

    def _get_parties(self, document):
        """Return who bought a document and who gets its goods: who it was then.

        What was kept is the answer, wherever its contacts belong today.  Of a document
        without it, a quotation or an imagined one, it is who the document names; so it
        is when somebody writes another name into what is not sold yet.

        :return: :class:`~.parties.Parties`
        """
        kept = parties.get_kept(document) if self._party_fields else None
        if not kept:
            return self._get_named_parties(document)
        is_open = not document.id or self._is_hypothetical(document)
        if is_open and kept.buyer != self._get_buyer(document)._origin:
            return self._get_named_parties(document)
        return kept

    def _get_bought_domain(self, companies, partners):
        """Return the domain of the documents that companies bought.

        Those of which it was kept that they did; and those of which nothing was kept
        that name them, or a contact of theirs, now.

        :param companies: whose documents count, ``res.company`` records
        :param partners: commercial partners
        """
        bought = Domain("partner_id.commercial_partner_id", "in", partners.ids)
        if self._party_fields:
            kept, model = self.env["b2b2c.document.buyer"], self._document_model
            theirs = SQL("k.buyer_company_id = ANY(%s)", partners.ids)
            bought &= Domain("id", "not in", kept._select_ids(model))
            bought |= Domain("id", "in", kept._select_ids(model, theirs))
        return Domain("company_id", "in", companies.ids) & bought

    def _select_of_shop(self):
        """Return the query of the documents of one shop: bought by it, or for it.

        What was kept decides; of what has no row yet, who is named and belongs to the
        shop now.

        :return: SQL that selects ``id``; the shop is ``shop.shop_id`` of the query
            around it
        """
        model, table = self._document_model, self.env[self._document_model]._table
        kept = self.env["b2b2c.document.buyer"]
        is_named = SQL(" OR ").join(
            SQL("t.%s = p.id", SQL.identifier(name)) for name in self._party_fields
        )
        return SQL(
            """
            %(kept)s
             UNION
            SELECT t.id FROM res_partner p JOIN %(table)s t ON (%(is_named)s)
             WHERE p.commercial_partner_id = shop.shop_id
               AND NOT EXISTS (%(any)s)
            """,
            kept=kept._select_ids(
                model,
                SQL(
                    "(k.buyer_company_id = shop.shop_id"
                    " OR k.receiver_company_id = shop.shop_id)"
                ),
            ),
            table=SQL.identifier(table),
            is_named=is_named,
            any=kept._select_ids(model, SQL("k.document_id = t.id")),
        )

    # === WRITING IT DOWN === #

    @api.model
    def _get_counting_companies(self):
        """Return, without a query, the companies whose documents count for somebody.

        Packages for which they do extend it with ``super()``.

        :return: set of ids
        """
        return set(self.env["b2b2c.program"]._get_source_companies())

    def _get_booked_ids(self, documents):
        """Return the ids of those documents for which something was booked, ever."""
        entries = self.env["b2b2c.ledger.entry"].sudo()
        domain = [
            ("document_model", "=", self._document_model),
            ("document_id", "in", documents.ids),
        ]
        groups = entries._read_group(domain, ["document_id"])
        return {document_id for (document_id,) in groups}

    def _has_begun(self, document):
        """Tell whether a document cannot become somebody else's any more.

        What is sold and handed over at once is somebody's when something is booked.
        """
        return document.id in self._get_booked_ids(document)

    def _keep_parties(self, documents, reason):
        """Write down who bought documents and who gets their goods, unless it is known.

        Two things change what is known.  A document that is confirmed, posted or paid
        *again* before anything was booked for it is for whom it names now.  And another
        contact that a person writes into the document itself makes it the purchase of
        that one, unless it has begun (:meth:`_has_begun`).  Who may write an order may
        as well cancel it and make another one: so no further right is asked for, and
        from the first delivery or invoice on nobody has it.  A contact that is named as
        before has perhaps moved, which changes nothing; a merge of contacts writes the
        same into both.

        :param documents: records of ``_document_model``
        :param str reason: see ``b2b2c.document.buyer``
        """
        if not self._party_fields:
            return
        documents = documents.sudo()
        company_ids = self._get_counting_companies()
        rows = {}
        for document in documents.filtered(
            lambda one: one.company_id.id in company_ids
        ):
            named = self._get_named_parties(document)
            if named.buyer:
                rows[document.id] = (document.company_id.id, named.ids)
        if not rows:
            return
        kept = self.env["b2b2c.document.buyer"].sudo()
        inserted = kept._insert(self._document_model, rows, reason)
        known = documents.browse(document_id for document_id in rows.keys() - inserted)
        if known and reason in (*_MOMENTS, "corrected"):
            named = {document_id: ids for document_id, (_company, ids) in rows.items()}
            self._correct_parties(known, named, reason)

    def _correct_parties(self, documents, named, reason):
        """Write the parties anew of documents that are another purchase now.

        :param documents: records that have a row
        :param named: dict document id -> ids of who they name
        """
        kept = self.env["b2b2c.document.buyer"].sudo()
        before = kept._read(self._document_model, documents.ids)
        others = documents.filtered(lambda one: before[one.id] != named[one.id])
        booked_ids = self._get_booked_ids(others) if others else ()
        rows = {}
        for document in others:
            if reason in _MOMENTS and document.id not in booked_ids:
                rows[document.id] = named[document.id]
            elif not self._has_begun(document):
                ids = _replace_sides(before[document.id], named[document.id])
                rows[document.id] = ids
        changed = {key: ids for key, ids in rows.items() if ids != before[key]}
        kept._replace(self._document_model, changed, reason)

    # === CONTACTS THAT MOVE === #

    def _get_happened_domain(self):
        """Return the domain of the documents that have happened: who bought is
        history."""
        return Domain.TRUE

    @api.model
    def _get_documents_of(self, partners):
        """Return what has happened and names these partners, or contacts below them.

        :return: list of recordsets (with sudo), one of each model with such documents
        """
        found = []
        for model in self._get_sources():
            source = self._for_model(model)
            named = Domain.OR(
                Domain(name, "child_of", partners.ids) for name in source._party_fields
            )
            documents = self.env[model].sudo().with_context(active_test=False)
            found.append(
                documents.search(named & source._get_happened_domain(), order="id")
            )
        return [documents for documents in found if documents]

    @api.model
    def _keep_before_move(self, partners):
        """Write down who bought, before contacts become those of another company.

        :param partners: ``res.partner`` that move, with the contacts below them
        """
        if not self._get_counting_companies():
            return
        for documents in self._get_documents_of(partners):
            source = self._for_model(documents._name)
            for batch in split_every(_BATCH, documents.ids):
                source._keep_parties(documents.browse(batch), "moved")


def _replace_sides(before, named):
    """Return the ids of parties where another contact is named, else those of before.

    A contact that is named as before has perhaps moved: that changes nothing.
    """
    buyer = named[:2] if named[0] != before[0] else before[:2]
    receiver = named[2:] if named[2] != before[2] else before[2:]
    return (*buyer, *receiver)
