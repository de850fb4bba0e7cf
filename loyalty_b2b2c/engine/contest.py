"""A contest: scores become places, places become prizes.

The flow, one direction::

    contestants      --rank()--------> places, shared by equal scores: 1, 1, 3
    places + prizes  --give_prizes()-> who wins what, and why somebody wins nothing

Nothing here is read from a clock or drawn by chance: a draw follows from a seed that
was written down before the end, so everybody gets the same answer, at any time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from .awards import Reason
from .numbers import Rounding, as_text, split
from .prize_fund import TIE_POLICIES

ZERO = Decimal(0)

#: What a team's score is.
TEAM_METRICS = ("total", "per_head", "percent_of_target")
#: Why somebody with a place has no prize, or not yet; another layer words them.
CONTEST_CODES = ("no_score", "below_minimum", "no_prize", "drawn_out", "held")

_NEVER = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A person or a team with its score.

    :param key: identity, unique within a contest.
    :param score: what counts, may be below zero.
    :param reached_at: when the score became what it is (aware); ``None``: nothing ever
        counted.
    :param entry_id: tells apart who reached the same score at the same instant: the
        lower one was first.
    :param division: contestants are compared within theirs only.
    :param is_held: somebody has to look at the contestant first: it keeps its place, a
        prize waits.
    """

    key: int
    score: Decimal
    reached_at: datetime | None = None
    entry_id: int = 0
    division: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Prize:
    """What each of the places from ``place_from`` to ``place_to`` wins, both inclusive.

    :param points: at least 0, of the program.
    :param program_id: points of different programs are never added up.
    :param rounding: of the program's unit.
    :raise ValueError: for places below 1 or the wrong way round, or points below 0.
    """

    id: int
    place_from: int
    place_to: int
    points: Decimal
    program_id: int = 0
    rounding: Rounding = Rounding()

    def __post_init__(self):
        if not 1 <= self.place_from <= self.place_to:
            raise ValueError(f"No places: {self.place_from} to {self.place_to}")
        if self.points < 0:
            raise ValueError(f"A prize cannot be {self.points} points")

    def is_for(self, place: int) -> bool:
        """Tell whether a place wins it."""
        return self.place_from <= place <= self.place_to


@dataclass(frozen=True, slots=True)
class Rules:
    """How places become prizes.

    :param tie_policy: one of :mod:`.prize_fund`: who reached the score first is
        before the others (``"earliest"``); those with equal scores divide the prizes of
        their places (``"share"``); each gets that of the best of them (``"all"``); lots
        decide (``"draw"``).
    :param min_score: less wins nothing.  A score of 0 or less never does.
    :param seed: of the draw, written down before the contest ends.
    :raise ValueError: for an unknown policy, or a draw without a seed.
    """

    tie_policy: str = "earliest"
    min_score: Decimal = ZERO
    seed: str = ""

    def __post_init__(self):
        if self.tie_policy not in TIE_POLICIES:
            raise ValueError(f"Unknown tie policy {self.tie_policy!r}")
        if self.tie_policy == "draw" and not self.seed:
            raise ValueError("A draw needs a seed")

    def wins(self, score: Decimal) -> bool:
        """Tell whether a score may win anything."""
        return score > 0 and score >= self.min_score


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contestant stands.

    :param rank: the place that is shown, the same for equal scores: 1, 1, 3.
    :param order: the place among all, each once: 1, 2, 3.
    :param tied: how many have this rank.
    """

    contestant: Contestant
    rank: int
    order: int
    tied: int = 1

    @property
    def key(self) -> int:
        return self.contestant.key

    @property
    def score(self) -> Decimal:
        return self.contestant.score


@dataclass(frozen=True, slots=True)
class Win:
    """Points of a program that a place wins.

    :param prize_id: the prize; of prizes that are divided, that of the best place.
    """

    prize_id: int
    program_id: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contestant ends with.

    :param wins: empty without a prize.
    :param is_held: what it wins waits until somebody has decided.
    :param reasons: why it wins that much, or nothing.
    """

    place: Place
    wins: tuple[Win, ...] = ()
    is_held: bool = False
    reasons: tuple[Reason, ...] = ()


def rank(
    contestants: Iterable[Contestant], rules: Rules = Rules()
) -> dict[str, list[Place]]:
    """Return division -> places, the best first.

    :param rules: what tells equal scores apart; it changes no rank that is shown
    """
    divisions = defaultdict(list)
    for contestant in contestants:
        divisions[contestant.division].append(contestant)
    return {
        division: _rank_division(divisions[division], rules)
        for division in sorted(divisions)
    }


def _rank_division(contestants: list[Contestant], rules: Rules) -> list[Place]:
    """Return the places of one division, the best first."""
    ordered = sorted(contestants, key=lambda one: _get_order(one, rules))
    places = []
    for tied in _group_tied(ordered):
        first = len(places) + 1
        places += [
            Place(contestant, first, first + index, len(tied))
            for index, contestant in enumerate(tied)
        ]
    return places


def _group_tied(ordered: Iterable) -> Iterable[list]:
    """Yield those with equal scores together, of contestants or places in order."""
    tied = []
    for one in ordered:
        if tied and one.score != tied[-1].score:
            yield tied
            tied = []
        tied.append(one)
    if tied:
        yield tied


def _get_order(contestant: Contestant, rules: Rules) -> tuple:
    """Return what contestants are sorted by."""
    lot = ""
    if rules.tie_policy == "draw":
        lot = sha256(f"{rules.seed}:{contestant.key}".encode()).hexdigest()
    return (
        -contestant.score,
        lot,
        contestant.reached_at or _NEVER,
        contestant.entry_id,
        contestant.key,
    )


