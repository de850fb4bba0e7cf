"""Recommenders of several levels: each further one gets less, and only for sales."""

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
from engine import Caps, Share
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents, programs


def chain(*levels, **values):
    """Return a document of 1,000.00 whose buyer came over members of these levels."""
    members = tuple(
        member(number, referral_level=level, **values)
        for number, level in enumerate(levels, start=1)
    )
    return document(line(amount=1000), members=members)


def levels_rule(levels=3, **values):
    """Return a rule: 10 % for level 1, half of it for each further level."""
    return rule(pick="referrer", levels=levels, **values)


def given_to(facts, *rules, **values):
    """Return member id -> points."""
    decision = decide(facts, program(*rules, **values))
    return {award.member_id: award.points_total for award in decision.awards}


def test_each_level_gets_half_of_the_one_before():
    assert given_to(chain(1, 2, 3), levels_rule()) == {1: 100, 2: 50, 3: 25}
    shares = given_to(chain(1, 2, 3), levels_rule(decay=D(20)))
    assert shares == {1: 100, 2: 20, 3: 4}


def test_a_level_that_is_missing_goes_to_nobody():
    assert given_to(chain(1, 3), levels_rule()) == {1: 100, 2: 25}
    assert given_to(chain(2), levels_rule()) == {1: 50}


def test_the_rule_says_how_deep():
    decision = decide(chain(1, 2, 3), program(levels_rule(2)))
    assert points_of(decision) == {("1", 1, 1): (100, 100), ("1", 1, 2): (50, 50)}
    [refusal] = decision.refusals
    assert (refusal.member_id, refusal.reason.code) == (3, "too_deep")
    assert refusal.reason.params == {"level": 3, "levels": 2}


def test_one_level_unless_the_rule_says_more():
    assert given_to(chain(1, 2), rule(pick="referrer")) == {1: 100}


def test_nobody_brought_the_buyer():
    decision = decide(document(members=(member(1),)), program(levels_rule()))
    assert codes_of(decision) == ["not_the_referrer"]


def test_shares_by_level():
    shares = tuple(
        Share("seller", "referrer", D(percent), level)
        for level, percent in ((1, 60), (2, 25), (3, 15))
    )
    found = given_to(chain(1, 2, 3), rule(shares=shares))
    assert found == {1: 60, 2: 25, 3: 15}


def test_why_it_is_so_much():
    decision = decide(chain(1, 2), program(levels_rule()))
    reasons = [
        reason.params
        for award in decision.awards
        for reason in award.explanation
        if reason.code == "level"
    ]
    assert reasons == [
        {"level": 1, "percent": "100"},
        {"level": 2, "percent": "50"},
    ]


# The pool


def test_a_sale_gives_its_recommenders_so_much_in_all():
    """12 % of 1,000.00 are 120 points: 100, then 20 of 50, then nothing."""
    decision = decide(chain(1, 2, 3), program(levels_rule(), referral_pool=D(12)))
    assert points_of(decision) == {("1", 1, 1): (100, 100), ("1", 1, 2): (20, 20)}
    [refusal] = decision.refusals
    assert (refusal.member_id, refusal.reason.code) == (3, "pool_exhausted")
    assert refusal.reason.params == {"limit": "120", "wanted": "25"}
    capped = decision.awards[1].explanation[-1]
    assert (capped.code, capped.params["cap"]) == ("capped", "pool")


def test_the_pool_is_of_all_rules_and_nobody_else():
    rules = (
        rule(1, pick="referrer"),
        rule(2, pick="referrer", role="owner"),
        rule(3, role="buyer"),
    )
    people = (
        member(1, referral_level=1),
        member(2, referral_level=1, role="owner"),
        member(3, role="buyer"),
    )
    facts = document(line(amount=1000), members=people)
    found = given_to(facts, *rules, referral_pool=D(15))
    assert found == {1: 100, 2: 50, 3: 100}


