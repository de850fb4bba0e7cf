"""After a rule or its program ended, changes of old documents give nothing more.

What was sold before still reaches its later moments: it is delivered and paid after the
end.  What is added to it afterwards earns nothing, and what was given can become less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction

from .awards import Award, Decision, Reason, Refusal
from .facts import DocumentFact, LineFact
from .numbers import as_text
from .periods import as_iso
from .rules import Program, Rule

ZERO = Decimal(0)
_ALWAYS = datetime.min.replace(tzinfo=timezone.utc)


def get_end(program: Program, rule: Rule, now: datetime) -> datetime | None:
    """Return when a rule ended, alone or with its program; ``None``: it did not yet."""
    ends = [rule.valid_until, program.date_to]
    if program.state == "closed":
        ends.append(program.closed_at or _ALWAYS)
    if program.state == "draft":
        ends.append(_ALWAYS)
    return min((end for end in ends if end is not None and end <= now), default=None)


def keep_ended(
    decision: Decision,
    document: DocumentFact,
    programs: Sequence[Program],
    given: Mapping[str, Decimal],
    now: datetime,
) -> Decision:
    """Return a decision in which rules that ended give nothing for what came later.

    :param given: award key -> points the award has given so far, pending ones and those
        taken back by hand included; it keeps them as far as it still deserves them.
    """
    ended = {
        rule.id: (program, rule, end)
        for program in programs
        for rule in program.rules
        if (end := get_end(program, rule, now)) is not None
    }
    if not ended or not any(award.rule_id in ended for award in decision.awards):
        return decision
    lines = {line.key: line for line in document.lines}
    awards, refusals = [], list(decision.refusals)
    for award in decision.awards:
        if award.rule_id not in ended:
            awards.append(award)
            continue
        program, rule, end = ended[award.rule_id]
        own = [lines[key] for key in award.basis.lines if key in lines]
        share = Fraction(0)
        if document.occurred_at < end:
            share = get_old_share(own, rule, end)
        limit = program.rounding.down(Fraction(award.points_total) * share)
        limit = max(limit, given.get(award.key, ZERO))
        if limit >= award.points_total:
            awards.append(award)
        elif limit > 0:
            awards.append(_lower(award, limit, end))
        else:
            refusals.append(_refuse(award, end))
    return replace(decision, awards=tuple(awards), refusals=tuple(refusals))


def get_old_share(lines: Sequence[LineFact], rule: Rule, end: datetime) -> Fraction:
    """Return which part of lines was sold before an instant: 1 for all of it."""
    if not lines:
        return Fraction(1)
    measures = [line.measure(rule.trigger) for line in lines]
    weights = [max(measure.amount(rule.amount_basis), 0) for measure in measures]
    if not any(weights):
        weights = [max(measure.quantity, 0) for measure in measures]
    if not any(weights):
        weights = [Fraction(1)] * len(lines)
    old = sum(
        weight * line.old_share(end)
        for weight, line in zip(weights, lines, strict=True)
    )
    return Fraction(old) / sum(weights)


def _lower(award: Award, limit: Decimal, end: datetime) -> Award:
    """Return an award with no more points than a limit."""
    params = {
        "ended_at": _text(end),
        "wanted": as_text(award.points_total),
        "left": as_text(limit),
    }
    return replace(
        award,
        points_total=limit,
        points_released=min(award.points_released, limit),
        points_due=min(award.points_due, limit),
        cap_uses={scope: min(used, limit) for scope, used in award.cap_uses.items()},
        explanation=(*award.explanation, Reason("ended", params)),
    )


def _refuse(award: Award, end: datetime) -> Refusal:
    """Return why an award that is only for what came later is none."""
    reason = Reason("added_after_end", {"ended_at": _text(end)})
    return Refusal(
        award.program_id, award.rule_id, award.source_key, award.member_id, reason
    )


def _text(end: datetime) -> str:
    return "" if end == _ALWAYS else as_iso(end)
