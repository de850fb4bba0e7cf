"""What one rule offers for one document, before other rules and caps have a say."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from . import points
from .awards import Reason, Refusal
from .beneficiaries import choose, members_in_role
from .conditions import measure_problem, product_problem, rule_problem
from .facts import DocumentFact, LineFact, Measure, MemberFact
from .numbers import as_text, split
from .rules import Program, Rule


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member would get from one rule for one source.

    :param position: of the source in the document, the order caps are used in.
    """

    rule: Rule
    source_key: str
    position: int
    member_id: int
    total: Decimal
    release: points.Release
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """What an offer is made for: a line, or the document's matching lines.

    ``problem`` holds for everybody except the ``prior`` members.
    """

    key: str
    position: int
    lines: tuple[LineFact, ...]
    prior: frozenset[int]
    problem: Reason | None

    def measure(self, trigger: str) -> Measure:
        return points.add_up(line.measure(trigger) for line in self.lines)


@dataclass(slots=True)
class RuleOffers:
    """Collects the offers and refusals of one rule for one document.

    :param problem: why the program has nothing for this document (already told),
        except for members it was booked to before.
    """

    program: Program
    rule: Rule
    document: DocumentFact
    now: datetime
    problem: Reason | None = None
    offers: list[Offer] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def collect(self) -> "RuleOffers":
        """Fill ``offers`` and ``refusals``.

        :raise ValueError: for a measure that was reached at no time.
        """
        rule, document = self.rule, self.document
        if not self.problem:
            self.problem = rule_problem(rule, document)
            if not self.problem and not document.lines:
                self.problem = Reason("no_lines")
            if self.problem:
                self._refuse(document.key, None, self.problem)
        matching = [line for line in document.lines if _counts(rule, line)]
        reached = points.add_up(line.measure(rule.trigger) for line in matching)
        amount = reached.amount(rule.amount_basis)
        for source in self._sources(matching):
            self._collect_source(source, amount)
        return self

    def _refuse(self, source_key: str, member_id: int | None, reason: Reason) -> None:
        self.refusals.append(
            Refusal(self.program.id, self.rule.id, source_key, member_id, reason)
        )

    def _sources(self, matching: list[LineFact]) -> list[_Source]:
        rule, document, problem = self.rule, self.document, self.problem
        if rule.scope == "document":
            if not matching and document.lines:
                problem = problem or product_problem(rule, document.lines[0])
            prior = self._prior(document)
            return [_Source(document.key, 0, tuple(matching), prior, problem)]
        return [
            _Source(
                key=line.key,
                position=position,
                lines=(line,),
                prior=self._prior(line),
                problem=problem or product_problem(rule, line),
            )
            for position, line in enumerate(document.lines)
        ]

    def _prior(self, fact: DocumentFact | LineFact) -> frozenset[int]:
        """Return the members the rule was booked to who still have its role."""
        members = members_in_role(self.rule, self.document)
        return frozenset(
            member.member_id
            for member in members
            if (self.rule.id, member.member_id) in fact.prior
        )

    def _collect_source(self, source: _Source, document_amount: Decimal) -> None:
        if source.problem and not self.problem:
            self._refuse(source.key, None, source.problem)
        if source.problem and not source.prior:
            return
        members, refused = choose(
            self.rule, self.document, source.prior, only_prior=bool(source.problem)
        )
        for member, reason in refused:
            self._refuse(source.key, member and member.member_id, reason)
        measure = source.measure(self.rule.trigger)
        reason = measure_problem(self.rule, measure, document_amount)
        reason = reason or _worthless(self.program, self.rule, measure)
        for member in members if reason else ():
            self._refuse(source.key, member.member_id, reason)
        if members and not reason:
            self._offer(source, measure, members)

    def _offer(
        self, source: _Source, measure: Measure, members: list[MemberFact]
    ) -> None:
        total, release = self._worth(source, measure)
        line_keys = [line.key for line in source.lines]
        path = points.explain(self.rule, measure, line_keys, self.program.rounding)
        for member, whole, released in self._shares(members, total, release.points):
            if not whole:
                reason = _no_points(self.rule, measure)
                self._refuse(source.key, member.member_id, reason)
                continue
            is_shared = self.rule.pick == "split" and len(members) > 1
            shared = (_split(members, total, whole),) if is_shared else ()
            self.offers.append(
                Offer(
                    rule=self.rule,
                    source_key=source.key,
                    position=source.position,
                    member_id=member.member_id,
                    total=whole,
                    release=release.reduced_to(released),
                    reasons=path + shared,
                )
            )

    def _worth(
        self, source: _Source, measure: Measure
    ) -> tuple[Decimal, points.Release]:
        """Return the points of the source and the released part of them."""
        earned = paid = self._due(source, self.rule.trigger, measure)
        if points.effective_hold(self.rule).kind == "until_paid":
            paid = self._due(source, "paid", source.measure("paid"))
        return earned.points, points.release(self.rule, earned, paid, self.now)

    def _due(self, source: _Source, trigger: str, measure: Measure) -> points.Release:
        if measure.quantity and measure.at is None:
            raise ValueError(f"{source.key} is {trigger}, but at no known time")
        worth = points.rounded_points(self.rule, measure, self.program.rounding)
        return points.Release(worth, measure.at)

    def _shares(
        self, members: list[MemberFact], total: Decimal, released: Decimal
    ) -> Iterable[tuple[MemberFact, Decimal, Decimal]]:
        if self.rule.pick != "split":
            return [(member, total, released) for member in members]
        # By id, so that a later change of enrolment dates moves no odd point; with
        # equal weights a released share never exceeds its whole share.
        members = sorted(members, key=lambda member: member.member_id)
        weights, rounding = [1] * len(members), self.program.rounding
        return zip(
            members,
            split(total, weights, rounding),
            split(released, weights, rounding),
            strict=True,
        )


def _counts(rule: Rule, line: LineFact) -> bool:
    """Tell whether a line matches the rule, or did when it was first booked."""
    is_booked = any(rule_id == rule.id for rule_id, _member_id in line.prior)
    return is_booked or product_problem(rule, line) is None


def _worthless(program: Program, rule: Rule, measure: Measure) -> Reason | None:
    if points.rate_of(rule, measure) is None:
        figure = points.selecting_figure(rule, measure)
        params = {"measured": as_text(figure), "table_basis": rule.table_basis}
        return Reason("below_table", params)
    if not points.rounded_points(rule, measure, program.rounding):
        return _no_points(rule, measure)
    return None


def _no_points(rule: Rule, measure: Measure) -> Reason:
    amount = measure.amount(rule.amount_basis)
    return Reason(
        "no_points",
        {
            "quantity": as_text(measure.quantity),
            "amount": as_text(amount),
            "basis": rule.amount_basis,
        },
    )


def _split(members: list[MemberFact], whole: Decimal, share: Decimal) -> Reason:
    params = {"whole": as_text(whole), "share": as_text(share)}
    return Reason("split", params | {"members": len(members)})
