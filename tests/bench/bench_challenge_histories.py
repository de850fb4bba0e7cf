"""A thousand random histories: scores and places against plain SQL over the orders.

Streams of documents, each looked at by many contests; see the module of the same name
among the tests, of which the gate runs a few.
"""

import os

from harness import limit, note, workers

STREAMS = int(os.environ.get("B2B2C_BENCH_STREAMS", "20"))
CONTESTS, EVENTS = 50, 60  # of each stream


def run(ctx):
    """Rows: histories, scores compared, differences."""
    histories = scores = 0
    differences = []
    with ctx.fresh_database() as database, workers(database) as [worker]:
        for seed in range(STREAMS):
            found = worker.call("bench_challenge_histories.one_stream", seed=seed)
            histories += CONTESTS
            scores += found["scores"]
            differences += found["differences"]
    ctx.say(
        f"first differences: {differences[:3]}" if differences else "no differences"
    )
    return [
        note("histories", histories),
        note("scores compared", scores),
        limit("differences", len(differences), "= 0", not differences),
    ]


def one_stream(registry, seed):
    """Let one stream of documents happen, compare, and undo it."""
    import random

    import shop

    from odoo.addons.loyalty_b2b2c.tests.challenges.challenge_common import (
        ChallengeCommon,
    )
    from odoo.addons.loyalty_b2b2c.tests.challenges.score_histories import Histories

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        env = env(context=dict(env.context, tracking_disable=True))
        world = type("World", (ChallengeCommon,), {"env": env, "company": env.company})
        world._ensure_chart()
        world.unit = env.ref("loyalty_b2b2c.unit_points")
        world.client = env["res.partner"].create({"name": "Client", "is_company": True})
        world._open_shops()
        histories = Histories(world, random.Random(seed))
        histories.start(CONTESTS)
        histories.happen(EVENTS)
        found = {
            "scores": histories.count_scores(),
            "differences": [repr(one) for one in histories.get_differences()],
        }
        cursor.rollback()
        registry.clear_all_caches()
    return found
