"""From booked to deserved."""

from decimal import Decimal

import pytest
from builders import D
from engine import Booked, Move, plan
from hypothesis import given
from hypothesis import strategies as st
from strategies import POINTS

EFFECTS = st.integers(-300, 300).map(Decimal)
BOOKED = st.builds(Booked, EFFECTS, EFFECTS, POINTS)
TARGETS = st.tuples(POINTS, POINTS).map(lambda pair: (max(pair), min(pair)))


def move(kind, posted=0, pending=0):
    return Move(kind, D(posted), D(pending))


@pytest.mark.parametrize(
    ("target", "booked", "expected"),
    [
        # (total, released), (posted, pending, taken back by hand)
        ((0, 0), (0, 0, 0), ()),
        ((50, 50), (0, 0, 0), (move("earn", 50),)),
        ((50, 20), (0, 0, 0), (move("earn", 20), move("earn", 0, 30))),
        ((50, 50), (20, 30, 0), (move("confirm", 30, -30),)),
        # paid and returned at once: part is confirmed, the rest lapses
        ((40, 40), (20, 30, 0), (move("confirm", 20, -20), move("void", 0, -10))),
        ((60, 60), (20, 30, 0), (move("confirm", 30, -30), move("earn", 10))),
        # a payment bounced
        ((50, 10), (50, 0, 0), (move("reverse", -40, 40),)),
        ((40, 10), (50, 0, 0), (move("reverse", -30, 30), move("reverse", -10))),
        ((60, 10), (50, 0, 0), (move("reverse", -40, 40), move("earn", 0, 10))),
        # cancelled
        ((0, 0), (20, 30, 0), (move("reverse", -20), move("void", 0, -30))),
        # what a person took back is not given again
        ((100, 100), (70, 0, 30), ()),
        ((150, 150), (70, 0, 30), (move("earn", 50),)),
        ((20, 20), (70, 0, 30), (move("reverse", -70),)),
        # ... and it comes out of the pending part first
        ((100, 60), (60, 10, 30), ()),
        ((100, 60), (0, 0, 50), (move("earn", 50),)),
    ],
)
def test_plan(target, booked, expected):
    assert plan(*map(D, target), Booked(*map(D, booked))) == expected


def test_a_new_waiting_time_leaves_free_points_free():
    booked = Booked(posted=D(50))
    # 5 of 10 pieces were delivered long ago; the others today, held for 14 days.
    assert plan(D(100), D(0), booked, keep=D(100)) == (move("earn", 0, 50),)
    # Undeserved points are taken back all the same,
    assert plan(D(30), D(0), booked, keep=D(30)) == (move("reverse", -20),)
    # and what came back is not delivered any more: it is expected again.
    assert plan(D(100), D(0), booked, keep=D(40)) == (
        move("reverse", -10, 10),
        move("earn", 0, 50),
    )


@pytest.mark.parametrize(
    ("total", "released", "manual"), [(5, 6, 0), (-1, -1, 0), (5, -1, 0), (5, 5, -1)]
)
def test_plan_refuses(total, released, manual):
    with pytest.raises(ValueError):
        plan(D(total), D(released), Booked(manual=D(manual)))


def after(booked, moves):
    return Booked(
        booked.posted + sum(m.posted for m in moves),
        booked.pending + sum(m.pending for m in moves),
        booked.manual,
    )


@given(TARGETS, BOOKED)
def test_plan_ends_at_the_target(target, booked):
    end = after(booked, plan(*target, booked))
    total, released = target
    total = max(Decimal(0), total - booked.manual)
    assert end.posted == min(released, total)
    assert end.posted + end.pending == total


@given(TARGETS, BOOKED, POINTS)
def test_plan_is_idempotent_and_short(target, booked, keep):
    moves = plan(*target, booked, keep=keep)
    assert len(moves) <= 2
    assert all(m.posted or m.pending for m in moves)
    assert plan(*target, after(booked, moves), keep=keep) == ()


@given(TARGETS, BOOKED)
def test_moves_have_the_signs_of_their_kind(target, booked):
    for m in plan(*target, booked):
        signs = ((m.posted > 0) - (m.posted < 0), (m.pending > 0) - (m.pending < 0))
        assert (
            signs
            in {
                "earn": {(1, 0), (0, 1)},
                "confirm": {(1, -1)},
                "void": {(0, -1)},
                "reverse": {(-1, 0), (-1, 1)},
            }[m.kind]
        )


@given(TARGETS, BOOKED, POINTS)
def test_what_is_kept_is_never_taken_while_it_is_deserved(target, booked, keep):
    end = after(booked, plan(*target, booked, keep=keep))
    total = max(Decimal(0), target[0] - booked.manual)
    assert end.posted >= min(total, keep, booked.posted)
    assert end.posted + end.pending == total


@given(st.lists(TARGETS, max_size=6), TARGETS)
def test_the_way_does_not_matter(detours, target):
    booked = Booked()
    for detour in detours:
        booked = after(booked, plan(*detour, booked))
    booked = after(booked, plan(*target, booked))
    assert (booked.posted, booked.pending) == (target[1], target[0] - target[1])
