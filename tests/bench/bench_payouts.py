"""Twenty people approve and pay one payout at once, fifty times: one payment each.

Beside them the same buttons without the guards, which has to pay more than once.
"""

import sys

from harness import limit, note

from tools import workspace

APPROVERS = 20
ROUNDS = 50
CONTROL_ROUNDS = 3


def run(ctx):
    """Rows: payments and documents of the race, and payments of its control."""
    sys.path.insert(0, str(workspace.ROOT / "tests" / "concurrency"))
    import test_payout_once as race

    with ctx.fresh_database() as database:
        paid, payments, documents, ordered = race.run(database, ROUNDS, APPROVERS)
    with ctx.fresh_database() as database:
        _paid, twice, _documents, _ordered = race.run(
            database, CONTROL_ROUNDS, APPROVERS, sabotage=race.look_first
        )
    ctx.say(f"{paid} buttons paid, {ordered} payouts ordered")
    title = f"{APPROVERS} approvers, {ROUNDS} payouts"
    return [
        limit(f"{title}: payments", payments, f"= {ROUNDS}", payments == ROUNDS),
        limit(f"{title}: documents", documents, f"= {ROUNDS}", documents == ROUNDS),
        limit(f"{title}: buttons that paid", paid, f"= {ROUNDS}", paid == ROUNDS),
        note(f"without the guard: payments of {CONTROL_ROUNDS} payouts", twice),
    ]
