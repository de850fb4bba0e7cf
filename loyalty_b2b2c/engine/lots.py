"""Which points are spent first: lots, soonest to expire first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

#: What was taken: (lot id, points) in the order of taking.
Takes = tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that came in together and lapse together.

    :param remaining: points of the lot not spent yet.
    :param expires_at: the instant from which they are void, ``None``: never.
    :param entry_id: the ledger entry that brought them in.
    """

    id: int
    remaining: Decimal
    expires_at: datetime | None
    entry_id: int | None = None


def allocate(
    lots: Iterable[Lot], points: Decimal, prefer_entries: Collection[int] = frozenset()
) -> tuple[Takes, Decimal]:
    """Decide from which lots ``points`` are taken.

    Lots of ``prefer_entries`` come first (a clawback takes back the very points it
    undoes), then those that expire soonest, those that never expire last; ties by
    id.  Expired lots are not left out: pass only the ones that may be used.

    :return: ``(takes, missing)``; the takes and ``missing`` sum to ``points``.
    :raise ValueError: for negative points.
    """
    if points < 0:
        raise ValueError(f"Cannot take {points} points")
    takes, missing = [], points
    for lot in sorted(lots, key=lambda lot: _order(lot, prefer_entries)):
        take = min(lot.remaining, missing)
        if take > 0:
            takes.append((lot.id, take))
            missing -= take
    return tuple(takes), missing


def _order(lot: Lot, prefer_entries: Collection[int]) -> tuple:
    preferred = lot.entry_id is not None and lot.entry_id in prefer_entries
    if lot.expires_at is None:
        return (not preferred, True, 0, lot.id)
    return (not preferred, False, lot.expires_at, lot.id)


def restore(takes: Sequence[tuple[int, Decimal]], points: Decimal) -> Takes:
    """Decide to which lots ``points`` go back, the last taken first.

    :param takes: what is still taken, in the order of taking (after a partial
        restore: the rest, not the first figures).
    :raise ValueError: for negative points or more than was taken.
    """
    if points < 0:
        raise ValueError(f"Cannot give back {points} points")
    backs, left = [], points
    for lot_id, taken in reversed(takes):
        back = min(taken, left)
        if back > 0:
            backs.append((lot_id, back))
            left -= back
    if left:
        raise ValueError(f"Cannot give back {points} points: {left} were never taken")
    return tuple(backs)


def due(lots: Iterable[Lot], now: datetime) -> tuple[Lot, ...]:
    """Return the lots with points that have lapsed at ``now``, oldest first."""
    lapsed = (
        lot
        for lot in lots
        if lot.remaining > 0 and lot.expires_at is not None and lot.expires_at <= now
    )
    return tuple(sorted(lapsed, key=lambda lot: (lot.expires_at, lot.id)))
