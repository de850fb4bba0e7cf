"""What a measure is worth under a rule, and how much of it is released."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from .awards import Reason
from .facts import NOTHING, LineFact, Measure
from .numbers import as_text
from .rules import Hold, Rule, Step

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Release:
    """Points and when they are due (see :class:`~.awards.Award`).

    :param points: exact, until :mod:`.whole_points` made whole ones of them.
    :param due: points that only wait for ``release_at``.
    """

    points: Decimal | Fraction
    effective_at: datetime | None = None
    release_at: datetime | None = None
    due: Decimal | Fraction = ZERO

    def part(self, function: Callable[[Decimal], Decimal]) -> "Release":
        """Return the same release for fewer points, as ``function`` reduces them."""
        points = function(self.points)
        effective_at = self.effective_at if points else None
        return Release(points, effective_at, self.release_at, function(self.due))

    def plus(self, other: "Release") -> "Release":
        """Return both releases of one source as one."""
        moments = [at for at in (self.effective_at, other.effective_at) if at]
        return Release(
            self.points + other.points,
            max(moments, default=None),
            self.release_at or other.release_at,
            self.due + other.due,
        )

    def at_most(self, limit: Decimal) -> "Release":
        """Return the same release for no more than ``limit`` points."""
        return self.part(lambda points: min(points, limit))


def rate_of(rule: Rule, measure: Measure) -> Step | None:
    """Return the rate that applies: the rule's own, or the row of its table.

    ``None`` below the first row.
    """
    if rule.kind != "table":
        return Step(ZERO, rule.kind, rule.value)
    figure = selecting_figure(rule, measure)
    rows = [step for step in rule.steps if step.start <= figure]
    return max(rows, key=lambda step: step.start, default=None)


def selecting_figure(rule: Rule, measure: Measure) -> Fraction:
    """Return the figure that selects the row of the rule's table."""
    if rule.table_basis == "quantity":
        return measure.quantity
    return measure.amount(rule.amount_basis)


def exact_points(rule: Rule, measure: Measure) -> Fraction:
    """Return the points for ``measure`` before rounding, never below zero."""
    rate = rate_of(rule, measure)
    if rate is None:
        return Fraction(0)
    value = Fraction(rate.value)
    if rate.kind == "fixed":
        points = value if measure.quantity > 0 else Fraction(0)
    elif rate.kind == "per_unit":
        points = value * measure.quantity
    else:
        points = value * measure.amount(rule.amount_basis) / 100
    return max(Fraction(0), points)


def proof(rule: Rule, line: LineFact) -> Measure:
    """Return what of ``line`` the rule's hold calls proven.

    Of a hold by several moments: what has reached all of them.
    """
    reached = (line.proof(trigger) for trigger in effective_hold(rule).triggers)
    proven = reduce(Measure.at_most, reached)
    return proven if proven.quantity else NOTHING


def release(rule: Rule, earned: Release, proven: Release, now: datetime) -> Release:
    """Return how much of ``earned`` the rule's hold lets go at ``now``.

    :param earned: all the points, due when the trigger was reached.
    :param proven: what the proven part (see :func:`proof`) alone is worth, due when
        it was proven.
    """
    hold = effective_hold(rule)
    if hold.kind == "none":
        return earned
    if hold.kind == "days":
        return _after_days(earned, hold.days, now)
    proven = proven.at_most(earned.points)
    if hold.kind == "days_after_delivery":
        return _after_days(proven, hold.days, now)
    return proven


def _after_days(held: Release, days: int, now: datetime) -> Release:
    if not held.points:
        return Release(ZERO)
    release_at = held.effective_at + timedelta(days=days)
    if now < release_at:
        return Release(ZERO, release_at=release_at, due=held.points)
    return Release(held.points, release_at)


def expected_at(
    rule: Rule, lines: Iterable[LineFact], release_at: datetime | None
) -> datetime | None:
    """Return when everything held that can still be proven is expected to be.

    :param release_at: until when the proven part waits, if it does.
    :return: ``None`` when a moment is missing that nobody knows a date for.
    """
    hold = effective_hold(rule)
    wait = timedelta(days=hold.days if hold.kind == "days_after_delivery" else 0)
    moments = [release_at] if release_at else []
    for line in lines:
        wanted = line.reachable(rule.trigger, hold.triggers).quantity
        for trigger in hold.triggers:
            if line.proof(trigger).quantity < wanted:
                if trigger not in line.expected:
                    return None
                moments.append(line.expected[trigger] + wait)
    return max(moments, default=None)


def effective_hold(rule: Rule) -> Hold:
    """Return the rule's hold; what payment triggers need not wait for payment."""
    if rule.hold.kind == "until_paid" and rule.trigger == "paid":
        return Hold()
    return rule.hold


def explain(
    rule: Rule, measure: Measure, line_keys: Iterable[str]
) -> tuple[Reason, ...]:
    """Explain :func:`exact_points`: basis and rate."""
    rate = rate_of(rule, measure)
    return (
        Reason(
            "basis",
            {
                "trigger": rule.trigger,
                "quantity": as_text(measure.quantity),
                "amount": as_text(measure.amount(rule.amount_basis)),
                "basis": rule.amount_basis,
                "lines": " ".join(line_keys),
            },
        ),
        Reason(
            "rate",
            {
                "kind": rate.kind,
                "value": as_text(rate.value),
                "start": as_text(rate.start) if rule.kind == "table" else "",
            },
        ),
    )
