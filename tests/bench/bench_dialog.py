"""The dialog of chats, walked at random: no dead end, no exception, and how long one
answer takes without the database."""

import importlib.util
import random
import statistics
import sys
import time
from pathlib import Path

from harness import limit

STEPS, WALKS = 100_000, 200
UNIT = Path(__file__).parents[1] / "unit"


def run(ctx):
    """Rows: answers that lead nowhere, exceptions."""
    chats = _import_world()
    nowhere, raised, taken = [], [], []
    for seed in range(WALKS):
        lot = random.Random(seed)
        chat = chats.Chat(chats.World(seed, is_known=seed % 4 > 0))
        for _step in range(STEPS // WALKS):
            begun = time.perf_counter()
            try:
                (what, values), answers = chat.walk(lot)
            except Exception as error:  # noqa: BLE001  counted, and shown
                raised.append(f"{seed}: {error!r}")
                break
            taken.append(time.perf_counter() - begun)
            problem = chats.get_problem(answers, chat.state, values.get("album"))
            nowhere += [f"{seed}: {what} {problem}"] if problem else []
    median = 1000 * statistics.median(taken)
    ctx.say(f"{len(taken)} steps, median {median:.3f} ms; {[*nowhere, *raised][:3]}")
    return [
        limit("answers that lead nowhere", len(nowhere), "= 0", not nowhere),
        limit("exceptions", len(raised), "= 0", not raised),
    ]


def _import_world():
    """Return the module of the unit tests that walks."""
    spec = importlib.util.spec_from_file_location("unit_paths", UNIT / "conftest.py")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    sys.path.append(str(UNIT))
    import dialog_world

    return dialog_world
