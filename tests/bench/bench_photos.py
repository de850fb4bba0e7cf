"""The same photo again: what is noticed, what is called alike and is not, how long it
takes.

On shelves drawn by ``tools/shelf_photos.py``, the same ones every time.
"""

import itertools
import sys
import time

from harness import limit, note

from tools import shelf_photos
from tools.workspace import ROOT

sys.path.append(str(ROOT / "loyalty_b2b2c"))
from recognition import likeness, moire, sandbox  # noqa: E402  needs the path above

SHELVES = 30


def run(ctx):
    """Rows: percent that are noticed, false alarms, milliseconds."""
    with sandbox.Comparer() as comparer:
        photos = [shelf_photos.photo(number) for number in range(SHELVES)]
        begun = time.monotonic()
        looks = [_look(comparer, photo) for photo in photos]
        look_ms = 1000 * (time.monotonic() - begun) / SHELVES
        ctx.say(f"{SHELVES} shelves")
        rows = [
            note(f"again, {change}: noticed, %",
                 _percent(_again(comparer, photo, look, act)
                          for photo, look in zip(photos, looks, strict=True)))
            for change, act in shelf_photos.AGAIN.items()
        ]  # fmt: skip
        rows += _unlike(comparer, looks)
        rows += _visits(comparer, looks)
        rows += _screens(comparer, photos, looks)
    return [*rows, note("to look at a photo, ms", look_ms)]


def _look(comparer, picture):
    return comparer.look(shelf_photos.jpeg(picture))


def _again(comparer, photo, look, change):
    """Tell whether a changed photo is known again."""
    _seen, views = _look(comparer, change(photo))
    return comparer.compare(views, [look[1][0]])[0] >= likeness.SAME


def _unlike(comparer, looks):
    """Rows: pairs of photos of different shelves that are called alike."""
    begun = time.monotonic()
    pairs = list(itertools.combinations(looks, 2))
    alarms = sum(
        comparer.compare(one[1], [other[1][0]])[0] >= likeness.SAME
        for one, other in pairs
    )
    taken = 1000 * (time.monotonic() - begun) / len(pairs)
    return [
        note("pairs of photos of different shelves", len(pairs)),
        limit("of these called the same photo", alarms, "= 0", not alarms),
        note("to compare two photos, ms", taken),
    ]


def _visits(comparer, looks):
    """Rows: another photo of the same shelf, which may be honest."""
    alarms = [
        comparer.compare(
            _look(comparer, shelf_photos.photo(number, visit=1))[1], [look[1][0]]
        )[0]
        >= likeness.SAME
        for number, look in enumerate(looks)
    ]
    return [note("another visit, nothing moved: called the same, %", _percent(alarms))]


def _screens(comparer, photos, looks):
    """Rows: photos of a screen, and photos of shelves called so."""
    shown = [
        _look(comparer, shelf_photos.on_screen(photo, number))[0]["pattern"]
        for number, photo in enumerate(photos)
    ]
    own = [seen["pattern"] >= moire.SIGN for seen, _marks in looks]
    return [
        note("of a screen: a sign, %", _percent(one >= moire.SIGN for one in shown)),
        note("of a shelf: a sign, %", _percent(own)),
    ]


def _percent(marks):
    marks = list(marks)
    return 100 * sum(marks) / len(marks)
