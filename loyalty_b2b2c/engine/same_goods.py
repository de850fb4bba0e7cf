"""The same goods pay once: what is left of a line that another document counted.

Several documents can show one sale: the order, the scan of a code on its goods, the
receipt the customer got, what the shop's till reported.  Who was booked first has the
goods, for one program and one role: a program that rewards the owner for the delivery
and the seller for the scan of the same goods pays neither twice.

A document learns by :class:`Counted` what others count of its lines; here is what a
rule may still give for the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .awards import Reason
from .numbers import as_decimal, as_text


@dataclass(frozen=True, slots=True)
class Counted:
    """A part of a line's goods that another document is booked for.

    :param program_id, role: for whom; other programs and roles are not concerned.
    :param part: of the line, above 0 and at most 1; several add up.
    :param document: name of the other document, for people.
    """

    program_id: int
    role: str
    part: Fraction
    document: str


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a source for a role.

    :param part: from 0 (all of it was counted) to 1.
    :param documents: names of those that counted the rest, in their order.
    """

    part: Fraction = Fraction(1)
    documents: tuple[str, ...] = ()

    def refusal(self) -> Reason | None:
        """Return why nothing is given, ``None`` while something is left."""
        if self.part:
            return None
        return Reason("already_counted", {"documents": ", ".join(self.documents)})

    def explanation(self) -> tuple[Reason, ...]:
        """Return that only a part is given, nothing when all is."""
        if self.part == 1:
            return ()
        percent = as_decimal(self.part * 100, 2)
        params = {"percent": as_text(percent), "documents": ", ".join(self.documents)}
        return (Reason("partly_counted", params),)


WHOLE = Left()


def left_of(
    lines: Sequence[tuple[Iterable[Counted], Fraction]], program_id: int, role: str
) -> Left:
    """Return what is left of lines for a role of a program.

    :param lines: of each line what others counted, and how much it weighs: its amount
        where a rule counts money, its quantity where it counts pieces.
    """
    documents, left, whole = {}, Fraction(0), Fraction(0)
    for counted, weight in lines:
        taken = Fraction(0)
        for item in counted:
            if (item.program_id, item.role) == (program_id, role):
                documents[item.document] = True
                taken += item.part
        whole += weight
        left += weight * (1 - min(taken, Fraction(1)))
    if not documents or not whole:
        return WHOLE
    return Left(left / whole, tuple(documents))
