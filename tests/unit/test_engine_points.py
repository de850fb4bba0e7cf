"""How many points, when released, how combined and capped."""

from datetime import timedelta
from decimal import Decimal

import pytest
from builders import (
    DAY,
    NOW,
    ORDER,
    D,
    codes_of,
    decide,
    document,
    line,
    measure,
    member,
    points_of,
    program,
    rule,
)
from engine import Caps, Expiry, Hold, Rounding, Step, evaluate

STEPS = (
    Step(D(1000), "percent", D(5)),
    Step(D(100), "percent", D(2)),
    Step(D(5000), "fixed", D(400)),
)


def total(facts, *rules, **values):
    """Return all points given."""
    decision = decide(facts, program(*rules, **values))
    return sum(award.points_total for award in decision.awards)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"kind": "fixed", "value": D(25)}, 25),
        ({"kind": "per_unit", "value": D("2.5")}, 7),
        ({"kind": "percent", "value": D("1.5")}, 3),
        ({"kind": "percent", "value": D("1.5"), "amount_basis": "total"}, 4),
    ],
)
def test_kinds(values, expected):
    measures = {"confirmed": measure(3, D("266.66"), total=D("319.99"))}
    assert total(document(line(measures=measures)), rule(**values)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("99.99", 0),
        ("100", 2),
        ("999.99", 19),
        ("1000", 50),  # of the whole amount, not of the part above 1000
        ("9999", 400),
    ],
)
def test_table_by_amount(amount, expected):
    tabled = rule(kind="table", steps=STEPS)
    decision = decide(document(line(amount=D(amount))), program(tabled))
    assert sum(award.points_total for award in decision.awards) == expected
    assert codes_of(decision) == ([] if expected else ["below_table"])


@pytest.mark.parametrize(("quantity", "expected"), [(1, 10), (9, 90), (10, 120)])
def test_table_by_quantity(quantity, expected):
    steps = (Step(D(1), "per_unit", D(10)), Step(D(10), "per_unit", D(12)))
    tabled = rule(kind="table", table_basis="quantity", steps=steps)
    assert total(document(line(quantity=quantity)), tabled) == expected


def test_percent_of_the_dealers_tier():
    tiered = rule(kind="tier", value=D(99))
    assert total(document(tier_percent=D("2.5")), tiered) == 2  # of 100, not 99 %
    for nothing in (None, D(0)):
        decision = decide(document(tier_percent=nothing), program(tiered))
        assert codes_of(decision) == ["no_tier"]


def test_a_document_is_measured_as_a_whole():
    lines = (line(1, 1, 19), line(2, 1, 19), line(3, 1, 500))
    only = {"product_ids": frozenset({1, 2})}
    # 1.9 + 1.9, rounded once
    assert total(document(*lines), rule(**only)) == 3
    assert total(document(*lines), rule(scope="document", **only)) == 3
    fixed = {"kind": "fixed", "value": D(5)}
    assert total(document(*lines), rule(**fixed)) == 15
    assert total(document(*lines), rule(scope="document", **fixed)) == 5


def test_a_discount_line_counts_against_the_document_only():
    lines = (line(1, 1, 100), line(2, 1, -30))
    assert total(document(*lines), rule(scope="document")) == 7
    decision = decide(document(*lines), program())
    assert points_of(decision) == {("1", 1, 1): (10, 10)}
    assert codes_of(decision) == ["no_points"]
    assert total(document(line(1, 1, -30)), rule(scope="document")) == 0


def test_a_returned_quantity_earns_no_fixed_points():
    assert total(document(line(quantity=-1)), rule(kind="fixed", value=D(5))) == 0


def test_document_awards_carry_the_document_and_its_last_moment():
    lines = (
        line(1, measures={"confirmed": measure(at=NOW - DAY)}),
        line(2, measures={"confirmed": measure(at=NOW - 3 * DAY)}),
        line(3, measures={}),
    )
    (award,) = decide(document(*lines), program(rule(scope="document"))).awards
    assert (award.source_key, award.effective_at) == (ORDER, NOW - DAY)
    assert award.key == "sale.order,7|r1|m1"


