"""Two carts and a quotation on one balance, 1,000 rounds: whether a point pays twice.

The stories of orders in any order of steps are played by
``LOYALTY_EXAMPLES=5000 ./loyalty test loyalty_b2b2c_wallet/tests/test_machine.py``.
"""

import os
import sys
import time
from pathlib import Path

from harness import limit

ROUNDS = int(os.environ.get("LOYALTY_ROUNDS", 1000))
CONTROL_ROUNDS = 20


def run(ctx):
    """Rows: rounds in which more was taken than there was, with and without guard."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "concurrency"))
    import test_part_payment as races
    import world

    with ctx.fresh_database() as database:
        began = time.monotonic()
        booked, shown = races.run(database, ROUNDS)
        seconds = time.monotonic() - began
        problems = world.problems(database)
    overspent = sum(points > races.POINTS for points in booked.values())
    unspent = sum(points < races.POINTS for points in booked.values())
    ctx.say(
        f"{ROUNDS} rounds in {seconds:.0f} s, {len(shown)} won by the quotation; "
        f"{problems or 'verified'}"
    )
    with ctx.fresh_database() as database:
        control, _shown = races.run(database, CONTROL_ROUNDS, sabotage=races.look_first)
    lost = sum(points > races.POINTS for points in control.values())
    return [
        limit("rounds in which points paid twice", overspent, "= 0", not overspent),
        limit("rounds in which nobody got them", unspent, "= 0", not unspent),
        limit("differences found afterwards", len(problems), "= 0", not problems),
        limit("the same, looked at first", lost, "> 0", lost > 0),
    ]
