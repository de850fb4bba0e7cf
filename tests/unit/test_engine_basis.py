"""What an award was measured on: stored as JSON, never more than the whole sale."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import D, decide, document, line, member, program, rule
from engine import Basis, Hold, Share
from hypothesis import given
from strategies import POINTS, documents, programs

OWNER, SELLER = 1, 2
TWO = (member(OWNER, role="owner"), member(SELLER, role="seller"))
SHARED = (
    Share("owner", "contact_or_first", D(60)),
    Share("seller", "contact_or_first", D(40)),
)


def bases(*lines, members=TWO, **values):
    """Return member -> basis of what a rule of 5 % gives for a document."""
    rule_ = rule(**{"role": "owner", "value": D(5), **values})
    facts = document(*lines, members=members)
    return {
        award.member_id: award.basis for award in decide(facts, program(rule_)).awards
    }


@given(documents(), programs())
def test_what_is_stored_is_what_is_read(facts, offered):
    for award in decide(facts, *offered).awards:
        stored = award.basis.to_json()
        assert Basis.from_json(stored) == award.basis
        assert stored["member"] == award.member_id


@given(documents(), programs())
def test_a_sale_counts_once_for_a_rule(facts, offered):
    """However many share in it, and however many get all of it."""
    counted = defaultdict(Fraction)
    for award in decide(facts, *offered).awards:
        part = Fraction(award.basis.part) / Fraction(award.basis.whole)
        counted[award.rule_id, award.source_key] += part
    assert all(0 < total <= 1 for total in counted.values())


@given(documents(), programs())
def test_what_is_pending_says_what_it_waits_for(facts, offered):
    for award in decide(facts, *offered).awards:
        assert bool(award.points_pending) == bool(award.basis.hold)


def test_by_hand():
    """5 % of 1,000.00 to one; 60 and 40 % of it to two; 60 % alone is all there is."""
    sale = line(1, 10, 1000)
    whole = Basis(OWNER, "confirmed", D(10), D(1000), ("sale.order.line,1",))
    assert bases(sale) == {OWNER: whole}
    assert bases(sale, shares=SHARED) == {
        OWNER: replace(whole, part=D(3), whole=D(5)),
        SELLER: replace(whole, member=SELLER, part=D(2), whole=D(5)),
    }
    assert bases(sale, shares=SHARED[:1]) == {OWNER: whole}
    held = bases(sale, hold=Hold("until_paid"))
    assert held == {OWNER: replace(whole, hold="until_paid")}


def test_the_lines_of_a_document():
    lines = (line(1, 1, 100), line(2, 2, 300), line(3, 0, 0))
    basis = bases(*lines, scope="document", template_ids=frozenset({101, 102}))[OWNER]
    assert (basis.quantity, basis.amount) == (3, 400)
    assert basis.lines == ("sale.order.line,1", "sale.order.line,2")


def test_members_of_a_split_share():
    three = tuple(member(number, role="owner") for number in (1, 2, 3))
    split = bases(line(1, 10, 1000), members=three, pick="split")
    assert [(b.part, b.whole) for b in split.values()] == [(D(1), D(3))] * 3


def test_each_of_three_counts_a_third_of_the_sale():
    """All get the points of 1,000.00, of which they bring one together."""
    three = tuple(member(number, role="owner") for number in (1, 2, 3))
    each = bases(line(1, 10, 1000), members=three, pick="each")
    assert [(b.part, b.whole, b.amount) for b in each.values()] == [
        (D(1), D(3), D(1000))
    ] * 3


STORED = Basis(OWNER, "paid", D("1.50"), D("99.9"), ("a,1", "b,2")).to_json()


def test_the_shape_is_this_one():
    assert STORED == {
        "member": 1, "trigger": "paid", "quantity": "1.5", "amount": "99.9",
        "lines": ["a,1", "b,2"], "part": "1", "whole": "1", "hold": "", "cause": "",
    }  # fmt: skip
    undone = Basis.from_json(STORED).because("returned")
    assert undone.to_json() == {**STORED, "cause": "returned"}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {**STORED, "surprise": 1},
        {name: value for name, value in STORED.items() if name != "hold"},
        {**STORED, "amount": "many"},
        {**STORED, "amount": None},
        {**STORED, "member": "1"},
        {**STORED, "member": True},
        {**STORED, "hold": None},
        {**STORED, "lines": [1]},
        {**STORED, "part": "2"},
        {**STORED, "part": "0", "whole": "0"},
        {**STORED, "part": "-1"},
    ],
)
def test_another_shape_is_refused(wrong):
    with pytest.raises(ValueError):
        Basis.from_json(wrong)


@given(POINTS)
def test_figures_keep_their_decimals(figure):
    basis = Basis(OWNER, "paid", figure, figure)
    assert Basis.from_json(basis.to_json()).amount == figure
    assert "E" not in basis.to_json()["amount"]
    assert isinstance(Basis.from_json(basis.to_json()).quantity, Decimal)