def test_document_lines_that_were_booked_still_count():
    lines = (line(1, prior=frozenset({(1, 1)})), line(2))
    scoped = rule(scope="document", category_ids=frozenset({7}))
    booked = document(*lines, prior=frozenset({(1, 1)}))
    (award,) = decide(booked, program(scoped)).awards
    assert award.points_total == 10
    assert award.explanation[0].params["lines"] == "sale.order.line,1"


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding(), 12),
        (Rounding(0, "up"), 13),
        (Rounding(0, "half_up"), 12),
        (Rounding(2), D("12.34")),
    ],
)
def test_each_award_is_rounded(rounding, expected):
    assert total(document(line(amount=D("123.45"))), rounding=rounding) == expected


def test_awards_say_all_there_is_to_book():
    held = rule(trigger="delivered", hold=Hold("days", 14), expiry=Expiry("months", 12))
    facts = document(
        line(measures={"delivered": measure(2, D("123.45"), at=NOW - DAY)}),
        occurred_at=NOW - 2 * DAY,
    )
    (award,) = decide(facts, program(held, timezone="Europe/Kyiv")).awards
    assert award.document_key == ORDER
    assert (award.program_id, award.unit_id, award.timezone) == (1, 1, "Europe/Kyiv")
    assert award.occurred_at == NOW - 2 * DAY
    assert award.expiry == Expiry("months", 12)
    assert award.points_pending == 12
    assert [(r.code, r.params) for r in award.explanation] == [
        (
            "basis",
            {
                "trigger": "delivered",
                "quantity": "2",
                "amount": "123.45",
                "basis": "untaxed",
                "lines": "sale.order.line,1",
            },
        ),
        ("rate", {"kind": "percent", "value": "10", "start": ""}),
        ("rounded", {"before": "12.345", "after": "12"}),
        (
            "held",
            {
                "kind": "days",
                "release_at": "2026-03-23T12:00:00+00:00",
                "expected_at": "2026-03-23T12:00:00+00:00",
                "pending": "12",
            },
        ),
    ]


# Hold


def test_points_wait_for_the_days_to_pass():
    held = program(rule(hold=Hold("days", 14)))
    due = NOW + 14 * DAY
    (before,) = decide(document(), held, now=due - timedelta(microseconds=1)).awards
    assert (before.points_released, before.effective_at) == (0, None)
    assert before.release_at == due
    (after,) = decide(document(), held, now=due).awards
    assert (after.points_released, after.effective_at) == (10, due)
    assert after.release_at is None
    assert [r.code for r in after.explanation] == ["basis", "rate"]


@pytest.mark.parametrize(
    ("paid", "released"),
    [(None, 0), (measure("0.25", 25, NOW + DAY), 2), (measure(1, 100, NOW + DAY), 10)],
)
def test_points_follow_the_payment(paid, released):
    measures = {"confirmed": measure()} | ({"paid": paid} if paid else {})
    held = program(rule(hold=Hold("until_paid")))
    (award,) = decide(document(line(measures=measures)), held).awards
    assert (award.points_total, award.points_released) == (10, released)
    assert award.effective_at == (NOW + DAY if released else None)
    assert award.release_at is None


def test_more_paid_than_delivered_releases_no_more_than_earned():
    measures = {"delivered": measure(1, 40), "paid": measure(3, 120)}
    held = rule(trigger="delivered", hold=Hold("until_paid"))
    facts = document(line(measures=measures))
    assert points_of(decide(facts, program(held))) == {("1", 1, 1): (4, 4)}


NO_DELIVERIES = frozenset({"delivered"})


