"""Limits: what a rule's caps and a program's budget still leave."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .awards import Reason
from .facts import DocumentFact, Measure
from .numbers import Rounding, as_text, to_decimal
from .periods import local_day, period_of
from .rules import Program, Rule

ZERO = Decimal(0)
#: Limits of one document.
_OWN = ("document", "pool")


@dataclass(frozen=True, slots=True)
class Limit:
    """One configured limit; ``scope`` names what shares it."""

    cap: str  # "document" | "member" | "day" | "period" | "budget" | "pool"
    scope: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Grant:
    """What the limits allow of the points wanted.

    :param reason: the tightest limit, ``None`` when nothing was cut.
    :param uses: cap scope -> points taken of it.
    """

    points: Decimal
    reason: Reason | None
    uses: dict[str, Decimal]


def limits_of(
    program: Program, rule: Rule, member_id: int, counted_at: datetime
) -> list[Limit]:
    """Return the limits an award has to respect.

    Scopes: ``r1|m2`` (member), ``r1|m2|2026-03-10`` (day), ``r1|m2|2026-03`` (the
    label of the period, see :func:`~.periods.period_of`), ``p3`` (budget).  Days
    and periods are those of ``counted_at`` in the program's time zone.
    """
    base, caps = f"r{rule.id}|m{member_id}", rule.caps
    limits = []
    if caps.document is not None:
        limits.append(Limit("document", f"{base}|document", caps.document))
    if caps.member is not None:
        limits.append(Limit("member", base, caps.member))
    for cap, kind, points in (
        ("day", "day", caps.day),
        ("period", caps.period_kind, caps.period),
    ):
        if points is not None:
            day = local_day(counted_at, program.timezone)
            label = period_of(kind, day)[2]
            limits.append(Limit(cap, f"{base}|{label}", points))
    if program.budget is not None:
        limits.append(Limit("budget", f"p{program.id}", program.budget))
    return limits


def pool_of(program: Program, rule: Rule, document: DocumentFact) -> Limit:
    """Return what the recommenders of all levels may get together for a document.

    Never more than the sale is worth.
    """
    percent = 100 if program.referral_pool is None else program.referral_pool
    sold = Measure.total(line.measure(rule.trigger) for line in document.lines)
    points = sold.amount(rule.amount_basis) * Fraction(percent) / 100
    points = program.rounding.down(points / Fraction(program.point_value))
    return Limit("pool", f"p{program.id}|pool", points)


class Meter:
    """Counts the points taken of each scope while one document is evaluated.

    :param usage: scope -> points other documents took of it; asked once per scope.
    """

    def __init__(self, usage: Callable[[str], Decimal]):
        self._usage = usage
        #: scope -> points it kept back; the tightest limit of each award counts
        self.cuts: dict[str, Decimal] = {}
        self._used: dict[str, Decimal] = {}

    def take(self, limits: list[Limit], wanted: Decimal, rounding: Rounding) -> Grant:
        """Take as much of ``wanted`` as all ``limits`` leave, in whole steps."""
        granted, tightest = wanted, None
        for limit in limits:
            left = max(ZERO, rounding.down(limit.points - self._used_of(limit)))
            if left < granted:
                granted, tightest = left, limit
        for limit in limits:
            self._used[limit.scope] += granted
        if tightest and tightest.cap not in _OWN:
            cut = self.cuts.get(tightest.scope, ZERO) + wanted - granted
            self.cuts[tightest.scope] = cut
        uses = {limit.scope: granted for limit in limits if limit.cap not in _OWN}
        return Grant(granted, tightest and _reason(tightest, granted, wanted), uses)

    def _used_of(self, limit: Limit) -> Decimal:
        if limit.scope not in self._used:
            # What is of one document is not shared: no other document used it.
            is_own = limit.cap in _OWN
            self._used[limit.scope] = (
                ZERO if is_own else to_decimal(self._usage(limit.scope))
            )
        return self._used[limit.scope]


def _reason(limit: Limit, granted: Decimal, wanted: Decimal) -> Reason:
    params = {"limit": as_text(limit.points), "wanted": as_text(wanted)}
    if granted:
        left = {"cap": limit.cap, "left": as_text(granted)}
        return Reason("capped", params | left)
    if limit.cap == "budget":
        return Reason("budget_exhausted", params)
    if limit.cap == "pool":
        return Reason("pool_exhausted", params)
    return Reason("cap_reached", params | {"cap": limit.cap})
