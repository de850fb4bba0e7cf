"""A part of a price in points: how many points an order takes, and what they pay.

A person chooses points, never money: money follows from the value of a point.  What
was paid in points and in money comes back in the same proportion, whatever part of the
goods comes back.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms an order takes points.

    :param value: money that a point pays, in the order's currency, > 0
    :param percent: how much of an order points may pay, 0 to 100
    :param decimals: how many decimals of a point can be spent
    :param minimum: fewer points cannot be spent at once
    """

    value: Fraction
    percent: Fraction
    decimals: int = 0
    minimum: Decimal = ZERO

    def most(self, total):
        """Return the most points an order takes.

        :param total: what it costs without points, in its currency
        :return: Decimal, 0 when it takes none
        """
        if total <= 0:
            return ZERO
        points = Fraction(total) * self.percent / 100 / self.value
        return self._enough(floor_to(points, self.decimals))

    def fit(self, wanted, spendable, total):
        """Return how many of the points a person chose an order takes now.

        :param wanted: what the person chose
        :param spendable: what the person has for this order
        :param total: what it costs without points
        """
        points = min(wanted, spendable, self.most(total))
        return self._enough(floor_to(Fraction(max(points, ZERO)), self.decimals))

    def worth(self, points):
        """Return what points pay, exact money of the order's currency."""
        return Fraction(points) * self.value

    def cost(self, amount):
        """Return how many points pay an amount, rounded up to what can be spent.

        :param amount: money of the same currency, > 0
        """
        return -floor_to(-Fraction(amount) / self.value, self.decimals)

    def pays(self, points, places):
        """Return the money that points pay, rounded down.

        :param places: how many decimals the money has
        """
        return floor_to(self.worth(points), places)

    def _enough(self, points):
        """Return points, none when they are fewer than can be spent."""
        return points if points >= self.minimum else ZERO


def floor_to(number, decimals):
    """Return a Fraction rounded down to so many decimals, as Decimal."""
    scaled = number * 10**decimals
    whole = scaled.numerator // scaled.denominator
    return Decimal(whole).scaleb(-decimals)


def share(points, part, whole, decimals=0):
    """Return how many of an order's points, or how much money, belong to a part of its
    goods.

    Rounded down, and all of them for all of the goods: so what comes back in several
    steps comes back in full, and never more than was paid.

    :param points: Decimal, what belongs to the whole
    :param part: what this part costs, or its pieces, in the same terms as ``whole``
    :param whole: what all goods cost, or their pieces
    :param decimals: of the answer
    """
    if part <= 0 or points <= 0:
        return ZERO
    if whole <= 0 or part >= whole:
        return points
    return floor_to(Fraction(points) * Fraction(part) / Fraction(whole), decimals)
