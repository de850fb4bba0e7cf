from contextlib import nullcontext

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import TRIGGERS, to_fraction, units
from ...exceptions import FactError
from ..base import rates


class B2b2cSource(models.AbstractModel):
    """A document that can earn: what the suite asks of it.

    A package that measures documents of its own brings a model that inherits this one
    under its own name, sets ``_document_model`` and ``_lines_field`` and overrides
    :meth:`_get_measures` and those hooks whose default does not fit; and it adds its
    own key to :meth:`_get_sources`.  Documents that are invoiced, credited or lowered
    as a whole inherit ``b2b2c.source.sold`` instead.  Everything that asks about
    documents (facts, previews, the goods book of a shop's owner, personal data) asks
    here.

    Documents and lines may be imagined: records that Odoo's ``new`` made, with no row
    behind them.
    """

    _name = "b2b2c.source"
    _description = "Earning Source"

    _document_model = None
    _head_fields = ("company_id",)  # what the booker reads of documents first
    _lines_field = None  # of the document, leads to its lines
    _triggers = TRIGGERS  # the moments that documents of this kind tell of
    # fields that name who bought and who gets the goods; empty when the document itself
    # stores the company it was for, and nothing else must be kept
    _party_fields = ("partner_id",)

    @api.model
    def _get_sources(self):
        """Return the known sources: document model -> model of its source."""
        return {}

    @api.model
    def _for_model(self, document_model):
        """Return the source of a document model.

        :raise KeyError: nothing measures this model
        """
        return self.env[self._get_sources()[document_model]]

    @api.model
    def _find_for_line(self, line_model):
        """Return the source whose documents have lines of a model, ``None`` if none."""
        for model, name in self._get_sources().items():
            source = self.env[name]
            lines = self.env[model]._fields.get(source._lines_field)
            if line_model in (model, lines and lines.comodel_name):
                return source
        return None

    @api.model
    def _get_moment_words(self):
        """Return how people call the moments of such a document: trigger -> words.

        Others are worded as those of an order.
        """
        return {}

    @api.model
    def _get_touched(self, document_ids):
        """Hook: return which other documents must be measured with these.

        :param document_ids: ids of documents of ``_document_model``
        :return: dict model -> ids
        """
        return {}

    @api.model
    def _before_processing(self, documents):
        """Hook: documents are going to be measured, in the transaction that books.

        What follows from a document and changes what it is worth is written down here;
        previews do not call it.

        :param documents: stored records of ``_document_model``
        """

    @api.model
    def _after_processing(self, document_ids, judged=None):
        """Hook: documents were processed, everything of them is booked.

        In the transaction that booked; raising undoes the booking.

        :param document_ids: ids of documents of ``_document_model``, deleted ones too
        :param judged: what is known of them, :class:`~.judge.Judged`
        """

    # === THE DOCUMENT === #

    def _reading(self, documents):
        """Return a context in which a batch of documents is measured quickly."""
        return nullcontext()

    def _is_hypothetical(self, document):
        """Tell whether a document has not happened yet: it would not earn as it is.

        Previews suppose that it reaches every moment in full.
        """
        return False

    def _get_kind(self, document):
        """Return the kind of a document, a code of ``b2b2c.document.kind``."""
        return self._document_model

    def _get_event_code(self, document):
        """Return which event a document reports, empty when it is no event."""
        return ""

    def _is_proof(self, document):
        """Tell whether somebody handed a document in to prove a sale.

        A proof that does not say which product was sold is not for every rule.
        """
        return False

    def _get_occurred_at(self, document):
        """Return the business date of a document (naive UTC)."""
        return document.date_order or fields.Datetime.now()

    def _get_arrived_at(self, document):
        """Return when the server got a document whose date is what somebody says.

        :return: naive UTC, whose day limits count it; ``None``: its own date does
        """
        return None

    def _get_place(self, document):
        """Return the shop where a document happened, a ``res.partner``."""
        return document.company_id.partner_id

    def _get_barred(self, documents, company):
        """Hook: return which programs give nothing new where documents happened.

        :param documents: records of ``_document_model``, stored or imagined
        :param company: ``res.company`` whose programs are asked
        :return: dict document id -> frozenset of ids of programs; documents that
            happened where all of them give points may be left out
        """
        return {}

    def _get_stored_rate(self, document):
        """Return Odoo's rate of a document (its currency per company currency), or 0
        when the document stores none."""
        return document.currency_rate

    def _get_rate(self, document):
        """Return the exact factor from a document's currency to its company's.

        :raise FactError: the currency has no exchange rate
        """
        currency, company = document.currency_id, document.company_id
        if currency == company.currency_id:
            return rates.ONE
        day = self._get_occurred_at(document).date()
        stored = self._get_stored_rate(document)
        return rates.get_document_rate(currency, company, day, stored)

    def _get_expected(self, document, triggers):
        """Return trigger -> when the rest of a document is expected to reach it.

        :param triggers: the moments that matter; others may be left out
        :return: dict of aware datetimes; empty for what nobody knows
        """
        return {}

    def _get_raises(self, document):
        """Return line id -> when a line was changed after the document happened.

        What was added to it later earns nothing of a rule that had ended by then.

        :return: dict of tuples ``(aware datetime, the Fraction of the line, as it is
            now, that was there before)``
        """
        return {}

    def _get_undone_cause(self, document, award):
        """Return why points of ``document`` are taken back.

        :return: ``"cancelled"``, ``"unpaid"``, ``"given_up"``, ``"credited"``,
            ``"returned"`` or ``"changed"``
        """
        return "changed"

    # === ITS LINES === #

    def _can_earn(self, line):
        """Tell whether a line of a document is a sale of a product."""
        return bool(line.product_id)

    def _get_fees(self, document):
        """Return the lines that are fees: delivery costs, a tip and the like."""
        return document[self._lines_field].browse()

    def _get_typed(self, document):
        """Return the lines that were typed by hand beside those of an order."""
        return document[self._lines_field].browse()

    def _get_products(self, documents):
        """Return the products of documents, for conditions of rules."""
        return documents[self._lines_field].product_id

    def _get_line_name(self, line):
        """Return how a person recognizes a line."""
        return (line.name or "").partition("\n")[0]

    def _measure(self, document, rate, hypothetical=False):
        """Return line id -> trigger -> ``engine.Measure``, of the lines that can earn.

        :param rate: exact factor from the document's currency to the company's
        :param bool hypothetical: measure every moment as if it had been reached in full
        """
        return {
            line.id: self._get_measures(line, rate, hypothetical)
            for line in document[self._lines_field]
            if self._can_earn(line)
        }

    def _measure_parts(self, document, rate, trigger):
        """Return line id -> the measures of a moment by when its parts reached it.

        :return: dict of lists of ``engine.Measure``, each with its ``at``; together
            they are the line's measure of the moment
        """
        measures = self._measure(document, rate)
        return {
            line_id: [moments[trigger]]
            for line_id, moments in measures.items()
            if trigger in moments and moments[trigger].at
        }

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> ``engine.Measure`` of one line.

        For sources whose lines know nothing of each other, see :meth:`_measure`.
        """
        raise NotImplementedError

    def _get_line(self, source_key):
        """Split a source key into ``(line model, line id)``.

        :return: ``(None, None)`` when the key names the document itself
        """
        model, record_id = source_key.split(",")
        if model == self._document_model:
            return None, None
        return model, int(record_id)

    def _to_product_unit(self, product, uom, quantity):
        """Return a quantity in the product's own unit of measure, exactly.

        :raise FactError: the two units have nothing in common
        """
        return to_fraction(quantity) * self._get_unit_ratio(uom, product.uom_id)

    def _get_unit_ratio(self, uom, other):
        """Return how many of another unit of measure one unit is, exactly.

        :param uom, other: ``uom.uom`` records; none of them: the same
        :raise FactError: the two units have nothing in common
        """
        if not uom or not other or uom == other:
            return rates.ONE
        try:
            return units.get_ratio(_get_chain(uom), _get_chain(other))
        except units.UnrelatedUnits:
            message = self.env._(
                "%(unit)s cannot be converted to %(other)s.",
                unit=uom.display_name,
                other=other.display_name,
            )
            raise FactError(message) from None

    # === THE PEOPLE AROUND IT === #

    def _get_buyer(self, document):
        """Return the partner a document names as who bought, possibly empty."""
        return document.partner_id

    def _get_receiver(self, document):
        """Return the partner a document names as where its goods go."""
        return self._get_buyer(document)

    def _get_named_members(self, document):
        """Return members who may benefit wherever they belong: the document names
        them."""
        return self.env["b2b2c.member"]

    def _get_named_sellers(self, document):
        """Return the members who are named on a document as who sold."""
        return self.env["b2b2c.member"]

    def _get_salesperson(self, document):
        """Return the contact of our own salesperson of a document, possibly empty."""
        return self.env["res.partner"]

    def _get_referrers(self, document):
        """Return who brought the buyer of a document, and who brought that one.

        :return: list of ``b2b2c.member`` records, one for each level: who brought the
            buyer first, then who brought those, and so on
        """
        return []

    def _get_member_fact(self, document, member):
        """Return a member as engine data for a document."""
        return member._to_fact(self._get_parties(document).buyer)

    def _get_tier_percents(self, documents, company):
        """Return document id -> percentage that a tier gives the buyer of a document.

        :param documents: records of ``_document_model``
        :param company: whose tiers; buyers without one may be left out
        """
        return {}

    # === WHAT PEOPLE SEE OF IT === #

    def _get_goods(self, shops):
        """Return the query of the documents that brought goods to shops.

        For the goods book of a shop's owner.

        :param shops: SQL name of a relation with the columns ``shop_id`` (commercial
            partner), ``company_id`` (who delivered) and ``since`` (nothing before)
        :return: SQL that selects ``id`` and ``at`` of documents of
            ``_document_model``; ``None`` when they bring no goods
        """
        return None

    @api.model
    def _select_goods(self, shops):
        """Return the query of all documents that brought goods to shops.

        :param shops: see :meth:`_get_goods`
        :return: SQL that selects ``model``, ``id`` and ``at``, each document once
        """
        sources = {model: self._for_model(model) for model in self._get_sources()}
        queries = {model: source._get_goods(shops) for model, source in sources.items()}
        return SQL(" UNION ").join(
            SQL("SELECT %s AS model, goods.id, goods.at FROM (%s) goods", model, query)
            for model, query in queries.items()
            if query
        )

    def _get_goods_lines(self, documents):
        """Return what goods documents brought.

        :return: list of ``(product, quantity, unit of measure)``
        """
        return []

    def _get_supplier(self, document):
        """Return the partner who delivered the goods of a document."""
        return document.company_id.partner_id

    def _get_personal_domain(self, members):
        """Return the domain of the documents that name these members themselves.

        They are personal data: an export shows them, an erasure clears their texts.
        """
        return Domain.FALSE


def _get_chain(uom):
    """Return a unit of measure and what it is relative to, up to the last one."""
    chain = []
    while uom:
        chain.append((uom.id, uom.relative_factor))
        uom = uom.relative_uom_id
    return chain
