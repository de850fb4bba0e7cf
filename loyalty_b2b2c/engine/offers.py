"""What one rule offers for one document, before other rules and caps are applied."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from . import points, whole_points
from .awards import Reason, Refusal
from .basis import Basis
from .beneficiaries import Refused, choose, members_in_role, too_deep
from .conditions import line_problem, measure_problem, rule_problem
from .facts import DocumentFact, LineFact, Measure, MemberFact
from .numbers import Rounding, as_decimal, as_text
from .rules import Program, Rule, Share
from .same_goods import WHOLE, Left, left_of
from .whole_points import Portion, WholePortion

ZERO = Decimal(0)

#: Who gets each share of an award.
Chosen = list[tuple[Share, list[MemberFact]]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member would get from one rule for one source.

    Exact while rules are compared; whole points come last (:mod:`.whole_points`).

    :param position: of the source in the document, the order caps are used in.
    :param exact: what the member would get before rounding, of all its shares.
    :param portions: the same, share by share.
    :param basis: what was measured, and which part of it is the member's.
    :param total, release: whole points.
    :param level: of a recommender, 0 for anybody else: the nearest comes first.
    """

    rule: Rule
    source_key: str
    position: int
    member_id: int
    exact: Fraction
    portions: tuple[Portion, ...]
    reasons: tuple[Reason, ...]
    expected_at: datetime | None = None
    basis: Basis | None = None
    total: Decimal = ZERO
    release: points.Release = points.Release(ZERO)
    level: int = 0


def make_whole(offers: Iterable[Offer], rounding: Rounding) -> list[Offer]:
    """Return the offers of a program's rules that are left, in whole points."""
    by_rule = defaultdict(list)
    for offer in offers:
        by_rule[offer.rule.id].append(offer)
    whole = []
    for of_rule in by_rule.values():
        portions = [portion for offer in of_rule for portion in offer.portions]
        found = defaultdict(list)
        for one in whole_points.make_whole(of_rule[0].rule, portions, rounding):
            found[one.portion.source_key, one.portion.member_id].append(one)
        whole += [_with_points(o, found[o.source_key, o.member_id]) for o in of_rule]
    return whole


def _with_points(offer: Offer, portions: list[WholePortion]) -> Offer:
    """Return an offer with the points of its portions, and why they are so many."""
    release, reasons = portions[0].release, list(portions[0].reasons)
    for portion in portions[1:]:
        release = release.plus(portion.release)
        # that the award was rounded is said once
        reasons += [r for r in portion.reasons if r.code not in _ROUNDED]
    return replace(
        offer,
        total=sum((portion.total for portion in portions), ZERO),
        release=release,
        reasons=(*offer.reasons, *reasons),
    )


_ROUNDED = ("rounded", "rounded_together")


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
        return Measure.total(line.measure(trigger) for line in self.lines)

    def reachable(self, rule: Rule) -> Measure:
        """Return what of the measure a rule's hold can still let go."""
        moments = points.effective_hold(rule).triggers
        return Measure.total(
            line.reachable(rule.trigger, moments) for line in self.lines
        )


