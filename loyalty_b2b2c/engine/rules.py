"""What a company promised, as plain data: programs, rules, caps, holds, expiry."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .milestones import Milestone
from .numbers import Rounding


@dataclass(frozen=True, slots=True)
class Step:
    """A row of a stepped table: from ``start`` (inclusive) up to the next row."""

    start: Decimal
    kind: str  # "fixed" | "per_unit" | "percent"
    value: Decimal


@dataclass(frozen=True, slots=True)
class Hold:
    """How long points stay pending.

    ``kind``: ``"none"``; ``"until_paid"`` (posted for the part that is paid);
    ``"until_delivered_paid"`` (for the part that is both delivered and paid);
    ``"days"`` (posted ``days`` x 24 h after the trigger was reached);
    ``"days_after_delivery"`` (``days`` x 24 h after the delivery, for what is
    delivered).
    """

    kind: str = "none"
    days: int = 0

    @property
    def triggers(self) -> tuple[str, ...]:
        """The moments that prove what is held."""
        return _PROOFS.get(self.kind, ())


_PROOFS = {
    "until_paid": ("paid",),
    "until_delivered_paid": ("delivered", "paid"),
    "days_after_delivery": ("delivered",),
}


#: So many levels of recommenders can earn by one sale.
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an award and who gets it.

    :param role, pick: like :class:`Rule`'s; ``"each"`` is no share.
    :param percent: of the whole award, above 0.
    :param level: for pick ``"referrer"``: 1 for who brought the buyer, 2 for who
        brought that one, up to :data:`DEEPEST`.
    """

    role: str
    pick: str
    percent: Decimal | Fraction
    level: int = 1


@dataclass(frozen=True, slots=True)
class Expiry:
    """When posted points lapse.

    ``kind``: ``"none"``; ``"months"`` (``count`` months after posting, end of that
    day); ``"period_end"`` (end of the ``period`` that contains the day ``count``
    months after posting).  Days end at midnight of the program's time zone.
    """

    kind: str = "none"
    count: int = 0
    period: str = "year"  # "month" | "quarter" | "year"


@dataclass(frozen=True, slots=True)
class Caps:
    """Upper limits in points of one rule; ``None`` is no limit.

    ``member`` counts for ever, ``day`` and ``period`` in the program's time zone.
    """

    document: Decimal | None = None
    member: Decimal | None = None
    day: Decimal | None = None
    period: Decimal | None = None
    period_kind: str = "month"  # "week" | "month" | "quarter" | "year"


