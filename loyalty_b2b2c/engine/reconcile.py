"""From what is booked to what is deserved: the moves in between.

Posting is always *target minus booked*.  Repeated, lost or reordered events
therefore end in the same balance.
"""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Booked:
    """The net effect of all entries of one award key so far, in points.

    :param manual: points a person took back by hand (>= 0).  They are already in
        ``posted``/``pending`` as negatives and must not be given again.
    """

    posted: Decimal = ZERO
    pending: Decimal = ZERO
    manual: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Move:
    """One entry to write, with its signed effects in points.

    ``kind``: ``"earn"`` (posted or pending comes in), ``"confirm"`` (pending
    becomes posted), ``"void"`` (pending lapses), ``"reverse"`` (posted is taken
    back, or goes back to pending).
    """

    kind: str
    posted: Decimal = ZERO
    pending: Decimal = ZERO


def plan(
    target_total: Decimal,
    target_released: Decimal,
    booked: Booked,
    *,
    keep: Decimal = ZERO,
) -> tuple[Move, ...]:
    """Return the at most two moves that bring ``booked`` to the target.

    What was taken back by hand lowers the target, its pending part first.
    Planning again after the moves gives ``()``.

    :param keep: so many points once posted are not put back to pending while they
        are deserved.  Pass ``award.points_due``: a later delivery starts a new
        waiting time for itself, not for points already free.
    :raise ValueError: unless 0 <= released <= total and manual >= 0.
    """
    if not 0 <= target_released <= target_total:
        raise ValueError(f"Bad target: {target_released} of {target_total} released")
    if booked.manual < 0:
        raise ValueError(f"Points reversed by hand cannot be {booked.manual}")
    total = max(ZERO, target_total - booked.manual)
    released = min(target_released, total)
    released = max(released, min(total, keep, booked.posted))
    return _moves(released - booked.posted, total - released - booked.pending)


def _moves(posted: Decimal, pending: Decimal) -> tuple[Move, ...]:
    moves = []
    if posted > 0 > pending or posted < 0 < pending:
        moved = min(abs(posted), abs(pending)).copy_sign(posted)
        moves.append(Move("confirm" if moved > 0 else "reverse", moved, -moved))
        posted, pending = posted - moved, pending + moved
    if posted:
        moves.append(Move("earn" if posted > 0 else "reverse", posted=posted))
    if pending:
        moves.append(Move("earn" if pending > 0 else "void", pending=pending))
    return tuple(moves)
