"""What the engine is told about a document that may score in challenges.

It is the fact of the awards: challenges ask for it with conditions of their own
(``b2b2c.program._get_questions``), so a sale is measured once for all.  What is added
here: who may score, and what other documents of the same goods counted before.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.score import Aim, Person
from ...values import aware
from ..processing.facts import FactBuilder
from ..processing.same_goods import Booking, SameGoods, by_model, may_meet


class Window(NamedTuple):
    """A round whose scores may still change; instants are naive UTC.

    :param counts_until: what is learned later adds nothing
    :param closed_at: from when on its result is final, ``None``: it is not yet
    :param clawback_until: from then on nothing changes
    """

    round_id: int
    challenge_id: int
    company_id: int
    date_from: datetime
    date_to: datetime
    counts_until: datetime
    closed_at: datetime | None
    clawback_until: datetime

    def covers(self, at):
        """Tell whether what happened at an instant counts in it."""
        return self.date_from <= at < self.date_to

    def is_late(self, at):
        """Tell whether what is learned at an instant adds nothing any more."""
        return self.closed_at is not None or at > self.counts_until


class Terms(NamedTuple):
    """What a challenge counts, and for whom.

    :param aim: for the engine
    :param product_domain: Odoo domain as a list, empty without one
    :param people: ``Domain`` of the participants it is for
    :param steps: scores at which something happens, ``None``: any may matter
    """

    aim: Aim
    product_domain: list
    people: Domain
    steps: tuple[Decimal, ...] | None


class ScoreFacts:
    """Facts of documents for challenges of one company.

    :param source: model of the source
    :param company: whose challenges ask
    :param terms: list of :class:`Terms`
    :param questions: what documents are asked, see ``b2b2c.program._get_questions``;
        what programs and challenges that run ask by default

    :ivar others: id of a document -> set of ``(model, id)`` of what shows its goods
    """

    def __init__(self, source, company, terms, questions=None):
        self.questions = questions
        env = source.env
        env = env(context=dict(env.context, allowed_company_ids=company.ids))
        self.env = env
        self.source = source.with_env(env)
        self.company = company.with_env(env)
        self.terms = {one.aim.challenge_id: one for one in terms}
        self.others = {}
        self._is_for = {}  # (challenge id, member id) -> whether it is for somebody
        self._memberships = {}  # member id -> (enrolled at, until), naive UTC

    def build(self, documents, counted, hypothetical=False, judged=None):
        """Describe documents as they are now.

        :param documents: of one company
        :param counted: dict document id -> ``{key: {(challenge id, member id)}}``
        :param bool hypothetical: as if they had reached every moment in full
        :param judged: :class:`~..processing.judge.Judged`, whose facts are these
        :return: dict document id -> ``engine.DocumentFact`` or ``FactError``
        """
        facts = {}
        for document in documents:
            verdict = self._find_verdict(judged, document.id)
            if verdict and self._knows_people(verdict.fact, counted[document.id]):
                facts[document.id] = verdict.fact
        missing = documents.filtered(lambda document: document.id not in facts)
        if missing:
            builder = FactBuilder(self.source, self.company, self.questions)
            missing = missing.with_env(self.env)
            facts.update(builder.build(missing, counted, hypothetical))
        return self._add_counted(documents, facts, judged)

    def _find_verdict(self, judged, document_id):
        """Return what the programs of this company say of a document, if they do."""
        verdicts = judged.verdicts.get(document_id, ()) if judged else ()
        return next((one for one in verdicts if one.company == self.company), None)

    def _knows_people(self, fact, prior):
        """Tell whether a fact tells of everybody the document counted for before.

        Who was merged meanwhile is only told of where something was booked to.
        """
        ids = {member for pairs in prior.values() for _challenge, member in pairs}
        return ids <= {one.member_id for one in fact.members} if ids else True

    def _add_counted(self, documents, facts, judged):
        """Return facts that know what others count of the same goods.

        Where the programs asked as well, and found nothing, there is nothing.
        """
        programs = [one.aim.program for one in self.terms.values()]
        asking = documents.filtered(
            lambda one: (
                may_meet(programs, self.source._get_kind(one))
                and not self._is_alone(one, judged)
            )
        )
        if not asking:
            return facts
        same_goods = _CountedGoods(self.company, programs)
        own = {document.id: facts[document.id] for document in asking}
        added = same_goods.add_counted(asking, own)
        self.others.update(same_goods.others)
        return {**facts, **added}

    def _is_alone(self, document, judged):
        """Tell whether the programs have found that nothing shows the same goods."""
        verdict = self._find_verdict(judged, document.id)
        if not verdict or document.id in judged.same_goods:
            return False
        return may_meet(verdict.programs, self.source._get_kind(document))

    # === PEOPLE === #

    def get_people(self, fact, challenge_id):
        """Return who may score with a document.

        Who is suspended goes on scoring: when it was a mistake, nothing is lost.

        :param fact: ``engine.DocumentFact``
        :return: dict member id -> ``engine.score.Person``
        """
        people = {}
        for one in fact.members:
            if not (one.is_seller or one.is_contact):
                continue
            since, until = self._get_membership(one.member_id)
            is_enrolled = since <= fact.occurred_at and (
                until is None or fact.occurred_at < until
            )
            is_for = self._is_for_member(challenge_id, one)
            people[one.member_id] = Person(is_for, is_enrolled)
        return people

    def _is_for_member(self, challenge_id, one):
        """Tell whether a challenge is for somebody.

        :param one: ``engine.MemberFact``
        """
        key = challenge_id, one.member_id
        if key not in self._is_for:
            terms = self.terms[challenge_id]
            programs = one.program_ids
            is_in = not programs or terms.aim.program_id in programs
            member = self.env["b2b2c.member"].sudo().browse(one.member_id)
            self._is_for[key] = is_in and bool(member.filtered_domain(terms.people))
        return self._is_for[key]

    def _get_membership(self, member_id):
        """Return from when to when somebody takes part, suspended or not (aware)."""
        if member_id not in self._memberships:
            member = self.env["b2b2c.member"].sudo().browse(member_id)
            ends = filter(None, (member.left_at, member.archived_at))
            until = aware(min(ends, default=None))
            self._memberships[member_id] = aware(member.enrolled_at), until
        return self._memberships[member_id]


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
