"""From documents to facts: what the engine is told about a document."""

from collections import defaultdict
from dataclasses import replace

from odoo.fields import Domain

from ...engine import TRIGGERS, DocumentFact, LineFact
from ...exceptions import FactError
from ...values import aware
from ..base import rates
from .parties import reading


def get_key(record):
    """Return the key of a document or a line, ``"<model>,<id>"``.

    What is imagined of a stored record has the stored one's key, so that what is booked
    for it and what it took of limits are known.
    """
    record_id = record.id or getattr(record.id, "origin", None) or record.id
    return f"{record._name},{record_id}"


def get_category_path(category):
    """Return the ids of a product category and of those above it, a frozenset."""
    path = (category.parent_path or "").split("/")
    return frozenset(int(category_id) for category_id in path if category_id)


def with_survivors(members):
    """Return members, and who they became by contact merges."""
    return members.union(*(member._get_survivor() for member in members))


def belongs(member, partners):
    """Tell whether a member is one of these partners' people.

    The contact that stands for the member on documents is not enough: when it buys for
    another company than the employer, the membership does not cover that.  Who buys
    anywhere is bound to no employer.

    :param partners: a contact, and the company it bought or received for
    """
    if member.employer_id in partners:
        return True
    return member.contact_id in partners and member._buys_anywhere()