@dataclass(frozen=True, slots=True)
class Rule:
    """One earning rule.

    :param trigger: one of :data:`~.facts.TRIGGERS`; what is measured.
    :param role: only members in this role benefit.
    :param pick: who of them: ``"contact"`` (only the person named on the
        document), ``"contact_or_first"`` (that person, else the member enrolled
        first), ``"each"`` (everybody gets the full award), ``"split"`` (the award
        is shared equally, largest remainder first), ``"seller"`` (only the
        salesperson named on the document), ``"referrer"`` (who brought the buyer,
        and who brought that one, as ``levels`` says).
    :param party: whose people: ``"buyer"`` (who ordered) or ``"receiver"`` (where the
        goods go).  Picks ``"seller"`` and ``"referrer"`` name people of neither.
    :param levels: how many levels of recommenders get the award, for pick
        ``"referrer"``: 1 to :data:`DEEPEST`.  Their awards come on top of each other.
    :param decay: percent of the award of the level before that each further level
        gets, above 0 and below 100.
    :param shares: several beneficiaries by percentage, at most 100 together; they
        replace ``role`` and ``pick``.  The award is rounded once and divided by
        largest remainder.  What has no beneficiary is not given.
    :param scope: ``"line"`` (an award per matching line) or ``"document"`` (one
        award on the sum of the matching lines).
    :param kind: ``"fixed"`` (``value`` points per line/document with a measured
        quantity > 0), ``"per_unit"``, ``"percent"`` (of amount), ``"table"``,
        ``"tier"`` (percent of amount, as the buyer's dealer tier says).
    :param table_basis: ``"amount"`` or ``"quantity"``: what selects the step.
    :param amount_min, amount_max: limits on the document's amount at the trigger,
        inclusive / exclusive, summed over the lines that match this rule.
    :param document_kinds: only documents of these kinds; a rule without any gives
        nothing.
    :param event_codes: only events (kind ``"event"``) with these codes; empty: any
        event, and any other document.
    :param without_product: whether a proof of sale counts that does not say for which
        product it is; only a rule without conditions on products can.
    :param milestone: which sales are awarded of those the rule is for; only for a fixed
        number of points for the whole document.
    :param series_id: the first version of this rule: the sales of all its versions are
        counted together.
    :param has_product_domain, has_partner_domain: the adapter evaluated a domain;
        the facts list the rule ids that matched.
    """

    id: int
    name: str
    role: str
    trigger: str = "confirmed"
    pick: str = "contact_or_first"
    party: str = "buyer"
    levels: int = 1
    decay: Decimal = Decimal(50)
    shares: tuple[Share, ...] = ()
    scope: str = "line"
    sequence: int = 10
    kind: str = "percent"
    value: Decimal = Decimal(0)
    steps: tuple[Step, ...] = ()
    table_basis: str = "amount"
    amount_basis: str = "untaxed"  # "untaxed" | "total"
    product_ids: frozenset[int] = frozenset()
    template_ids: frozenset[int] = frozenset()
    category_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    document_kinds: frozenset[str] = frozenset()
    event_codes: frozenset[str] = frozenset()
    without_product: bool = False
    has_product_domain: bool = False
    has_partner_domain: bool = False
    amount_min: Decimal | None = None
    amount_max: Decimal | None = None
    quantity_min: Decimal | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    milestone: Milestone = Milestone()
    series_id: int = 0
    caps: Caps = Caps()
    hold: Hold = Hold()
    expiry: Expiry = Expiry()

    @property
    def parts(self) -> tuple[Share, ...]:
        """Who gets how much: the shares, or all for the one role.

        Recommenders of each level get a part of their own.
        """
        if self.shares or self.pick != "referrer":
            return self.shares or (Share(self.role, self.pick, Decimal(100)),)
        return tuple(
            Share(self.role, self.pick, self.percent_of(level), level)
            for level in range(1, self.levels + 1)
        )

    @property
    def is_for_referrers(self) -> bool:
        """Whether somebody gets an award for who was brought."""
        return any(part.pick == "referrer" for part in self.parts)

    def percent_of(self, level: int) -> Fraction:
        """Return how many percent of the award a level of recommenders gets."""
        return 100 * (Fraction(self.decay) / 100) ** (level - 1)


@dataclass(frozen=True, slots=True)
class Program:
    """A set of rules for one purpose.

    :param combine: how several rules of the program that match the same source
        and member combine: ``"all"`` add up, ``"first"`` by sequence, ``"best"``
        the most points (ties: lowest sequence, then id).
    :param stacking: ``"stackable"`` adds to what other programs give;
        ``"exclusive"`` programs compete: the first by ``(sequence, id)`` with an
        award for a source line and member excludes the later exclusive ones.
    :param budget: total points the program may give, ``None`` without limit.
    :param referral_pool: percent of a sale's amount that all recommenders of all levels
        get at most together, ``None`` without limit.
    :param point_value: what a point is worth, in the currency amounts are in.
    :param counts_typed_lines: whether lines count that somebody typed by hand on an
        invoice of an order.
    """

    id: int
    name: str
    unit_id: int
    rounding: Rounding
    timezone: str = "UTC"
    sequence: int = 10
    state: str = "running"  # "draft" | "running" | "closed"
    date_from: datetime | None = None
    date_to: datetime | None = None
    closed_at: datetime | None = None
    combine: str = "all"
    stacking: str = "stackable"
    budget: Decimal | None = None
    referral_pool: Decimal | None = None
    point_value: Decimal = Decimal(1)
    counts_typed_lines: bool = False
    rules: tuple[Rule, ...] = field(default_factory=tuple)
