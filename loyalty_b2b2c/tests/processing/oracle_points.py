"""The rules of the document machine's program, and what they give for an order.

Plain arithmetic on what :mod:`.oracle` says an order is worth.
"""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import floor

#: trigger, kind, value, amount basis, scope, hold: the rules of the program.
RULES = {
    "ordered": ("confirmed", "percent", 5, "untaxed", "line", "none"),
    "ordered and paid": ("confirmed", "percent", 10, "total", "line", "until_paid"),
    "whole order": ("confirmed", "percent", 3, "untaxed", "document", "until_paid"),
    "delivered": ("delivered", "per_unit", 3, "untaxed", "line", "none"),
    "invoiced": ("invoiced", "percent", 7, "untaxed", "line", "none"),
    "paid": ("paid", "percent", 4, "total", "line", "none"),
    "both proofs": (
        "confirmed", "percent", 9, "untaxed", "line", "until_delivered_paid",
    ),
    "both proofs, whole order": (
        "invoiced", "percent", 6, "untaxed", "document", "until_delivered_paid",
    ),
    "shared": ("confirmed", "percent", 11, "untaxed", "line", "until_paid"),
    "shared at delivery": ("delivered", "per_unit", 5, "untaxed", "document", "none"),
    "after some days": ("confirmed", "per_unit", 2, "untaxed", "line", "days"),
    "days after invoice": ("invoiced", "percent", 8, "untaxed", "document", "days"),
    "days after delivery": (
        "confirmed", "percent", 12, "untaxed", "line", "days_after_delivery",
    ),
    "days after delivery, whole order": (
        "invoiced", "per_unit", 7, "untaxed", "document", "days_after_delivery",
    ),
    "shared, days after delivery": (
        "delivered", "percent", 13, "untaxed", "line", "days_after_delivery",
    ),
}  # fmt: skip

#: How many days the points of a rule wait.
DAYS = {
    "after some days": 3,
    "days after invoice": 10,
    "days after delivery": 14,
    "days after delivery, whole order": 7,
    "shared, days after delivery": 14,
}

#: What must have happened to release points, where it is not the trigger itself.
PROOFS = {
    "until_paid": "paid",
    "until_delivered_paid": "delivered and paid",
    "days_after_delivery": "delivered",
}

#: Rules that give the participant a share only: nobody is there for the other one.
SHARES = {
    "shared": (60, 40),
    "shared at delivery": (30, 45),
    "shared, days after delivery": (70, 20),
}


class Points:
    """What an order deserves: inherited by the order of the oracle."""

    rules = RULES

    def worth(self, name, trigger, numbers, proof=None):
        """Return the points of the rule ``name`` for lines at a trigger, exactly.

        :param proof: only what can still be proven by this
        """
        _own, kind, value, basis, _scope, _hold = self.rules[name]
        exact = Fraction(0)
        for number in numbers:
            found = self.measure_possible(number, trigger, proof or trigger)
            amount = found.total if basis == "total" else found.untaxed
            figure = found.pieces if kind == "per_unit" else amount / 100
            exact += value * figure
        return exact

    def settle(self, now):
        """Bring the usable points in line with the documents, as they are now."""
        self.measure_all()
        self.usable = Counter(
            {
                (name, source): free
                for name in self.rules
                for source, (_total, free) in self.deserved(name, now).items()
            }
        )

    def sources(self, name):
        """Return what a rule counts as one: line number or ``None`` -> its lines."""
        if self.rules[name][4] == "document":
            return {None: self.earning}
        return {number: [number] for number in self.earning}

    def deserved(self, name, now):
        """Return source -> (all, usable) points of the rule ``name``.

        What the sources deserve is added up, rounded down once, and handed back to
        them by largest remainder.
        """
        trigger, hold = self.rules[name][0], self.rules[name][5]
        proof = PROOFS.get(hold, trigger)
        sources = self.sources(name)
        exact = [self.worth(name, trigger, lines, proof) for lines in sources.values()]
        proven = [
            min(worth, self.worth(name, proof, lines))
            for worth, lines in zip(exact, sources.values(), strict=True)
        ]
        waits = [
            bool(part) and self.is_waiting(name, proof, lines, now)
            for part, lines in zip(proven, sources.values(), strict=True)
        ]
        free = [0 if wait else part for wait, part in zip(waits, proven, strict=True)]
        points = floor(sum(exact))
        free_points = min(points, floor(sum(free)))
        if name in SHARES:
            points = handed_out(points, shares_of(sum(exact), SHARES[name][0]))[0]
            free_points = floor(points * sum(free) / sum(exact)) if points else 0
        totals = handed_out(points, exact)
        released = released_of(totals, exact, free, free_points)
        result = {}
        for number, source in enumerate(sources):
            total = max(totals[number] - self.by_hand[name, source], 0)
            usable = min(released[number], total)
            if waits[number]:  # what was free before waits no second time
                due = floor(totals[number] * proven[number] / exact[number])
                usable = min(total, due, self.usable[name, source])
            result[source] = (total, usable)
        return result

    def is_waiting(self, name, proof, numbers, now):
        """Whether the days of a rule are not over yet for lines that are proven."""
        if name not in DAYS:
            return False
        return now < self.reached_at(proof, numbers, now) + timedelta(days=DAYS[name])

    def expected(self, name, now):
        """Return (posted, pending) points of the rule ``name``."""
        found = self.deserved(name, now).values()
        posted = sum(free for _total, free in found)
        return posted, sum(total for total, _free in found) - posted


def shares_of(whole, percent):
    """Return the first share of a figure, and what it leaves to nobody."""
    return [whole * Fraction(percent, 100), whole * Fraction(100 - percent, 100)]


def handed_out(points, weights):
    """Return whole points divided by weights, by largest remainder."""
    if not points:
        return [0] * len(weights)
    parts = [points * weight / sum(weights) for weight in weights]
    odd = points - sum(map(floor, parts))
    rank = sorted(range(len(parts)), key=lambda i: (floor(parts[i]) - parts[i], i))
    return [floor(part) + (i in rank[:odd]) for i, part in enumerate(parts)]


def released_of(totals, exact, free, points):
    """Return which of the points of each source are free.

    A source that is proven has all of its points, another one its part of them; what
    rounding down leaves of ``points`` goes to the largest remainders that have room.
    """
    if sum(totals) == points:
        return totals
    parts = [
        total * part / worth if worth else Fraction(0)
        for total, part, worth in zip(totals, free, exact, strict=True)
    ]
    released = [floor(part) for part in parts]
    odd = max(0, points - sum(released))
    rank = sorted(
        (floor(part) - part, i)
        for i, part in enumerate(parts)
        if part and released[i] < totals[i]
    )
    for _remainder, i in rank[:odd]:
        released[i] += 1
    return released
