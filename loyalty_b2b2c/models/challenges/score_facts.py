"""What the engine is told about a document that may score in challenges.

The facts of awards, asked by challenges: their conditions on products, and what other
documents of the same goods counted in them before.
"""

from collections import defaultdict
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.score import Aim, Person
from ...values import UTC, aware
from ..processing.facts import FactBuilder
from ..processing.same_goods import Booking, SameGoods, by_model


class Terms(NamedTuple):
    """What a challenge counts, and for whom.

    :param aim: for the engine
    :param product_domain: Odoo domain as a list, empty without one
    :param people: domain of the participants it is for, as a list
    """

    aim: Aim
    product_domain: list
    people: list


class ScoreFacts:
    """Facts of documents for challenges of one company.

    :param source: model of the source
    :param company: whose challenges ask
    :param terms: list of :class:`Terms`

    :ivar others: id of a document -> set of ``(model, id)`` of what shows its goods
    """

    def __init__(self, source, company, terms):
        env = source.env
        env = env(context=dict(env.context, allowed_company_ids=company.ids))
        self.env = env
        self.source = source.with_env(env)
        self.company = company.with_env(env)
        self.terms = {one.aim.challenge_id: one for one in terms}
        self.others = {}
        self._people = {}  # challenge id -> ids of members it is for
        self._known = {}  # member id -> (enrolled at, until), aware

    def build(self, documents, counted, hypothetical=False):
        """Describe documents as they are now.

        :param documents: of one company
        :param counted: dict document id -> ``{key: {(challenge id, member id)}}``
        :param bool hypothetical: as if they had reached every moment in full
        :return: dict document id -> ``engine.DocumentFact`` or ``FactError``
        """
        aims = [one.aim for one in self.terms.values()]
        domains = {
            "partner_domain": (),
            "product_domain": [
                (challenge_id, one.product_domain)
                for challenge_id, one in self.terms.items()
                if one.product_domain
            ],
        }
        rules = [aim.rule for aim in aims]
        builder = FactBuilder(self.source, self.company, rules, domains)
        facts = builder.build(documents.with_env(self.env), counted, hypothetical)
        same_goods = _CountedGoods(self.company, [aim.program for aim in aims])
        facts = same_goods.add_counted(documents, facts)
        self.others.update(same_goods.others)
        return facts

    def get_people(self, fact, challenge_id):
        """Return who may score with a document.

        Who is suspended goes on scoring: when it was a mistake, nothing is lost.

        :param fact: ``engine.DocumentFact``
        :return: dict member id -> ``engine.score.Person``
        """
        named = [one for one in fact.members if one.is_seller or one.is_contact]
        ids = [one.member_id for one in named]
        is_for = self._get_audience(challenge_id, ids)
        people = {}
        for member_id in ids:
            since, until = self._get_membership(member_id)
            is_enrolled = since <= fact.occurred_at and (
                until is None or fact.occurred_at < until
            )
            people[member_id] = Person(member_id in is_for, is_enrolled)
        return people

    def _get_audience(self, challenge_id, member_ids):
        """Return the ids of those members a challenge is for."""
        known = self._people.setdefault(challenge_id, {})
        unknown = [one for one in member_ids if one not in known]
        if unknown:
            members = self.env["b2b2c.member"].sudo().with_context(active_test=False)
            people = Domain(self.terms[challenge_id].people)
            found = members.search(people & Domain("id", "in", unknown)).ids
            known.update((one, one in found) for one in unknown)
        return {one for one in member_ids if known[one]}

    def _get_membership(self, member_id):
        """Return from when to when somebody takes part, suspended or not."""
        if member_id not in self._known:
            member = self.env["b2b2c.member"].sudo().browse(member_id)
            ends = filter(None, (member.left_at, member.archived_at))
            since = member.enrolled_at.replace(tzinfo=UTC)
            self._known[member_id] = since, aware(min(ends, default=None))
        return self._known[member_id]


class _CountedGoods(SameGoods):
    """What other documents of the same goods counted in the same challenge."""

    def _get_bookings(self, families):
        keys = families.keys() | set().union(*(f.all for f in families.values()))
        condition = SQL(" OR ").join(
            SQL("(document_model = %s AND document_id = ANY(%s))", model, ids)
            for model, ids in by_model(keys).items()
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_model, document_id, challenge_id, min(id),
                       array_agg(line_key)
                  FROM (SELECT document_model, document_id, challenge_id, line_key,
                               min(id) AS id
                          FROM b2b2c_challenge_score
                         WHERE (%s) AND challenge_id = ANY(%s)
                      GROUP BY 1, 2, 3, 4, member_id, round_id
                        HAVING sum(delta) > 0) counted
              GROUP BY 1, 2, 3
                """,
                condition,
                [program.id for program in self.programs],
            )
        )
        bookings = defaultdict(dict)
        for model, record_id, challenge_id, first, line_keys in rows:
            # the document as a whole: all of its lines
            whole = f"{model},{record_id}"
            lines = frozenset() if whole in line_keys else frozenset(line_keys)
            bookings[model, record_id][challenge_id, ""] = Booking(lines, first)
        return bookings