@pytest.mark.parametrize(
    ("kind", "paid", "released"),
    [
        ("until_delivered_paid", None, 0),
        ("until_delivered_paid", measure(4, 40, NOW), 4),
        ("until_delivered_paid", measure(10, 100, NOW), 10),
        ("days_after_delivery", None, 10),
    ],
)
def test_goods_go_with_a_document_that_tells_of_no_deliveries(kind, paid, released):
    measures = dict.fromkeys(("confirmed", "invoiced"), measure(10, 100))
    measures |= {"paid": paid} if paid else {}
    held = program(rule(hold=Hold(kind)))
    facts = document(line(measures=measures, untold=NO_DELIVERIES))
    assert points_of(decide(facts, held)) == {("1", 1, 1): (10, released)}
    # control: where deliveries are told, none is proven yet
    facts = document(line(measures=measures))
    assert points_of(decide(facts, held)) == {("1", 1, 1): (10, 0)}


def test_what_tells_of_no_delivery_is_none_for_a_rule_about_deliveries():
    measures = dict.fromkeys(("confirmed", "invoiced"), measure(10, 100))
    facts = document(line(measures=measures, untold=NO_DELIVERIES))
    assert decide(facts, program(rule(trigger="delivered"))).awards == ()


@pytest.mark.parametrize("kind", ["until_paid", "until_delivered_paid"])
def test_nothing_waits_for_a_payment_that_nobody_tells_of(kind):
    measures = dict.fromkeys(("confirmed", "delivered"), measure(10, 100))
    untold = frozenset({"invoiced", "paid"})
    held = program(rule(hold=Hold(kind)))
    decision = decide(document(line(measures=measures, untold=untold)), held)
    assert decision.awards == ()
    assert [one.reason.code for one in decision.refusals] == ["all_lost"]


def test_what_payment_triggers_does_not_wait_for_payment():
    facts = document(line(measures={"paid": measure(1, 70)}))
    held = rule(trigger="paid", hold=Hold("until_paid"))
    assert points_of(decide(facts, program(held))) == {("1", 1, 1): (7, 7)}


DELIVERED, PAID = NOW + DAY, NOW + 2 * DAY


@pytest.mark.parametrize(
    ("delivered", "paid", "released", "at"),
    [
        (None, None, 0, None),
        (measure(4, 40, DELIVERED), None, 0, None),
        (None, measure(10, 100, PAID), 0, None),
        (measure(4, 40, DELIVERED), measure(10, 100, PAID), 4, PAID),
        (measure(10, 100, PAID), measure(3, 30, DELIVERED), 3, PAID),
        # a discount on the invoice: the smaller amount counts
        (measure(10, 100, DELIVERED), measure(10, 70, PAID), 7, PAID),
    ],
)
def test_points_wait_for_delivery_and_payment(delivered, paid, released, at):
    measures = {"confirmed": measure(10, 100), "delivered": delivered, "paid": paid}
    measures = {name: value for name, value in measures.items() if value}
    held = program(rule(hold=Hold("until_delivered_paid")))
    (award,) = decide(document(line(measures=measures)), held).awards
    assert (award.points_total, award.points_released) == (10, released)
    assert award.effective_at == at


def test_both_proofs_are_compared_line_by_line():
    one = {"confirmed": measure(1, 50), "delivered": measure(1, 50)}
    other = {"confirmed": measure(1, 50), "paid": measure(1, 50)}
    facts = document(line(1, measures=one), line(2, measures=other))
    held = rule(scope="document", hold=Hold("until_delivered_paid"))
    (award,) = decide(facts, program(held)).awards
    assert (award.points_total, award.points_released) == (10, 0)


