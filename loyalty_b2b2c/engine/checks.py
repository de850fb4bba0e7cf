"""Refuses what the engine does not understand, before anything is decided."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from .facts import TRIGGERS, DocumentFact
from .rules import DEEPEST, Program, Rule

_RATES = ("fixed", "per_unit", "percent")
_PICKS = ("contact", "contact_or_first", "split", "seller", "referrer")
_PARTIES = ("buyer", "receiver")
_HOLDS = (
    "none",
    "until_paid",
    "until_delivered_paid",
    "days",
    "days_after_delivery",
)


def check_facts(
    document: DocumentFact, programs: Sequence[Program], now: datetime
) -> None:
    """Check that times have a zone and that nothing would be counted twice.

    :raise ValueError: naming the document and what is wrong.
    """
    if document.occurred_at.tzinfo is None or now.tzinfo is None:
        raise ValueError(f"Time without a time zone in {document.key}")
    rules = [rule for program in programs for rule in program.rules]
    _check_once(document, "line", (line.key for line in document.lines))
    _check_once(document, "member", (m.member_id for m in document.members))
    _check_once(document, "program", (program.id for program in programs))
    _check_once(document, "rule", (rule.id for rule in rules))


def _check_once(document: DocumentFact, kind: str, keys: Iterable[int | str]) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f"More than one {kind} {twice[0]} for {document.key}")


def check_program(program: Program) -> None:
    """Check every choice made in ``program`` and its rules.

    :raise ValueError: naming the program or rule, the choice and its value.
    """
    _check(
        f"program {program.id}",
        ("state", program.state, ("draft", "running", "closed")),
        ("combine", program.combine, ("all", "first", "best")),
        ("stacking", program.stacking, ("stackable", "exclusive")),
    )
    pool = program.referral_pool
    if pool is not None and not 0 < pool <= 100:
        raise ValueError(f"The pool of program {program.id} must be above 0 percent")
    if program.point_value <= 0:
        raise ValueError(f"A point of program {program.id} must be worth something")
    for rule in program.rules:
        _check_rule(rule)


def _check_rule(rule: Rule) -> None:
    _check(
        f"rule {rule.id}",
        ("trigger", rule.trigger, TRIGGERS),
        ("pick", rule.pick, (*_PICKS, "each")),
        ("party", rule.party, _PARTIES),
        ("scope", rule.scope, ("line", "document")),
        ("kind", rule.kind, (*_RATES, "table", "tier")),
        ("table_basis", rule.table_basis, ("amount", "quantity")),
        ("amount_basis", rule.amount_basis, ("untaxed", "total")),
        ("milestone", rule.milestone.kind, ("none", "only", "every")),
        ("hold", rule.hold.kind, _HOLDS),
        ("expiry", rule.expiry.kind, ("none", "months", "period_end")),
        *(("step kind", step.kind, _RATES) for step in rule.steps),
        *(("pick of a share", share.pick, _PICKS) for share in rule.shares),
    )
    _check_levels(rule)
    percents = [share.percent for share in rule.shares]
    if percents and not (min(percents) > 0 and sum(percents) <= 100):
        raise ValueError(
            f"Shares of rule {rule.id} must be above 0 and at most 100 together"
        )

    if rule.milestone and (rule.kind, rule.scope) != ("fixed", "document"):
        raise ValueError(
            f"Rule {rule.id} has a milestone, but no fixed award for the document"
        )
    if rule.milestone.number < 1:
        raise ValueError(f"The milestone of rule {rule.id} must be 1 sale or more")


def _check_levels(rule: Rule) -> None:
    """Check that a level deeper gets less, down to the deepest there is."""
    levels = [share.level for share in rule.shares]
    if not all(1 <= level <= DEEPEST for level in (rule.levels, *levels)):
        raise ValueError(f"Rule {rule.id} has more than {DEEPEST} levels, or none")
    if not 0 < rule.decay < 100:
        raise ValueError(f"Each further level of rule {rule.id} must get less")
    parts = sorted(
        (part.role, part.level, part.percent)
        for part in rule.shares
        if part.pick == "referrer"
    )
    for (role, level, percent), (next_role, next_level, other) in pairwise(parts):
        if role == next_role and (level == next_level or percent <= other):
            raise ValueError(f"Each further level of rule {rule.id} must get less")


def _check(owner: str, *choices: tuple[str, str, tuple[str, ...]]) -> None:
    for name, value, known in choices:
        if value not in known:
            raise ValueError(
                f"Unknown {name} {value!r} in {owner}, expected: {', '.join(known)}"
            )
