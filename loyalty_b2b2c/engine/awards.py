"""What was decided, and why: awards, refusals and their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .basis import Basis
from .milestones import Sale
from .rules import Expiry


@dataclass(frozen=True, slots=True)
class Reason:
    """A machine-readable reason; the presentation layer words it in the reader's
    language.  ``params`` holds only JSON values (numbers as strings).
    """

    code: str
    params: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Award:
    """What one member deserves now for one source under one rule.

    :param source_key: the line, or the document for document-scope rules.
    :param points_total: everything deserved, pending included.
    :param points_released: the part that is proven and spendable.
    :param effective_at: when the released part became due (the trigger's or the
        payment's moment), ``None`` while nothing is released.
    :param release_at: when to look again (hold by days), else ``None``.
    :param points_due: what only waits for ``release_at``.
    :param expected_at: when the last pending point is expected to be released,
        ``None`` when nothing is pending or nobody knows.
    :param cap_uses: cap scope -> points this award takes of it (its total).
    :param basis: what was measured, for code.
    :param explanation: the path to the figure, first cause first, for people: nothing
        is computed from it.
    """

    source_key: str
    document_key: str
    program_id: int
    rule_id: int
    member_id: int
    unit_id: int
    points_total: Decimal
    points_released: Decimal
    occurred_at: datetime
    basis: Basis
    effective_at: datetime | None = None
    release_at: datetime | None = None
    points_due: Decimal = Decimal(0)
    expected_at: datetime | None = None
    expiry: Expiry = Expiry()
    timezone: str = "UTC"
    cap_uses: Mapping[str, Decimal] = field(default_factory=dict)
    explanation: tuple[Reason, ...] = ()

    @property
    def key(self) -> str:
        """Identity of the award, stable over re-evaluations."""
        return award_key(self.source_key, self.rule_id, self.member_id)

    @property
    def points_pending(self) -> Decimal:
        """The part that still waits for its proof."""
        return self.points_total - self.points_released


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a rule gave nothing: to this member (or nobody), for this source."""

    program_id: int
    rule_id: int | None
    source_key: str
    member_id: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything :func:`~.evaluate.evaluate` found out about one document.

    :param cuts: cap scope -> points that this limit kept back.
    :param sales: for whom, and under which rules, the document counts as a sale.
    """

    awards: tuple[Award, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    cuts: Mapping[str, Decimal] = field(default_factory=dict)
    sales: tuple[Sale, ...] = ()


def award_key(source_key: str, rule_id: int, member_id: int) -> str:
    """Return the identity of an award: source, rule and member."""
    return f"{source_key}|r{rule_id}|m{member_id}"