def test_points_wait_some_days_after_the_delivery():
    measures = {"confirmed": measure(10, 100), "delivered": measure(4, 40, DELIVERED)}
    facts = document(line(measures=measures))
    held = program(rule(hold=Hold("days_after_delivery", 14)))
    due = DELIVERED + 14 * DAY
    (before,) = decide(facts, held, now=due - timedelta(microseconds=1)).awards
    assert (before.points_total, before.points_released) == (10, 0)
    assert (before.release_at, before.points_due) == (due, 4)
    (after,) = decide(facts, held, now=due).awards
    assert (after.points_released, after.effective_at) == (4, due)
    assert (after.release_at, after.points_due) == (None, 0)


def test_nothing_delivered_yet_waits_for_no_day():
    held = program(rule(hold=Hold("days_after_delivery", 14)))
    (award,) = decide(document(), held, now=NOW + 99 * DAY).awards
    assert (award.points_released, award.release_at) == (0, None)


@pytest.mark.parametrize(
    ("hold", "reached", "expected"),
    [
        (Hold(), (), None),
        (Hold("until_paid"), (), NOW + 30 * DAY),
        (Hold("until_paid"), ("paid",), None),
        (Hold("until_delivered_paid"), (), NOW + 30 * DAY),
        (Hold("until_delivered_paid"), ("paid",), NOW + 3 * DAY),
        (Hold("days_after_delivery", 14), (), NOW + 17 * DAY),
        (Hold("days_after_delivery", 14), ("delivered",), NOW + 15 * DAY),
        (Hold("days", 14), (), NOW + 14 * DAY),
    ],
)
def test_when_points_are_expected(hold, reached, expected):
    measures = {"confirmed": measure()}
    measures |= {trigger: measure(at=DELIVERED) for trigger in reached}
    dates = {"delivered": NOW + 3 * DAY, "paid": NOW + 30 * DAY}
    facts = document(line(measures=measures, expected=dates))
    (award,) = decide(facts, program(rule(hold=hold))).awards
    assert award.expected_at == expected
    texts = [r.params["expected_at"] for r in award.explanation if r.code == "held"]
    assert texts == ([expected.isoformat()] if award.points_pending else [])


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ({"kind": "percent", "value": D(10)}, 40),
        ({"kind": "per_unit", "value": D(3)}, 12),
        ({"kind": "fixed", "value": D(25)}, 25),  # something of it may come
        ({"trigger": "delivered", "value": D(10)}, 40),
        ({"hold": Hold(), "value": D(10)}, 100),  # waits for nothing
        ({"hold": Hold("days", 3), "value": D(10)}, 100),
        ({"hold": Hold("until_delivered_paid"), "value": D(10)}, 20),
        ({"hold": Hold("days_after_delivery", 3), "value": D(10)}, 20),
        # the limit is about what was sold
        ({"amount_min": D(900), "value": D(10)}, 40),
    ],
)
def test_what_will_never_come_is_not_awarded(values, total):
    """10 pieces for 1000: 400 may be paid, 200 delivered; so far nothing was."""
    whole = measure(10, 1000)
    measures = {
        "confirmed": whole,
        "delivered": whole if values.get("trigger") else measure(0, 0),
        "payable": measure(4, 400, at=None),
        "deliverable": measure(2, 200, at=None),
    }
    held = rule(**{"hold": Hold("until_paid"), **values})
    facts = document(line(measures=measures))
    (award,) = decide(facts, program(held)).awards
    assert award.points_total == total
    lost = [r.params for r in award.explanation if r.code == "lost"]
    kind = held.hold.kind
    if held.hold.triggers:
        left = {"until_paid": 4}.get(kind, 2)
        amount, quantity = str(1000 - 100 * left), str(10 - left)
        assert lost == [{"kind": kind, "quantity": quantity, "amount": amount}]
    else:
        assert lost == []


def test_nothing_that_may_come_is_a_refusal():
    measures = {"confirmed": measure(10, 1000), "payable": measure(0, 0, at=None)}
    decision = decide(
        document(line(measures=measures)), program(rule(hold=Hold("until_paid")))
    )
    assert decision.awards == ()
    assert [one.reason.code for one in decision.refusals] == ["all_lost"]


