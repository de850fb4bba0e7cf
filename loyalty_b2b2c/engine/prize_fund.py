"""What the prizes of a round can cost at most: so much is reserved before it starts."""

from collections.abc import Iterable
from decimal import Decimal

#: What becomes of a place that several people reached.
TIE_POLICIES = ("earliest", "share", "all", "draw")


def contest_cost(
    prizes: Iterable[tuple[int, int, Decimal]], people: int, tie_policy: str
) -> Decimal:
    """Return the greatest sum of the prizes of a contest.

    :param prizes: ``(first place, last place, points of each place)``
    :param people: how many can be placed at most
    :param tie_policy: one of :data:`TIE_POLICIES`; with ``"all"`` everybody can be
        first at once, and a prize below the highest is only paid beside it
    :raise ValueError: an unknown tie policy
    """
    if tie_policy not in TIE_POLICIES:
        raise ValueError(f"Unknown tie policy {tie_policy!r}")
    prizes = list(prizes)
    if tie_policy == "all":
        return best_cost((points for _from, _to, points in prizes), people)
    return sum(
        (
            points * max(min(last, people) - first + 1, 0)
            for first, last, points in prizes
        ),
        Decimal(0),
    )


def steps_cost(
    steps: Iterable[Decimal], people: int, winners: int | None = None
) -> Decimal:
    """Return the greatest sum of the prizes of a task with steps.

    :param steps: points of each step; who reaches the last one has all of them
    :param people: how many can take part at most
    :param winners: only so many get the prize of a step; ``None``: everybody
    """
    paid = people if winners is None else min(people, winners)
    return sum(steps, Decimal(0)) * max(paid, 0)


def best_cost(prizes: Iterable[Decimal], people: int) -> Decimal:
    """Return the greatest sum where everybody gets one of the prizes.

    :param prizes: points of each
    :param people: how many can take part at most
    """
    return max(prizes, default=Decimal(0)) * max(people, 0)
