"""Judges how unusual a scan is: each finding adds points, their sum is the score.

Nothing is refused here: whoever reads a claim sees every finding.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

#: Every code of :class:`Finding`; another layer words them.
FINDING_CODES = (
    "other_shop",
    "adjacent",
    "shop_rate",
    "far",
    "no_place",
    "failures",
    "late",
    "audit",
)

_EARTH = 6371.0  # kilometres
_FEW_FAILURES = 5


@dataclass(frozen=True, slots=True)
class ScanFact:
    """What is known about one scan when it is judged.

    :param age: how long ago the person scanned
    :param is_other_shop: the goods were shipped to somebody else's shop
    :param adjacent: codes with neighbouring numbers the person scanned just now
    :param shop_scans: scans of the whole shop within the hour
    :param failures: wrong codes of the person within the hour
    :param place, shop_place: ``(latitude, longitude)`` in degrees, ``None``: unknown
    :param draw: a random number from 0 up to 100
    """

    age: timedelta = timedelta(0)
    is_other_shop: bool = False
    adjacent: int = 0
    shop_scans: int = 0
    failures: int = 0
    place: tuple | None = None
    shop_place: tuple | None = None
    draw: int = 100


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """What a company finds unusual; 0 switches a check off.

    :param adjacent: so many neighbouring codes within minutes
    :param shop_scans: so many scans of a shop within an hour
    :param radius: kilometres around the shop
    :param late: a phone may be offline for so long
    :param audit: percent of scans a person looks at, whatever they look like
    :param review_score: from this score on a person decides
    """

    adjacent: int = 0
    shop_scans: int = 0
    radius: int = 0
    late: timedelta = timedelta(0)
    audit: int = 0
    review_score: int = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """Something unusual: its code, what it adds to the score, and the figures."""

    code: str
    points: int
    params: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings on a scan, and whether a person should decide."""

    findings: tuple[Finding, ...]
    needs_review: bool

    @property
    def score(self):
        """The sum of all findings."""
        return sum(finding.points for finding in self.findings)


def judge(fact: ScanFact, limits: ScanLimits) -> Judgement:
    """Return what is unusual about a scan.

    :return: a :class:`Judgement`; an audit draw needs review without any score
    """
    findings = tuple(_find(fact, limits))
    score = sum(finding.points for finding in findings)
    drawn = any(finding.code == "audit" for finding in findings)
    return Judgement(findings, drawn or score >= limits.review_score > 0)


def _find(fact, limits):
    if fact.is_other_shop:
        yield Finding("other_shop", 100)
    if limits.adjacent and fact.adjacent + 1 >= limits.adjacent:
        yield Finding("adjacent", 60, {"count": fact.adjacent + 1})
    if limits.shop_scans and fact.shop_scans >= limits.shop_scans:
        yield Finding("shop_rate", 50, {"count": fact.shop_scans + 1})
    yield from _find_place(fact, limits)
    if fact.failures >= _FEW_FAILURES:
        yield Finding("failures", 20, {"count": fact.failures})
    if limits.late and fact.age > limits.late:
        yield Finding("late", 30, {"hours": int(fact.age.total_seconds() // 3600)})
    if fact.draw < limits.audit:
        yield Finding("audit", 0)


def _find_place(fact, limits):
    if not limits.radius or not fact.shop_place:
        return
    if not fact.place:
        yield Finding("no_place", 10)
        return
    kilometres = get_distance(fact.place, fact.shop_place)
    if kilometres > limits.radius:
        yield Finding("far", 50, {"kilometres": round(kilometres)})


def get_distance(start, end):
    """Return the kilometres between two places on the globe.

    :param start, end: ``(latitude, longitude)`` in degrees
    """
    lat1, lon1 = map(radians, start)
    lat2, lon2 = map(radians, end)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(half, 1.0)))
