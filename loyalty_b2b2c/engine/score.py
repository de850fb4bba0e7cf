"""What a document scores in a challenge, for whom, and why not.

The sister of :mod:`.evaluate` for challenges: the same facts and the same conditions,
but what comes of it is a score, not points.  So neither limits nor budgets, neither
holds nor prizes change who is ahead.

Who sold scores, also where the points of the sale are the owner's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .awards import Reason
from .conditions import line_problem
from .facts import DocumentFact, LineFact, Measure, MemberFact
from .numbers import six_decimals_together
from .rules import Program, Rule
from .same_goods import Left, left_of

#: What can be counted.  ``"sales"`` and ``"scans"`` count documents, ``"points"`` what
#: a document brought.
METRICS = ("sales", "units", "amount", "scans", "points")
_SCAN = "scan"
_ONE = Fraction(1)
#: The codes of :class:`Missed` that are not those of refused awards.
MISSED_CODES = ("not_seller", "not_for_you", "not_enrolled", "no_points")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a challenge counts.

    :param rule: its conditions on documents and products, and the moment that counts.
    :param program: asks which goods were counted before; the id is the challenge's: the
        same goods count once in each challenge.
    :param program_id: of the program itself, for places where it gives nothing.
    :param any_kind: documents of every kind count.
    """

    challenge_id: int
    metric: str
    rule: Rule
    program: Program
    program_id: int
    any_kind: bool = False

    def counts_kind(self, kind: str) -> bool:
        """Tell whether documents of a kind count."""
        return self.any_kind or kind in self.rule.document_kinds


@dataclass(frozen=True, slots=True)
class Person:
    """Who may score, as far as a challenge knows somebody.

    :param is_for: the challenge is for this participant.
    :param is_enrolled: the participant took part when the document happened.
    """

    is_for: bool
    is_enrolled: bool

    @property
    def can_score(self) -> bool:
        return self.is_for and self.is_enrolled


@dataclass(frozen=True, slots=True)
class Missed:
    """What does not count.

    :param source_key: the line, or the document.
    """

    source_key: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Score:
    """What a document scores.

    :param member_id: ``None``: nobody.
    :param values: key of the line, or of the document -> score, above 0.
    """

    member_id: int | None = None
    values: Mapping[str, Decimal] = field(default_factory=dict)
    missed: tuple[Missed, ...] = ()


def score(
    document: DocumentFact,
    aim: Aim,
    people: Mapping[int, Person],
    prior: Collection[tuple[int, str]] = (),
    points: Mapping[str, Decimal] | None = None,
) -> Score:
    """Return what a document scores.

    :param people: member id -> what the challenge knows; others cannot score
    :param prior: ``(member id, key)`` that counted before: who sold it stays who it is,
        and a line stays one that counts, whatever becomes of its product
    :param points: for the metric ``"points"``: key of a line, or of the document ->
        points that the scorer has of it
    :raise ValueError: for an unknown metric
    """
    if aim.metric not in METRICS:
        raise ValueError(f"Unknown metric {aim.metric!r}")
    member, problem = _get_scorer(document, people, {one for one, _key in prior})
    if member is None:
        return Score(missed=(Missed(document.key, problem),))
    known = {key for one, key in prior if one == member.member_id}
    problem = _get_problem(document, aim)
    if problem and not known:
        return Score(member.member_id, missed=(Missed(document.key, problem),))
    return _Scorer(document, aim, known, bool(problem)).get(member.member_id, points)


def find_scorer(
    document: DocumentFact, people: Mapping[int, Person], prior: Collection[int] = ()
) -> int | None:
    """Return the id of the member who scores with a document, ``None``: nobody.

    :param prior: ids of members it counted for before
    """
    member, _problem = _get_scorer(document, people, prior)
    return member and member.member_id


