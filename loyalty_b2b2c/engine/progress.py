"""Progress of a task: steps that are reached, streaks, personal bests, places.

What has been reached is told from the score as it is, so a return takes back what it
takes; who decides that it may no more (the time for that is over) asks nobody here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .numbers import Rounding

ZERO = Decimal(0)
_WHOLE_UP = Rounding(0, "up")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A step of a task.

    :param score: from here on it is reached, above 0.
    """

    id: int
    score: Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is.

    :param reached: ids of the steps that are reached, the lowest first.
    :param next_step: ``None`` when all are.
    :param missing: how much reaches the next step, 0 when all are.
    :param percent: of the way from nothing to the next step, 0 to 100, cut: 99.9 % must
        not read as done.
    """

    score: Decimal
    reached: tuple[int, ...]
    next_step: Threshold | None
    missing: Decimal
    percent: int


def get_progress(score: Decimal, thresholds: Iterable[Threshold]) -> Progress:
    """Return how far a score leads.

    :raise ValueError: for a step at 0 or below, or two at the same score
    """
    steps = sorted(thresholds, key=lambda step: step.score)
    scores = [step.score for step in steps]
    if any(one <= 0 for one in scores) or len(set(scores)) < len(scores):
        raise ValueError("Steps need scores above 0, each of its own")
    reached = tuple(step.id for step in steps if step.score <= score)
    ahead = steps[len(reached) :]
    if not ahead:
        return Progress(score, reached, None, ZERO, 100 if steps else 0)
    percent = int(max(Fraction(score), 0) * 100 / Fraction(ahead[0].score))
    return Progress(score, reached, ahead[0], ahead[0].score - score, percent)


def get_first(
    reached: Mapping[int, datetime], entry_ids: Mapping[int, int], places: int
) -> tuple[int, ...]:
    """Return who reached a step first, as many as there are places.

    :param reached: person -> since when it is reached
    :param entry_ids: person -> what tells apart those of one instant: the lower first
    :param places: 0: everybody who reached it
    """
    order = sorted(reached, key=lambda key: (reached[key], entry_ids.get(key, 0), key))
    return tuple(order[:places] if places else order)


def get_personal_best(
    history: Sequence[Decimal],
    percent: Decimal,
    least: Decimal,
    rounding: Rounding = _WHOLE_UP,
) -> Decimal:
    """Return the score somebody has to reach to be better than before.

    "10 % more than your last three months": the average of the three, and 10 % of it.

    :param history: scores of the periods before; those below zero count as nothing
    :param percent: how much more, at least 0
    :param least: the target of who has no past, and the least of all others
    :raise ValueError: for a percentage below 0
    """
    if percent < 0:
        raise ValueError(f"A personal best is not {percent} % more")
    if not history:
        return least
    average = sum((max(Fraction(one), 0) for one in history), Fraction(0))
    average /= len(history)
    target = rounding.apply(average * (100 + Fraction(percent)) / 100)
    return max(target, least)


@dataclass(frozen=True, slots=True)
class Streak:
    """Periods in a row.

    :param current: how many in a row up to now.
    :param best: the longest row ever.
    :param rewards: after which periods (their position, from 0) a row was full.
    """

    current: int
    best: int
    rewards: tuple[int, ...] = ()


def get_streak(reached: Sequence[bool], length: int, is_open: bool = False) -> Streak:
    """Return the streaks of somebody.

    A row is full after ``length`` periods; then the next one begins, so eight weeks are
    two rows of four.

    :param reached: of each period, the earliest first, whether the target was reached
    :param is_open: the last period still runs: not having reached it breaks nothing yet
    :raise ValueError: for a row of less than one period
    """
    if length < 1:
        raise ValueError(f"A streak of {length} periods is none")
    periods = list(reached)
    if is_open and periods and not periods[-1]:
        periods.pop()
    current = best = 0
    rewards = []
    for position, is_reached in enumerate(periods):
        current = current + 1 if is_reached else 0
        best = max(best, current)
        if current and current % length == 0:
            rewards.append(position)
    return Streak(current, best, tuple(rewards))
