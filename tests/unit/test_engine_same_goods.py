"""The same goods pay once: what a rule gives for what others did not count."""

from fractions import Fraction

import pytest
from builders import (
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
from engine import Counted, Hold, Share
from hypothesis import given
from hypothesis import strategies as st

OWNER = 2
PEOPLE = (member(), member(OWNER, role="owner"))


def counted(part=1, *, role="seller", program_id=1, name="S00012"):
    return Counted(program_id, role, Fraction(part), name)


def test_all_of_it_was_counted():
    decision = decide(document(line(counted=(counted(),))), program())
    (refusal,) = decision.refusals
    assert not decision.awards
    assert refusal.reason.code == "already_counted"
    assert refusal.reason.params == {"documents": "S00012"}
    assert (refusal.member_id, refusal.source_key) == (1, "sale.order.line,1")


@pytest.mark.parametrize(
    ("values", "points"),
    [
        # 10 pieces for 1000.00, one of them scanned before: nine tenths
        ({"value": D(10)}, 90),
        ({"kind": "per_unit", "value": D(2)}, 18),
        ({"kind": "fixed", "value": D(50)}, 45),
        # 5.55 % are 55.5, nine tenths of them 49.95: rounded once
        ({"value": D("5.55")}, 49),
        ({"scope": "document"}, 90),
    ],
)
def test_the_rest_is_given(values, points):
    facts = document(
        line(1, quantity=10, amount=1000, counted=(counted(Fraction(1, 10)),))
    )
    decision = decide(facts, program(rule(**values)))
    (award,) = decision.awards
    assert (award.points_total, award.points_released) == (points, points)
    (reason,) = [r for r in award.explanation if r.code == "partly_counted"]
    assert reason.params == {"percent": "90", "documents": "S00012"}
    assert (award.basis.part, award.basis.whole) == (9, 10)


def test_several_documents_add_up_and_each_is_named():
    others = (counted(Fraction(1, 2), name="S1"), counted(Fraction(1, 4), name="S2"))
    (award,) = decide(document(line(counted=others)), program()).awards
    assert award.points_total == 2  # a quarter of 10, rounded down
    (reason,) = [r for r in award.explanation if r.code == "partly_counted"]
    assert reason.params == {"percent": "25", "documents": "S1, S2"}
    others = (counted(Fraction(3, 4), name="S1"), counted(Fraction(3, 4), name="S2"))
    assert codes_of(decide(document(line(counted=others)), program())) == [
        "already_counted"
    ]


@pytest.mark.parametrize(
    "other", [counted(role="owner"), counted(program_id=2), counted(role="employee")]
)
def test_other_roles_and_programs_are_not_concerned(other):
    facts = document(line(counted=(other,)), members=PEOPLE)
    assert points_of(decide(facts, program())) == {("1", 1, 1): (10, 10)}


def test_of_several_beneficiaries_only_who_was_paid_is_left_out():
    """70 % for the seller, 30 % for the owner, who had the delivery already."""
    shares = (
        Share("seller", "contact_or_first", D(70)),
        Share("owner", "contact_or_first", D(30)),
    )
    shared = rule(shares=shares, value=D(100))
    facts = document(line(counted=(counted(role="owner"),)), members=PEOPLE)
    decision = decide(facts, program(shared))
    assert points_of(decision) == {("1", 1, 1): (70, 70)}
    assert codes_of(decision) == ["already_counted"]
    half = document(
        line(counted=(counted(Fraction(1, 2), role="owner"),)), members=PEOPLE
    )
    assert points_of(decide(half, program(shared))) == {
        ("1", 1, 1): (70, 70),
        ("1", 1, OWNER): (15, 15),
    }


def test_of_a_document_what_is_left_of_its_lines():
    """Line 1 of 300.00 was counted, line 2 of 100.00 was not: 10 % of 100.00."""
    lines = (line(1, 3, 300, counted=(counted(),)), line(2, 1, 100))
    by_amount = program(rule(scope="document"))
    assert points_of(decide(document(*lines), by_amount)) == {("7", 1, 1): (10, 10)}
    by_pieces = program(rule(scope="document", kind="per_unit", value=D(2)))
    assert points_of(decide(document(*lines), by_pieces)) == {("7", 1, 1): (2, 2)}


def test_what_is_pending_is_a_part_as_well():
    whole = line(
        measures={"confirmed": measure(10, 1000), "paid": measure(5, 500)},
        counted=(counted(Fraction(1, 5)),),
    )
    held = program(rule(hold=Hold("until_paid")))
    assert points_of(decide(document(whole), held)) == {("1", 1, 1): (80, 40)}


@given(
    st.lists(st.fractions(0, 1), max_size=3),
    st.integers(1, 10_000),
    st.sampled_from(["percent", "per_unit", "fixed"]),
    st.sampled_from(["line", "document"]),
)
def test_never_more_than_the_rest(parts, amount, kind, scope):
    """What is given is the exact award times what is left, rounded once."""
    others = tuple(counted(part) for part in parts if part)
    asked = program(rule(kind=kind, scope=scope, value=D(100)))
    plain = decide(document(line(quantity=7, amount=amount)), asked)
    decision = decide(document(line(quantity=7, amount=amount, counted=others)), asked)
    left = max(Fraction(0), 1 - sum(parts, Fraction(0)))
    expected = int(sum(Fraction(a.points_total) for a in plain.awards) * left)
    assert sum(award.points_total for award in decision.awards) == expected
