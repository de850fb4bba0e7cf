"""What is asked for when somebody pays with points at a counter."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class SpendRequest:
    """Somebody wants to pay with points.

    :param member: ``b2b2c.member`` whose points they are (sudo)
    :param unit: ``b2b2c.unit`` of the points
    :param amount: money that the points pay, > 0, in ``currency``
    :param currency: ``res.currency`` in which the place sells
    :param key: identity at the place, the same when it asks again
    :param name: what people read of it later, as "Receipt 0012, Shop North"
    :param place: ``res.partner`` of the shop, empty for the company's own
    :param document: record it is for, empty when that is not here
    :param minutes: how long the points wait for the sale, 0 for as long as it takes
    :param actor: ``res.users`` who takes them
    :param details: what other packages ask for, as a proof that the person agreed
    """

    member: Any
    unit: Any
    amount: Decimal
    currency: Any
    key: str
    name: str
    place: Any
    document: Any = None
    minutes: int = 0
    actor: Any = None
    details: dict = field(default_factory=dict)
