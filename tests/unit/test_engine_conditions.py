"""Which programs, rules, products and amounts qualify."""

from dataclasses import replace

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
from engine import Hold, Step

BOOKED = frozenset({(1, 1)})


def why_not(decision):
    """Return the only refusal, of a decision that gives nothing."""
    assert not decision.awards
    (refusal,) = decision.refusals
    return refusal


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": "draft"}, "program_draft"),
        ({"date_from": NOW + DAY}, "program_not_valid"),
        ({"date_to": NOW}, "program_not_valid"),
        ({"state": "closed", "closed_at": NOW}, "program_closed"),
        ({"state": "closed"}, "program_closed"),
    ],
)
def test_program_does_not_apply(values, code):
    refusal = why_not(decide(document(), program(**values)))
    assert (refusal.reason.code, refusal.rule_id, refusal.source_key) == (
        code,
        None,
        ORDER,
    )
    booked = document(line(prior=BOOKED))
    assert points_of(decide(booked, program(**values))) == {("1", 1, 1): (10, 10)}


@pytest.mark.parametrize(
    "values",
    [
        {"date_from": NOW, "date_to": NOW + DAY},
        {"state": "closed", "closed_at": NOW + DAY},
        {"state": "running", "closed_at": NOW - DAY},
    ],
)
def test_program_applies(values):
    assert decide(document(), program(**values)).awards


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"valid_from": NOW + DAY}, "rule_not_valid"),
        ({"valid_until": NOW}, "rule_not_valid"),
        ({"has_partner_domain": True}, "partner_not_matching"),
    ],
)
def test_rule_does_not_apply(values, code):
    rules = program(rule(**values))
    refusal = why_not(decide(document(line(1), line(2)), rules))
    assert (refusal.reason.code, refusal.rule_id, refusal.source_key) == (
        code,
        1,
        ORDER,
    )
    booked = document(line(1, prior=BOOKED), line(2))
    assert points_of(decide(booked, rules)) == {("1", 1, 1): (10, 10)}


def test_partner_domain_matches_by_the_ids_in_the_document():
    buyer = document(partner_rule_ids=frozenset({1}))
    assert decide(buyer, program(rule(has_partner_domain=True))).awards


PRODUCT = {
    "category_ids": frozenset({8, 9}),
    "tag_ids": frozenset({5}),
    "domain_rule_ids": frozenset({1}),
}


@pytest.mark.parametrize(
    ("values", "condition"),
    [
        ({"product_ids": frozenset({1})}, None),
        ({"product_ids": frozenset({2})}, "product"),
        # Products and templates are one list.
        ({"product_ids": frozenset({2}), "template_ids": frozenset({101})}, None),
        ({"template_ids": frozenset({102})}, "product"),
        ({"category_ids": frozenset({7, 8})}, None),
        ({"category_ids": frozenset({7})}, "category"),
        ({"tag_ids": frozenset({5, 6})}, None),
        ({"tag_ids": frozenset({6})}, "tag"),
        ({"has_product_domain": True}, None),
        # Every list that is not empty has to hold.
        ({"product_ids": frozenset({1}), "category_ids": frozenset({7})}, "category"),
    ],
)
def test_product_conditions(values, condition):
    decision = decide(document(line(1, **PRODUCT)), program(rule(**values)))
    if condition is None:
        assert decision.awards
    else:
        assert why_not(decision).reason.params == {"condition": condition}


def test_product_domain_matches_by_the_ids_of_the_line():
    decision = decide(document(line(1)), program(rule(has_product_domain=True)))
    assert why_not(decision).reason.params == {"condition": "domain"}


def test_a_product_that_moved_away_keeps_what_was_booked():
    lines = (line(1, prior=BOOKED), line(2))
    decision = decide(document(*lines), program(rule(category_ids=frozenset({7}))))
    assert points_of(decision) == {("1", 1, 1): (10, 10)}
    refusals = [(r.source_key, r.member_id, r.reason.code) for r in decision.refusals]
    assert refusals == [
        ("sale.order.line,1", None, "product_not_matching"),
        ("sale.order.line,2", None, "product_not_matching"),
    ]


