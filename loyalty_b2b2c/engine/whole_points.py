"""Exact portions become whole points: once per document, rule and participant.

Fifty lines of 0.95 points are 47 points, not fifty times nothing.  So a rule's portions
are added up exactly, rounded once, and what came of it is handed back to the
beneficiaries and then to the lines by largest remainder.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .awards import Reason
from .numbers import Rounding, as_text, split
from .points import Release
from .rules import Rule

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Portion:
    """What one share of a rule is worth to one member for one source, exactly.

    :param whole: of the source, to all beneficiaries.
    :param exact: to this member.
    :param release: of ``exact``, exact as well.
    :param divided: how many members divide the share.
    """

    source_key: str
    share: int
    member_id: int
    whole: Fraction
    exact: Fraction
    release: Release
    divided: int = 1


@dataclass(frozen=True, slots=True)
class WholePortion:
    """The points of a portion, their release, and why they are so many."""

    portion: Portion
    total: Decimal
    release: Release
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Part:
    """The portions of one member and share of a rule, and what they are together.

    :param divided: the rounded points that this is a part of; ``None``: nobody else has
        a part of them.
    """

    portions: list[Portion]
    total: Decimal = NOTHING
    released_total: Decimal = NOTHING
    divided: Decimal | None = None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def exact(self) -> Fraction:
        return sum((portion.exact for portion in self.portions), Fraction(0))

    @property
    def released(self) -> Fraction:
        released = (Fraction(portion.release.points) for portion in self.portions)
        return sum(released, Fraction(0))


def make_whole(
    rule: Rule, portions: Iterable[Portion], rounding: Rounding
) -> list[WholePortion]:
    """Return the portions of one rule and document in whole points."""
    parts = defaultdict(dict)  # share -> member -> part
    for portion in sorted(portions, key=_by_key):
        members = parts[portion.share]
        members.setdefault(portion.member_id, _Part([])).portions.append(portion)
    if rule.shares:
        _divide_by_percent(rule, parts, rounding)
    else:
        for members in parts.values():
            _divide(members, None, rounding)
    return [
        whole
        for share, members in sorted(parts.items())
        for part in members.values()
        for whole in _to_sources(part, rounding)
    ]


def _by_key(portion: Portion) -> tuple:
    # so that neither the order of lines nor of members moves an odd point
    key = portion.source_key
    return portion.share, portion.member_id, len(key), key


def _divide_by_percent(rule: Rule, parts: dict, rounding: Rounding) -> None:
    """Round what a rule gives all its beneficiaries, and divide it by percentage.

    What has no beneficiary is a part, too: it is nobody's.
    """
    sources = {
        portion.source_key: portion.whole
        for members in parts.values()
        for part in members.values()
        for portion in part.portions
    }
    whole = sum(sources.values(), Fraction(0))
    weights = {share: _get_weight(members) for share, members in sorted(parts.items())}
    nobody = max(Fraction(0), whole - sum(weights.values()))
    total = rounding.apply(whole)
    shares = split(total, [*weights.values(), nobody], rounding)
    for (share, members), points in zip(sorted(parts.items()), shares, strict=False):
        params = {
            "percent": as_text(rule.shares[share].percent),
            "whole": as_text(total),
            "share": as_text(points),
        }
        for part in members.values():
            part.divided = total
            part.reasons.append(Reason("shared", params))
        _divide(members, points, rounding)


def _get_weight(members: dict[int, _Part]) -> Fraction:
    """Return what a share is worth exactly, to all of its members that divide it."""
    exact = [part.exact for part in members.values()]
    is_divided = any(part.portions[0].divided > 1 for part in members.values())
    return sum(exact) if is_divided else max(exact)


def _divide(
    members: dict[int, _Part], points: Decimal | None, rounding: Rounding
) -> None:
    """Give each member of a share its points, and those of them that are released.

    What is released of a percentage is rounded down until all of it is, so that a
    part once released stays when more is proven.

    :param points: of the share; ``None``: rounded here, nobody rounded before.
    """
    parts = list(members.values())
    number = max(part.portions[0].divided for part in parts)
    groups = [parts] if number > 1 else [[part] for part in parts]
    for group in groups:
        exact = [part.exact for part in group]
        released = [part.released for part in group]
        whole = rounding.apply(sum(exact)) if points is None else points
        if points is None:
            free = min(whole, rounding.apply(sum(released)))
        else:
            free = rounding.down(Fraction(points) * sum(released) / sum(exact))
        totals, free_totals = split(whole, exact, rounding), [NOTHING] * len(group)
        if free:
            free_totals = split(free, released, rounding)
        for part, total, free_total in zip(group, totals, free_totals, strict=True):
            part.total, part.released_total = total, min(total, free_total)
            if number > 1:
                if part.divided is None:
                    part.divided = whole
                part.reasons.append(_split(whole, total, number))


def _split(whole: Decimal, total: Decimal, members: int) -> Reason:
    params = {"whole": as_text(whole), "share": as_text(total), "members": members}
    return Reason("split", params)


def _to_sources(part: _Part, rounding: Rounding) -> Iterable[WholePortion]:
    """Yield the portions of a member with its points handed out to the sources."""
    totals = split(part.total, [portion.exact for portion in part.portions], rounding)
    released = _release(part, totals, rounding)
    for portion, total, points in zip(part.portions, totals, released, strict=True):
        reasons = (*_explain(part, portion, total), *part.reasons)
        release = _get_release(portion, total, points, rounding)
        yield WholePortion(portion, total, release, reasons)


def _get_release(
    portion: Portion, total: Decimal, points: Decimal, rounding: Rounding
) -> Release:
    """Return the release of ``points`` of a portion's ``total``."""
    exact = portion.release
    due = NOTHING
    if exact.due and exact.points + exact.due == portion.exact:
        due = total - points
    elif exact.due:
        due = rounding.down(Fraction(total) * exact.due / portion.exact)
    effective_at = exact.effective_at if points else None
    return Release(points, effective_at, exact.release_at, due)


def _explain(part: _Part, portion: Portion, total: Decimal) -> list[Reason]:
    """Return the reasons of the rounding, if there was any.

    Of points that are divided, the whole was rounded.
    """
    if len(part.portions) > 1:
        if total == portion.exact:
            return []
        params = {
            "before": as_text(part.exact),
            "after": as_text(part.total),
            "lines": len(part.portions),
            "part": as_text(total),
        }
        return [Reason("rounded_together", params)]
    exact, rounded = portion.exact, total
    if part.divided is not None:
        exact, rounded = portion.whole, part.divided
    if rounded == exact:
        return []
    return [Reason("rounded", {"before": as_text(exact), "after": as_text(rounded)})]


def _release(
    part: _Part, totals: Sequence[Decimal], rounding: Rounding
) -> list[Decimal]:
    """Return the released points of each source, never more than its points."""
    if part.released_total == part.total:
        return list(totals)
    shares = [
        Fraction(total) * Fraction(portion.release.points) / portion.exact
        for total, portion in zip(totals, part.portions, strict=True)
    ]
    points = [rounding.down(share) for share in shares]
    step = Decimal(1).scaleb(-rounding.digits)
    # what rounding down left over goes to the largest remainders that have room
    left = int((part.released_total - sum(points)) / step)
    remainders = sorted(
        (Fraction(points[index]) - shares[index], index)
        for index in range(len(points))
        if shares[index] and points[index] < totals[index]
    )
    for _remainder, index in remainders[: max(0, left)]:
        points[index] += step
    return points