def give_prizes(
    places: Sequence[Place], prizes: Iterable[Prize], rules: Rules
) -> list[Outcome]:
    """Return what each place of a division wins, in the same order.

    :param places: of one division, from :func:`rank` with the same rules
    """
    prizes = sorted(prizes, key=lambda prize: (prize.place_from, prize.id))
    outcomes = []
    for tied in _group_tied(places):
        outcomes += _give_to_tied(tied, prizes, rules)
    return outcomes


def _give_to_tied(
    tied: list[Place], prizes: list[Prize], rules: Rules
) -> list[Outcome]:
    """Return what those with equal scores win."""
    score = tied[0].score
    if not rules.wins(score):
        code, params = "no_score", {"score": as_text(score)}
        if score > 0:
            code = "below_minimum"
            params["minimum"] = as_text(rules.min_score)
        return [Outcome(place, reasons=(Reason(code, params),)) for place in tied]
    wins = _GIVERS[rules.tie_policy](tied, prizes)
    any_won = any(wins)
    return [
        _get_outcome(place, won, any_won, rules)
        for place, won in zip(tied, wins, strict=True)
    ]


def _get_outcome(
    place: Place, won: tuple[Win, ...], any_won: bool, rules: Rules
) -> Outcome:
    """Return the outcome of a place that may win, with its reasons."""
    reasons = []
    if not won:
        # others with the same score won: who was first, or the lot, decided
        code = "drawn_out" if any_won else "no_prize"
        params = {"place": place.order, "tied": place.tied, "by": rules.tie_policy}
        reasons.append(Reason(code, params))
    elif place.contestant.is_held:
        reasons.append(Reason("held", {}))
    return Outcome(place, won, bool(won) and place.contestant.is_held, tuple(reasons))


def _give_by_order(tied: list[Place], prizes: list[Prize]) -> list[tuple[Win, ...]]:
    """Each wins what its own place wins."""
    return [_get_wins(place.order, prizes) for place in tied]


def _give_all(tied: list[Place], prizes: list[Prize]) -> list[tuple[Win, ...]]:
    """Each wins what the best of their places wins."""
    return [_get_wins(tied[0].rank, prizes) for _place in tied]


def _give_shares(tied: list[Place], prizes: list[Prize]) -> list[tuple[Win, ...]]:
    """They divide what their places win, the odd steps to who was first."""
    pots = {}  # program -> (the best place's prize, points of all of them)
    for place in tied:
        for prize in prizes:
            if prize.is_for(place.order):
                best, points = pots.get(prize.program_id, (prize, ZERO))
                pots[prize.program_id] = best, points + prize.points
    wins = [[] for _place in tied]
    for program_id, (prize, points) in pots.items():
        shares = split(points, [1] * len(tied), prize.rounding)
        for won, share in zip(wins, shares, strict=True):
            if share:
                won.append(Win(prize.id, program_id, share))
    return [tuple(won) for won in wins]


def _get_wins(place: int, prizes: list[Prize]) -> tuple[Win, ...]:
    """Return what one place wins alone."""
    return tuple(
        Win(prize.id, prize.program_id, prize.points)
        for prize in prizes
        if prize.is_for(place) and prize.points
    )


_GIVERS = {
    "earliest": _give_by_order,
    "draw": _give_by_order,
    "all": _give_all,
    "share": _give_shares,
}


# === TEAMS === #


@dataclass(frozen=True, slots=True)
class Team:
    """A shop whose people's scores count together.

    :param key: of the shop.
    :param people: contestants who scored for it.
    :param heads: how many people work there, those without a score included.
    :param target: of the shop's own, for ``"percent_of_target"``.
    """

    key: int
    people: tuple[Contestant, ...] = ()
    heads: int = 0
    target: Decimal = ZERO
    division: str = ""


def score_team(team: Team, metric: str, min_size: int = 1) -> Contestant | None:
    """Return a shop as a contestant.

    :param metric: one of :data:`TEAM_METRICS`
    :param min_size: smaller teams do not take part: one person alone would beat every
        team per head
    :return: ``None`` when it does not take part, or has no target to be measured by
    :raise ValueError: for an unknown metric
    """
    if metric not in TEAM_METRICS:
        raise ValueError(f"Unknown team metric {metric!r}")
    heads = max(team.heads, len(team.people))
    if heads < min_size or (metric == "percent_of_target" and team.target <= 0):
        return None
    total = sum((Fraction(person.score) for person in team.people), Fraction(0))
    if metric == "per_head":
        total = total / heads if heads else Fraction(0)
    elif metric == "percent_of_target":
        total = total * 100 / Fraction(team.target)
    reached = [person.reached_at for person in team.people if person.reached_at]
    return Contestant(
        key=team.key,
        # cut, not rounded: a hair below another score is below it
        score=Rounding(6).apply(total),
        reached_at=max(reached, default=None),
        entry_id=min((person.entry_id for person in team.people), default=0),
        division=team.division,
    )


def divide_prize(
    points: Decimal, people: Iterable[int], rounding: Rounding
) -> dict[int, Decimal]:
    """Return person -> points, of a team's prize that is divided equally.

    :param people: keys; the odd steps go to the lowest
    """
    keys = sorted(people)
    if not keys:
        return {}
    return dict(zip(keys, split(points, [1] * len(keys), rounding), strict=True))