def test_what_was_given_up_delays_no_day():
    """One line is a loss; the other is expected on its day."""
    gone = {"confirmed": measure(), "payable": measure(0, 0, at=None)}
    lines = [line(1, measures=gone), line(2, expected={"paid": NOW + 2 * DAY})]
    held = program(rule(scope="document", hold=Hold("until_paid")))
    (award,) = decide(document(*lines), held).awards
    assert (award.points_total, award.expected_at) == (10, NOW + 2 * DAY)


def test_the_last_line_says_when_everything_is_expected():
    lines = [
        line(number, expected={"paid": NOW + number * DAY}) for number in (1, 3, 2)
    ]
    held = program(rule(scope="document", hold=Hold("until_paid")))
    (award,) = decide(document(*lines), held).awards
    assert award.expected_at == NOW + 3 * DAY
    (award,) = decide(document(*lines, line(4)), held).awards
    assert award.expected_at is None  # nobody knows for the fourth


def test_split_releases_shares_of_the_paid_part():
    measures = {"confirmed": measure(1, 100), "paid": measure(1, 50)}
    facts = document(line(measures=measures), members=(member(1), member(2)))
    held = rule(pick="split", hold=Hold("until_paid"))
    assert points_of(decide(facts, program(held))) == {
        ("1", 1, 1): (5, 3),
        ("1", 1, 2): (5, 2),
    }


# Combining and stacking

FIVE = rule(1, value=D(5), sequence=20)
EIGHT = rule(2, value=D(8), sequence=30)
EIGHT_TOO = rule(3, value=D(8), sequence=30)


@pytest.mark.parametrize(
    ("combine", "expected"), [("all", [1, 2, 3]), ("first", [1]), ("best", [2])]
)
def test_rules_of_a_program_combine(combine, expected):
    rules = program(EIGHT_TOO, EIGHT, FIVE, combine=combine)
    decision = decide(document(), rules)
    assert [award.rule_id for award in decision.awards] == expected
    assert codes_of(decision) == ["combined_out"] * (3 - len(expected))
    for refusal in decision.refusals:
        winner = expected[0]
        params = {"rule_id": winner, "rule_name": f"Rule {winner}"}
        assert refusal.reason.params == params


def test_rules_combine_per_line_and_member():
    special = rule(1, value=D(5), product_ids=frozenset({1}))
    facts = document(line(1), line(2))
    decision = decide(facts, program(special, EIGHT, combine="first"))
    assert points_of(decision) == {("1", 1, 1): (5, 5), ("2", 2, 1): (8, 8)}


def test_exclusive_programs_compete_and_stackable_ones_add():
    special = rule(1, value=D(5), product_ids=frozenset({1}))
    programs = (
        program(EIGHT, program_id=9, sequence=2, stacking="exclusive"),
        program(special, program_id=8, sequence=1, stacking="exclusive"),
        program(EIGHT_TOO, program_id=7),
    )
    decision = decide(document(line(1), line(2)), *programs)
    assert points_of(decision) == {
        ("1", 1, 1): (5, 5),
        ("2", 2, 1): (8, 8),
        ("1", 3, 1): (8, 8),
        ("2", 3, 1): (8, 8),
    }
    (refusal,) = [r for r in decision.refusals if r.program_id == 9]
    assert refusal.reason.code == "excluded_by_program"
    assert refusal.reason.params == {"program_id": 8, "program_name": "Program 8"}


def test_rules_of_one_exclusive_program_do_not_exclude_each_other():
    both = program(FIVE, EIGHT, stacking="exclusive")
    assert len(decide(document(), both).awards) == 2


def test_an_exclusive_program_that_is_used_up_excludes_nobody():
    empty = program(FIVE, program_id=1, stacking="exclusive", budget=D(0))
    other = program(EIGHT, program_id=2, stacking="exclusive")
    decision = decide(document(), empty, other)
    assert points_of(decision) == {("1", 2, 1): (8, 8)}


