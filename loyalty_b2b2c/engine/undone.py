"""A tier that was had for a minute: which volume was taken back soon after it counted.

Volumes are learned entry by entry, in an order that is known (``number``): what is
compared is what was known at a moment, and what is left of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from .ladder import Ladder, State, replay

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a document added to the volume of a day, or took from it.

    :param number: the place in which it was learned.
    :param document: which document, whatever day its volume is of.
    :param learned_at: when; ``learned_on`` is the day of that where the dealer is.
    """

    number: int
    document: str
    day: date
    value: Decimal
    learned_at: datetime
    learned_on: date


@dataclass(frozen=True, slots=True)
class Lasting:
    """What was known at a moment, and how much of it was undone afterwards.

    :param entries: what was known, without what was undone.
    :param undone: how much that was.
    """

    entries: tuple[Learned, ...]
    undone: Decimal


def get_lasting(entries: Sequence[Learned], seen: int, days: int) -> Lasting:
    """Return what lasted of the volume that was known at a moment.

    Volume is undone when its document loses it within so many days after it counted.
    What comes back is not undone: on the same document, on whatever day, or, all of it,
    by documents that are new after that and within as many days.

    :param entries: all that is known today, by rising ``number``.
    :param seen: number of the last entry that was known at the moment.
    :param days: how long taking back volume is suspicious.
    """
    by_document = defaultdict(list)
    for entry in entries:
        by_document[entry.document].append(entry)
    losses, first_loss = {}, None
    for document, own in by_document.items():
        lost, at = _lost(own, seen, timedelta(days=days))
        if lost:
            losses[document] = lost
            first_loss = min(first_loss or at, at, key=lambda loss: loss.number)
    undone = sum(losses.values(), ZERO)
    if undone and _came_back(by_document, first_loss, timedelta(days=days)) >= undone:
        losses, undone = {}, ZERO
    known = [entry for entry in entries if entry.number <= seen]
    return Lasting(tuple(_without(known, losses)), undone)


def get_lasting_state(
    ladder: Ladder, entries: Iterable[Learned], begin: date, end: date
) -> State:
    """Return where a dealer would have stood on a day with nothing but these entries.

    :param begin: when the dealer began to climb; what was learned before counts.
    """
    learned: dict[date, dict[date, Decimal]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.learned_on, entry.number)):
        volumes = learned.setdefault(entry.learned_on, {})
        volumes[entry.day] = volumes.get(entry.day, ZERO) + entry.value
    return replay(ladder, list(learned.items()), begin, max(begin, end))


def _lost(own: list[Learned], seen: int, window: timedelta):
    """Return how much a document lost soon after it counted, and the first loss."""
    known = [entry for entry in own if entry.number <= seen]
    counted_at = max((e.learned_at for e in known if e.value > 0), default=None)
    if counted_at is None:
        return ZERO, None
    later = [entry for entry in own if entry.number > seen]
    losses = [
        entry
        for entry in later
        if entry.value < 0 and entry.learned_at <= counted_at + window
    ]
    taken = -sum((entry.value for entry in losses), ZERO)
    gone = -sum((entry.value for entry in later), ZERO)
    had = sum((entry.value for entry in known), ZERO)
    lost = max(min(taken, gone, had), ZERO)
    return lost, losses[0] if lost else None


def _came_back(by_document, first_loss: Learned, window: timedelta) -> Decimal:
    """Return the volume of documents that are new after a loss, and soon."""
    return sum(
        (
            max(sum((entry.value for entry in own), ZERO), ZERO)
            for own in by_document.values()
            if own[0].number > first_loss.number
            and own[0].learned_at <= first_loss.learned_at + window
        ),
        ZERO,
    )


def _without(known: list[Learned], losses: dict[str, Decimal]) -> Iterable[Learned]:
    """Yield entries without what their documents lost, the latest first."""
    left = dict(losses)
    kept = []
    for entry in reversed(known):
        taken = min(max(entry.value, ZERO), left.get(entry.document, ZERO))
        if taken:
            left[entry.document] -= taken
        if entry.value != taken:
            kept.append(replace(entry, value=entry.value - taken))
    return reversed(kept)
