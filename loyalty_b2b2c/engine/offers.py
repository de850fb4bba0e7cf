"""What one rule offers for one document, before other rules and caps are applied."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from . import points
from .awards import Reason, Refusal
from .basis import Basis
from .beneficiaries import Refused, choose, members_in_role
from .conditions import measure_problem, product_problem, rule_problem
from .facts import DocumentFact, LineFact, Measure, MemberFact
from .numbers import as_text, split
from .rules import Program, Rule, Share

#: Who gets each share of an award.
Chosen = list[tuple[Share, list[MemberFact]]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member would get from one rule for one source.

    :param position: of the source in the document, the order caps are used in.
    :param basis: what was measured, known when all shares of the member are.
    """

    rule: Rule
    source_key: str
    position: int
    member_id: int
    total: Decimal
    release: points.Release
    reasons: tuple[Reason, ...]
    expected_at: datetime | None = None
    basis: Basis | None = None

    def plus(self, other: "Offer") -> "Offer":
        """Return both offers as one, for the member of two shares."""
        return replace(
            self,
            total=self.total + other.total,
            release=self.release.plus(other.release),
            reasons=(*self.reasons, *other.reasons),
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """What an offer is made for: a line, or the matching lines of the document.

    :param position: see :class:`Offer`.
    :param prior: members that the rule was booked to for this source.
    :param problem: why nobody but the prior members can get anything.
    """

    key: str
    position: int
    lines: tuple[LineFact, ...]
    prior: frozenset[int]
    problem: Reason | None

    def measure(self, trigger: str) -> Measure:
        if len(self.lines) == 1:
            return self.lines[0].measure(trigger)
        return Measure.total(line.measure(trigger) for line in self.lines)


@dataclass(slots=True)
class RuleOffers:
    """Collects the offers and refusals of one rule for one document.

    :param problem: why the program gives nothing for this document except to members
        that it was booked to before; this refusal is collected already.
    :param told: whether refusals are collected; for most lines the only one is that
        the rule is for other products.
    """

    program: Program
    rule: Rule
    document: DocumentFact
    now: datetime
    problem: Reason | None = None
    told: bool = True
    offers: list[Offer] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    #: (prior members, whether only they qualify) -> who gets each share, and who gets
    #: nothing; most lines of a document have the same choice
    choices: dict[tuple[frozenset[int], bool], tuple[Chosen, list[Refused]]] = field(
        default_factory=dict
    )

    def collect(self) -> "RuleOffers":
        """Fill ``offers`` and ``refusals``.

        :raise ValueError: for a measure that was reached at no time.
        """
        document = self.document
        if self.rule.kind == "tier":
            percent = document.tier_percent or Decimal(0)
            self.rule = replace(self.rule, value=percent)
        rule = self.rule
        if not self.problem:
            self.problem = rule_problem(rule, document)
            if not self.problem and not document.lines:
                self.problem = Reason("no_lines")
            if self.problem:
                self._refuse(document.key, None, self.problem)
        lines = [(line, product_problem(rule, line)) for line in document.lines]
        matching = [
            line
            for line, line_problem in lines
            if not line_problem or (line.prior and _booked(rule, line))
        ]
        reached = Measure.total(line.measure(rule.trigger) for line in matching)
        amount = reached.amount(rule.amount_basis)
        for source in self._sources(matching, lines):
            self._collect_source(source, amount)
        return self

    def _refuse(self, source_key: str, member_id: int | None, reason: Reason) -> None:
        if self.told:
            self.refusals.append(
                Refusal(self.program.id, self.rule.id, source_key, member_id, reason)
            )

    def _sources(
        self,
        matching: list[LineFact],
        lines: list[tuple[LineFact, Reason | None]],
    ) -> list[_Source]:
        """Return the sources of the rule: lines, or the document as a whole.

        :param matching: lines that count for the rule.
        :param lines: all lines, each with the condition its product does not meet.
        """
        document, problem = self.document, self.problem
        if self.rule.scope == "document":
            if not matching and lines:
                problem = problem or lines[0][1]
            prior = self._prior(document)
            return [_Source(document.key, 0, tuple(matching), prior, problem)]
        return [
            _Source(
                key=line.key,
                position=position,
                lines=(line,),
                prior=self._prior(line),
                problem=problem or line_problem,
            )
            for position, (line, line_problem) in enumerate(lines)
            if self.told or line.prior or not (problem or line_problem)
        ]

    def _prior(self, fact: DocumentFact | LineFact) -> frozenset[int]:
        """Return the members the rule was booked to who still have its role."""
        if not fact.prior:
            return frozenset()
        return frozenset(
            member.member_id
            for share in self.rule.parts
            for member in members_in_role(share.role, self.document)
            if (self.rule.id, member.member_id) in fact.prior
        )

    def _collect_source(self, source: _Source, document_amount: Decimal) -> None:
        if source.problem and not self.problem:
            self._refuse(source.key, None, source.problem)
        if source.problem and not source.prior:
            return
        only_prior = bool(source.problem)
        if (source.prior, only_prior) not in self.choices:
            choice = self._choose(source.prior, only_prior)
            self.choices[source.prior, only_prior] = choice
        chosen, refused = self.choices[source.prior, only_prior]
        for member, reason in refused:
            self._refuse(source.key, member and member.member_id, reason)
        measure = source.measure(self.rule.trigger)
        reason = measure_problem(self.rule, measure, document_amount)
        reason = reason or _worthless(self.program, self.rule, measure)
        everybody = {m.member_id: m for _share, members in chosen for m in members}
        for member_id in everybody if reason else ():
            self._refuse(source.key, member_id, reason)
        if everybody and not reason:
            self._offer(source, measure, chosen)

    def _choose(
        self, prior: frozenset[int], only_prior: bool
    ) -> tuple[Chosen, list[Refused]]:
        """Return who gets each share, and who gets nothing, with one reason each."""
        chosen, refused, nobody = [], {}, []
        for share in self.rule.parts:
            members, others = choose(
                share,
                self.document,
                prior,
                only_prior,
                self.program.id,
                self.rule.party,
            )
            chosen.append((share, members))
            for member, reason in others:
                if member is None:
                    nobody.append((None, reason))
                else:
                    refused.setdefault(member.member_id, (member, reason))
        given = {m.member_id for _share, members in chosen for m in members}
        without_share = [
            (member, reason)
            for member_id, (member, reason) in refused.items()
            if member_id not in given
        ]
        return chosen, nobody + without_share

    def _offer(self, source: _Source, measure: Measure, chosen: Chosen) -> None:
        total, release = self._worth(source, measure)
        line_keys = tuple(line.key for line in source.lines)
        path = points.explain(self.rule, measure, line_keys, self.program.rounding)
        expected_at = points.expected_at(self.rule, source.lines, release.release_at)
        offers: dict[int, Offer] = {}
        points_by_share = self._points_by_share(chosen, total)
        for member_id, whole, released, reasons in self._shares(
            chosen, points_by_share, total, release
        ):
            offer = Offer(
                rule=self.rule,
                source_key=source.key,
                position=source.position,
                member_id=member_id,
                total=whole,
                release=released,
                reasons=reasons,
                expected_at=expected_at,
            )
            before = offers.get(member_id)
            offers[member_id] = before.plus(offer) if before else offer
        for offer in offers.values():
            if offer.total:
                basis = _basis(offer, measure, line_keys, sum(points_by_share))
                self.offers.append(
                    replace(offer, reasons=path + offer.reasons, basis=basis)
                )
            else:
                reason = _no_points(self.rule, measure)
                self._refuse(source.key, offer.member_id, reason)

    def _worth(
        self, source: _Source, measure: Measure
    ) -> tuple[Decimal, points.Release]:
        """Return the points of the source and the released part of them."""
        earned = proven = self._due(source, self.rule.trigger, measure)
        triggers = points.effective_hold(self.rule).triggers
        if triggers:
            proofs = [points.proof(self.rule, line) for line in source.lines]
            moment = " and ".join(triggers)
            proven = self._due(source, moment, Measure.total(proofs))
        return earned.points, points.release(self.rule, earned, proven, self.now)

    def _due(self, source: _Source, trigger: str, measure: Measure) -> points.Release:
        if measure.quantity and measure.at is None:
            raise ValueError(f"{source.key} is {trigger}, but at no known time")
        worth = points.rounded_points(self.rule, measure, self.program.rounding)
        return points.Release(worth, measure.at)

    def _points_by_share(self, chosen: Chosen, total: Decimal) -> list[Decimal]:
        """Return the points of each share, whether somebody gets them or not."""
        if not self.rule.shares:
            return [total]
        percents = [share.percent for share, _members in chosen]
        # the percents that no share has are divided off too, for nobody
        weights = [*percents, 100 - sum(percents)]
        return split(total, weights, self.program.rounding)[:-1]

    def _shares(
        self,
        chosen: Chosen,
        points_by_share: list[Decimal],
        total: Decimal,
        release: points.Release,
    ) -> Iterable[tuple[int, Decimal, points.Release, tuple[Reason, ...]]]:
        """Divide the points of a source among the members.

        A share is released in proportion, rounded down until everything is released:
        so its released points never exceed it, and never shrink while more is proven.

        :return: yields member id, points, their released part, the reasons of both
        """
        rounding = self.program.rounding
        for (share, members), whole in zip(chosen, points_by_share, strict=True):
            if not members:
                continue

            def in_proportion(released: Decimal, whole: Decimal = whole) -> Decimal:
                return rounding.down(whole * released / total)

            reasons = ()
            if self.rule.shares:
                reasons = (_shared(share, total, whole),)
            released = release if whole == total else release.part(in_proportion)
            yield from self._divide(share, members, whole, released, reasons)

    def _divide(
        self,
        share: Share,
        members: list[MemberFact],
        total: Decimal,
        release: points.Release,
        reasons: tuple[Reason, ...],
    ) -> Iterable[tuple[int, Decimal, points.Release, tuple[Reason, ...]]]:
        """Divide the points of one share among its members, see :meth:`_shares`."""
        if share.pick != "split" or len(members) == 1:
            for member in members:
                yield member.member_id, total, release, reasons
            return
        # By id, so that a later change of enrolment dates moves no odd point.  Weights
        # are equal, so nobody's released points exceed the points of the member.
        ids = sorted(member.member_id for member in members)
        weights, rounding = [1] * len(ids), self.program.rounding
        for position, member_id in enumerate(ids):

            def of_member(whole: Decimal, position: int = position) -> Decimal:
                return split(whole, weights, rounding)[position]

            own = of_member(total)
            reason = _split(members, total, own)
            yield member_id, own, release.part(of_member), (*reasons, reason)


def _basis(
    offer: Offer, measure: Measure, line_keys: tuple[str, ...], whole: Decimal
) -> Basis:
    """Return what an offer was measured on.

    :param whole: what all shares of the source are worth, in points.
    """
    is_part = offer.total != whole
    return Basis(
        member=offer.member_id,
        trigger=offer.rule.trigger,
        quantity=measure.quantity,
        amount=measure.amount(offer.rule.amount_basis),
        lines=line_keys,
        part=offer.total if is_part else Decimal(1),
        whole=whole if is_part else Decimal(1),
    )


def _booked(rule: Rule, line: LineFact) -> bool:
    """Tell whether a line matched the rule when it was booked."""
    return any(rule_id == rule.id for rule_id, _member_id in line.prior)


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


def _shared(share: Share, total: Decimal, whole: Decimal) -> Reason:
    params = {"whole": as_text(total), "share": as_text(whole)}
    return Reason("shared", params | {"percent": as_text(share.percent)})