def test_the_nearest_level_comes_first_over_all_lines():
    """Two lines of 500.00, 10 % in the pool: level 1 gets all of it."""
    members = (member(1, referral_level=2), member(2, referral_level=1))
    facts = document(line(1, amount=500), line(2, amount=500), members=members)
    found = decide(facts, program(levels_rule(2), referral_pool=D(10)))
    assert {award.member_id for award in found.awards} == {2}
    assert sum(award.points_total for award in found.awards) == 100


def test_the_pool_counts_what_points_are_worth():
    """A point is worth 0.05: 10 % of 1,000.00 are 2,000 points."""
    generous = levels_rule(value=D(300))
    values = {"referral_pool": D(10), "point_value": D("0.05")}
    assert given_to(chain(1), generous, **values) == {1: 2000}


def test_without_a_pool_a_sale_is_the_limit():
    """Six points for each currency unit, and the sale is worth 1,000."""
    assert given_to(chain(1), levels_rule(value=D(600))) == {1: 1000}


def test_limits_of_the_rule_count_as_well():
    limited = levels_rule(caps=Caps(day=D(30)))
    assert given_to(chain(1, 2, 3), limited) == {1: 30, 2: 30, 3: 25}


# Only for sales


def test_nobody_is_paid_for_recruiting():
    people = (member(1, referral_level=1), member(2))
    joined = document(kind="event", event_code="joined", members=people)
    offered = (rule(1, pick="referrer", kind="fixed", value=D(50)), rule(2))
    decision = decide(joined, program(*offered))
    assert {award.rule_id for award in decision.awards} == {2}
    assert codes_of(decision) == ["no_sale"]


def test_what_costs_nothing_pays_nobody():
    free = document(line(amount=0), members=(member(1, referral_level=1), member(2)))
    fixed = rule(pick="referrer", kind="fixed", value=D(50))
    assert codes_of(decide(free, program(fixed))) == ["no_sale"]


def test_what_was_booked_is_taken_back_when_nothing_is_sold_any_more():
    people = (member(1, referral_level=1),)
    prior = frozenset({(1, 1)})
    gone = line(measures={"confirmed": measure(0, 0)}, prior=prior)
    fixed = rule(pick="referrer", kind="fixed", value=D(50))
    assert not decide(document(gone, members=people), program(fixed)).awards


def test_a_recommendation_that_does_not_count_any_more_deserves_nothing():
    facts = document(line(prior=frozenset({(1, 1)})), members=(member(1),))
    assert not decide(facts, program(levels_rule())).awards


# What is refused


@pytest.mark.parametrize("levels", [0, 6])
def test_a_rule_has_one_to_five_levels(levels):
    with pytest.raises(ValueError, match="levels"):
        decide(document(), program(levels_rule(levels)))


@pytest.mark.parametrize("decay", [0, 100, 120])
def test_each_further_level_gets_less(decay):
    with pytest.raises(ValueError, match="less"):
        decide(document(), program(levels_rule(decay=D(decay))))


@pytest.mark.parametrize("percents", [(40, 40), (30, 40)])
def test_each_further_share_is_smaller(percents):
    shares = tuple(
        Share("seller", "referrer", D(percent), level)
        for level, percent in enumerate(percents, start=1)
    )
    with pytest.raises(ValueError, match="less"):
        decide(document(), program(rule(shares=shares)))


@pytest.mark.parametrize("pool", [0, -1, 101])
def test_a_pool_is_a_part_of_the_sale(pool):
    with pytest.raises(ValueError, match="pool"):
        decide(document(), program(referral_pool=D(pool)))


# For every document


@given(documents(), programs(pick=st.just("referrer"), shares=st.just(())))
def test_recommenders_never_get_more_than_the_pool(facts, offered):
    decision = decide(facts, *offered)
    for one in offered:
        rules = {r.id: r for r in one.rules}
        given = [a for a in decision.awards if a.rule_id in rules]
        if not given:
            continue
        sold = max(
            sum(
                found.measure(rules[a.rule_id].trigger).amount(
                    rules[a.rule_id].amount_basis
                )
                for found in facts.lines
            )
            for a in given
        )
        percent = 100 if one.referral_pool is None else one.referral_pool
        assert sum(a.points_total for a in given) <= sold * Fraction(percent) / 100
