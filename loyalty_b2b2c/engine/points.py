"""What a measure is worth under a rule, and how much of it is released."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from .awards import Reason
from .facts import Measure
from .numbers import Rounding, as_text
from .rules import Hold, Rule, Step

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Release:
    """Points and when they are due (see :class:`~.awards.Award`)."""

    points: Decimal
    effective_at: datetime | None = None
    release_at: datetime | None = None

    def reduced_to(self, points: Decimal) -> "Release":
        """Return the same release for a smaller number of points."""
        effective_at = self.effective_at if points else None
        return Release(points, effective_at, self.release_at)


def add_up(measures: Iterable[Measure]) -> Measure:
    """Return the sum of measures, reached when the last of them was."""
    measures = list(measures)
    return Measure(
        sum((m.quantity for m in measures), ZERO),
        sum((m.amount_untaxed for m in measures), ZERO),
        sum((m.amount_total for m in measures), ZERO),
        max((m.at for m in measures if m.at is not None), default=None),
    )


def rate_of(rule: Rule, measure: Measure) -> Step | None:
    """Return the rate that applies: the rule's own, or the row of its table.

    ``None`` below the first row.
    """
    if rule.kind != "table":
        return Step(ZERO, rule.kind, rule.value)
    figure = selecting_figure(rule, measure)
    rows = [step for step in rule.steps if step.start <= figure]
    return max(rows, key=lambda step: step.start, default=None)


def selecting_figure(rule: Rule, measure: Measure) -> Decimal:
    """Return the figure that selects the row of the rule's table."""
    if rule.table_basis == "quantity":
        return measure.quantity
    return measure.amount(rule.amount_basis)


def exact_points(rule: Rule, measure: Measure) -> Decimal:
    """Return the points for ``measure`` before rounding, never below zero."""
    rate = rate_of(rule, measure)
    if rate is None:
        return ZERO
    if rate.kind == "fixed":
        points = rate.value if measure.quantity > 0 else ZERO
    elif rate.kind == "per_unit":
        points = rate.value * measure.quantity
    else:
        points = rate.value * measure.amount(rule.amount_basis) / 100
    return max(ZERO, points)


def rounded_points(rule: Rule, measure: Measure, rounding: Rounding) -> Decimal:
    """Return the points for ``measure`` in whole steps of the unit."""
    return rounding.apply(exact_points(rule, measure))


def release(rule: Rule, earned: Release, paid: Release, now: datetime) -> Release:
    """Return how much of ``earned`` the rule's hold lets go at ``now``.

    :param earned: all the points, due when the trigger was reached.
    :param paid: what the paid part alone is worth, due when it was paid.
    """
    hold = effective_hold(rule)
    if hold.kind == "until_paid":
        return paid.reduced_to(min(earned.points, paid.points))
    if hold.kind == "days":
        release_at = earned.effective_at + timedelta(days=hold.days)
        if now < release_at:
            return Release(ZERO, release_at=release_at)
        return Release(earned.points, release_at)
    return earned


def effective_hold(rule: Rule) -> Hold:
    """Return the rule's hold; what payment triggers need not wait for payment."""
    if rule.hold.kind == "until_paid" and rule.trigger == "paid":
        return Hold()
    return rule.hold


def explain(
    rule: Rule, measure: Measure, line_keys: Iterable[str], rounding: Rounding
) -> tuple[Reason, ...]:
    """Explain :func:`rounded_points`: basis, rate, rounding."""
    rate = rate_of(rule, measure)
    exact = exact_points(rule, measure)
    path = [
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
    ]
    rounded = rounding.apply(exact)
    if rounded != exact:
        path.append(
            Reason("rounded", {"before": as_text(exact), "after": as_text(rounded)})
        )
    return tuple(path)
