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
    measure,
    member,
    points_of,
    program,
    rule,
)
from engine import Hold, Rounding, Share

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


@pytest.mark.parametrize("pick", ["contact", "contact_or_first", "each", "split"])
def test_who_takes_part_in_other_programs_only(pick):
    facts = document(members=(member(is_contact=True, program_ids=frozenset([2, 3])),))
    decision = decide(facts, program(rule(pick=pick)))
    assert codes_of(decision) == ["other_programs"]
    assert decide(facts, program(rule(pick=pick), program_id=3)).awards
    # ... somebody else in the role gets it instead
    if pick == "contact_or_first":
        others = (*facts.members, member(2))
        decision = decide(document(members=others), program(rule(pick=pick)))
        assert [award.member_id for award in decision.awards] == [2]


def test_what_was_booked_stays_when_the_member_leaves_the_program():
    assert winners(member(program_ids=frozenset([9])), prior=[1]) == [1]
    assert winners(member(program_ids=frozenset([9]))) == []


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


# Named people


@pytest.mark.parametrize(
    ("pick", "values"),
    [("seller", {"is_seller": True}), ("referrer", {"referral_level": 1})],
)
def test_the_person_named(pick, values):
    one, named = member(1), member(2, **values)
    assert winners(one, named, pick=pick) == [2]
    decision = decide(document(members=(one,)), program(rule(pick=pick)))
    assert codes_of(decision) == [f"not_the_{pick}"]
    assert decision.refusals[0].reason.params == {"role": "seller"}
    late = member(2, enrolled_at=NOW + DAY, **values)
    decision = decide(document(members=(one, late)), program(rule(pick=pick)))
    assert codes_of(decision) == ["not_enrolled_yet"]


# Shares

OWNER = member(5, role="owner")


def shared(*shares, **values):
    """Return a program with one rule; shares are (role, pick, percent)."""
    parts = tuple(Share(role, pick, D(percent)) for role, pick, percent in shares)
    return program(rule(shares=parts, **values))


def test_shares_divide_one_award():
    offered = shared(("seller", "contact_or_first", 60), ("owner", "split", 40))
    decision = decide(document(members=(member(1), OWNER)), offered)
    assert points_of(decision) == {("1", 1, 1): (6, 6), ("1", 1, 5): (4, 4)}
    reason = decision.awards[0].explanation[-1]
    params = {"percent": "60", "whole": "10", "share": "6"}
    assert (reason.code, reason.params) == ("shared", params)


def test_the_odd_point_goes_to_the_largest_remainder():
    """10 points: 3.33, 3.33 and 3.34 of them."""
    thirds = [("seller", "seller", "33.3"), ("owner", "split", "33.3")]
    offered = shared(*thirds, ("buyer", "split", "33.4"))
    people = (member(1, is_seller=True), OWNER, member(7, role="buyer"))
    decision = decide(document(members=people), offered)
    assert points_of(decision) == {
        ("1", 1, 1): (3, 3),
        ("1", 1, 5): (3, 3),
        ("1", 1, 7): (4, 4),
    }


def test_what_no_share_asks_for_is_not_given():
    decision = decide(document(), shared(("seller", "contact_or_first", 25)))
    assert points_of(decision) == {("1", 1, 1): (3, 3)}  # 2.5 and 7.5: a tie


def test_a_share_without_a_beneficiary_is_not_given():
    offered = shared(("seller", "contact_or_first", 60), ("owner", "split", 40))
    decision = decide(document(members=(member(1),)), offered)
    assert points_of(decision) == {("1", 1, 1): (6, 6)}
    assert codes_of(decision) == ["no_member"]
    assert decision.refusals[0].reason.params == {"role": "owner"}


def test_a_member_of_two_shares_gets_their_sum_as_one_award():
    offered = shared(("seller", "contact_or_first", 50), ("seller", "seller", 30))
    decision = decide(document(members=(member(1, is_seller=True),)), offered)
    assert points_of(decision) == {("1", 1, 1): (8, 8)}
    reasons = [r.code for r in decision.awards[0].explanation]
    assert reasons == ["basis", "rate", "shared", "shared"]


def test_a_member_refused_in_one_share_and_given_another_is_told_what_he_gets():
    offered = shared(("seller", "contact_or_first", 50), ("seller", "seller", 50))
    decision = decide(document(members=(member(1), member(2))), offered)
    assert points_of(decision) == {("1", 1, 1): (5, 5)}
    assert codes_of(decision) == ["not_the_seller"]


def test_shares_are_split_between_members_of_a_role():
    offered = shared(("seller", "split", 50), ("owner", "split", 50))
    decision = decide(document(members=(member(1), member(2), OWNER)), offered)
    assert points_of(decision) == {
        ("1", 1, 1): (3, 3),
        ("1", 1, 2): (2, 2),
        ("1", 1, 5): (5, 5),
    }


@pytest.mark.parametrize(
    ("paid", "free"), [(10, (0, 0)), (50, (3, 1)), (90, (6, 2)), (100, (7, 3))]
)
def test_a_share_is_released_in_proportion(paid, free):
    measures = {"confirmed": measure(1, 100), "paid": measure("0.5", paid)}
    facts = document(line(measures=measures), members=(member(1), OWNER))
    shares = (("seller", "contact_or_first", 70), ("owner", "split", 30))
    decision = decide(facts, shared(*shares, hold=Hold("until_paid")))
    assert points_of(decision) == {
        ("1", 1, 1): (7, free[0]),
        ("1", 1, 5): (3, free[1]),
    }


@pytest.mark.parametrize(
    "shares",
    [
        [("seller", "split", 0)],
        [("seller", "split", -1)],
        [("seller", "split", 60), ("owner", "split", "40.01")],
        [("seller", "each", 50)],
    ],
)
def test_impossible_shares(shares):
    with pytest.raises(ValueError):
        decide(document(), shared(*shares))


@pytest.mark.parametrize("pick", ["contact", "contact_or_first", "each", "split"])
def test_a_rule_is_for_people_of_one_party(pick):
    buyer = member(1, is_contact=True, is_receiver=False)
    receiver = member(2, is_contact=True, is_buyer=False)
    assert winners(buyer, receiver, pick=pick) == [1]
    assert winners(buyer, receiver, pick=pick, party="receiver") == [2]
    # who ordered for himself is both
    assert winners(member(3, is_contact=True), pick=pick, party="receiver") == [3]
    facts = document(members=(buyer,))
    decision = decide(facts, program(rule(pick=pick, party="receiver")))
    assert codes_of(decision) == ["other_party"]
    assert decision.refusals[0].reason.params == {"party": "receiver"}


def test_who_is_named_as_the_seller_is_of_neither_party():
    seller = member(is_seller=True, is_buyer=False, is_receiver=False)
    assert winners(seller, pick="seller", party="receiver") == [1]


def test_what_was_booked_stays_when_the_goods_go_elsewhere():
    moved = member(is_receiver=False)
    assert winners(moved, party="receiver") == []
    assert winners(moved, party="receiver", prior=[1]) == [1]


@pytest.mark.parametrize("pick", ["contact", "contact_or_first", "each", "split"])
@pytest.mark.parametrize("party", ["buyer", "receiver"])
def test_who_bought_for_another_company_gets_nothing(pick, party):
    stranger = member(is_contact=True, is_buyer=False, is_receiver=False)
    facts = document(members=(stranger,))
    decision = decide(facts, program(rule(pick=pick, party=party)))
    assert decision.awards == ()
    assert codes_of(decision) == ["other_employer"]
    # what was booked before is history
    assert winners(stranger, pick=pick, party=party, prior=[1]) == [1]
