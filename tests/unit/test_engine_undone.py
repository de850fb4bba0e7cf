"""A tier that was had for a minute: what lasted of a volume, and what it deserved."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D

import pytest
from engine import ladder as lad
from engine.undone import Learned, get_lasting, get_lasting_state
from hypothesis import given
from hypothesis import strategies as st

LADDER = lad.Ladder(
    (lad.Tier(1, D(0)), lad.Tier(2, D(100_000)), lad.Tier(3, D(1_000_000)))
)
BEGIN = datetime(2026, 3, 2, 10)
DAYS = 14


def history(*steps):
    """Return entries of ``(document, value, days after the first)``."""
    entries = []
    for number, (document, value, after) in enumerate(steps, 1):
        at = BEGIN + timedelta(days=after)
        entries.append(Learned(number, document, at.date(), D(value), at, at.date()))
    return entries


def deserved(entries, seen, after=0):
    """Return (tier, undone) at a moment that knew ``seen`` entries."""
    lasting = get_lasting(entries, seen, DAYS)
    end = (BEGIN + timedelta(days=after)).date()
    state = get_lasting_state(LADDER, lasting.entries, BEGIN.date(), end)
    return state.tier_id, lasting.undone


@pytest.mark.parametrize(
    ("later", "tier", "undone"),
    [
        ([], 3, 0),
        ([("fake", -1_000_000, 0)], 1, 1_000_000),
        ([("fake", -1_000_000, 14)], 1, 1_000_000),
        ([("fake", -1_000_000, 15)], 3, 0),  # too late to be suspicious
        ([("fake", -500_000, 3)], 2, 500_000),
        ([("fake", -500_000, 3), ("fake", -500_000, 20)], 2, 500_000),
        # it comes back: on the document, on another day too, or on a new document
        ([("fake", -1_000_000, 3), ("fake", 1_000_000, 9)], 3, 0),
        ([("fake", -1_000_000, 3), ("fake", 950_000, 9)], 2, 50_000),
        ([("fake", -1_000_000, 3), ("again", 1_000_000, 9)], 3, 0),
        ([("fake", -1_000_000, 3), ("again", 999_999, 9)], 1, 1_000_000),
        ([("fake", -1_000_000, 3), ("again", 1_000_000, 18)], 1, 1_000_000),
        # honest sales at the tier itself make nothing right
        ([("real", 1_000_000, 1), ("fake", -1_000_000, 3)], 1, 1_000_000),
    ],
)
def test_what_was_deserved_without_what_was_undone(later, tier, undone):
    entries = history(("fake", 1_000_000, 0), *later)
    assert deserved(entries, 1) == (tier, undone)


def test_what_others_bought_before_is_deserved():
    entries = history(("old", 100_000, 0), ("fake", 900_000, 1), ("fake", -900_000, 2))
    assert deserved(entries, 2, after=1) == (2, 900_000)


def test_a_volume_that_only_moves_to_another_day_is_not_undone():
    entries = history(("sale", 100_000, 0))
    moved = BEGIN + timedelta(days=5)
    for number, day, value in ((2, BEGIN.date(), -100_000), (3, moved.date(), 100_000)):
        entries.append(Learned(number, "sale", day, D(value), moved, moved.date()))
    assert deserved(entries, 1) == (2, 0)


def test_grace_keeps_what_was_had_before_the_fake():
    """A dealer in days of grace keeps the tier, but gets none above it."""
    graceful = lad.Ladder(LADDER.tiers, lad.Window("days", 30), grace_days=10)
    entries = history(
        ("old", 100_000, 0), ("fake", 1_000_000, 33), ("fake", -1_000_000, 34)
    )
    lasting = get_lasting(entries, 2, DAYS)
    end = (BEGIN + timedelta(days=33)).date()
    state = get_lasting_state(graceful, lasting.entries, BEGIN.date(), end)
    assert (state.tier_id, lasting.undone) == (2, 1_000_000)


STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(-300_000, 300_000).filter(bool),
        st.integers(0, 40),
    ),
    max_size=12,
).map(lambda steps: history(*sorted(steps, key=lambda step: step[2])))


@given(STEPS, st.integers(0, 12), st.integers(1, 40))
def test_what_lasts_is_what_was_known_less_what_was_undone(entries, seen, days):
    known = [entry for entry in entries if entry.number <= seen]
    lasting = get_lasting(entries, seen, days)
    total = sum(entry.value for entry in known)
    assert sum(entry.value for entry in lasting.entries) == total - lasting.undone
    assert 0 <= lasting.undone
    assert {entry.number for entry in lasting.entries} <= {e.number for e in known}
    by_document = {}
    for entry in known:
        by_document[entry.document] = by_document.get(entry.document, 0) + entry.value
    assert lasting.undone <= sum(max(value, 0) for value in by_document.values())


@given(STEPS, st.integers(0, 12), st.integers(1, 40))
def test_nothing_is_undone_where_nothing_is_taken_back(entries, seen, days):
    later = [entry for entry in entries if entry.number > seen]
    lasting = get_lasting(entries, seen, days)
    if all(entry.value > 0 for entry in later):
        assert lasting.undone == 0
    # what is taken back after the window is no matter
    soon = [
        entry
        for entry in later
        if entry.value < 0
        and entry.learned_at
        <= max((e.learned_at for e in entries if e.number <= seen), default=BEGIN)
        + timedelta(days=days)
    ]
    assert lasting.undone <= -sum(entry.value for entry in soon)


@given(STEPS, st.integers(0, 12))
def test_undone_volume_never_raises_a_tier(entries, seen):
    known = [entry for entry in entries if entry.number <= seen]
    lasting = get_lasting(entries, seen, DAYS)
    end = date(2026, 5, 1)
    before, after = (
        get_lasting_state(LADDER, some, BEGIN.date(), end).tier_id
        for some in (known, lasting.entries)
    )
    assert after <= before
