"""What seals cost whoever writes: the same clicks with and without them.

Two databases of our template and a process each; in one of them nothing calls the
sealer, and dealers' tables have neither position nor index for it.  Both take turns, in
another order each round.  The sealer itself runs in a process of its own (a scheduled
action), and is not measured here but by `bench seals`.
"""

import functools

from harness import Watch, at_most, in_turns, median, note, workers

ROUNDS = 40
WARM_UP = 4
CREDITS, SCANS = 200, 20  # of a round
BAR = 1.02
#: name -> function that prepares a database, function of a round
CLICKS = {
    "an order, 20 rules": ("bench_order.prepare", "bench_seal_cost.order"),
    "a delivery of 50 lines, 20 rules": (
        "bench_delivery.prepare", "bench_seal_cost.delivery"
    ),
    f"{CREDITS} credits": ("bench_seal_cost.open_accounts", "bench_seal_cost.credit"),
    f"{SCANS} scans": ("bench_seal_cost.make_codes", "bench_seal_cost.scan"),
}  # fmt: skip

_state = {}


def run(ctx):
    """Rows: wall time of each with seals against without."""
    rows = []
    for name, (prepare, click) in CLICKS.items():
        with (
            ctx.fresh_database() as bare,
            ctx.fresh_database() as sealed,
            workers(bare, sealed) as running,
        ):
            running[0].call("bench_seal_cost.take_away")
            for worker in running:
                worker.call(prepare, kind="ours")
            works = [functools.partial(worker.call, click) for worker in running]
            samples = in_turns(works, ROUNDS, WARM_UP)
        base, ours = map(median, samples)
        pairs = [one / other for other, one in zip(*samples, strict=True)]
        rows += [
            at_most(f"{name}, with seals: wall ms", ours, base, BAR),
            note(f"  {name}: median of the pairs", median(pairs)),
        ]
    return rows


# === IN THE WORKER === #


def take_away(registry):
    """Let this process call no sealer, and this database number nothing for it."""
    from odoo.addons.loyalty_b2b2c.models.seals.b2b2c_account import B2b2cAccount

    B2b2cAccount._after_booking = lambda self, booked: None
    with registry.cursor() as cursor:
        for table in ("b2b2c_volume_entry", "b2b2c_ladder_change"):
            cursor.execute(f"DROP INDEX {table}_feed")
            cursor.execute(f"ALTER TABLE {table} ALTER feed_position SET DEFAULT 0")


def order(registry):
    """The four clicks of an order; seconds."""
    import bench_order

    return sum(bench_order.one_order(registry)["wall"].values())


def delivery(registry):
    """The validation of a transfer; seconds."""
    import bench_delivery

    return bench_delivery.one_delivery(registry)


def open_accounts(registry, kind):
    """Open ten accounts."""
    import credits

    _state.update(accounts=credits.open_accounts(registry, 10), done=0)


def credit(registry):
    """Credits of one transaction each; seconds."""
    import shop

    with Watch() as watch:
        for _time in range(CREDITS):
            _state["done"] += 1
            number = _state["done"]
            with registry.cursor() as cursor:
                account = shop.clerk(cursor)["b2b2c.account"].browse(
                    _state["accounts"][number % 10]
                )
                account._earn(1, source_key=f"cost/{number}")
    return watch.wall


def make_codes(registry, kind):
    """Make the people, rules and codes of the scans."""
    import bench_codes
    import bench_scan
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        product = env["product.product"].browse(bench_scan._prepare(env))
        bench_codes.make(env, product, SCANS * (WARM_UP + ROUNDS))
        cursor.execute("SELECT code FROM b2b2c_code ORDER BY id")
        _state.update(
            codes=iter(cursor.fetchall()),
            member=env["b2b2c.member"]
            .search([("role", "=", "salesperson")], limit=1)
            .id,
        )


def scan(registry):
    """Scans of one transaction each; seconds."""
    import shop

    with Watch() as watch:
        for _time in range(SCANS):
            [code] = next(_state["codes"])
            with registry.cursor() as cursor:
                env = shop.superuser(cursor)
                member = env["b2b2c.member"].browse(_state["member"])
                answer = env["b2b2c.scan"]._take(member, code, f"request-of-{code}")
            assert answer["status"] == "credited", answer
    return watch.wall
