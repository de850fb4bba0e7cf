"""Milestones: awards for the first sale of a participant, the n-th, each n-th.

Sales are counted, they have no numbers: what matters is how many there are now.  So the
order in which they arrive changes nothing about how many awards there are, a sale that
is undone counts no more, and the award of a milestone stays with the sale that reached
it for as long as enough sales are left, whatever dates the others have.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Milestone:
    """Which sales of a participant a rule awards.

    :param kind: ``"none"`` (each), ``"only"`` (once, when there are ``number`` sales)
        or ``"every"`` (again with each ``number`` sales).
    :param number: of sales that the rule is for, at least 1.
    """

    kind: str = "none"
    number: int = 1

    def __bool__(self) -> bool:
        """Tell whether sales are counted at all."""
        return self.kind != "none"

    def due(self, sales: int) -> int:
        """Return how many awards so many sales deserve together."""
        reached = sales // self.number
        return min(reached, 1) if self.kind == "only" else reached

    def missing(self, sales: int, awarded: int) -> int:
        """Return how many sales lack the award that their number deserves.

        :param sales: all that count.
        :param awarded: how many of them have an award.
        :return: below zero when so many have one too much.
        """
        return self.due(sales) - awarded


@dataclass(frozen=True, slots=True)
class Tally:
    """The other sales of a participant that a rule is for.

    :param sales: how many count.
    :param awarded: how many of them have an award of a milestone.
    """

    sales: int = 0
    awarded: int = 0

    def reached(self, milestone: Milestone) -> int:
        """Return the milestone that one more sale reaches, as a number of sales.

        :return: 0 when the others have all that is deserved.
        """
        if self.awarded >= milestone.due(self.sales + 1):
            return 0
        return milestone.number * (self.awarded + 1)


@dataclass(frozen=True, slots=True)
class Sale:
    """A document that counts as a sale of a participant for a rule with a milestone.

    :param is_awarded: whether it reaches one.
    :param lines: keys of the lines that the rule is for.
    """

    rule_id: int
    member_id: int
    is_awarded: bool
    lines: tuple[str, ...] = ()