class FactBuilder:
    """Describes documents of one source for the programs of one company.

    :param source: model of the source, in the environment of ``company``
    :param company: whose programs ask: amounts are in its currency, members its own
    :param questions: what they ask, see ``b2b2c.program._get_questions``; that of the
        company by default
    """

    def __init__(self, source, company, questions=None):
        self.source = source
        self.env = source.env
        self.company = company
        programs = self.env["b2b2c.program"]
        questions = questions or programs._get_questions(company.id)
        self.rules, self.domains = questions
        self.picks = {share.pick for rule in self.rules for share in rule.parts}
        self.untold = frozenset(TRIGGERS) - {*source._triggers}
        self.proofs = frozenset(t for rule in self.rules for t in rule.hold.triggers)
        self.with_receivers = any(rule.party == "receiver" for rule in self.rules)
        self.with_tags = any(rule.tag_ids for rule in self.rules)
        # what is looked up for a batch of documents, see `_look_up`
        self.members = {}  # partner id -> members
        self.salespeople = {}  # contact id -> members
        self.product_rules = {}  # product id -> ids of rules
        self.partner_rules = {}  # partner id -> ids of rules
        self.tiers = {}  # document id -> percentage
        self.barred = {}  # document id -> ids of programs

    def build(self, documents, booked, hypothetical=False):
        """Describe documents as they are now.

        :param documents: records of the source's model, of one company, stored or not
        :param booked: dict document id -> ``{source key: {(rule id, member id)}}`` of
            what was booked before
        :param bool hypothetical: measure every moment as if it had been reached in
            full (preview of what is not confirmed yet)
        :return: dict document id -> ``engine.DocumentFact`` or the
            :class:`~..exceptions.FactError` that prevents it
        """
        documents.company_id.ensure_one()
        who = reading(self.env, documents._name, documents.ids)
        with who, self.source._reading(documents):
            self._look_up(documents)
            return {
                document.id: self._try_fact(
                    document, booked.get(document.id, {}), hypothetical
                )
                for document in documents
            }

    # === LOOKED UP ONCE FOR A BATCH === #

    def _look_up(self, documents):
        """Look up what all documents of a batch need."""
        source, partners = self.source, self.env["res.partner"]
        parties = list(map(source._get_parties, documents))
        buyers = partners.union(*(one.buyer for one in parties))
        people = partners.union(*(one.buyers for one in parties))
        if self.with_receivers:
            people = people.union(*(one.receivers for one in parties))
        self.members = self._get_members(people)
        self.product_rules = self._match(
            self.domains["product_domain"], source._get_products(documents)
        )
        self.partner_rules = self._match(self.domains["partner_domain"], buyers)
        if any(rule.kind == "tier" for rule in self.rules):
            self.tiers = source._get_tier_percents(documents, self.company)
        self.salespeople = self._get_salespeople(documents)
        self.barred = source._get_barred(documents, self.company)

    def _get_members(self, partners):
        """Return partner id -> the members a document of that partner may benefit."""
        groups = defaultdict(lambda: self.env["b2b2c.member"])
        members = self.env["b2b2c.member"]._get_candidates(self.company, partners)
        for partner, employees in members.grouped("employer_id").items():
            groups[partner.id] |= employees
        for contact, persons in members.grouped("contact_id").items():
            groups[contact.id] |= persons
        return groups

    def _get_salespeople(self, documents):
        """Return contact id -> members, for our own salespeople of documents."""
        groups = defaultdict(lambda: self.env["b2b2c.member"])
        contacts = self.env["res.partner"]
        if "seller" in self.picks:
            contacts = contacts.union(*map(self.source._get_salesperson, documents))
        if contacts:
            members = self.env["b2b2c.member"]._get_of_people(self.company, contacts)
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

    # === ONE DOCUMENT === #

    def _try_fact(self, document, prior, hypothetical):
        """Return the fact of a document, or the error that prevents it."""
        try:
            return self._get_fact(document, prior, hypothetical)
        except FactError as error:
            return error

    def _get_fact(self, document, prior, hypothetical):
        """Return the fact of a document.

        :param prior: source key -> ``{(rule id, member id)}`` booked before
        :raise FactError: the document cannot be measured
        """
        source, key = self.source, get_key(document)
        occurred_at = source._get_occurred_at(document)
        arrived_at = source._get_arrived_at(document)
        rate = source._get_rate(document)
        factor = rates.get_company_rate(
            document.company_id, self.company, occurred_at.date()
        )
        measures = source._measure(document, rate * factor, hypothetical)
        expected = source._get_expected(document, self.proofs)
        booked_ids = {member for pairs in prior.values() for (_rule, member) in pairs}
        parties = source._get_parties(document)
        raises = source._get_raises(document)
        fees, typed = source._get_fees(document), source._get_typed(document)
        return DocumentFact(
            key=key,
            name=document[document._rec_name],
            kind=source._get_kind(document),
            event_code=source._get_event_code(document),
            is_proof=source._is_proof(document),
            occurred_at=aware(occurred_at),
            arrived_at=arrived_at and aware(arrived_at),
            company_id=self.company.id,
            partner_id=parties.buyer.id,
            commercial_partner_id=parties.buyer_company.id,
            lines=tuple(
                replace(
                    self._get_line_fact(line, measures[line.id], prior, expected),
                    raises=raises.get(line.id, ()),
                    is_fee=line in fees,
                    is_typed=line in typed,
                )
                for line in document[source._lines_field]
                if line.id in measures
            ),
            members=tuple(self._get_member_facts(document, booked_ids)),
            partner_rule_ids=self.partner_rules.get(parties.buyer.id, frozenset()),
            tier_percent=self.tiers.get(document.id),
            prior=frozenset(prior.get(key, ())),
            barred=self.barred.get(document.id, frozenset()),
        )

    def _get_line_fact(self, line, measures, prior, expected):
        """Return the fact of a line.

        :param measures: trigger -> measure, in the currency of the company that asks
        :param expected: trigger -> when it is expected to be reached
        """
        key, product = get_key(line), line.product_id
        return LineFact(
            key=key,
            name=self.source._get_line_name(line),
            product_id=product.id or 0,
            template_id=product.product_tmpl_id.id or 0,
            category_ids=get_category_path(product.categ_id),
            tag_ids=frozenset(
                product.all_product_tag_ids.ids if self.with_tags else ()
            ),
            domain_rule_ids=self.product_rules.get(product.id, frozenset()),
            measures=measures,
            untold=self.untold,
            expected=expected,
            prior=frozenset(prior.get(key, ())),
        )

    # === THE PEOPLE AROUND IT === #

    def _get_member_facts(self, document, booked_ids):
        """Yield the members around a document as engine data, and their part in it.

        :param booked_ids: ids of members something was booked to before
        """
        sellers, levels = self.env["b2b2c.member"], {}
        if "seller" in self.picks:
            sellers = self._get_sellers(document)
        if "referrer" in self.picks:
            levels = self._get_levels(document)
        parties = self.source._get_parties(document)
        named = self._get_own(self.source._get_named_members(document))
        candidates = self._get_candidates(parties, booked_ids)
        singled_out = sellers.union(*levels).filtered(
            lambda member: member.state != "merged" or member.id in booked_ids
        )
        for member in (candidates | named | singled_out).sorted(
            lambda member: (member.enrolled_at, member.id)
        ):
            fact = self.source._get_member_fact(document, member)
            fact = self._with_party(parties, member, fact, member in candidates - named)
            if member in singled_out:
                fact = replace(
                    fact,
                    is_seller=member in sellers,
                    referral_level=levels.get(member),
                )
            yield fact

    def _get_levels(self, document):
        """Return member -> the level at which it brought the buyer, the nearest one."""
        levels = {}
        for level, members in enumerate(self.source._get_referrers(document), start=1):
            for member in with_survivors(self._get_own(members)):
                levels.setdefault(member, level)
        return levels

    def _get_own(self, members):
        """Return who these members are at the company that asks.

        Points and participants belong to the program's company: for a member of another
        one the same person counts, in the same role.
        """
        strangers = members.filtered(lambda member: member.company_id != self.company)
        if not strangers:
            return members
        roles = {(member.partner_id, member.role) for member in strangers}
        people = members._get_of_people(self.company, strangers.partner_id)
        return (members - strangers) | people.filtered(
            lambda member: (member.partner_id, member.role) in roles
        )

    def _get_candidates(self, parties, booked_ids):
        """Return the members of who bought, and of who gets the goods.

        A member merged into another one matters only for what it earned itself.
        """
        partners = parties.buyers
        if self.with_receivers:
            partners |= parties.receivers
        members = self.env["b2b2c.member"].union(
            *(self.members[partner.id] for partner in partners)
        )
        return members.filtered(
            lambda member: (
                (member.state != "merged" or member.id in booked_ids)
                and (member.employer_id | member.contact_id) & partners
            )
        )

    def _get_sellers(self, document):
        """Return who sold: who is named, and our salesperson in any other role."""
        named = self.source._get_named_sellers(document).filtered(
            lambda member: member.company_id == self.company
        )
        ours = self.salespeople[self.source._get_salesperson(document).id]
        roles = set(named.mapped("role"))
        return with_survivors(
            named | ours.filtered(lambda member: member.role not in roles)
        )

    def _with_party(self, parties, member, fact, is_candidate):
        """Return a member's fact with whose people the member belongs to.

        :param bool is_candidate: whether only the parties brought the member here; who
            was named on the document, and belongs to neither, counts as before
        """
        is_buyer = is_receiver = belongs(member, parties.buyers)
        if self.with_receivers:
            is_receiver = belongs(member, parties.receivers)
        is_nobodys = not (is_buyer or is_receiver)
        if (is_buyer and is_receiver) or (is_nobodys and not is_candidate):
            return fact
        is_contact = fact.is_contact
        if is_receiver:
            is_contact = parties.receiver in member._get_contacts()
        return replace(
            fact, is_buyer=is_buyer, is_receiver=is_receiver, is_contact=is_contact
        )