def _get_scorer(
    document: DocumentFact, people: Mapping[int, Person], prior: Collection[int]
) -> tuple[MemberFact | None, Reason | None]:
    """Return who scores, or why nobody does.

    Who is named as seller is before who is named as buyer; who it counted for before
    is before both, and otherwise who enrolled first.
    """
    named = [one for one in document.members if one.is_seller or one.is_contact]
    able = [
        one
        for one in named
        if one.member_id in prior
        or (one.member_id in people and people[one.member_id].can_score)
    ]
    if able:
        return min(able, key=lambda one: _get_order(one, prior)), None
    known = [people[one.member_id] for one in named if one.member_id in people]
    if not known:
        return None, Reason("not_seller")
    is_for = any(person.is_for for person in known)
    return None, Reason("not_enrolled" if is_for else "not_for_you")


def _get_order(member: MemberFact, prior: Collection[int]) -> tuple:
    return (
        member.member_id not in prior,
        not member.is_seller,
        not member.is_contact,
        member.enrolled_at,
        member.member_id,
    )


def _get_problem(document: DocumentFact, aim: Aim) -> Reason | None:
    """Return why a document as a whole does not count."""
    if aim.program_id in document.barred:
        return Reason("place_not_agreed")
    if not aim.counts_kind(document.kind) or (
        aim.metric == "scans" and document.kind != _SCAN
    ):
        return Reason("document_kind_not_matching", {"kind": document.kind})
    return None


class _Scorer:
    """Scores one document for one person.

    :param known: keys that counted before
    :param only_known: nothing else may count any more
    """

    def __init__(self, document, aim, known, only_known):
        self.document = document
        self.aim = aim
        self.known = known
        self.only_known = only_known
        self.missed = []

    def get(self, member_id: int, points: Mapping[str, Decimal] | None = None) -> Score:
        """Return the score."""
        exact = {}  # key of a line -> exact figure
        for line in self.document.lines:
            figure = self._get_figure(line)
            if figure:
                exact[line.key] = figure
        if self.aim.metric == "points":
            exact = self._get_points(exact, points or {})
        elif self.aim.metric in ("sales", "scans"):
            exact = {self.document.key: _ONE} if exact else {}
        values = six_decimals_together(exact)
        values = {key: value for key, value in values.items() if value > 0}
        return Score(member_id, values, tuple(self.missed))

    def _get_figure(self, line: LineFact) -> Fraction:
        """Return what a line counts: pieces, or money; nothing with a reason noted."""
        problem = None
        if line.key not in self.known:
            rule, program = self.aim.rule, self.aim.program
            problem = (
                Reason("document_kind_not_matching", {"kind": self.document.kind})
                if self.only_known
                else line_problem(program, rule, self.document, line)
            )
        measure = line.measure(self.aim.rule.trigger)
        figure = self._pick(measure)
        if not problem and not figure:
            problem = Reason("not_yet", {"trigger": self.aim.rule.trigger})
        left = self._get_left(line)
        problem = problem or left.refusal()
        if problem:
            self.missed.append(Missed(line.key, problem))
            return Fraction(0)
        return figure * left.part

    def _pick(self, measure: Measure) -> Fraction:
        """Return the figure of a measure that matters."""
        if self.aim.metric == "amount":
            return measure.amount_untaxed
        # a line without pieces is a sale as well: what is sold by its amount alone
        if self.aim.metric == "units":
            return measure.quantity
        return measure.quantity or measure.amount_untaxed

    def _get_left(self, line: LineFact) -> Left:
        """Return what other documents of the same goods left of a line."""
        counted = [(line.counted, _ONE)]
        return left_of(counted, self.aim.program.id, self.aim.rule.role)

    def _get_points(
        self, exact: Mapping[str, Fraction], points: Mapping[str, Decimal]
    ) -> dict[str, Fraction]:
        """Return the points of lines that count; of a document of which one does."""
        key = self.document.key
        found = {
            one: Fraction(value)
            for one, value in points.items()
            if one in exact or (one == key and exact)
        }
        if exact and not found:
            self.missed.append(Missed(key, Reason("no_points")))
        return found
