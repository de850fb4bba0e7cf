"""Short builders for engine tests: one line of a test, one fact."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from engine import (
    REASON_CODES,
    DocumentFact,
    LineFact,
    Measure,
    MemberFact,
    Program,
    Rounding,
    Rule,
    evaluate,
)

#: Noon, so that no test depends on the day boundary by accident.
NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)
SELLER = 1
ORDER = "sale.order,7"


def D(value) -> Decimal:
    return Decimal(str(value))


def measure(quantity=1, amount=100, at=NOW, total=None) -> Measure:
    total = amount if total is None else total
    return Measure(D(quantity), D(amount), D(total), at)


def line(number=1, quantity=1, amount=100, **values) -> LineFact:
    """Return a line that reached ``confirmed`` (or the given ``measures``)."""
    values.setdefault("measures", {"confirmed": measure(quantity, amount)})
    values.setdefault("product_id", number)
    values.setdefault("template_id", 100 + number)
    return LineFact(key=f"sale.order.line,{number}", **values)


def member(member_id=SELLER, **values) -> MemberFact:
    values.setdefault("role", "seller")
    values.setdefault("employer_id", 50)
    values.setdefault("enrolled_at", NOW - 30 * DAY)
    return MemberFact(member_id=member_id, **values)


def document(*lines, **values) -> DocumentFact:
    values.setdefault("members", (member(),))
    values.setdefault("occurred_at", NOW)
    values.setdefault("kind", "sale.order")
    return DocumentFact(
        key=ORDER,
        company_id=1,
        partner_id=50,
        commercial_partner_id=50,
        lines=lines or (line(),),
        **values,
    )


def rule(rule_id=1, **values) -> Rule:
    """Return a rule that gives sellers 10 % of the amount of orders and events."""
    values.setdefault("role", "seller")
    values.setdefault("document_kinds", frozenset({"sale.order", "event"}))
    values.setdefault("value", D(10))
    return Rule(id=rule_id, name=f"Rule {rule_id}", **values)


def program(*rules, program_id=1, **values) -> Program:
    values.setdefault("rounding", Rounding())
    return Program(
        id=program_id,
        name=f"Program {program_id}",
        unit_id=1,
        rules=rules or (rule(),),
        **values,
    )


def nothing_used(_scope) -> Decimal:
    return Decimal(0)


def decide(document, *programs, usage=nothing_used, now=NOW):
    decision = evaluate(document, programs, usage, now)
    check_reasons(decision)
    silent = evaluate(document, programs, usage, now, with_refusals=False)
    assert (silent.awards, silent.refusals) == (decision.awards, ())
    assert silent.cuts == decision.cuts
    return decision


def reasons_of(decision) -> list:
    path = [reason for award in decision.awards for reason in award.explanation]
    return path + [refusal.reason for refusal in decision.refusals]


def check_reasons(decision) -> None:
    """Every reason must be known to the presentation layer, with its parameters."""
    for reason in reasons_of(decision):
        assert set(reason.params) == set(REASON_CODES[reason.code].params), reason
        assert all(isinstance(value, str | int) for value in reason.params.values())


def points_of(decision) -> dict:
    """Return (source number, rule, member) -> (total, released)."""
    return {
        (award.source_key.split(",")[1], award.rule_id, award.member_id): (
            award.points_total,
            award.points_released,
        )
        for award in decision.awards
    }


def codes_of(decision) -> list[str]:
    return [refusal.reason.code for refusal in decision.refusals]
