"""What a document scores in a challenge: who, how much, and what does not count."""

from dataclasses import replace
from fractions import Fraction

import builders as b
import pytest
from engine import Counted, Measure
from engine.score import METRICS, Aim, Person, find_scorer, score
from hypothesis import given
from hypothesis import strategies as st
from strategies import MEMBERS

ABLE = Person(is_for=True, is_enrolled=True)
SELLER = b.member(b.SELLER, is_seller=True)
OWNER = b.member(2, role="owner", is_contact=True)


def aim(metric="units", **values):
    """Return an aim of challenge 9: pieces of orders, when they are confirmed."""
    any_kind = values.pop("any_kind", False)
    rule = b.rule(9, **{"role": "", **values})
    program = b.program(rule, program_id=9)
    return Aim(9, metric, rule, program, program_id=4, any_kind=any_kind)


def sale(*lines, **values):
    values.setdefault("members", (SELLER, OWNER))
    return b.document(*lines, **values)


def ask(document, wanted, people=None, **values):
    people = {1: ABLE, 2: ABLE} if people is None else people
    return score(document, wanted, people, **values)


def values_of(found):
    """Return number of the line, or ``"document"`` -> score."""
    return {
        "document" if key == b.ORDER else int(key.partition(",")[2]): value
        for key, value in found.values.items()
    }


def codes_of(found):
    return [missed.reason.code for missed in found.missed]


TWO_LINES = (b.line(1, 3, 120), b.line(2, 2, 50))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("units", {1: 3, 2: 2}),
        ("amount", {1: 120, 2: 50}),
        ("sales", {"document": 1}),
        ("scans", {}),  # an order is no code
    ],
)
def test_what_is_counted(metric, expected):
    found = ask(sale(*TWO_LINES), aim(metric))
    assert (found.member_id, values_of(found)) == (b.SELLER, expected)


def test_a_scan_is_one_whatever_is_in_the_box():
    scanned = sale(b.line(1, 50, 0), kind="scan", is_proof=True)
    assert values_of(ask(scanned, aim("scans", any_kind=True))) == {"document": 1}
    assert values_of(ask(scanned, aim("units", any_kind=True))) == {1: 50}


def test_points_of_lines_that_count_and_of_the_whole_document():
    points = {"sale.order.line,1": b.D(12), "sale.order.line,2": b.D(5)}
    points[b.ORDER] = b.D(30)
    wanted = aim("points", product_ids=frozenset({1}))
    found = ask(sale(*TWO_LINES), wanted, points=points)
    assert values_of(found) == {1: 12, "document": 30}
    none = ask(
        sale(*TWO_LINES), aim("points", product_ids=frozenset({7})), points=points
    )
    assert values_of(none) == {}
    assert codes_of(ask(sale(*TWO_LINES), wanted, points={})) == [
        "product_not_matching", "no_points",
    ]  # fmt: skip


# === WHO === #


def test_the_seller_is_before_the_buyer_and_who_it_counted_for_before_both():
    people = {1: ABLE, 2: ABLE}
    assert find_scorer(sale(), people) == 1
    assert find_scorer(sale(), people, prior={2}) == 2
    assert find_scorer(sale(members=(OWNER,)), people) == 2


def test_a_challenge_for_owners_counts_their_order_whoever_sold_it():
    people = {1: Person(is_for=False, is_enrolled=True), 2: ABLE}
    assert find_scorer(sale(), people) == 2


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ({}, "not_seller"),
        ({1: Person(is_for=False, is_enrolled=True)}, "not_for_you"),
        ({1: Person(is_for=True, is_enrolled=False)}, "not_enrolled"),
    ],
)
def test_nobody_scores(people, code):
    found = ask(sale(), aim(), people)
    assert (found.member_id, codes_of(found)) == (None, [code])


def test_a_colleague_who_is_named_nowhere_never_scores():
    document = sale(members=(b.member(3),))
    assert codes_of(ask(document, aim(), {3: ABLE})) == ["not_seller"]


def test_who_left_after_the_sale_keeps_what_counted():
    people = {1: Person(is_for=False, is_enrolled=False)}
    prior = {(1, "sale.order.line,1")}
    found = ask(sale(b.line(1, 2)), aim(), people, prior=prior)
    assert (found.member_id, values_of(found)) == (1, {1: 2})


# === WHAT DOES NOT COUNT === #


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (sale(b.line(measures={})), "not_yet"),
        (sale(b.line(product_id=5, template_id=5)), "product_not_matching"),
        (sale(kind="account.move"), "document_kind_not_matching"),
        (sale(barred=frozenset({4})), "place_not_agreed"),
        (sale(replace(b.line(), is_typed=True)), "typed_beside_order"),
    ],
)
def test_why_a_line_does_not_count(document, code):
    found = ask(document, aim(product_ids=frozenset({1})))
    assert (values_of(found), codes_of(found)) == ({}, [code])


def test_what_counted_once_stays_one_that_counts():
    """Its product moved to another category; a piece came back."""
    line = b.line(1, 2, category_ids=frozenset({8}))
    wanted = aim(category_ids=frozenset({3}))
    assert values_of(ask(sale(line), wanted)) == {}
    prior = {(1, line.key)}
    assert values_of(ask(sale(line), wanted, prior=prior)) == {1: 2}
    other = replace(sale(line), kind="account.move")
    assert values_of(ask(other, wanted, prior=prior)) == {1: 2}


def test_the_same_goods_count_once_in_each_challenge():
    """An order of ten of which four were scanned; another challenge saw no scan."""
    scans = Counted(9, "", Fraction(4, 10), "scans")
    line = replace(b.line(1, 10, 500), counted=(scans,))
    assert values_of(ask(sale(line), aim())) == {1: 6}
    assert values_of(ask(sale(line), aim("amount"))) == {1: 300}
    other = replace(line, counted=(replace(scans, program_id=8),))
    assert values_of(ask(sale(other), aim())) == {1: 10}
    whole = replace(line, counted=(replace(scans, part=Fraction(1)),))
    assert codes_of(ask(sale(whole), aim())) == ["already_counted"]


def test_an_unknown_metric():
    with pytest.raises(ValueError, match="Unknown metric 'weight'"):
        ask(sale(), aim("weight"))


# === PROPERTIES === #

PARTS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=6
)
PEOPLE = st.dictionaries(
    st.integers(1, 4), st.builds(Person, st.booleans(), st.booleans())
)


@given(PARTS, st.sampled_from([m for m in METRICS if m != "points"]), MEMBERS, PEOPLE)
def test_one_person_scores_what_the_lines_are_together(parts, metric, members, people):
    """Exact fractions: lines of thirds and sevenths lose and make nothing."""
    lines = [
        b.line(
            number,
            measures={
                "confirmed": Measure(Fraction(n, d), Fraction(3 * n, d), 0, b.NOW)
            },
        )
        for number, (n, d) in enumerate(parts, 1)
    ]
    document = sale(*lines, members=tuple(members))
    found = ask(document, aim(metric), people)
    assert found.member_id == find_scorer(document, people)
    if found.member_id is None:
        assert not found.values
        return
    assert people[found.member_id].can_score
    total = sum((Fraction(n, d) for n, d in parts), Fraction(0))
    scored = sum(map(Fraction, found.values.values()))
    expected = {"units": total, "amount": 3 * total, "sales": total > 0, "scans": 0}
    assert abs(scored - expected[metric]) < Fraction(1, 10**6)
    again = {(found.member_id, key) for key in found.values}
    assert ask(document, aim(metric), people, prior=again) == found
