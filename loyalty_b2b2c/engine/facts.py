"""What happened, as plain data.

Adapters read Odoo documents *as they are now* and describe them with these
classes; :mod:`.evaluate` decides what they are worth.  Nothing here knows Odoo:
ids are plain integers, times are timezone-aware UTC datetimes, what is measured is a
:class:`~fractions.Fraction`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .same_goods import Counted

#: The moments of a commercial document a rule can be triggered by, in time order.
TRIGGERS = ("confirmed", "delivered", "invoiced", "paid")

#: Moments that may never be reached in full -> the name of what can still reach them.
REACHABLE = {"delivered": "deliverable", "paid": "payable"}

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a line has reached a moment (see :data:`TRIGGERS`).

    ``quantity`` is in the product's own unit of measure, the amounts are in
    company currency.  All three may fall below an earlier value (returns, credit
    notes) but never below zero for an ordinary line.  ``at`` is when the moment
    was last reached, ``None`` when it was not.

    The arithmetic of measures stands here and nowhere else.  All of it is exact: a
    twelfth of a dozen is one piece, and points are rounded last.  Sums and differences
    may fall below zero; :meth:`floor` ends them.
    """

    quantity: Fraction
    amount_untaxed: Fraction
    amount_total: Fraction
    at: datetime | None = None

    def __post_init__(self):
        for name in ("quantity", "amount_untaxed", "amount_total"):
            figure = getattr(self, name)
            if type(figure) is not Fraction:
                object.__setattr__(self, name, Fraction(figure))

    def amount(self, basis: str) -> Fraction:
        """Return the amount for ``basis`` (``"untaxed"`` or ``"total"``)."""
        return self.amount_total if basis == "total" else self.amount_untaxed

    def plus(self, other: "Measure") -> "Measure":
        """Return both measures as one, reached when the later of them was."""
        return Measure(
            self.quantity + other.quantity,
            self.amount_untaxed + other.amount_untaxed,
            self.amount_total + other.amount_total,
            later(self.at, other.at),
        )

    def minus(self, other: "Measure") -> "Measure":
        """Return this measure without another, reached when the later of them was."""
        return Measure(
            self.quantity - other.quantity,
            self.amount_untaxed - other.amount_untaxed,
            self.amount_total - other.amount_total,
            later(self.at, other.at),
        )

    def times(
        self, part: Fraction | Decimal | int, whole: Fraction | Decimal | int = 1
    ) -> "Measure":
        """Return ``part`` of ``whole`` of this measure.

        :param part, whole: 1 and 4 for a quarter; or a number alone, 0.25.
        """
        share = Fraction(part) / Fraction(whole)
        return Measure(
            self.quantity * share,
            self.amount_untaxed * share,
            self.amount_total * share,
            self.at,
        )

    def converted(self, rate: Fraction | Decimal | int) -> "Measure":
        """Return this measure with its amounts in another currency.

        :param rate: how many of the other currency one of this is
        """
        rate = Fraction(rate)
        if rate == ONE:
            return self
        return replace(
            self,
            amount_untaxed=self.amount_untaxed * rate,
            amount_total=self.amount_total * rate,
        )

    def at_most(self, other: "Measure") -> "Measure":
        """Return what is in both measures: the smaller of each figure.

        It is reached when the later of them was.
        """
        return Measure(
            min(self.quantity, other.quantity),
            min(self.amount_untaxed, other.amount_untaxed),
            min(self.amount_total, other.amount_total),
            later(self.at, other.at),
        )

    def at_least(self, other: "Measure") -> "Measure":
        """Return the larger of each figure, at the instant of this measure."""
        return Measure(
            max(self.quantity, other.quantity),
            max(self.amount_untaxed, other.amount_untaxed),
            max(self.amount_total, other.amount_total),
            self.at,
        )

    def floor(self) -> "Measure":
        """Return this measure with nothing below zero."""
        return self.at_least(NOTHING) if self.is_negative() else self

    def reached(self, at: datetime | None) -> "Measure":
        """Return the same figures as reached at an instant."""
        return replace(self, at=at)

    def is_negative(self) -> bool:
        """Tell whether one of the figures is below zero."""
        return self.quantity < 0 or self.amount_untaxed < 0 or self.amount_total < 0

    @staticmethod
    def total(measures: Iterable["Measure"]) -> "Measure":
        """Return the sum of measures, reached when the last of them was."""
        measures = list(measures)
        if len(measures) == 1:
            return measures[0]
        return Measure(
            sum((measure.quantity for measure in measures), ZERO),
            sum((measure.amount_untaxed for measure in measures), ZERO),
            sum((measure.amount_total for measure in measures), ZERO),
            max((m.at for m in measures if m.at is not None), default=None),
        )


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two instants, either of which may be unknown."""
    return max((at for at in (one, other) if at is not None), default=None)


NOTHING = Measure(ZERO, ZERO, ZERO, None)


@dataclass(frozen=True, slots=True)
class LineFact:
    """One source line.

    :param key: ``"<model>,<id>"``, for instance ``"sale.order.line,42"``.
    :param measures: trigger -> measure; a missing trigger means "nothing yet".  By the
        names of :data:`REACHABLE` also what can still reach a moment at all; a missing
        one means "everything".
    :param untold: the moments that a document of this kind never tells of.
    :param category_ids: the product's category and all its ancestors.
    :param domain_rule_ids: rules whose product domain this product satisfies.
    :param expected: trigger -> when it is expected to be reached, for the moments
        that are not reached in full and somebody knows a date for.
    :param is_fee: delivery costs, a tip and the like: only a rule that names the
        product counts it.
    :param is_typed: typed by hand on an invoice of an order, whose sale it is once
        more: only programs that say so count it.
    :param prior: ``(rule_id, member_id)`` pairs already booked for this line.
        Master data may change later (a product moves to another category); what
        was eligible when first booked stays eligible, only quantity, amount and
        proof are measured again.
        For a rule with scope ``"document"`` a pair here says that the line counted
        when the document was booked (see parameter ``lines`` of reason ``basis``).
    :param counted: what other documents of the same goods are booked for.
    :param raises: when the line was changed after the document happened, each with the
        part of what it is now that was there before.
    """

    key: str
    product_id: int
    template_id: int
    measures: Mapping[str, Measure]
    name: str = ""
    untold: frozenset[str] = frozenset()
    category_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    domain_rule_ids: frozenset[int] = frozenset()
    expected: Mapping[str, datetime] = field(default_factory=dict)
    is_fee: bool = False
    is_typed: bool = False
    prior: frozenset[tuple[int, int]] = frozenset()
    counted: tuple[Counted, ...] = ()
    raises: tuple[tuple[datetime, Fraction], ...] = ()

    def old_share(self, at: datetime) -> Fraction:
        """Return which part of the line was there at an instant, 1 for all of it."""
        return min((part for then, part in self.raises if then >= at), default=ONE)

    def measure(self, trigger: str) -> Measure:
        """Return the measure of ``trigger``, zero when it was not reached."""
        return self.measures.get(trigger, NOTHING)

    def proof(self, moment: str) -> Measure:
        """Return the measure of what proves ``moment`` to points that wait for it.

        The goods of a document that tells of no deliveries are handed over with it: it
        proves them when it invoices them.
        """
        if moment == "delivered" and moment in self.untold:
            moment = "invoiced"
        return self.measure(moment)

    def reachable(self, trigger: str, moments: Iterable[str]) -> Measure:
        """Return what of the measure of ``trigger`` can still reach other moments."""
        reached = self.measure(trigger)
        for moment in moments:
            hope = self.measures.get(REACHABLE.get(moment))
            if moment in self.untold:
                hope = self.proof(moment)
            if hope is not None:
                reached = reached.at_most(hope)
        return reached if reached.quantity else NOTHING.reached(reached.at)


@dataclass(frozen=True, slots=True)
class MemberFact:
    """A participant who may benefit from a document.

    :param employer_id: the commercial partner the member works for (or owns).
    :param is_contact: the person named on the document itself.
    :param is_seller: the salesperson named on the document.
    :param referral_level: 1 for who brought the buyer of the document, 2 for who
        brought that one, and so on; ``None`` for anybody else.
    :param is_buyer, is_receiver: the member belongs to who bought, to where the goods
        go; most documents have one party, and both are true.  Neither is true when the
        member bought for another company than the employer.
    :param program_ids: the only programs the member takes part in; none: all.
    :param enrolled_at: membership counts from here on (inclusive) ...
    :param left_at: ... until here (exclusive), ``None`` while it lasts.
    """

    member_id: int
    role: str
    employer_id: int
    enrolled_at: datetime
    left_at: datetime | None = None
    is_contact: bool = False
    is_seller: bool = False
    referral_level: int | None = None
    is_buyer: bool = True
    is_receiver: bool = True
    program_ids: frozenset[int] = frozenset()
    name: str = ""

    def is_enrolled(self, at: datetime) -> bool:
        """Tell whether the membership covers the instant ``at``."""
        return self.enrolled_at <= at and (self.left_at is None or at < self.left_at)


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A whole document with its lines and the people around it.

    :param key: ``"<model>,<id>"``, for instance ``"sale.order,7"``.
    :param occurred_at: the business date of the document: validity of rules,
        enrolment, and the day/period of caps are judged at this instant.
    :param arrived_at: when the server got it, for documents whose date is what somebody
        says: the day/period of caps is that of this instant then.
    :param kind: what sort of document this is, ``"sale.order"`` for instance; rules
        may be meant for some kinds only.
    :param event_code: which event happened, for kind ``"event"``.
    :param is_proof: whether a person handed it in to prove a sale, as a receipt; what
        it does not say, nobody else does.
    :param partner_rule_ids: rules whose partner domain the buyer satisfies.
    :param tier_percent: what the dealer tier of the buyer gives for this document,
        for rules of kind ``"tier"``; ``None``: the buyer had no such tier.
    :param prior: ``(rule_id, member_id)`` booked for the document as a whole
        (rules with scope ``"document"``): validity, buyer and enrolment are settled.
        Which lines count is judged again, line by line, with their own ``prior``.
    :param barred: programs that give nothing new where the document happened.
    """

    key: str
    occurred_at: datetime
    company_id: int
    partner_id: int
    commercial_partner_id: int
    lines: tuple[LineFact, ...] = ()
    members: tuple[MemberFact, ...] = ()
    name: str = ""
    kind: str = ""
    event_code: str = ""
    is_proof: bool = False
    partner_rule_ids: frozenset[int] = frozenset()
    tier_percent: Decimal | None = None
    prior: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    arrived_at: datetime | None = None
    barred: frozenset[int] = frozenset()

    @property
    def counted_at(self) -> datetime:
        """The instant whose day and period limits count it."""
        return self.arrived_at or self.occurred_at
