"""What challenges cost whoever sells: the same clicks with and without them.

Three databases of our template and a process each; in one of them three challenges run
that count what is clicked: pieces of everything, the amount of half of the categories,
and sales; in another one the first of these.  All take turns, in another order each
round.
"""

import functools
import os

from harness import at_most, in_turns, median, note, workers

ROUNDS = int(os.environ.get("B2B2C_BENCH_ROUNDS", "40"))
WARM_UP = 4
SCANS = 20  # of a round
BAR = 1.05
#: name -> function that prepares a database, function of a round
CLICKS = {
    "an order, 20 rules": ("bench_order.prepare", "bench_seal_cost.order"),
    f"{SCANS} scans": ("bench_challenge_cost.make_codes", "bench_seal_cost.scan"),
}  # fmt: skip


def run(ctx):
    """Rows: wall time of each with challenges against without."""
    rows = []
    for name, (prepare, click) in CLICKS.items():
        with (
            ctx.fresh_database() as bare,
            ctx.fresh_database() as scored,
            ctx.fresh_database() as once,
            workers(bare, scored, once) as running,
        ):
            for worker in running:
                worker.call(prepare, kind="ours")
            running[1].call("bench_challenge_cost.start", number=3)
            running[2].call("bench_challenge_cost.start", number=1)
            works = [functools.partial(worker.call, click) for worker in running]
            samples = in_turns(works, ROUNDS, WARM_UP)
            counted = running[1].call("bench_challenge_cost.count")
        base, ours, one = map(median, samples)
        assert counted, "nothing was counted"
        rows += [
            at_most(f"{name}, with 3 challenges: wall ms", ours, base, BAR),
            note(f"  {name}: median of the pairs", get_ratio(samples, 1)),
            at_most(f"{name}, with 1 challenge: wall ms", one, base, BAR),
            note(f"  {name}: median of the pairs", get_ratio(samples, 2)),
            note(f"  {name}: rows of scores", counted),
        ]
    return rows


def get_ratio(samples, number):
    """Return the median of what a round takes against the same one without."""
    return median(
        one / other for other, one in zip(samples[0], samples[number], strict=True)
    )


# === IN THE WORKER === #


def make_codes(registry, kind):
    """Make the people, rules and codes of the scans of all rounds."""
    import bench_seal_cost

    bench_seal_cost.ROUNDS, bench_seal_cost.WARM_UP = ROUNDS, WARM_UP
    bench_seal_cost.make_codes(registry, kind)


def start(registry, number):
    """Let so many challenges run, three at most."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        program = env["b2b2c.program"].search([("state", "=", "running")], limit=1)
        categories = env["product.category"].search([], order="id")
        today = env.cr.now().date()
        counted = (
            ("units", {}),
            ("amount", {"category_ids": categories[::2].ids}),
            ("sales", {}),
        )
        for metric, values in counted[:number]:
            challenge = env["b2b2c.challenge"].create(
                {
                    "name": f"Most {metric}",
                    "kind": "contest",
                    "program_id": program.id,
                    "metric": metric,
                    "moment": "confirmed",
                    "first_day": today.replace(day=1),
                    "last_day": today.replace(year=today.year + 1),
                    "prize_ids": [(0, 0, {"place_from": 1, "points": 100})],
                    **values,
                }
            )
            challenge.action_start()


def count(registry):
    """How many rows of scores there are."""
    with registry.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM b2b2c_challenge_score")
        return cursor.fetchone()[0]
