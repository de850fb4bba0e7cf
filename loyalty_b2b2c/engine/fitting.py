"""Parts of a measure by when they were reached, made to fit the whole."""

from collections.abc import Iterable
from fractions import Fraction

from .facts import ZERO, Measure


def fit(parts: Iterable[Measure], measure: Measure) -> list[Measure]:
    """Return ``parts``, in time order, cut or filled up to a measure in all.

    What is too much is taken from the latest part, what lacks is added to it.
    """
    parts = sorted((part for part in parts if part.at), key=lambda part: part.at)
    if not parts:
        return [measure]
    columns = [
        _fit_column([getattr(part, name) for part in parts], getattr(measure, name))
        for name in ("quantity", "amount_untaxed", "amount_total")
    ]
    return [
        Measure(*values, at=part.at)
        for part, *values in zip(parts, *columns, strict=True)
        if any(values)
    ]


def _fit_column(values: list[Fraction], total: Fraction) -> list[Fraction]:
    """Return numbers that add up to ``total``, the last ones cut first."""
    excess = sum(values, ZERO) - total
    fitted = []
    for value in reversed(values):
        cut = min(max(value, ZERO), excess) if excess > 0 else ZERO
        fitted.append(value - cut)
        excess -= cut
    fitted.reverse()
    fitted[-1] -= excess  # below zero: what lacks
    return fitted
