"""What a reporter may tell, about whom, and how much of it nobody looks at first."""

from dataclasses import dataclass
from decimal import Decimal

from .intake_values import TYPES

#: Why a reported document waits for a person.
REVIEW_REASONS = [
    ("document", "Larger than its system may report alone"),
    ("day", "More than its system may report alone in a day"),
    ("own", "About the reporter's own people"),
]


@dataclass(frozen=True, slots=True)
class Mandate:
    """What one system may report; nobody is the only witness in his own case.

    :param scope: names the counters of a day; two mandates never share one
    :param types: set of types of documents
    :param of_others: whether it also reports sales that other shops made
    :param quantity, amount: what one document may have, in the products' own units and
        in company currency, 0 for no limit; what is larger waits for a person
    :param day_quantity, day_amount: the same of all documents of a day
    """

    scope: str
    types: frozenset = frozenset(TYPES)
    of_others: bool = True
    quantity: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    day_quantity: Decimal = Decimal(0)
    day_amount: Decimal = Decimal(0)

    @property
    def has_days(self):
        """Whether a day has a limit, so that somebody has to count."""
        return bool(self.day_quantity or self.day_amount)

    def is_too_large(self, quantity, amount):
        """Tell whether one document is larger than the mandate."""
        return (0 < self.quantity < quantity) or (0 < self.amount < amount)
