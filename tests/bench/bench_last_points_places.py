"""Two tills, a counter and a web cart after the same last points, round after round."""

import os
import sys
import time

from harness import limit, note

from tools.workspace import ROOT

ROUNDS = int(os.environ.get("B2B2C_BENCH_ROUNDS", "1000"))


def run(ctx):
    """Rows: rounds that several places won, rounds that none did."""
    sys.path.insert(0, str(ROOT / "tests" / "concurrency"))
    import test_last_points_places as places
    import world

    with ctx.fresh_database() as database:
        started = time.perf_counter()
        winners = places.run(database, ROUNDS)
        seconds = time.perf_counter() - started
        problems = world.problems(database)
    several = sum(count > 1 for count in winners)
    none = sum(count < 1 for count in winners)
    return [
        limit(f"4 places, {ROUNDS} rounds: spent twice", several, "= 0", several == 0),
        limit("rounds in which nobody got the points", none, "= 0", none == 0),
        limit("differences of the ledger", len(problems), "= 0", not problems),
        note("seconds", seconds),
    ]
