"""After a rule ended, what is added to an old document gives nothing more."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import (
    DAY,
    NOW,
    D,
    check_reasons,
    codes_of,
    decide,
    document,
    line,
    measure,
    points_of,
    program,
    rule,
)
from engine import Decision, Hold
from engine.ended import get_end, keep_ended
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents, programs

LATER = NOW + 5 * DAY
HALF, NONE, ALL = Fraction(1, 2), Fraction(0), Fraction(1)


def keep(document, *programs, given=None, now=LATER) -> Decision:
    decision = decide(document, *programs, now=now)
    kept = keep_ended(decision, document, programs, given or {}, now)
    check_reasons(kept)
    return kept


def ended(*rules, **values):
    """Return a program that was closed a day after the document."""
    return program(*rules, state="closed", closed_at=NOW + DAY, **values)


@pytest.mark.parametrize(
    ("raises", "given", "points"),
    [
        ((), 0, 100),  # processed late, or paid late: as it was sold
        (((NOW + DAY / 2, HALF),), 0, 100),  # changed before the end
        (((NOW + 2 * DAY, HALF),), 50, 50),
        (((NOW + 2 * DAY, HALF),), 0, 50),  # it was not paid yet
        (((NOW + 2 * DAY, HALF), (NOW + 3 * DAY, Fraction(1, 4))), 25, 25),
        (((NOW + DAY / 2, NONE), (NOW + 3 * DAY, ALL)), 100, 100),  # lowered
        (((NOW + 2 * DAY, HALF),), 100, 100),  # a sum for the whole, it stays
        (((NOW + DAY, HALF),), 50, 50),  # the instant of the end is after it
    ],
)
def test_a_line_that_grows(raises, given, points):
    facts = document(line(amount=1000, raises=raises))
    kept = keep(facts, ended(), given={"sale.order.line,1|r1|m1": D(given)})
    assert points_of(kept) == {("1", 1, 1): (points, points)}


def test_a_line_that_is_added_gives_nothing_and_says_why():
    facts = document(line(1, amount=100), line(2, amount=900, raises=((LATER, NONE),)))
    kept = keep(facts, ended())
    assert points_of(kept) == {("1", 1, 1): (10, 10)}
    assert codes_of(kept)[-1:] == ["added_after_end"]
    # the same in a program that runs
    assert len(keep(facts, program()).awards) == 2


def test_a_whole_document_keeps_the_part_of_its_lines():
    facts = document(line(1, amount=100), line(2, amount=900, raises=((LATER, HALF),)))
    kept = keep(facts, ended(rule(scope="document")))
    assert [award.points_total for award in kept.awards] == [55]  # of 100
    [award] = kept.awards
    assert award.explanation[-1].code == "ended"
    assert award.explanation[-1].params["left"] == "55"


def test_what_is_pending_is_released_and_limits_are_freed():
    reached = {"confirmed": measure(2, 1000), "paid": measure(1, 500)}
    facts = document(line(measures=reached, raises=((LATER, HALF),)))
    kept = keep(facts, ended(rule(hold=Hold("until_paid")), budget=D(1000)))
    assert points_of(kept) == {("1", 1, 1): (50, 50)}
    assert kept.awards[0].cap_uses == {"p1": 50}


def test_a_document_of_after_the_end_keeps_what_was_given_to_it():
    """Confirmed anew, after it was cancelled: it is booked to who had it before."""
    facts = document(line(amount=1000, prior=frozenset({(1, 1)})), occurred_at=LATER)
    assert points_of(keep(facts, ended())) == {}
    given = {"sale.order.line,1|r1|m1": D(30)}
    assert points_of(keep(facts, ended(), given=given)) == {("1", 1, 1): (30, 30)}


@pytest.mark.parametrize(
    ("of_program", "of_rule", "end"),
    [
        ({}, {}, None),
        ({"date_to": LATER + DAY}, {"valid_until": LATER + DAY}, None),
        ({"date_to": NOW + DAY}, {"valid_until": NOW + 2 * DAY}, NOW + DAY),
        ({}, {"valid_until": NOW + 2 * DAY}, NOW + 2 * DAY),
        ({"state": "closed", "closed_at": NOW}, {"valid_until": LATER}, NOW),
        ({"state": "running", "closed_at": NOW}, {}, None),
    ],
)
def test_when_a_rule_ended(of_program, of_rule, end):
    one = rule(**of_rule)
    assert get_end(program(one, **of_program), one, LATER) == end


# === FOR EVERYTHING === #

SHARES = st.fractions(0, 1, max_denominator=7)


@st.composite
def questions(draw):
    """Return a document with changes, programs of which some ended, what was given."""
    facts, offered = draw(documents()), draw(programs())
    lines = tuple(
        _changed(one, draw(st.lists(st.tuples(st.integers(-1, 6), SHARES), max_size=3)))
        for one in facts.lines
    )
    facts = replace(facts, lines=lines)
    keys = [award.key for award in decide(facts, *offered, now=LATER).awards]
    given = {key: Decimal(draw(st.integers(0, 200))) for key in keys}
    return facts, offered, given


def _changed(one, raises):
    return replace(one, raises=tuple((NOW + day * DAY, share) for day, share in raises))


@given(questions())
def test_an_ended_rule_gives_no_more_than_given_or_deserved_by_what_was_old(question):
    facts, offered, given = question
    before = {award.key: award for award in decide(facts, *offered, now=LATER).awards}
    ends = {
        one.id: get_end(program, one, LATER)
        for program in offered
        for one in program.rules
    }
    after = {award.key: award for award in keep(facts, *offered, given=given).awards}
    assert after.keys() <= before.keys()
    for key, was in before.items():
        now = after[key].points_total if key in after else 0
        end = ends[was.rule_id]
        if end is None:
            assert now == was.points_total
            continue
        assert min(given[key], was.points_total) <= now <= was.points_total
        lines = [one for one in facts.lines if one.key in was.basis.lines]
        share = max((one.old_share(end) for one in lines), default=1)
        if facts.occurred_at >= end:
            share = 0
        assert now <= max(given[key], was.points_total * share)


@given(questions())
def test_what_was_booked_once_does_not_grow_by_asking_again(question):
    """Booking what is left and asking again gives the same: nothing creeps up."""
    facts, offered, given = question
    first = keep(facts, *offered, given=given)
    booked = {award.key: award.points_total for award in first.awards}
    again = keep(facts, *offered, given=booked)
    for award in again.awards:
        assert award.points_total <= max(booked.get(award.key, 0), given[award.key])
    assert points_of(keep(facts, *offered, given=booked)) == points_of(again)


@given(questions())
def test_a_kept_award_is_sound(question):
    facts, offered, given = question
    for award in keep(facts, *offered, given=given).awards:
        assert 0 <= award.points_released <= award.points_total
        assert 0 <= award.points_due <= award.points_total
        assert all(used <= award.points_total for used in award.cap_uses.values())
