"""Decides what a document is worth, to whom, and why.

Nothing is remembered between calls and nothing is read from outside: the same facts,
rules, usage and time always give the same decision.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, localcontext

from . import points
from .awards import Award, Decision, Reason, Refusal
from .capping import Grant, Limit, Meter, limits_of, pool_of
from .checks import check_facts, check_program
from .conditions import program_problem
from .facts import DocumentFact
from .milestones import Sale, Tally
from .numbers import EXACT, as_text
from .offers import Offer, RuleOffers, make_whole, no_points
from .periods import as_iso, local_day
from .rules import Program, Rule


def _no_other_sales(_rule: Rule, _member_id: int) -> Tally:
    return Tally()


def evaluate(
    document: DocumentFact,
    programs: Sequence[Program],
    usage: Callable[[str], Decimal],
    now: datetime,
    *,
    tally: Callable[[Rule, int], Tally] = _no_other_sales,
    with_refusals: bool = True,
) -> Decision:
    """Decide what ``document`` deserves now under ``programs``.

    Awards are targets, not increments: an award that was booked before and is not
    in the decision any more deserves nothing.  Rules of a program are combined
    first, then exclusive programs compete, then caps cut in the order program,
    rule, level of recommenders, line, member.  What a cap cuts is not offered to a rule
    that lost.

    :param usage: cap scope (see :class:`~.awards.Award`) -> points that *other*
        documents already took of it; asked once per scope.
    :param tally: rule with a milestone, member id -> the member's *other* sales that
        the rule is for.
    :param now: decides only which holds by days are over.
    :param with_refusals: whether refusals are collected, which is most of the work;
        the awards are the same.
    :raise ValueError: for times without a zone, a line, member, program or rule
        given twice, unknown choices in a program, or a measure that was reached at
        no time.
    """
    check_facts(document, programs, now)
    meter = Meter(usage)
    evaluation = _Evaluation(document, now, meter, tally, with_refusals)
    with localcontext(EXACT):
        for program in sorted(programs, key=lambda p: (p.sequence, p.id)):
            evaluation.add(program)
    return Decision(
        tuple(evaluation.awards),
        tuple(evaluation.refusals) if with_refusals else (),
        dict(meter.cuts),
        tuple(evaluation.sales),
    )


@dataclass(slots=True)
class _Evaluation:
    """One run over the programs; collects awards and refusals."""

    document: DocumentFact
    now: datetime
    meter: Meter
    tally: Callable[[Rule, int], Tally]
    with_refusals: bool = True
    awards: list[Award] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    #: (source, member) -> the exclusive program that gives the award
    exclusive: dict[tuple[str, int], Program] = field(default_factory=dict)
    #: (program, rule) -> what its recommenders get together: counting takes all lines
    pools: dict[tuple[int, int], Limit] = field(default_factory=dict)
    sales: list[Sale] = field(default_factory=list)

    def add(self, program: Program) -> None:
        """Decide what ``program`` gives, after the programs added before."""
        check_program(program)
        problem = program_problem(program, self.document)
        if problem:
            key = self.document.key
            self.refusals.append(Refusal(program.id, None, key, None, problem))
        offers = []
        for rule in program.rules:
            rule_offers = RuleOffers(
                program, rule, self.document, self.now, problem, self.with_refusals
            )
            rule_offers.collect()
            offers += self._counted(program, rule, rule_offers.offers)
            self.refusals += rule_offers.refusals
        offers = make_whole(self._combined(program, offers), program.rounding)
        for offer in sorted(_with_small_lines(offers), key=_cap_order):
            self._award(program, offer)

    def _refuse(self, program: Program, offer: Offer, reason: Reason) -> None:
        self.refusals.append(
            Refusal(
                program.id, offer.rule.id, offer.source_key, offer.member_id, reason
            )
        )

    def _counted(
        self, program: Program, rule: Rule, offers: list[Offer]
    ) -> list[Offer]:
        """Count offers as sales, and return those that reach the rule's milestone."""
        if not rule.milestone:
            return offers
        left = []
        for offer in offers:
            tally = self.tally(rule, offer.member_id)
            reached = tally.reached(rule.milestone)
            lines = offer.basis.lines
            sale = Sale(rule.id, offer.member_id, bool(reached), lines)
            self.sales.append(sale)
            params = {"kind": rule.milestone.kind, "number": rule.milestone.number}
            if reached:
                params = params | {"reached": reached}
                reasons = (*offer.reasons, Reason("milestone", params))
                left.append(replace(offer, reasons=reasons))
            else:
                params = params | {"sales": tally.sales + 1}
                self._refuse(program, offer, Reason("no_milestone", params))
        return left

    def _combined(self, program: Program, offers: list[Offer]) -> Iterable[Offer]:
        """Return the offers that are left when the program's rules are combined."""
        if program.combine == "all":
            return offers
        order = _rule_order if program.combine == "first" else _best_order
        winners: dict[tuple[str, int], Offer] = {}
        for offer in sorted(offers, key=order):
            winner = winners.setdefault((offer.source_key, offer.member_id), offer)
            if winner is not offer:
                rule = winner.rule
                params = {"rule_id": rule.id, "rule_name": rule.name}
                self._refuse(program, offer, Reason("combined_out", params))
        return winners.values()

    def _award(self, program: Program, offer: Offer) -> None:
        """Turn an offer into an award, unless a program or a cap forbids it."""
        if not offer.total:
            measured = offer.basis.quantity, offer.basis.amount
            self._refuse(program, offer, no_points(offer.rule, *measured))
            return
        source_and_member = (offer.source_key, offer.member_id)
        if program.stacking == "exclusive":
            first = self.exclusive.get(source_and_member, program)
            if first is not program:
                params = {"program_id": first.id, "program_name": first.name}
                self._refuse(program, offer, Reason("excluded_by_program", params))
                return
        at = self.document.counted_at
        limits = limits_of(program, offer.rule, offer.member_id, at)
        if offer.level:
            limits.append(self._get_pool(program, offer.rule))
        grant = self.meter.take(limits, offer.total, program.rounding)
        if not grant.points:
            self._refuse(program, offer, grant.reason)
            return
        if program.stacking == "exclusive":
            self.exclusive[source_and_member] = program
        self.awards.append(_award(program, offer, grant, self.document))

    def _get_pool(self, program: Program, rule: Rule) -> Limit:
        """Return what the recommenders that a rule is for may get together."""
        key = (program.id, rule.id)
        if key not in self.pools:
            self.pools[key] = pool_of(program, rule, self.document)
        return self.pools[key]


