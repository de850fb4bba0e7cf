"""What the prizes of a challenge would have cost a year ago.

The same measures, conditions and rankings as when it runs, over the documents of then.
Nothing is stored.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from ...engine import day_start, to_decimal
from ...engine.contest import Contestant
from ...engine.periods import add_months
from ...engine.rounds import round_of
from ...engine.score import Person, score
from ...exceptions import FactError
from ...values import naive
from .b2b2c_program import add_questions
from .score_facts import ScoreFacts

#: How many documents of a stretch are looked at: somebody waits for the answer.
MOST_DOCUMENTS = 5000
_BATCH = 200
_YEAR = 12  # months


class Estimate(NamedTuple):
    """What a round would have cost, in points.

    :param low, likely, high: of the same days a year ago and of those beside them, the
        cheapest, the same, and the dearest
    :param people: how many would have won something in the same days
    :param documents: how many documents of those days were looked at
    :param is_partial: there were more documents than were looked at
    """

    low: Decimal
    likely: Decimal
    high: Decimal
    people: int
    documents: int
    is_partial: bool


class _Stretch(NamedTuple):
    """What a round of some days would have cost."""

    cost: Decimal
    people: int
    documents: int
    is_partial: bool


class CostEstimate:
    """Estimates a challenge that was not started yet.

    Who takes part today counts with what was sold then.  Where people compete with
    their own past, or for rounds in a row, the threshold alone is asked: it costs less.

    :param challenge: one ``b2b2c.challenge`` with superuser rights
    """

    def __init__(self, challenge):
        self.env, self.challenge = challenge.env, challenge
        self.terms = challenge._read_terms()
        self.audience = self.env["b2b2c.member"].search(
            challenge._get_audience_domain()
        )
        self.audience_ids = set(self.audience.ids)
        self.round = self.env["b2b2c.challenge.round"].new(
            {"challenge_id": challenge.id, "seed": "estimate"}
        )

    def get(self):
        """Return the :class:`Estimate` of the first round."""
        first, after = self._get_days()
        length = after - first
        start = add_months(first, -_YEAR)
        same = self._look_at(start, start + length)
        costs = [same.cost]
        for shift in (-length, length):
            if start + shift + length <= self.challenge._get_today():
                beside = self._look_at(start + shift, start + shift + length)
                costs.append(beside.cost)
        return Estimate(
            min(costs), same.cost, max(costs),
            same.people, same.documents, same.is_partial,
        )  # fmt: skip

    def _get_days(self):
        """Return the first day of the first round, and the day after its last."""
        challenge = self.challenge
        return round_of(
            challenge.recurrence,
            challenge.first_day,
            challenge.first_day,
            challenge.last_day or None,
            challenge.round_days,
        )

    def _look_at(self, first, after):
        """Return what a round of these days would have cost."""
        tz = self.challenge.timezone
        since, until = (naive(day_start(day, tz)) for day in (first, after))
        people, documents, is_partial = self._score(since, until)
        cost, winners = (
            self._run_contest(people)
            if self.challenge.kind == "contest"
            else self._run_task(people)
        )
        return _Stretch(cost, winners, documents, is_partial)

    # === SCORES === #

    def _score(self, since, until):
        """Return what people would have scored.

        :return: dict member id -> :class:`Contestant`, number of documents, whether
            there were more
        """
        sums, last = defaultdict(Decimal), {}
        number, is_partial, counted = 0, False, set()
        companies = self.challenge.program_id._get_counted_companies()
        for model in self.env["b2b2c.source"]._get_sources():
            source = self.env["b2b2c.source"]._for_model(model)
            documents = source._find_around(companies, since, until).filtered(
                lambda one, source=source: (
                    since <= source._get_occurred_at(one) < until
                    and self.terms.aim.counts_kind(source._get_kind(one))
                )
            )
            is_partial |= len(documents) > MOST_DOCUMENTS - number
            documents = documents[: MOST_DOCUMENTS - number]
            number += len(documents)
            for at, member_id, value in self._judge(source, documents, counted):
                sums[member_id] += value
                last[member_id] = max(at, last.get(member_id, at))
        people = {
            member_id: Contestant(member_id, value, last[member_id], member_id)
            for member_id, value in sums.items()
        }
        return people, number, is_partial

    def _judge(self, source, documents, counted):
        """Yield ``(occurred at, member id, score)`` of documents.

        :param counted: set of ``(model, id)`` that count: the same goods count once
        """
        company = self.challenge.company_id
        programs = self.env["b2b2c.program"]
        questions = add_questions(*programs._get_questions(company.id), [self.terms])
        facts = ScoreFacts(source, company, [self.terms], questions)
        for start in range(0, len(documents), _BATCH):
            batch = documents[start : start + _BATCH]
            for own in batch.grouped("company_id").values():
                built = facts.build(own, defaultdict(dict))
                for document_id, fact in built.items():
                    key = source._document_model, document_id
                    if isinstance(fact, FactError) or counted & facts.others.get(
                        document_id, set()
                    ):
                        continue
                    found = score(fact, self.terms.aim, self._get_people(fact))
                    if found.values:
                        counted.add(key)
                        value = sum(found.values.values(), Decimal(0))
                        yield fact.occurred_at, found.member_id, value

    def _get_people(self, fact):
        """Return who may score: who takes part today, whenever that began."""
        return {
            one.member_id: Person(one.member_id in self.audience_ids, True)
            for one in fact.members
        }

    # === WHAT IT COSTS === #

    def _run_task(self, people):
        """Return what thresholds would have cost, and how many reached one."""
        cost, winners = Decimal(0), set()
        for prize in self.challenge.prize_ids:
            reached = sorted(
                (
                    one
                    for one in people.values()
                    if one.score >= to_decimal(prize.threshold)
                ),
                key=lambda one: (one.reached_at, one.entry_id),
            )
            limit = self._get_most_winners(len(reached))
            winners |= {one.key for one in reached[:limit]}
            cost += to_decimal(prize.points) * limit
        return cost, len(winners)

    def _get_most_winners(self, count):
        """Return how many can have a prize: the first, or as many as take it on."""
        limits = (self.challenge.winners, self.challenge.places)
        return min([count, *(limit for limit in limits if limit)])

    def _run_contest(self, people):
        """Return what places would have cost, and how many won one."""
        members = self.audience.browse(people)
        by_id = dict(zip(people, members, strict=True))
        if self.challenge.group_by == "shop":
            teams = defaultdict(list)
            for key, one in people.items():
                teams[by_id[key].employer_id.id].append(one)
            contestants = self.round._score_shops(teams)
        else:
            contestants = [
                replace(
                    one,
                    division=self.round._get_division(
                        by_id[key].role, by_id[key].employer_id
                    ),
                )
                for key, one in people.items()
            ]
        outcomes = self.round._count_outcomes(contestants)
        return self._add_up(outcomes)

    def _add_up(self, outcomes):
        """Return what outcomes cost, and how many won."""
        heads = {}
        if self.challenge.group_by == "shop" and self.challenge.shop_prize == "each":
            heads = self.challenge._count_heads()
        cost, winners = Decimal(0), 0
        for outcome in outcomes:
            points = sum((win.points for win in outcome.wins), Decimal(0))
            winners += bool(points)
            cost += points * heads.get(outcome.place.key, 1)
        return cost, winners
