"""What points that people have are worth to the company that owes them.

Money is :class:`~decimal.Decimal` in the smallest step of its currency.  An amount is
rounded once, from the sum of all points, never participant by participant.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
_WHOLE = Decimal(100)


def get_rate(value: Decimal, expected_expiry: Decimal) -> Decimal:
    """Return what a point is owed at, not rounded.

    :param value: what a point costs
    :param expected_expiry: how many of a hundred points are expected to lapse
    """
    return value * (_WHOLE - expected_expiry) / _WHOLE


def get_amount(points: Decimal, rate: Decimal, step: Decimal) -> Decimal:
    """Return what ``points`` are worth, rounded half up to ``step``.

    :param step: the smallest amount of the currency: ``Decimal("0.01")``
    """
    return round_to(points * rate, step)


def round_to(amount: Decimal, step: Decimal) -> Decimal:
    """Return an amount rounded half up (away from zero) to a multiple of ``step``."""
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def spread(amount: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Return an amount spread by weights, in multiples of ``step``; nothing is lost.

    What rounding leaves goes to the shares that it cut most, the first of them if
    several were cut alike.

    :param amount: a multiple of ``step``, of any sign
    :param weights: one of each share, none below zero; all zero: the first takes all
    """
    whole = sum(weights)
    if not whole:
        return [amount, *[ZERO] * (len(weights) - 1)] if weights else []
    steps = amount / step
    exact = [steps * weight / whole for weight in weights]
    shares = [share.quantize(Decimal(1), ROUND_DOWN) for share in exact]
    left = int(steps - sum(shares))
    cut = sorted(
        range(len(weights)), key=lambda place: -abs(exact[place] - shares[place])
    )
    for place in cut[: abs(left)]:
        shares[place] += 1 if left > 0 else -1
    return [share * step for share in shares]
