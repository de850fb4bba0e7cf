"""What an award was measured on: for code to count on, where reasons are for people."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from .numbers import as_text, to_decimal

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Basis:
    """What an award was measured on.  Each entry of an award carries one.

    :param member: id of the member the award is for.
    :param trigger: the moment that was measured, empty when nothing is deserved.
    :param quantity, amount: what the source had reached at that moment, as a whole.
    :param lines: keys of the lines that counted.
    :param part, whole: the award's part of what all beneficiaries of the source get,
        before rounding and limits: 3 of 5 for 60 % beside 40 %; 1 of 2 for each of two
        who both get everything; 1 of 1 for the only one.
    :param hold: kind of the hold that keeps points pending (see :class:`~.rules.Hold`),
        empty when none are.
    :param cause: why points were taken back, empty when none were.
    """

    member: int
    trigger: str = ""
    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    lines: tuple[str, ...] = ()
    part: Decimal = ONE
    whole: Decimal = ONE
    hold: str = ""
    cause: str = ""

    def because(self, cause: str) -> "Basis":
        """Return the same basis with why points were taken back."""
        return replace(self, cause=cause)

    def to_json(self) -> dict:
        """Return the JSON object that is stored; numbers are texts."""
        return {
            "member": self.member,
            "trigger": self.trigger,
            "quantity": as_text(self.quantity),
            "amount": as_text(self.amount),
            "lines": list(self.lines),
            "part": as_text(self.part),
            "whole": as_text(self.whole),
            "hold": self.hold,
            "cause": self.cause,
        }

    @classmethod
    def from_json(cls, stored: Mapping) -> "Basis":
        """Return the basis that was stored.

        :raise ValueError: a key is unknown, or missing, or its value is no such thing
        """
        names = {field.name for field in fields(cls)}
        if not isinstance(stored, Mapping) or stored.keys() != names:
            keys = sorted(stored) if isinstance(stored, Mapping) else stored
            raise ValueError(f"A basis has the keys {sorted(names)}, not {keys}")
        numbers = {
            name: to_decimal(stored[name])
            for name in ("quantity", "amount", "part", "whole")
        }
        basis = cls(**{**stored, **numbers, "lines": tuple(stored["lines"])})
        basis.check()
        return basis

    def check(self) -> None:
        """Check what no type checks.

        :raise ValueError: naming the value that is wrong
        """
        texts = (self.trigger, self.hold, self.cause, *self.lines)
        if isinstance(self.member, bool) or not isinstance(self.member, int):
            raise ValueError(f"The member of a basis is an id, not {self.member!r}")
        if not all(isinstance(text, str) for text in texts):
            raise ValueError(f"A basis has texts only: {texts!r}")
        if not 0 <= self.part <= self.whole or not self.whole:
            raise ValueError(f"{self.part} is no part of {self.whole}")
