"""Who benefits."""

import pytest
from builders import (
    DAY,
    NOW,
    D,
    codes_of,
    decide,
    document,
    line,
    member,
    points_of,
    program,
    rule,
)
from engine import Rounding

EARLY, LATE = NOW - 20 * DAY, NOW - 10 * DAY


def winners(*members, prior=(), **values):
    """Return who gets points, of members around one line."""
    facts = document(
        line(prior=frozenset((1, member_id) for member_id in prior)), members=members
    )
    return [award.member_id for award in decide(facts, program(rule(**values))).awards]


def test_only_the_role_of_the_rule_benefits():
    facts = document(members=(member(1, role="owner"), member(2)))
    assert points_of(decide(facts, program())) == {("1", 1, 2): (10, 10)}


def test_nobody_in_the_role():
    decision = decide(document(members=(member(1, role="owner"),)), program())
    assert codes_of(decision) == ["no_member"]
    assert decision.refusals[0].reason.params == {"role": "seller"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"enrolled_at": NOW}, None),
        ({"enrolled_at": NOW + DAY}, "not_enrolled_yet"),
        ({"left_at": NOW}, "left"),
        ({"left_at": NOW + DAY}, None),
    ],
)
@pytest.mark.parametrize("pick", ["contact", "contact_or_first", "each", "split"])
def test_membership_has_to_cover_the_document(pick, values, code):
    facts = document(members=(member(is_contact=True, **values),))
    decision = decide(facts, program(rule(pick=pick)))
    assert codes_of(decision) == ([code] if code else [])
    assert bool(decision.awards) is (code is None)


def test_what_was_booked_stays_when_the_member_has_left():
    assert winners(member(left_at=NOW - DAY), prior=[1]) == [1]
    # ... but not for somebody who is not on the document any more.
    assert winners(member(2, role="owner"), prior=[1]) == []


def test_contact_only():
    one, named = member(1), member(2, is_contact=True)
    assert winners(one, named, pick="contact") == [2]
    decision = decide(document(members=(one,)), program(rule(pick="contact")))
    assert codes_of(decision) == ["not_the_contact"]


def test_contact_or_else_who_enrolled_first():
    early, late = member(5, enrolled_at=EARLY), member(2, enrolled_at=LATE)
    same = member(4, enrolled_at=EARLY)
    assert winners(late, early) == [5]
    assert winners(late, early, same) == [4]
    assert winners(early, member(2, enrolled_at=LATE, is_contact=True)) == [2]
    # A contact who is no member yet does not stop the others.
    assert winners(early, member(2, enrolled_at=NOW + DAY, is_contact=True)) == [5]


def test_nobody_enrolled_is_told_for_everybody():
    facts = document(members=(member(1, left_at=NOW), member(2, enrolled_at=NOW + DAY)))
    decision = decide(facts, program())
    assert [(r.member_id, r.reason.code) for r in decision.refusals] == [
        (1, "left"),
        (2, "not_enrolled_yet"),
    ]


def test_who_has_it_keeps_it():
    early, late = member(1, enrolled_at=EARLY), member(2, enrolled_at=LATE)
    assert winners(early, late, prior=[2]) == [2]


def test_a_new_contact_on_the_document_takes_over():
    early = member(1, enrolled_at=EARLY)
    assert winners(early, member(2, is_contact=True), prior=[1]) == [2]
    stranger = member(2, is_contact=True, enrolled_at=NOW + DAY)
    assert winners(early, stranger, prior=[1]) == [1]


def test_who_has_it_keeps_it_when_the_rule_ended_for_others():
    early, named = member(1, enrolled_at=EARLY), member(2, is_contact=True)
    assert winners(early, named, prior=[1], valid_until=NOW) == [1]
    assert winners(early, named, prior=[1], valid_until=NOW, pick="each") == [1]


def test_each_gets_everything():
    facts = document(members=(member(1), member(2), member(3, left_at=NOW)))
    decision = decide(facts, program(rule(pick="each")))
    assert points_of(decision) == {("1", 1, 1): (10, 10), ("1", 1, 2): (10, 10)}
    assert codes_of(decision) == ["left"]


def test_split_shares_one_award():
    facts = document(members=(member(3), member(1), member(2)))
    decision = decide(facts, program(rule(pick="split")))
    shares = {award.member_id: award.points_total for award in decision.awards}
    assert shares == {1: 4, 2: 3, 3: 3}
    reasons = [reason.code for reason in decision.awards[0].explanation]
    assert reasons == ["basis", "rate", "split"]
    params = {"members": 3, "whole": "10", "share": "4"}
    assert decision.awards[0].explanation[-1].params == params


def test_split_with_less_than_one_step_for_everybody():
    facts = document(line(amount=10), members=(member(1), member(2)))
    decision = decide(facts, program(rule(pick="split")))
    assert points_of(decision) == {("1", 1, 1): (1, 1)}
    assert [(r.member_id, r.reason.code) for r in decision.refusals] == [
        (2, "no_points")
    ]
    cents = program(rule(pick="split"), rounding=Rounding(2))
    assert {a.points_total for a in decide(facts, cents).awards} == {D("0.5")}
