"""What a program would have cost, had it run before.

The judge is asked about stored documents as if the program ran already.  Nothing is
stored.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from ...exceptions import FactError
from ...values import UTC
from ..processing.judge import Judge, Trial

#: So many documents are looked at, spread evenly: somebody waits for the answer.
MOST_DOCUMENTS = 400
_BATCH = 100
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class Estimate(NamedTuple):
    """What a program would have given.

    :ivar points: together, at most its budget
    :ivar people: how many participants would have got something
    :ivar documents: how many documents there were
    :ivar looked_at: how many of them were looked at; the points of the others are
        supposed to be like those
    """

    points: Decimal
    people: int
    documents: int
    looked_at: int


class ProgramEstimate:
    """Estimates a program that was not started, or what it gives in a year.

    Who takes part today counts with what was sold then.

    :param program: one ``b2b2c.program`` with superuser rights
    """

    def __init__(self, program):
        self.env, self.program = program.env, program
        self.company = program.company_id
        self.engine = _make_timeless(program._to_engine())
        self.kinds = {
            kind for rule in self.engine.rules for kind in rule.document_kinds
        }
        trial = Trial(self.company, self.engine, program._get_own_domain_rules())
        self.judge = Judge(self.env, with_refusals=False, trial=trial)
        self.members = set()
        #: (rule, member) -> points of each sale, of rules with milestones
        self.milestones = defaultdict(list)
        self.counted = set()  # (model, id) of documents that gave something

    def get(self, since, until):
        """Return the :class:`Estimate` for a time (naive UTC)."""
        found = {
            model: self._find(model, since, until)
            for model in self.env["b2b2c.source"]._get_sources()
        }
        total = sum(len(documents) for documents in found.values())
        step = max(1, -(-total // MOST_DOCUMENTS))
        points, looked_at = Decimal(0), 0
        for documents in found.values():
            sample = documents[::step]
            looked_at += len(sample)
            points += self._judge(sample)
        points = (points + self._get_milestone_points()) * step
        if self.engine.budget is not None:
            points = min(points, self.engine.budget)
        return Estimate(points, len(self.members), total, looked_at)

    def _find(self, model, since, until):
        """Return the documents of a model that happened then, of the rules' kinds."""
        source = self.env["b2b2c.source"]._for_model(model)
        companies = self.program._get_counted_companies()
        return source._find_around(companies, since, until).filtered(
            lambda one: (
                since <= source._get_occurred_at(one) < until
                and source._get_kind(one) in self.kinds
            )
        )

    def _judge(self, documents):
        """Return what documents of one model would have brought."""
        points = Decimal(0)
        for start in range(0, len(documents), _BATCH):
            batch = documents[start : start + _BATCH]
            verdicts = self.judge.ask(batch, booked={one.id: {} for one in batch})
            for document in batch:
                points += self._count(document, verdicts[document.id])
        return points

    def _count(self, document, verdicts):
        """Return what a document would have brought; the same goods count once."""
        if self.counted & self.judge.same_goods.get(document.id, set()):
            return Decimal(0)
        points = Decimal(0)
        for award in self._get_awards(verdicts):
            self.members.add(award.member_id)
            self.counted.add((document._name, document.id))
            rule = next(one for one in self.engine.rules if one.id == award.rule_id)
            if rule.milestone:
                self.milestones[rule, award.member_id].append(award.points_total)
            else:
                points += award.points_total
        return points

    def _get_awards(self, verdicts):
        """Return what the program gives for a document, to who takes part today."""
        for verdict in verdicts:
            if verdict.company != self.company:
                continue
            try:
                fact = verdict.fact
            except FactError:
                continue
            members = tuple(replace(one, enrolled_at=_LONG_AGO) for one in fact.members)
            fact = replace(fact, members=members)
            return self.judge.decide(fact, (self.engine,), {}).awards
        return ()

    def _get_milestone_points(self):
        """Return what milestones would have brought: only some sales reach one."""
        return sum(
            (
                rule.milestone.due(len(awards)) * max(awards)
                for (rule, _member), awards in self.milestones.items()
            ),
            Decimal(0),
        )


def _make_timeless(program):
    """Return a program as if it had always run."""
    rules = tuple(
        replace(rule, valid_from=None, valid_until=None)
        for rule in program.rules
        if rule.valid_until is None
    )
    return replace(
        program,
        state="running",
        date_from=None,
        date_to=None,
        closed_at=None,
        rules=rules,
    )
