"""Who recommends to himself: what is held, what is refused, and with which reason."""

import pytest
from engine.referral_guard import POINTS, Brought, GuardLimits, guard
from hypothesis import given
from hypothesis import strategies as st

LIMITS = GuardLimits(day=5, month=20, year=100, typed=10)


def judge(*signs, **figures):
    return guard(Brought(frozenset(signs), **figures), LIMITS)


def test_nothing_unusual_counts():
    found = judge()
    assert (found.state, found.signs, found.score) == ("active", (), 0)


@pytest.mark.parametrize(
    "sign", ["same_person", "own_card", "own_company", "not_new", "appeared_before"]
)
def test_what_proves_that_nobody_was_brought_is_refused(sign):
    found = judge(sign)
    assert (found.state, [one.code for one in found.signs]) == ("refused", [sign])


@pytest.mark.parametrize(
    "sign",
    [
        "same_phone",
        "same_email",
        "same_address",
        "same_bank",
        "same_device",
        "owner",
        "former_address",
        "no_tax_id",
        "no_terms",
    ],
)
def test_what_may_be_chance_waits_for_a_person(sign):
    assert judge(sign).state == "held"


def test_two_signs_are_no_chance():
    found = judge("same_phone", "same_address")
    assert (found.state, found.score) == ("refused", 110)


@pytest.mark.parametrize("sign", ["household", "colleague"])
def test_families_and_colleagues_recommend_to_each_other(sign):
    assert judge(sign).state == "active"


@pytest.mark.parametrize(("number", "state"), [(4, "active"), (5, "held")])
def test_many_in_a_day(number, state):
    found = judge(brought_today=number)
    assert found.state == state
    assert [one.params for one in found.signs] == [{"limit": 5}] * (state == "held")


def test_so_many_count_in_a_month_and_a_year():
    assert judge(brought_month=20).state == "refused"
    assert judge(brought_year=99).state == "active"
    assert judge(brought_year=100).signs[0].code == "year_limit"


@pytest.mark.parametrize(
    ("typed", "opened", "state"),
    [(9, 0, "active"), (10, 0, "held"), (10, 2, "held"), (10, 3, "active")],
)
def test_a_code_that_was_published(typed, opened, state):
    assert judge(typed_week=typed, opened_week=opened).state == state


def test_limits_that_are_switched_off():
    off = GuardLimits(hold=0, refuse=0)
    many = Brought(frozenset(POINTS), 99, 99, 99, 99)
    assert guard(many, off).state == "active"


def test_an_unknown_sign():
    with pytest.raises(ValueError, match="hunch"):
        judge("hunch")


@given(st.sets(st.sampled_from(sorted(POINTS))), st.sampled_from(sorted(POINTS)))
def test_more_signs_never_make_it_better(signs, more):
    order = ["active", "held", "refused"]
    before, after = judge(*signs), judge(*signs, more)
    assert order.index(before.state) <= order.index(after.state)
    assert before.score <= after.score
