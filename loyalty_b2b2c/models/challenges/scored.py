"""What somebody scored in a round, as it is known now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A confirmed score of a person at one employer.

    :param member_id: of the ``b2b2c.member`` who scored
    :param employer_id: of the ``res.partner`` where the person worked then
    :param score: the sum of what counted, returns included; may be below 0
    :param reached_at: when we learned the last of it (aware); ``None``: nothing counted
    :param entry_id: of the first row that counted: tells apart who reached the same
        score at the same instant
    """

    member_id: int
    employer_id: int
    score: Decimal = ZERO
    reached_at: datetime | None = None
    entry_id: int = 0


def join(scored: Iterable[Scored], member_id: int) -> Scored:
    """Return scores of one person at several employers as one.

    :param scored: at least one, the one of the present employer last
    """
    scored = [*scored]
    reached = [one.reached_at for one in scored if one.reached_at]
    return Scored(
        member_id=member_id,
        employer_id=scored[-1].employer_id,
        score=sum((one.score for one in scored), ZERO),
        reached_at=max(reached, default=None),
        entry_id=min(one.entry_id for one in scored),
    )
