"""What points pay of an order, and what of it is due for the goods that were shipped.

An owner pays a part of an order with points.  Each point is worth an amount of money.
What was shipped of a line earns the same part of everything that belongs to the line:
the first piece of three a third, the last one the rest, so that the whole is exact.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from .numbers import EXACT

#: Exact numbers.
Rational = Decimal | Fraction


def most_points(money: Decimal, value: Decimal, decimals: int) -> Decimal:
    """Return the most points whose worth is not more than ``money``.

    :param money: at least 0
    :param value: what one point is worth, more than 0
    :param decimals: how many a number of points has
    """
    steps = int(Fraction(money) / Fraction(value) * 10**decimals)
    return Decimal(steps).scaleb(-decimals, EXACT)


def worth(points: Decimal, value: Decimal, digits: int) -> Decimal:
    """Return what points are worth, rounded half up to ``digits`` decimals of money."""
    return _rounded(Fraction(points) * Fraction(value), digits, ROUND_HALF_UP)


def part_of(amount: Decimal, done: Rational, whole: Rational, digits: int) -> Decimal:
    """Return the part of an amount that belongs to what is done of the whole.

    :param done: 0 to ``whole``; what is beyond counts as the whole
    :param whole: more than 0
    :param digits: decimals of the part; cut off, until the whole is done
    """
    if done >= whole:
        return amount
    share = max(Fraction(done), Fraction(0)) / Fraction(whole)
    return _rounded(Fraction(amount) * share, digits, ROUND_DOWN)


def _rounded(value, digits, mode):
    """Return a fraction as a decimal number with so many decimals."""
    scaled = value * 10**digits
    whole = Decimal(int(scaled))
    if mode == ROUND_HALF_UP and 2 * abs(scaled - int(scaled)) >= 1:
        whole += 1 if scaled > 0 else -1
    return whole.scaleb(-digits, EXACT)
