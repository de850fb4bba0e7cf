"""Exact conversion of units of measure.

Odoo stores the factor of a unit as a product of floats: a foot has 304.79999999999995
millimetres, and twelve points a dozen become eleven when points are rounded down.  Here
a unit is what it says about the unit it is relative to, as a fraction.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

#: What a unit is so many of: (identity of the unit, how many of the next one it is).
Chain = Sequence[tuple[int, float | Decimal]]

_FEW_DIGITS = 3  # 0.333 is a thousandth part less than a third, 0.3333 is a third


class UnrelatedUnits(ValueError):
    """Two units that have no unit in common, like kilograms and hours."""


def get_ratio(unit: Chain, other: Chain) -> Fraction:
    """Return how many of ``other`` one ``unit`` is.

    :param unit: from the unit up to the one that all its relatives are relative to.
    :raise UnrelatedUnits: the two are relative to no common unit.
    """
    if unit[0][0] == other[0][0]:
        return Fraction(1)
    if unit[-1][0] != other[-1][0]:
        raise UnrelatedUnits(f"{unit[0][0]} and {other[0][0]} have no common unit")
    return _in_root(unit) / _in_root(other)


def _in_root(chain: Chain) -> Fraction:
    """Return how many of the last unit of a chain its first one is."""
    factor = Fraction(1)
    for _unit, relative in chain[:-1]:
        factor *= get_exact(relative)
    return factor


def get_exact(factor: float | Decimal) -> Fraction:
    """Return the number that a person meant when a factor was entered.

    A float is read as it is printed.  A part of one with at least four digits that is
    the rounded ``1/n`` of a whole number is that ``1/n``: a minute is entered as
    0.0166667 hours and is a sixtieth.
    """
    number = Decimal(str(factor))
    value = Fraction(number)
    digits = -number.as_tuple().exponent
    if not 0 < value < 1 or digits <= _FEW_DIGITS:
        return value
    whole = round(1 / value)
    if round(Fraction(1, whole), digits) == value:
        return Fraction(1, whole)
    return value


def get_meant(
    quantity: Fraction, wanted: Fraction, doubt: Fraction = Fraction(0)
) -> Fraction:
    """Return the pieces that were meant where a conversion was rounded on the way.

    Odoo delivers one piece of what is kept by the dozen as 0.08 dozen, which is 0.96
    pieces.

    :param quantity: pieces as they were counted.
    :param wanted: how many were asked for.
    :param doubt: by how much rounding can have changed the count; 0: by nothing.
    """
    if abs(quantity - wanted) <= doubt:
        return wanted
    if doubt and wanted.denominator == 1 and abs(quantity - round(quantity)) <= doubt:
        return Fraction(round(quantity))
    return quantity
