"""Exact numbers: reading, rounding and sharing.

What is written down is a :class:`~decimal.Decimal`, what is measured a
:class:`~fractions.Fraction`.  The functions below work in :data:`EXACT`, so a caller's
decimal context never changes a result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    InvalidOperation,
)
from fractions import Fraction

#: Numbers of this size or more are refused: no balance is that large, and below
#: it the product of two numbers still fits :data:`EXACT` with all its decimals.
LIMIT = Decimal(10) ** 15
EXACT = Context(prec=80)

_METHODS = {"down": ROUND_DOWN, "half_up": ROUND_HALF_UP, "up": ROUND_UP}
_DIGITS_MAX = 6
_SIX_DECIMALS = Decimal("0.000001")
_LIMIT_FLOAT = 1e15
_ZERO = Decimal(0)
# Well above any product of two accepted numbers, well below the limit of EXACT.
_EXPONENT_MAX = 40


class InvalidNumber(ValueError):
    """A value that cannot be used as points, a quantity or an amount."""


def to_decimal(value: int | str | float | Decimal) -> Decimal:
    """Return ``value`` as an exact decimal.

    A float is read the way Python prints it (``0.1`` is a tenth), because that is
    what the person who typed it saw.

    :raise InvalidNumber: for booleans, ``None``, other types, text that is no
        number, NaN, infinities and numbers of 10**15 or more.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | float | Decimal):
        raise InvalidNumber(f"Not a number: {value!r}")
    number = value if isinstance(value, Decimal) else _parse(value)
    if not number.is_finite():
        raise InvalidNumber(f"Not a finite number: {value!r}")
    if number.copy_abs() >= LIMIT:
        raise InvalidNumber(f"Number too large (10^15 or more): {value!r}")
    return number if number else Decimal(0)  # no "-0" in balances and texts


def to_fraction(value: int | str | float | Decimal | Fraction) -> Fraction:
    """Return ``value`` as an exact fraction, read as :func:`to_decimal` reads it.

    :raise InvalidNumber: see :func:`to_decimal`
    """
    if isinstance(value, Fraction):
        return value
    if type(value) is float and value.is_integer() and abs(value) < _LIMIT_FLOAT:
        return Fraction(int(value))  # most figures of most documents
    return Fraction(to_decimal(value))


def _parse(value: int | str | float) -> Decimal:
    text = value.strip() if isinstance(value, str) else repr(value)
    # Decimal() takes "1_000", a typing error in everything people enter.
    if "_" in text:
        raise InvalidNumber(f"Not a number: {value!r}")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidNumber(f"Not a number: {value!r}") from None


def as_text(value: Decimal | Fraction) -> str:
    """Return ``value`` without exponent and trailing zeros (``"1.5"``, ``"200"``)."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(value.numerator)  # most figures of most documents
    value = as_decimal(value)
    return format(value.normalize(EXACT), "f") if value else "0"


def six_decimals(amount: Decimal | Fraction) -> Decimal:
    """Return an amount without the noise of a division: six decimals are plenty.

    Needless zeros go, so that a figure reads as a person wrote it (``100``).
    """
    if isinstance(amount, Fraction):
        amount = EXACT.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    rounded = amount.quantize(_SIX_DECIMALS, context=EXACT).normalize(EXACT)
    return EXACT.add(rounded, _ZERO)  # 1E+2 becomes 100, -0 becomes 0


def six_decimals_together(amounts: Mapping) -> dict:
    """Return amounts with six decimals that are together what they are exactly.

    :param amounts: dict key -> Fraction
    :return: the same with Decimals; what rounding leaves goes to the largest one
    """
    rounded = {key: six_decimals(amount) for key, amount in amounts.items()}
    if rounded:
        largest = max(amounts, key=amounts.get)
        total = six_decimals(sum(amounts.values(), Fraction(0)))
        rounded[largest] += total - sum(rounded.values())
    return rounded


@dataclass(frozen=True, slots=True)
class Rounding:
    """How points become whole units.

    :param digits: decimals that are kept, 0 to 6.
    :param method: ``"down"`` (toward zero), ``"half_up"`` (a half goes away from
        zero) or ``"up"`` (away from zero).
    :raise InvalidNumber: for other digits or methods.
    """

    digits: int = 0
    method: str = "down"

    def __post_init__(self):
        if isinstance(self.digits, bool) or self.digits not in range(_DIGITS_MAX + 1):
            raise InvalidNumber(f"Rounding digits must be 0 to 6, not {self.digits!r}")
        if self.method not in _METHODS:
            raise InvalidNumber(f"Unknown rounding method {self.method!r}")

    def apply(self, value: Decimal | Fraction) -> Decimal:
        """Return ``value`` rounded.

        :raise InvalidNumber: for NaN, infinities and numbers no balance can hold.
        """
        step = Decimal(1).scaleb(-self.digits)
        if isinstance(value, Fraction):
            value = _near(value, self.digits)
        if not value.is_finite() or value.adjusted() >= _EXPONENT_MAX:
            raise InvalidNumber(f"Cannot round {value}")
        rounded = value.quantize(step, _METHODS[self.method], EXACT)
        return rounded if rounded else Decimal(0)

    def down(self, value: Decimal | Fraction) -> Decimal:
        """Return ``value`` with the same digits, rounded toward zero."""
        return Rounding(self.digits, "down").apply(value)


def _near(value: Fraction, digits: int) -> Decimal:
    """Return a decimal that every method rounds as it would round the fraction.

    Three digits more tell on which side of a step, and of the half of one, it lies.
    """
    steps, rest = divmod(value.numerator * 10 ** (digits + 1), value.denominator)
    whole = Decimal(steps).scaleb(-digits - 1, EXACT)
    if not rest:
        return whole
    return EXACT.add(whole, Decimal(1).scaleb(-digits - 3))


def as_decimal(value: Decimal | Fraction, digits: int = 6) -> Decimal:
    """Return a number as a decimal to show, cut after ``digits`` decimals.

    Cut, not rounded: what is a hair below a whole number must not read as one.
    """
    if isinstance(value, Decimal):
        return value
    steps = abs(value.numerator) * 10**digits // value.denominator
    return Decimal(steps if value >= 0 else -steps).scaleb(-digits, EXACT)


def split(
    total: Decimal, weights: Sequence[Decimal | int], rounding: Rounding
) -> list[Decimal]:
    """Share ``total`` in proportion to ``weights``; the shares sum exactly to it.

    Each share is first cut down to ``rounding.digits``; what is left goes, one
    smallest step each, to the largest remainders (ties: the earlier position).
    When all weights are zero the shares are equal.

    :raise InvalidNumber: for a negative weight, no weights at all, or a total
        with more decimals than ``rounding.digits``.
    """
    if total < 0:
        return [-share for share in split(-total, weights, rounding)]
    steps = Fraction(total) * 10**rounding.digits
    if steps.denominator != 1:
        raise InvalidNumber(f"{total} has more than {rounding.digits} decimals")
    if not weights or min(weights) < 0:
        raise InvalidNumber("Sharing needs weights, none of them negative")
    shares = _share(int(steps), [Fraction(weight) for weight in weights])
    return [Decimal(share).scaleb(-rounding.digits, EXACT) for share in shares]


def _share(steps: int, weights: list[Fraction]) -> list[int]:
    if len(weights) == 1:
        return [steps]
    if not any(weights):
        weights = [Fraction(1)] * len(weights)
    total = sum(weights)
    parts = [divmod(steps * weight, total) for weight in weights]
    shares = [int(whole) for whole, _remainder in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    for i in by_remainder[: steps - sum(shares)]:
        shares[i] += 1
    return shares
