"""Judges whether somebody recommended us to himself, or sells codes to strangers.

Each sign adds points; their sum decides: nothing unusual counts at once, much of it
waits for a person, and what proves that nobody was brought is refused.  Every sign is
kept with the recommendation, so that whoever looks at it sees why.
"""

from dataclasses import dataclass, field

#: Sign -> what it adds.  100 alone refuses, 50 alone makes it wait, unless a campaign
#: says otherwise.
POINTS = {
    "same_person": 100,
    "own_card": 100,
    "own_company": 100,
    "appeared_before": 100,
    "not_new": 100,
    "month_limit": 100,
    "year_limit": 100,
    "same_bank": 80,
    "same_phone": 60,
    "same_email": 60,
    "same_device": 60,
    "owner": 60,
    "colleague": 20,
    "former_address": 50,
    "same_address": 50,
    "household": 10,
    "velocity": 50,
    "coupon_site": 50,
    "no_tax_id": 50,
    "no_terms": 50,
}


@dataclass(frozen=True, slots=True)
class Brought:
    """What is known about a recommender and who was brought.

    :param signs: keys of :data:`POINTS` that are simply so
    :param brought_today: others the recommender brought within the same day
    :param brought_month, brought_year: the same, within the month and the year
    :param typed_week: purchases with the code, within a week, of people who never
        opened its link
    :param opened_week: people who opened its link within a week
    """

    signs: frozenset[str] = frozenset()
    brought_today: int = 0
    brought_month: int = 0
    brought_year: int = 0
    typed_week: int = 0
    opened_week: int = 0


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """What a campaign finds unusual; 0 switches a check off.

    :param day: so many new customers of a recommender within a day are unusual
    :param month, year: so many count at most
    :param typed: so many purchases within a week by people who never opened the link,
        if they are most of all: somebody published the code
    :param hold: from this score on a person decides
    :param refuse: from this score on nobody has to
    """

    day: int = 0
    month: int = 0
    year: int = 0
    typed: int = 0
    hold: int = 50
    refuse: int = 100


@dataclass(frozen=True, slots=True)
class Sign:
    """Something unusual: its code, what it adds, and the figures."""

    code: str
    points: int
    params: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guarded:
    """All signs, and what comes of them: ``"active"``, ``"held"`` or ``"refused"``."""

    signs: tuple[Sign, ...]
    state: str

    @property
    def score(self) -> int:
        """The sum of all signs."""
        return sum(sign.points for sign in self.signs)


def guard(brought: Brought, limits: GuardLimits) -> Guarded:
    """Return what is unusual about a recommendation, and what comes of it.

    :raise ValueError: an unknown sign
    """
    unknown = brought.signs - POINTS.keys()
    if unknown:
        raise ValueError(f"Unknown signs: {', '.join(sorted(unknown))}")
    signs = [Sign(code, POINTS[code]) for code in POINTS if code in brought.signs]
    for code, number, limit in (
        ("month_limit", brought.brought_month, limits.month),
        ("year_limit", brought.brought_year, limits.year),
        ("velocity", brought.brought_today, limits.day),
    ):
        if 0 < limit <= number:
            signs.append(Sign(code, POINTS[code], {"limit": limit}))
    if 0 < limits.typed <= brought.typed_week > 4 * brought.opened_week:
        params = {"count": brought.typed_week}
        signs.append(Sign("coupon_site", POINTS["coupon_site"], params))
    score = sum(sign.points for sign in signs)
    state = "active"
    if score >= limits.hold > 0:
        state = "held"
    if score >= limits.refuse > 0:
        state = "refused"
    return Guarded(tuple(signs), state)
