"""Contests: places, ties, prizes, teams, and what each person sees."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal as D
from itertools import pairwise

import pytest
import strategies  # noqa: F401  the profile
from engine import Rounding
from engine.contest import (
    CONTEST_CODES,
    Contestant,
    Prize,
    Rules,
    Team,
    divide_prize,
    give_prizes,
    rank,
    score_team,
)
from engine.prize_fund import TIE_POLICIES, contest_cost
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
CENTS = Rounding(2)
#: 100, 60, 40 for the first three.
PODIUM = tuple(
    Prize(place, place, place, D(points), rounding=CENTS)
    for place, points in ((1, 100), (2, 60), (3, 40))
)


def person(key, score, minute=0, **values):
    """Return a contestant who reached its score so many minutes past noon."""
    reached_at = NOON + timedelta(minutes=minute)
    return Contestant(key, D(score), reached_at, entry_id=key, **values)


def end(contestants, prizes=PODIUM, **rules):
    """Return contestant -> outcome of a contest without divisions."""
    rules = Rules(**rules)
    [places] = rank(contestants, rules).values()
    outcomes = give_prizes(places, prizes, rules)
    assert [one.place for one in outcomes] == places
    return {one.place.key: one for one in outcomes}


def points(outcome):
    return sum((win.points for win in outcome.wins), D(0))


def test_places_of_equal_scores_are_shared_and_the_next_is_skipped():
    [places] = rank([person(1, 5), person(2, 9), person(3, 9), person(4, 1)]).values()
    assert [(p.key, p.rank, p.order, p.tied) for p in places] == [
        (2, 1, 1, 2), (3, 1, 2, 2), (1, 3, 3, 1), (4, 4, 4, 1),
    ]  # fmt: skip


def test_the_earliest_to_reach_a_score_is_first_then_the_lower_entry():
    people = [person(1, 9, 30), person(2, 9, 10), person(3, 9, 10), person(4, 9, 20)]
    outcomes = end(people)
    assert {key: points(one) for key, one in outcomes.items()} == {
        2: 100, 3: 60, 4: 40, 1: 0,
    }  # fmt: skip
    assert all(one.place.rank == 1 for one in outcomes.values())
    assert [reason.code for reason in outcomes[1].reasons] == ["drawn_out"]
    assert outcomes[1].reasons[0].params == {"place": 4, "tied": 4, "by": "earliest"}


def test_shared_prizes_are_divided_with_the_odd_cent_to_the_first():
    """Places 2 to 4 win 60 + 40 + 0 = 100: 33.34, 33.33 and 33.33."""
    people = [person(1, 9), person(2, 7, 3), person(3, 7, 1), person(4, 7, 2)]
    outcomes = end(people, tie_policy="share")
    assert {key: points(one) for key, one in outcomes.items()} == {
        1: 100, 3: D("33.34"), 4: D("33.33"), 2: D("33.33"),
    }  # fmt: skip
    assert {win.prize_id for key in (2, 3, 4) for win in outcomes[key].wins} == {2}


def test_all_of_equal_score_get_the_prize_of_the_best_place():
    people = [person(1, 9), person(2, 7), person(3, 7), person(4, 7), person(5, 6)]
    outcomes = end(people, tie_policy="all")
    assert [points(outcomes[key]) for key in range(1, 6)] == [100, 60, 60, 60, 0]


def test_a_draw_depends_on_its_seed_alone():
    people = [person(key, 9, minute=key) for key in range(1, 9)]
    one = end(people, tie_policy="draw", seed="7f")
    again = end(reversed(people), tie_policy="draw", seed="7f")
    winners = {key: points(outcome) for key, outcome in one.items()}
    assert winners == {key: points(outcome) for key, outcome in again.items()}
    assert sorted(winners.values()) == [0] * 5 + [40, 60, 100]
    others = [end(people, tie_policy="draw", seed=str(n)) for n in range(20)]
    firsts = {max(o, key=lambda key: points(o[key])) for o in others}
    assert len(firsts) > 3  # neither the first to come nor the lowest number


def test_a_range_of_places_and_a_thing_beside_points():
    prizes = [
        Prize(1, 1, 1, D(500)),
        Prize(2, 2, 4, D(50)),
        Prize(3, 1, 1, D(1), program_id=7),  # a certificate
    ]
    outcomes = end([person(key, 10 - key) for key in range(1, 7)], prizes)
    assert [points(outcomes[key]) for key in range(1, 7)] == [501, 50, 50, 50, 0, 0]
    assert [(w.program_id, w.points) for w in outcomes[1].wins] == [(0, 500), (7, 1)]
    assert [reason.code for reason in outcomes[5].reasons] == ["no_prize"]


def test_a_certificate_that_two_would_share_goes_to_the_first():
    prizes = [Prize(1, 1, 1, D(101)), Prize(2, 1, 1, D(1), program_id=7)]
    outcomes = end([person(1, 5, 9), person(2, 5, 1)], prizes, tie_policy="share")
    assert [(w.program_id, w.points) for w in outcomes[2].wins] == [(0, 51), (7, 1)]
    assert [(w.program_id, w.points) for w in outcomes[1].wins] == [(0, 50)]


def test_who_has_too_little_wins_nothing_and_the_prize_stays():
    outcomes = end([person(1, 12), person(2, 9), person(3, 0)], min_score=D(10))
    assert [points(outcomes[key]) for key in (1, 2, 3)] == [100, 0, 0]
    assert outcomes[2].reasons[0].params == {"score": "9", "minimum": "10"}
    assert [r.code for r in outcomes[2].reasons + outcomes[3].reasons] == [
        "below_minimum", "no_score",
    ]  # fmt: skip


def test_a_score_below_zero_wins_nothing_without_a_minimum():
    outcomes = end([person(1, -3), person(2, -1)])
    assert [points(one) for one in outcomes.values()] == [0, 0]


def test_who_is_looked_at_keeps_the_place_and_the_prize_waits():
    outcomes = end([person(1, 9, is_held=True), person(2, 7)])
    assert (outcomes[1].is_held, points(outcomes[1])) == (True, 100)
    assert (outcomes[2].is_held, points(outcomes[2])) == (False, 60)


def test_each_division_has_its_own_places():
    people = [
        person(1, 9, division="small"), person(2, 90, division="large"),
        person(3, 7, division="small"), person(4, 80, division="large"),
    ]  # fmt: skip
    ranked = rank(people)
    assert {name: [p.key for p in ps] for name, ps in ranked.items()} == {
        "large": [2, 4], "small": [1, 3],
    }  # fmt: skip
    assert {p.key: p.rank for ps in ranked.values() for p in ps} == {
        2: 1, 4: 2, 1: 1, 3: 2,
    }  # fmt: skip


@pytest.mark.parametrize("places", [(0, 1), (3, 2)])
def test_prizes_for_no_place(places):
    with pytest.raises(ValueError, match="No places"):
        Prize(1, *places, D(1))


def test_what_no_contest_understands():
    with pytest.raises(ValueError, match="below|cannot be -1"):
        Prize(1, 1, 1, D(-1))
    with pytest.raises(ValueError, match="Unknown tie policy 'first'"):
        Rules("first")
    with pytest.raises(ValueError, match="needs a seed"):
        Rules("draw")
    with pytest.raises(ValueError, match="Unknown team metric 'mean'"):
        score_team(Team(1), "mean")


# === TEAMS === #


def shop(key, *scores, **values):
    people = tuple(person(key * 100 + n, score, n) for n, score in enumerate(scores))
    return Team(key, people, **values)


def test_a_shop_by_total_per_head_and_percent_of_its_target():
    large = shop(1, 30, 20, 10, heads=6, target=D(90))
    small = shop(2, 25, heads=1, target=D(25))
    scores = {
        metric: [score_team(team, metric).score for team in (large, small)]
        for metric in ("total", "per_head", "percent_of_target")
    }
    assert scores == {
        "total": [60, 25],
        "per_head": [10, 25],  # 60 of six people, three of whom sold nothing
        "percent_of_target": [D("66.666666"), 100],
    }
    assert score_team(large, "total").reached_at == NOON + timedelta(minutes=2)
    assert score_team(large, "total").entry_id == 100


def test_a_team_that_is_too_small_or_has_no_target_does_not_take_part():
    assert score_team(shop(2, 25, heads=1), "per_head", min_size=2) is None
    assert score_team(shop(2, 25, 5), "per_head", min_size=2).score == 15
    assert score_team(shop(2, 25), "percent_of_target") is None
    assert score_team(Team(3), "total") is None  # nobody works there


def test_a_prize_divided_in_a_team():
    assert divide_prize(D(100), [30, 10, 20], Rounding(0)) == {10: 34, 20: 33, 30: 33}
    assert divide_prize(D(100), [], Rounding(0)) == {}


# === PROPERTIES === #

CONTESTANTS = st.lists(
    st.builds(
        person,
        st.integers(1, 30),
        st.integers(-2, 6),
        st.integers(0, 4),
        is_held=st.booleans(),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda one: one.key,
)


def chain(parts):
    """Return prizes of two programs, those of one for places after one another."""
    prizes, next_place = [], {0: 1, 1: 1}
    for number, (gap, more, value, program_id) in enumerate(parts, 1):
        first = next_place[program_id] + gap
        prizes.append(
            Prize(number, first, first + more, D(value), program_id, Rounding(0))
        )
        next_place[program_id] = first + more + 1
    return prizes


PRIZES = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.integers(0, 100), st.integers(0, 1)
    ),
    max_size=4,
).map(chain)
RULES = st.builds(
    Rules, st.sampled_from(TIE_POLICIES), st.integers(0, 4).map(D), st.just("seed")
)


@given(CONTESTANTS, PRIZES, RULES, st.randoms())
def test_prizes_of_any_contest(people, prizes, rules, random):
    [places] = rank(people, rules).values()
    outcomes = give_prizes(places, prizes, rules)
    shuffled = list(people)
    random.shuffle(shuffled)
    [again] = rank(shuffled, rules).values()
    assert give_prizes(again, prizes[::-1], rules) == outcomes
    # ranks are those of competitions, whatever tells equal scores apart
    for place in places:
        assert place.rank == 1 + sum(one.score > place.score for one in people)
    assert [place.order for place in places] == list(range(1, len(people) + 1))
    assert all(a.score >= b.score for a, b in pairwise(places))
    given_points = {}
    for outcome in outcomes:
        assert bool(outcome.wins) <= rules.wins(outcome.place.score)
        assert bool(outcome.wins) or outcome.reasons
        assert outcome.is_held == bool(
            outcome.wins and outcome.place.contestant.is_held
        )
        assert {reason.code for reason in outcome.reasons} <= set(CONTEST_CODES)
        for win in outcome.wins:
            given_points[win.program_id] = (
                given_points.get(win.program_id, D(0)) + win.points
            )
    for program_id, value in given_points.items():
        own = [
            (prize.place_from, prize.place_to, prize.points)
            for prize in prizes
            if prize.program_id == program_id
        ]
        assert value <= contest_cost(own, len(people), rules.tie_policy)


@given(CONTESTANTS, PRIZES)
def test_dividing_gives_as_much_as_the_order(people, prizes):
    """Points are divided, none is lost or made: the same sum whoever was first."""

    def total(policy):
        rules = Rules(policy)
        [places] = rank(people, rules).values()
        return sum(points(outcome) for outcome in give_prizes(places, prizes, rules))

    assert total("share") == total("earliest")
