"""Balance and statement page of an account with 10 and with 100,000 entries."""

import time

from harness import at_most, median, workers

SMALL, LARGE = 10, 100000
ROUNDS = 60
PAGE = 20
BAR = 1.5


def run(ctx):
    """Rows: cost with 100,000 entries over cost with 10."""
    with ctx.fresh_database() as database, workers(database) as [worker]:
        small, large = worker.call("credits.open_accounts", number=2)
        for account, number in ((small, SMALL), (large, LARGE)):
            worker.call(
                "credits.bulk", account_ids=[account], number=number, tag=account
            )
        worker.call("credits.fold")
        costs = worker.call("bench_statement.measure", accounts=[small, large])
    return [
        at_most(
            f"{name} ms, {LARGE:,} entries against {SMALL}",
            1000 * median(pairs[1]),
            1000 * median(pairs[0]),
            BAR,
        )
        for name, pairs in costs.items()
    ]


# === IN THE WORKER === #


def measure(registry, accounts):
    """Seconds of each reading of both accounts, alternating, from a cold cache.

    :return: dict name -> two lists
    """
    import shop

    readings = {"balance": _read_balance, "statement page": _read_page}
    with registry.cursor() as cursor:
        for table in ("account", "account_delta", "ledger_entry"):
            cursor.execute(f"ANALYZE b2b2c_{table}")
    costs = {name: ([], []) for name in readings}
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        for _round in range(ROUNDS):
            for name, read in readings.items():
                for index, account_id in enumerate(accounts):
                    env.invalidate_all()
                    begin = time.perf_counter()
                    read(env["b2b2c.account"].browse(account_id))
                    costs[name][index].append(time.perf_counter() - begin)
    return costs


def _read_balance(account):
    return account._get_balances()


def _read_page(account):
    """The newest entries with what a statement shows of each."""
    entries = account.env["b2b2c.ledger.entry"].search(
        [("account_id", "=", account.id)], limit=10, order="id desc"
    )
    return [(entry.effective_at, entry.description, entry.points) for entry in entries]
