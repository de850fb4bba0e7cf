"""Taking from lots and giving back."""

from datetime import datetime, timezone

import pytest
from builders import NOW, D
from engine import Lot, allocate, due, restore
from hypothesis import given
from hypothesis import strategies as st
from strategies import POINTS

MARCH, JUNE = (datetime(2026, m, 1, tzinfo=timezone.utc) for m in (3, 6))
LOTS = st.lists(
    st.builds(
        Lot,
        id=st.integers(1, 1000),
        remaining=POINTS,
        expires_at=st.sampled_from([None, MARCH, JUNE]),
        entry_id=st.none() | st.integers(1, 5),
    ),
    unique_by=lambda lot: lot.id,
    max_size=8,
)
PREFERRED = st.frozensets(st.integers(1, 5), max_size=2)


def test_soonest_to_expire_first_and_never_last():
    lots = [
        Lot(1, D(10), None),
        Lot(2, D(10), JUNE),
        Lot(3, D(10), MARCH),
        Lot(4, D(10), MARCH),
    ]
    takes, missing = allocate(lots, D(35))
    assert takes == ((3, 10), (4, 10), (2, 10), (1, 5))
    assert missing == 0


def test_preferred_entries_come_first():
    lots = [Lot(1, D(10), MARCH, entry_id=70), Lot(2, D(10), None, entry_id=71)]
    assert allocate(lots, D(12), {71}) == (((2, 10), (1, 2)), 0)


def test_what_is_missing_is_told():
    lots = [Lot(1, D("2.5"), None), Lot(2, D(0), None), Lot(3, D(-4), None)]
    assert allocate(lots, D(4)) == (((1, D("2.5")),), D("1.5"))
    assert allocate([], D(0)) == ((), 0)


def test_restore_gives_back_the_last_taken_first():
    takes = ((3, D(10)), (1, D(5)), (2, D(1)))
    assert restore(takes, D(4)) == ((2, 1), (1, 3))


@pytest.mark.parametrize("points", [D(17), D(-1)])
def test_restore_refuses(points):
    with pytest.raises(ValueError):
        restore(((3, D(10)), (1, D(6))), points)


def test_allocate_refuses_negative_points():
    with pytest.raises(ValueError):
        allocate([], D(-1))


def test_due_is_what_lapsed_with_something_left():
    lots = [
        Lot(1, D("0.5"), NOW),
        Lot(2, D(5), JUNE),
        Lot(3, D(0), MARCH),
        Lot(4, D(5), None),
        Lot(5, D(5), MARCH),
    ]
    assert [lot.id for lot in due(lots, NOW)] == [5, 1]


@given(LOTS, POINTS, PREFERRED)
def test_allocate_takes_what_there_is_and_no_more(lots, points, preferred):
    takes, missing = allocate(lots, points, preferred)
    remaining = {lot.id: lot.remaining for lot in lots}
    assert all(0 < take <= remaining[lot_id] for lot_id, take in takes)
    assert len(dict(takes)) == len(takes)
    assert sum(take for _lot_id, take in takes) + missing == points
    assert not missing or sum(remaining.values()) + missing == points


@given(LOTS, POINTS, PREFERRED)
def test_no_lot_is_touched_while_a_better_one_has_points(lots, points, preferred):
    taken = dict(allocate(lots, points, preferred)[0])
    left = [lot for lot in lots if lot.remaining > taken.get(lot.id, 0)]

    def rank(lot):
        end = lot.expires_at.timestamp() if lot.expires_at else float("inf")
        return (lot.entry_id not in preferred, end, lot.id)

    worst = max((rank(lot) for lot in lots if lot.id in taken), default=None)
    assert worst is None or all(rank(lot) >= worst for lot in left)


@given(LOTS, POINTS)
def test_restoring_everything_undoes_an_allocation(lots, points):
    takes, missing = allocate(lots, points)
    assert restore(takes, points - missing) == tuple(reversed(takes))


@given(LOTS, POINTS, st.randoms(use_true_random=False))
def test_restoring_in_parts_ends_like_restoring_at_once(lots, points, random):
    takes, missing = allocate(lots, points)
    left, back = dict(takes), points - missing
    while back:
        part = min(back, D(random.randint(1, 100)))
        for lot_id, given_back in restore(tuple(left.items()), part):
            left[lot_id] -= given_back
        back -= part
    assert not any(left.values())
