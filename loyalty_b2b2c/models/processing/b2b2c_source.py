from collections import defaultdict
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import DocumentFact, LineFact, Measure, to_decimal
from ...exceptions import FactError
from ...values import aware, shown

_SIX_DECIMALS = Decimal("0.000001")


class B2b2cSource(models.AbstractModel):
    """Interface of a document the suite can measure.

    An implementation inherits this model under its own name, sets
    ``_document_model`` and overrides the three methods; then it adds itself to
    :meth:`_get_sources` (call super, add a key).
    """

    _name = "b2b2c.source"
    _description = "Reward Source"

    _document_model = None
    _head_fields = ("company_id",)  # what the processor reads of documents first
    _lines_field = None  # of the document, leads to its lines
    _is_purchase = True  # whether a dealer's volume may count it

    @api.model
    def _get_sources(self):
        """Return the known sources: document model -> model of its source."""
        return {
            "sale.order": "b2b2c.source.sale.order",
            "account.move": "b2b2c.source.invoice",
            "stock.picking": "b2b2c.source.delivery",
            "b2b2c.external.document": "b2b2c.source.external",
            "b2b2c.claim": "b2b2c.source.claim",
        }

    @api.model
    def _for_model(self, document_model):
        """Return the source of a document model.

        :raise KeyError: nothing measures this model
        """
        return self.env[self._get_sources()[document_model]]

    @api.model
    def _after_processing(self, document_ids):
        """Hook: documents were processed, everything of them is booked.

        In the transaction that booked; raising undoes the booking.

        :param document_ids: ids of documents of ``_document_model``, deleted ones too
        """

    def _get_facts(self, documents, booked, hypothetical=False, company=None):
        """Describe documents as they are now.

        :param documents: records of ``_document_model`` of one company
        :param booked: dict document id -> ``{source key: {(rule id, member id)}}`` of
            what was booked before
        :param bool hypothetical: measure every moment as if it had been reached in
            full (preview of what is not confirmed yet)
        :param company: whose programs ask, when it is not the documents' own company;
            amounts are in its currency, members are its own
        :return: dict document id -> ``engine.DocumentFact`` or the
            :class:`~..exceptions.FactError` that prevents it
        """
        documents.company_id.ensure_one()
        with self._reading(documents):
            context = self._get_context(documents, company or documents.company_id)
            return {
                document.id: self._try_fact(
                    document, booked.get(document.id, {}), context, hypothetical
                )
                for document in documents
            }

    # === HOOKS === #

    def _reading(self, documents):
        """Return a context in which a batch of documents is measured quickly."""
        return nullcontext()

    def _can_earn(self, line):
        """Tell whether a line of a document is a sale of a product."""
        return bool(line.product_id)

    def _get_kind(self, document):
        """Return the kind of a document, a code of ``b2b2c.document.kind``."""
        return self._document_model

    def _get_event_code(self, document):
        """Return which event a document reports, empty when it is no event."""
        return ""

    def _get_line_name(self, line):
        """Return how a person recognizes a line."""
        return (line.name or "").partition("\n")[0]

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> ``engine.Measure`` of one line.

        :param rate: exact factor from the document's currency to the company's
        """
        raise NotImplementedError

    def _get_volumes(self, line, rate, moment):
        """Return the measures of a line by the day they count for a dealer's volume.

        Together they are the line's measure of ``moment``; a line that reached it on
        several days gives several.

        :return: list of ``engine.Measure``, each with its ``at``
        """
        measure = self._get_measures(line, rate, False).get(moment)
        return [measure] if measure and measure.at else []

    def _get_dealer_domain(self, company, partners):
        """Return the domain of the documents that companies bought or received.

        :param partners: commercial partners
        """
        return [
            ("company_id", "=", company.id),
            ("partner_id", "child_of", partners.ids),
        ]

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

    def _get_occurred_at(self, document):
        """Return the business date of a document (naive UTC)."""
        return document.date_order or fields.Datetime.now()

    def _get_buyer(self, document):
        """Return the partner who bought or received, possibly empty."""
        return document.partner_id

    def _get_receiver(self, document):
        """Return the partner to whom the goods of a document go."""
        return self._get_buyer(document)

    def _get_stored_rate(self, document):
        """Return Odoo's rate of a document (its currency per company currency), or 0
        when the document stores none."""
        return document.currency_rate

    def _get_named_sellers(self, document):
        """Return the members who are named on a document as who sold."""
        return self.env["b2b2c.member"]

    def _get_salesperson(self, document):
        """Return the contact of our own salesperson of a document, possibly empty."""
        return self.env["res.partner"]

    def _get_referrers(self, document):
        """Return the members who brought the buyer of a document."""
        return self.env["b2b2c.member"]

    def _get_expected(self, document, triggers):
        """Return trigger -> when the rest of a document is expected to reach it.

        :param triggers: the moments that matter; others may be left out
        :return: dict of aware datetimes; empty for what nobody knows
        """
        return {}

    def _get_member_fact(self, document, member):
        """Return a member as engine data for a document."""
        return member._to_fact(self._get_buyer(document))

    # === FROM DOCUMENT TO FACT === #

    def _get_context(self, orders, company):
        """Return what is looked up once for a batch of documents."""
        programs = self.env["b2b2c.program"]
        domains = programs._get_domain_rules(company.id)
        products = orders[self._lines_field].product_id
        buyers = self.env["res.partner"].union(*map(self._get_buyer, orders))
        rules = [
            rule
            for program in programs._get_engine_programs(company.id)
            for rule in program.rules
        ]
        with_receivers = any(rule.party == "receiver" for rule in rules)
        parties = buyers
        if with_receivers:
            parties = buyers.union(*map(self._get_receiver, orders))
        members = self.env["b2b2c.member"]._get_candidates(company, parties)
        picks = {part.pick for rule in rules for part in rule.parts}
        return {
            "company": company,
            "members": self._group_members(members),
            "product_rules": self._match(domains["product_domain"], products),
            "partner_rules": self._match(domains["partner_domain"], buyers),
            "with_tags": any(rule.tag_ids for rule in rules),
            "proofs": frozenset(t for rule in rules for t in rule.hold.triggers),
            "picks": picks,
            "with_receivers": with_receivers,
            "tiers": self._get_tiers(orders, company, rules),
            "salespeople": self._get_salespeople(orders, company, picks),
        }

    def _get_tiers(self, orders, company, rules):
        """Return document id -> percentage of the buyer's dealer tier at its date."""
        if not any(rule.kind == "tier" for rule in rules):
            return {}
        dealers = self.env["b2b2c.ladder.standing"]
        return {
            order.id: dealers._get_bonus(
                self._get_buyer(order), company, self._get_occurred_at(order)
            )
            for order in orders
        }

    def _get_salespeople(self, orders, company, picks):
        """Return contact id -> members, for our own salespeople of documents."""
        groups = defaultdict(lambda: self.env["b2b2c.member"])
        contacts = self.env["res.partner"]
        if "seller" in picks:
            contacts = contacts.union(*map(self._get_salesperson, orders))
        if contacts:
            members = self.env["b2b2c.member"]._get_of_people(company, contacts)
            for member in members:
                for contact in member.partner_id | member.contact_id:
                    groups[contact.id] |= member
        return groups

    def _match(self, rules, records):
        """Return record id -> ids of the rules whose domain it satisfies.

        :param rules: list of (rule id, domain as a list)
        """
        matches = {}
        # reading a hundred columns for one condition takes longer than all the rest
        records = records.sudo().with_context(prefetch_fields=False)
        for rule_id, terms in rules:
            for record in records.filtered_domain(Domain(terms)):
                matches.setdefault(record.id, set()).add(rule_id)
        return {key: frozenset(ids) for key, ids in matches.items()}

    def _try_fact(self, order, prior, context, hypothetical):
        """Return the fact of one order, or the error that prevents it."""
        try:
            return self._get_fact(order, prior, context, hypothetical)
        except FactError as error:
            return error

    def _get_fact(self, order, prior, context, hypothetical):
        rate = self._get_rate(order)
        factor = self._get_factor(order, context["company"])
        key = f"{self._document_model},{order.id}"
        booked_members = {m for pairs in prior.values() for (_rule, m) in pairs}
        buyer = self._get_buyer(order)
        expected = self._get_expected(order, context["proofs"])
        return DocumentFact(
            key=key,
            name=order[order._rec_name],
            kind=self._get_kind(order),
            event_code=self._get_event_code(order),
            occurred_at=aware(self._get_occurred_at(order)),
            company_id=context["company"].id,
            partner_id=buyer.id,
            commercial_partner_id=buyer.commercial_partner_id.id,
            lines=tuple(
                self._get_line_fact(
                    line, (rate, factor), prior, context, hypothetical, expected
                )
                for line in order[self._lines_field]
                if self._can_earn(line)
            ),
            members=tuple(self._get_member_facts(order, context, booked_members)),
            partner_rule_ids=context["partner_rules"].get(buyer.id, frozenset()),
            tier_percent=context["tiers"].get(order.id),
            prior=frozenset(prior.get(key, ())),
        )

    def _get_member_facts(self, order, context, booked_members):
        """Yield the members around a document as engine data, and their part in it."""
        sellers = referrers = self.env["b2b2c.member"]
        if "seller" in context["picks"]:
            sellers = self._get_sellers(order, context)
        if "referrer" in context["picks"]:
            referrers = self._with_survivors(self._get_referrers(order))
        members = self._get_candidates(order, context, booked_members)
        named = (sellers | referrers).filtered(
            lambda member: member.state != "merged" or member.id in booked_members
        )
        for member in (members | named).sorted(lambda one: (one.enrolled_at, one.id)):
            fact = self._get_member_fact(order, member)
            if context["with_receivers"]:
                fact = self._with_party(order, member, fact)
            if member in named:
                fact = replace(
                    fact,
                    is_seller=member in sellers,
                    is_referrer=member in referrers,
                )
            yield fact

    def _get_sellers(self, order, context):
        """Return who sold: who is named, and our salesperson in any other role."""
        named = self._get_named_sellers(order).filtered(
            lambda member: member.company_id == context["company"]
        )
        ours = context["salespeople"][self._get_salesperson(order).id]
        roles = set(named.mapped("role"))
        return self._with_survivors(
            named | ours.filtered(lambda m: m.role not in roles)
        )

    def _with_survivors(self, members):
        """Return members, and who they became by contact merges."""
        return members.union(*(member._get_survivor() for member in members))

    def _get_line_fact(self, line, rates, prior, context, hypothetical, expected):
        rate, factor = rates
        measures = self._get_measures(line, rate, hypothetical)
        if factor != 1:
            measures = {name: _times(one, factor) for name, one in measures.items()}
        key = f"{line._name},{line.id}"
        product = line.product_id
        return LineFact(
            key=key,
            name=self._get_line_name(line),
            product_id=product.id or 0,
            template_id=product.product_tmpl_id.id or 0,
            category_ids=frozenset(
                int(part)
                for part in (product.categ_id.parent_path or "").split("/")
                if part
            ),
            tag_ids=frozenset(
                product.all_product_tag_ids.ids if context["with_tags"] else ()
            ),
            domain_rule_ids=context["product_rules"].get(product.id, frozenset()),
            measures=measures,
            expected=expected,
            prior=frozenset(prior.get(key, ())),
        )

    def _group_members(self, members):
        """Return partner id -> the members an order of that partner may benefit."""
        groups = defaultdict(lambda: self.env["b2b2c.member"])
        for partner, employees in members.grouped("employer_id").items():
            groups[partner.id] |= employees
        for contact, persons in members.grouped("contact_id").items():
            groups[contact.id] |= persons
        return groups

    def _get_candidates(self, order, context, booked_members):
        """Return the members of an order, who enrolled first comes first."""
        people, groups = self._get_people(order), context["members"]
        if context["with_receivers"]:
            people |= self._get_receivers(order)
        members = self.env["b2b2c.member"].union(*(groups[one.id] for one in people))
        return members.filtered(
            lambda member: self._is_candidate(member, people, booked_members)
        ).sorted(lambda member: (member.enrolled_at, member.id))

    def _get_people(self, order):
        """Return the partners an order stands for."""
        buyer = self._get_buyer(order)
        return buyer | buyer.commercial_partner_id

    def _get_receivers(self, order):
        """Return the partners that get the goods of an order."""
        receiver = self._get_receiver(order)
        return receiver | receiver.commercial_partner_id

    def _with_party(self, order, member, fact):
        """Return a member's fact with whose people the member belongs to.

        Who belongs to neither was named on the document, and counts as before.
        """
        of = member.employer_id | member.contact_id
        is_buyer = bool(of & self._get_people(order))
        is_receiver = bool(of & self._get_receivers(order))
        if is_buyer == is_receiver:
            return fact
        contact = fact.is_contact
        if is_receiver:
            contact = self._get_receiver(order) in member._get_contacts()
        return replace(
            fact, is_buyer=is_buyer, is_receiver=is_receiver, is_contact=contact
        )

    def _is_candidate(self, member, people, booked_members):
        """Tell whether a member belongs to an order.

        A member merged into another one matters only for what it earned itself.
        """
        if member.state == "merged" and member.id not in booked_members:
            return False
        return bool((member.employer_id | member.contact_id) & people)

    def _get_rate(self, order):
        """Return the exact factor from order currency to company currency.

        :raise FactError: the currency has no exchange rate (Odoo would silently use 1)
        """
        currency, company = order.currency_id, order.company_id
        if currency == company.currency_id:
            return Decimal(1)
        has_rate = self._has_rate(currency, company)
        rate = self._get_stored_rate(order)
        if rate in (0, 1):
            # stored when there was no rate yet, for instance: ask again
            rate = currency._get_conversion_rate(
                company.currency_id,
                currency,
                company,
                self._get_occurred_at(order).date(),
            )
        if not has_rate or not rate:
            raise self._no_rate(currency)
        return 1 / to_decimal(rate)

    def _get_factor(self, document, company):
        """Return the exact factor from the document's company currency to another's.

        :raise FactError: there is no exchange rate between them
        """
        own = document.company_id
        if own.currency_id == company.currency_id:
            return Decimal(1)
        day = self._get_occurred_at(document).date()
        rate = own.currency_id._get_conversion_rate(
            own.currency_id, company.currency_id, company, day
        )
        for currency in own.currency_id | company.currency_id:
            if not rate or not self._has_rate(currency, company):
                raise self._no_rate(currency)
        return to_decimal(rate)

    def _no_rate(self, currency):
        """Return the error of a missing exchange rate."""
        return FactError(
            self.env._(
                "There is no exchange rate for %(currency)s; enter one and retry.",
                currency=currency.name,
            )
        )

    def _has_rate(self, currency, company):
        """Tell whether Odoo can convert a currency into a company's."""
        if currency == company.currency_id:
            return True
        return bool(
            self.env["res.currency.rate"]
            .sudo()
            .search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                limit=1,
            )
        )

    def _to_product_unit(self, product, uom, quantity):
        """Convert a quantity into the product's own unit of measure."""
        if not uom or uom == product.uom_id:
            return quantity
        return to_decimal(
            uom._compute_quantity(shown(quantity), product.uom_id, round=False)
        )


def _times(measure, factor):
    """Return a measure with its amounts in another currency: six decimals."""
    return Measure(
        quantity=measure.quantity,
        amount_untaxed=(measure.amount_untaxed * factor).quantize(_SIX_DECIMALS),
        amount_total=(measure.amount_total * factor).quantize(_SIX_DECIMALS),
        at=measure.at,
    )