def test_what_was_booked_for_one_rule_proves_nothing_for_another():
    moved = document(line(1, prior=BOOKED))
    rules = program(rule(2, category_ids=frozenset({7})))
    assert not decide(moved, rules).awards


@pytest.mark.parametrize(
    ("quantity", "minimum", "given"), [(3, 3, True), (2, 3, False)]
)
def test_quantity_of_a_line(quantity, minimum, given):
    lines = document(line(1, quantity=quantity), line(2, quantity=0))
    decision = decide(lines, program(rule(quantity_min=D(minimum))))
    assert bool(decision.awards) is given
    assert codes_of(decision) == ["not_yet"] if given else ["quantity_too_low"]


def test_quantity_of_a_document_is_the_sum_of_its_matching_lines():
    rules = program(
        rule(scope="document", quantity_min=D(5), product_ids=frozenset({1, 2}))
    )
    assert decide(document(line(1, 2), line(2, 3)), rules).awards
    decision = decide(document(line(1, 2), line(3, 3)), rules)
    assert why_not(decision).reason.params == {"quantity": "2", "limit": "5"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"amount_min": D(150)}, None),
        ({"amount_min": D("150.01")}, "amount_too_low"),
        ({"amount_max": D("150.01")}, None),
        ({"amount_max": D(150)}, "amount_too_high"),
        ({"amount_min": D(180), "amount_basis": "total"}, None),
    ],
)
def test_amount_limits_judge_the_matching_lines_together(values, code):
    lines = (
        line(1, measures={"confirmed": measure(1, 100, total=120)}),
        line(2, measures={"confirmed": measure(1, 50, total=60)}),
        line(3, amount=1000),
    )
    rules = program(rule(product_ids=frozenset({1, 2}), **values))
    decision = decide(document(*lines), rules)
    if code is None:
        assert len(decision.awards) == 2
    else:
        assert codes_of(decision) == [code, code, "product_not_matching"]


def test_quantity_and_amount_are_measured_again_whatever_was_booked():
    booked = document(line(1, 1, 40, prior=BOOKED))
    assert codes_of(decide(booked, program(rule(amount_min=D(50))))) == [
        "amount_too_low"
    ]
    assert codes_of(decide(booked, program(rule(quantity_min=D(2))))) == [
        "quantity_too_low"
    ]


def test_a_trigger_that_was_not_reached_is_told_to_each_member():
    refusal = why_not(decide(document(), program(rule(trigger="paid"))))
    assert refusal.reason.code == "not_yet"
    assert refusal.reason.params == {"trigger": "paid"}
    assert refusal.member_id == 1


def test_a_document_without_lines():
    empty = replace(document(), lines=())
    for scope in ("line", "document"):
        assert codes_of(decide(empty, program(rule(scope=scope))))[0] == "no_lines"


@pytest.mark.parametrize(
    ("facts", "programs", "text"),
    [
        ({"occurred_at": NOW.replace(tzinfo=None)}, (program(),), "time zone"),
        ({"members": (member(), member())}, (program(),), "member 1"),
        ({}, (program(), program()), "program 1"),
        ({}, (program(rule(), rule()),), "rule 1"),
        ({}, (program(state="open"),), "state 'open' in program 1"),
        ({}, (program(combine="worst"),), "combine 'worst'"),
        ({}, (program(stacking="maybe"),), "stacking 'maybe'"),
        ({}, (program(rule(trigger="seen")),), "trigger 'seen' in rule 1"),
        ({}, (program(rule(pick="any")),), "pick 'any'"),
        ({}, (program(rule(scope="world")),), "scope 'world'"),
        ({}, (program(rule(kind="gift")),), "kind 'gift'"),
        ({}, (program(rule(table_basis="weight")),), "table_basis 'weight'"),
        ({}, (program(rule(amount_basis="net")),), "amount_basis 'net'"),
        (
            {},
            (program(rule(kind="table", steps=(Step(D(0), "table", D(1)),))),),
            "step kind 'table'",
        ),
    ],
)
def test_bad_data_is_named(facts, programs, text):
    with pytest.raises(ValueError, match=text):
        decide(document(**facts), *programs)