@dataclass(slots=True)
class RuleOffers:
    """Collects the offers and refusals of one rule for one document.

    :param problem: why the program gives nothing for this document except to members
        that it was booked to before; this refusal is collected already.
    :param with_refusals: whether refusals are collected; for most lines the only one is
        that the rule is for other products.
    """

    program: Program
    rule: Rule
    document: DocumentFact
    now: datetime
    problem: Reason | None = None
    with_refusals: bool = True
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
        lines = [
            (line, line_problem(self.program, rule, document, line))
            for line in document.lines
        ]
        matching = [
            line
            for line, unmet in lines
            if not unmet or (line.prior and _booked(rule, line))
        ]
        amount = self._get_amount(matching)
        for source in self._sources(matching, lines):
            self._collect_source(source, amount)
        return self

    def _get_amount(self, matching: list[LineFact]) -> Fraction:
        """Return the amount of the matching lines, if the rule has a limit for it."""
        rule = self.rule
        if rule.amount_min is None and rule.amount_max is None:
            return Fraction(0)
        reached = Measure.total(line.measure(rule.trigger) for line in matching)
        return reached.amount(rule.amount_basis)

    def _refuse(self, source_key: str, member_id: int | None, reason: Reason) -> None:
        if self.with_refusals:
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
        sources = []
        for position, (line, unmet) in enumerate(lines):
            prior = self._prior(line)
            if self.with_refusals or prior or not (problem or unmet):
                sources.append(
                    _Source(line.key, position, (line,), prior, problem or unmet)
                )
        return sources

    def _prior(self, fact: DocumentFact | LineFact) -> frozenset[int]:
        """Return the members the rule was booked to who still have its role."""
        booked = {
            member_id for rule_id, member_id in fact.prior if rule_id == self.rule.id
        }
        if not booked:
            return frozenset()  # of most rules: they are for other lines
        return frozenset(
            member.member_id
            for share in self.rule.parts
            for member in members_in_role(share.role, self.document)
            if member.member_id in booked
        )

    def _collect_source(self, source: _Source, document_amount: Fraction) -> None:
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
        reason = reason or _worthless(self.rule, measure)
        reached, measure = measure, source.reachable(self.rule)
        reason = reason or _worthless_rest(self.rule, measure)
        left = self._left(source, chosen)
        chosen = self._without_counted(source, chosen, left)
        everybody = {m.member_id: m for _share, members in chosen for m in members}
        for member_id in everybody if reason else ():
            self._refuse(source.key, member_id, reason)
        if everybody and not reason:
            self._offer(
                source, measure, chosen, left, _lost(self.rule, reached, measure)
            )

    def _left(self, source: _Source, chosen: Chosen) -> dict[str, Left]:
        """Return role -> what other documents of the same goods left of a source.

        Roles that have all of it are missing.
        """
        if not any(line.counted for line in source.lines):
            return {}
        by_pieces = self.rule.kind == "per_unit"
        weights = [
            Fraction(
                measure.quantity
                if by_pieces
                else measure.amount(self.rule.amount_basis)
            )
            for measure in (line.measure(self.rule.trigger) for line in source.lines)
        ]
        if not any(weights):
            weights = [Fraction(1)] * len(source.lines)
        lines = [
            (line.counted, weight)
            for line, weight in zip(source.lines, weights, strict=True)
        ]
        roles = {share.role for share, _members in chosen}
        left = {role: left_of(lines, self.program.id, role) for role in roles}
        return {role: of_role for role, of_role in left.items() if of_role.part != 1}

    def _without_counted(
        self, source: _Source, chosen: Chosen, left: dict[str, Left]
    ) -> Chosen:
        """Refuse those who are paid for all of a source already; return the others."""
        open_shares, refused = [], {}
        for share, members in chosen:
            reason = left.get(share.role, WHOLE).refusal()
            if reason:
                refused.update({member.member_id: reason for member in members})
            else:
                open_shares.append((share, members))
        given = {m.member_id for _share, members in open_shares for m in members}
        for member_id, reason in refused.items():
            if member_id not in given:
                self._refuse(source.key, member_id, reason)
        return open_shares

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
        for member, reason in too_deep(self.rule, self.document):
            refused.setdefault(member.member_id, (member, reason))
        given = {m.member_id for _share, members in chosen for m in members}
        without_share = [
            (member, reason)
            for member_id, (member, reason) in refused.items()
            if member_id not in given
        ]
        return chosen, nobody + without_share

    def _offer(
        self,
        source: _Source,
        measure: Measure,
        chosen: Chosen,
        left: dict[str, Left],
        lost: tuple[Reason, ...],
    ) -> None:
        """Offer a source to everybody chosen.

        :param measure: what counts of it, without what its hold will never let go
        :param lost: why that is less than was reached
        """
        whole, release = self._worth(source, measure)
        line_keys = tuple(line.key for line in source.lines)
        path = points.explain(self.rule, measure, line_keys)
        expected_at = points.expected_at(self.rule, source.lines, release.release_at)
        partly = {
            member.member_id: left[share.role].explanation()
            for share, members in chosen
            for member in members
            if share.role in left
        }
        levels = {
            member.member_id: share
            for share, members in chosen
            for member in members
            if share.pick == "referrer"
        }
        alone = len(self.rule.parts) == 1
        portions = defaultdict(list)
        for portion in _portions(source.key, chosen, whole, release, left, alone):
            portions[portion.member_id].append(portion)
        self.offers += [
            Offer(
                rule=self.rule,
                source_key=source.key,
                position=source.position,
                member_id=member_id,
                exact=sum((portion.exact for portion in own), Fraction(0)),
                portions=tuple(own),
                reasons=(
                    *path,
                    *lost,
                    *_explain_level(levels.get(member_id)),
                    *partly.get(member_id, ()),
                ),
                level=levels[member_id].level if member_id in levels else 0,
                expected_at=expected_at,
                basis=_basis(self.rule, whole, own, len(portions), measure, line_keys),
            )
            for member_id, own in portions.items()
        ]

    def _worth(
        self, source: _Source, measure: Measure
    ) -> tuple[Fraction, points.Release]:
        """Return the exact points of the source and the released part of them."""
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
        return points.Release(points.exact_points(self.rule, measure), measure.at)


