"""Refuses programs the engine does not understand, before anything is decided."""

from .facts import TRIGGERS
from .rules import Program, Rule

_RATES = ("fixed", "per_unit", "percent")


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
    for rule in program.rules:
        _check_rule(rule)


def _check_rule(rule: Rule) -> None:
    _check(
        f"rule {rule.id}",
        ("trigger", rule.trigger, TRIGGERS),
        ("pick", rule.pick, ("contact", "contact_or_first", "each", "split")),
        ("scope", rule.scope, ("line", "document")),
        ("kind", rule.kind, (*_RATES, "table")),
        ("table_basis", rule.table_basis, ("amount", "quantity")),
        ("amount_basis", rule.amount_basis, ("untaxed", "total")),
        ("hold", rule.hold.kind, ("none", "until_paid", "days")),
        ("expiry", rule.expiry.kind, ("none", "months", "period_end")),
        *(("step kind", step.kind, _RATES) for step in rule.steps),
    )


def _check(owner: str, *choices: tuple[str, str, tuple[str, ...]]) -> None:
    for name, value, known in choices:
        if value not in known:
            raise ValueError(
                f"Unknown {name} {value!r} in {owner}, expected: {', '.join(known)}"
            )