def _with_small_lines(offers: Iterable[Offer]) -> list[Offer]:
    """Return offers that know of lines too small for a point of their own.

    Lines are rounded together (D4).  A line whose share is nothing was counted all the
    same: the first offer beside it says so, or it would be forgotten when the document
    is looked at again and does not qualify any more.
    """
    offers = list(offers)
    small = defaultdict(list)
    for offer in offers:
        if not offer.total and offer.exact > 0:
            small[offer.rule.id, offer.member_id] += offer.basis.lines
    for number, offer in enumerate(offers):
        lines = offer.total and small.pop((offer.rule.id, offer.member_id), ())
        if lines:
            known = (*offer.basis.lines, *lines)
            offers[number] = replace(offer, basis=replace(offer.basis, lines=known))
    return offers


def _award(
    program: Program, offer: Offer, grant: Grant, document: DocumentFact
) -> Award:
    """Return the award of an offer, with the points that caps left of it."""
    release = offer.release.at_most(grant.points)
    pending = grant.points - release.points
    reasons = list(offer.reasons)
    if grant.reason:
        reasons.append(grant.reason)
    expected_at = _promised(offer.expected_at, document, program) if pending else None
    if pending:
        reasons.append(_held(offer, release, pending, expected_at))
    hold = points.effective_hold(offer.rule).kind if pending else ""
    return Award(
        source_key=offer.source_key,
        document_key=document.key,
        program_id=program.id,
        rule_id=offer.rule.id,
        member_id=offer.member_id,
        unit_id=program.unit_id,
        points_total=grant.points,
        points_released=release.points,
        occurred_at=document.occurred_at,
        basis=replace(offer.basis, hold=hold),
        effective_at=release.effective_at,
        release_at=release.release_at,
        points_due=release.due,
        expected_at=expected_at,
        expiry=offer.rule.expiry,
        timezone=program.timezone,
        cap_uses=grant.uses,
        explanation=tuple(reasons),
    )


def _promised(
    expected_at: datetime | None, document: DocumentFact, program: Program
) -> datetime | None:
    """Return a day that may be promised for pending points, if there is one.

    Without terms of payment an invoice is due on the day of the order, and goods are
    planned for it: that says nothing about when either happens.
    """
    if expected_at is None:
        return None
    own_day = local_day(document.occurred_at, program.timezone)
    is_own = local_day(expected_at, program.timezone) == own_day
    return None if is_own else expected_at


def _held(
    offer: Offer,
    release: points.Release,
    pending: Decimal,
    expected_at: datetime | None,
) -> Reason:
    """Return the reason why points of an award are pending."""
    return Reason(
        "held",
        {
            "kind": points.effective_hold(offer.rule).kind,
            "release_at": as_iso(release.release_at),
            "expected_at": as_iso(expected_at),
            "pending": as_text(pending),
        },
    )


def _rule_order(offer: Offer) -> tuple:
    return (offer.rule.sequence, offer.rule.id)


def _best_order(offer: Offer) -> tuple:
    return (-offer.exact, *_rule_order(offer))


def _cap_order(offer: Offer) -> tuple:
    return (*_rule_order(offer), offer.level, offer.position, offer.member_id)