def test_a_moment_without_a_time_is_bad_data():
    timeless = line(measures={"confirmed": measure(at=None)})
    with pytest.raises(ValueError, match="line,1 is confirmed, but at no known time"):
        decide(document(timeless), program())


def test_the_time_of_payment_matters_only_to_rules_that_wait_for_it():
    paid = {"confirmed": measure(), "paid": measure(at=None)}
    facts = document(line(measures=paid))
    assert decide(facts, program()).awards
    with pytest.raises(ValueError, match="line,1 is paid, but at no known time"):
        decide(facts, program(rule(hold=Hold("until_paid"))))


def test_lines_are_counted_once():
    with pytest.raises(ValueError, match="More than one line"):
        decide(document(line(1), line(1)), program())


@pytest.mark.parametrize(
    ("kinds", "kind", "code"),
    [
        # no answer is not every kind
        ((), "", "document_kind_not_matching"),
        ((), "delivery", "document_kind_not_matching"),
        (("delivery", "invoice"), "delivery", None),
        (("invoice",), "delivery", "document_kind_not_matching"),
        (("invoice",), "", "document_kind_not_matching"),
    ],
)
def test_kinds_of_documents(kinds, kind, code):
    asked = program(rule(document_kinds=frozenset(kinds)))
    assert codes_of(decide(document(kind=kind), asked)) == ([code] if code else [])
    booked = document(line(prior=BOOKED), kind=kind)
    assert points_of(decide(booked, asked)) == {("1", 1, 1): (10, 10)}


@pytest.mark.parametrize(
    ("codes", "kind", "happened", "code"),
    [
        ((), "event", "visit", None),
        (("visit", "training"), "event", "visit", None),
        (("training",), "event", "visit", "event_not_matching"),
        (("visit",), "sale", "visit", "event_not_matching"),
        (("visit",), "sale.order", "", "event_not_matching"),
    ],
)
def test_events(codes, kind, happened, code):
    kinds = frozenset({"event", "sale", "sale.order"})
    asked = program(rule(event_codes=frozenset(codes), document_kinds=kinds))
    facts = document(kind=kind, event_code=happened)
    assert codes_of(decide(facts, asked)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("values", "is_proof", "code"),
    [
        # of a receipt nobody knows what was bought, of an order somebody does
        ({}, True, "no_product"),
        ({}, False, None),
        ({"without_product": True}, True, None),
        ({"category_ids": frozenset({7})}, True, "no_product"),
        ({"category_ids": frozenset({7}), "without_product": True}, True, "no match"),
        ({"product_ids": frozenset({7}), "without_product": True}, True, "no match"),
        ({"has_product_domain": True, "without_product": True}, True, "no match"),
    ],
)
@pytest.mark.parametrize("scope", ["line", "document"])
def test_a_proof_without_a_product_is_not_every_product(values, is_proof, code, scope):
    code = "product_not_matching" if code == "no match" else code
    asked = program(rule(scope=scope, **values))
    unknown = line(product_id=0, template_id=0)
    assert codes_of(decide(document(unknown, is_proof=is_proof), asked)) == (
        [code] if code else []
    )
    known = line(product_id=7, template_id=107, category_ids=frozenset({7}))
    if not values.get("has_product_domain"):
        assert decide(document(known, is_proof=is_proof), asked).awards


def test_of_a_proof_only_lines_with_a_product_are_added_up():
    unknown = line(2, amount=900, product_id=0, template_id=0)
    facts = document(line(1, amount=100), unknown, is_proof=True)
    assert points_of(decide(facts, program(rule(scope="document")))) == {
        ("7", 1, 1): (10, 10)
    }


def test_what_was_booked_without_a_product_stays():
    booked = line(product_id=0, template_id=0, prior=BOOKED)
    facts = document(booked, is_proof=True)
    assert points_of(decide(facts, program())) == {("1", 1, 1): (10, 10)}