def _explain_level(share: Share | None) -> tuple[Reason, ...]:
    """Return why a recommender gets so much: by how many others the buyer came."""
    if share is None:
        return ()
    params = {"level": share.level, "percent": as_text(share.percent)}
    return (Reason("level", params),)


def _basis(
    rule: Rule,
    whole: Fraction,
    portions: list[Portion],
    members: int,
    measure: Measure,
    line_keys: tuple[str, ...],
) -> Basis:
    """Return what an offer was measured on, and which part of it is the member's.

    A sale that several people share, or get in full each, counts once for all of them.

    :param whole: points of the source to all beneficiaries, exactly.
    :param portions: of one member.
    :param members: how many there are that get something.
    """
    percent = sum(share.percent for share in rule.parts)
    of_all = whole * Fraction(percent) / 100
    if rule.parts[0].pick == "each":
        of_all *= members
    share = sum((portion.exact for portion in portions), Fraction(0)) / of_all
    return Basis(
        member=portions[0].member_id,
        trigger=rule.trigger,
        quantity=as_decimal(measure.quantity),
        amount=as_decimal(measure.amount(rule.amount_basis)),
        lines=line_keys,
        part=Decimal(share.numerator),
        whole=Decimal(share.denominator),
    )


def _portions(
    source_key: str,
    chosen: Chosen,
    whole: Fraction,
    release: points.Release,
    left: dict[str, Left],
    alone: bool,
) -> Iterable[Portion]:
    """Yield what each share of a source is worth to each of its members.

    :param left: role -> what other documents of the same goods left of the source.
    :param alone: whether there is one beneficiary: then what is left is the whole.
    """
    for number, (share, members) in enumerate(chosen):
        divided = len(members) if share.pick == "split" else 1
        of_role = left.get(share.role, WHOLE).part
        for member in members:
            part = Fraction(share.percent) / 100 / divided
            part *= of_role
            yield Portion(
                source_key=source_key,
                share=number,
                member_id=member.member_id,
                whole=whole * of_role if alone else whole,
                exact=whole * part,
                release=release.part(lambda exact, part=part: Fraction(exact) * part),
                divided=divided,
            )


def _booked(rule: Rule, line: LineFact) -> bool:
    """Tell whether a line matched the rule when it was booked."""
    return any(rule_id == rule.id for rule_id, _member_id in line.prior)


def _worthless(rule: Rule, measure: Measure) -> Reason | None:
    if points.rate_of(rule, measure) is None:
        figure = points.selecting_figure(rule, measure)
        params = {"measured": as_text(figure), "table_basis": rule.table_basis}
        return Reason("below_table", params)
    if not points.exact_points(rule, measure):
        return no_points(rule, measure.quantity, measure.amount(rule.amount_basis))
    return None


def _worthless_rest(rule: Rule, measure: Measure) -> Reason | None:
    """Tell why nothing can come any more of what was reached."""
    if measure.quantity:
        return _worthless(rule, measure)
    return Reason("all_lost", {"kind": points.effective_hold(rule).kind})


def _lost(rule: Rule, reached: Measure, left: Measure) -> tuple[Reason, ...]:
    """Return why less counts than was reached: the rest will never be proven."""
    lost = reached.minus(left)
    if not (lost.quantity or lost.amount(rule.amount_basis)):
        return ()
    params = {
        "kind": points.effective_hold(rule).kind,
        "quantity": as_text(lost.quantity),
        "amount": as_text(lost.amount(rule.amount_basis)),
    }
    return (Reason("lost", params),)


def no_points(
    rule: Rule, quantity: Decimal | Fraction, amount: Decimal | Fraction
) -> Reason:
    """Return the reason why what was measured brings no point."""
    return Reason(
        "no_points",
        {
            "quantity": as_text(quantity),
            "amount": as_text(amount),
            "basis": rule.amount_basis,
        },
    )