# Caps


def used(**by_scope):
    scopes = {scope.replace("_", "|"): Decimal(n) for scope, n in by_scope.items()}
    return lambda scope: scopes.get(scope, Decimal(0))


def test_a_document_cap_is_used_in_the_order_of_lines():
    capped = program(rule(caps=Caps(document=D(12))))
    decision = decide(document(line(1, 1, 70), line(2, 1, 70), line(3)), capped)
    assert points_of(decision) == {("1", 1, 1): (7, 7), ("2", 1, 1): (5, 5)}
    assert codes_of(decision) == ["cap_reached"]
    params = {"cap": "document", "limit": "12", "left": "5", "wanted": "7"}
    assert decision.awards[1].explanation[-1].params == params
    assert decision.awards[0].cap_uses == {}


@pytest.mark.parametrize(
    ("caps", "scope", "cap"),
    [
        (Caps(member=D(100)), "r1|m1", "member"),
        (Caps(day=D(100)), "r1|m1|2026-01-01", "day"),
        (Caps(period=D(100)), "r1|m1|2026-01", "period"),
        (Caps(period=D(100), period_kind="week"), "r1|m1|2026-W01", "period"),
        (Caps(period=D(100), period_kind="quarter"), "r1|m1|2026-Q1", "period"),
        (Caps(period=D(100), period_kind="year"), "r1|m1|2026", "period"),
    ],
)
def test_caps_ask_for_what_other_documents_used(caps, scope, cap):
    # 22:30 on New Year's Eve in London is the new year in Kyiv.
    new_year = NOW.replace(year=2025, month=12, day=31, hour=22, minute=30)
    facts = document(
        occurred_at=new_year, members=(member(enrolled_at=new_year - DAY),)
    )
    capped = program(rule(caps=caps), timezone="Europe/Kyiv")
    usage = {scope: D("93.5")}.__getitem__
    (award,) = decide(facts, capped, usage=usage).awards
    assert (award.points_total, award.points_released) == (6, 6)
    assert award.cap_uses == {scope: 6}
    assert award.explanation[-1].params["cap"] == cap


def test_the_budget_is_shared_by_rules_and_members():
    members = (member(1), member(2))
    rules = (rule(1, pick="each"), rule(2, pick="each", sequence=5))
    limited = program(*rules, budget=D(125))
    decision = decide(document(members=members), limited, usage=used(p1=90))
    assert points_of(decision) == {
        ("1", 2, 1): (10, 10),
        ("1", 2, 2): (10, 10),
        ("1", 1, 1): (10, 10),
        ("1", 1, 2): (5, 5),
    }
    assert [award.cap_uses for award in decision.awards] == [
        {"p1": 10},
        {"p1": 10},
        {"p1": 10},
        {"p1": 5},
    ]
    none_left = decide(document(), limited, usage=used(p1=300))
    assert codes_of(none_left) == ["budget_exhausted"] * 2
    assert none_left.refusals[0].reason.params == {"limit": "125", "wanted": "10"}


def test_the_tightest_limit_is_told():
    caps = Caps(document=D(9), member=D(100), day=D(8))
    capped = program(rule(caps=caps), budget=D(50))
    (award,) = decide(document(), capped, usage=used(r1_m1=96)).awards
    assert award.points_total == 4
    assert award.explanation[-1].params["cap"] == "member"
    scopes = {"r1|m1", "r1|m1|2026-03-10", "p1"}
    assert award.cap_uses == dict.fromkeys(scopes, 4)
    refused = decide(document(), capped, usage=used(r1_m1=100))
    params = {"cap": "member", "limit": "100", "wanted": "10"}
    assert refused.refusals[0].reason.params == params


def test_a_cap_leaves_as_much_pending_as_it_must():
    measures = {"confirmed": measure(1, 100), "paid": measure(1, 60)}
    capped = rule(hold=Hold("until_paid"), caps=Caps(document=D(8)))
    (award,) = decide(document(line(measures=measures)), program(capped)).awards
    assert (award.points_total, award.points_released) == (8, 6)
    assert [r.code for r in award.explanation[-2:]] == ["capped", "held"]
    assert award.explanation[-1].params["pending"] == "2"


def test_a_limit_that_is_just_enough_cuts_nothing():
    caps = Caps(document=D(10), member=D(10))
    (award,) = decide(document(), program(rule(caps=caps), budget=D(10))).awards
    assert award.points_total == 10
    assert [reason.code for reason in award.explanation] == ["basis", "rate"]


def test_the_first_of_equally_tight_limits_is_told():
    caps = Caps(document=D(8), member=D(8))
    (award,) = decide(document(), program(rule(caps=caps), budget=D(8))).awards
    assert award.explanation[-1].params["cap"] == "document"


def test_usage_is_asked_once_per_scope():
    asked = []

    def usage(scope):
        asked.append(scope)
        return Decimal(0)

    capped = program(rule(caps=Caps(member=D(100), day=D(50))), budget=D(1000))
    evaluate(document(line(1), line(2), line(3)), [capped], usage, NOW)
    assert sorted(asked) == ["p1", "r1|m1", "r1|m1|2026-03-10"]


def test_many_small_lines_are_rounded_once():
    lines = [line(number, 1, 19) for number in range(1, 51)]
    decision = decide(document(*lines), program(rule(value=D(5))))
    # 50 x 0.95 = 47.5: 47 lines get a point each, three get none
    assert [award.points_total for award in decision.awards] == [1] * 47
    assert codes_of(decision) == ["no_points"] * 3
    reasons = {reason.code: reason.params for reason in decision.awards[0].explanation}
    assert reasons["rounded_together"] == {
        "before": "47.5",
        "after": "47",
        "lines": 50,
        "part": "1",
    }


def test_each_rule_and_participant_is_rounded_by_itself():
    lines = (line(1, 1, 19), line(2, 1, 19))  # 1.9 + 1.9
    people = (member(1), member(2))
    facts = document(*lines, members=people)
    rules = (rule(1, pick="each"), rule(2, pick="split"))
    sums = {}
    for (_line, rule_id, member_id), (points, _free) in points_of(
        decide(facts, program(*rules))
    ).items():
        sums[rule_id, member_id] = sums.get((rule_id, member_id), 0) + points
    # each: 3 of 3.8; divided: 3 of 3.8, the odd point for the lower id
    assert sums == {(1, 1): 3, (1, 2): 3, (2, 1): 2, (2, 2): 1}


def test_a_line_that_is_paid_releases_its_points():
    lines = [
        line(n, measures={"confirmed": measure(1, 19), "paid": measure(1, paid)})
        for n, paid in enumerate([19] * 10 + [0] * 10, start=1)
    ]
    held = program(rule(hold=Hold("until_paid"), value=D(5)))
    decision = decide(document(*lines), held)
    # 20 x 0.95 = 19, so one line has none; ten of the others are paid
    assert sum(award.points_total for award in decision.awards) == 19
    released = [award.points_released for award in decision.awards]
    assert (released.count(1), released.count(0)) == (10, 9)


@pytest.mark.parametrize(
    ("expected", "promised"),
    [
        # without terms an invoice is due on the day of the order: nobody promised it
        (NOW, None),
        (NOW + DAY / 4, None),
        (NOW + DAY, NOW + DAY),
        # it was planned for an earlier day, and is late
        (NOW - DAY, NOW - DAY),
    ],
)
def test_the_day_of_the_document_is_no_promise(expected, promised):
    awaited = line(expected={"paid": expected})
    (award,) = decide(document(awaited), program(rule(hold=Hold("until_paid")))).awards
    assert (award.points_released, award.expected_at) == (0, promised)
