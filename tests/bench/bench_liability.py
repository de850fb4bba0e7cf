"""A year of real sales in the general ledger: twelve month ends, to the cent.

The retail data set is loaded, then its year is lived through: points lapse, are spent
and given back, some are booked late, documents spend by themselves, the value of a
point and an estimate change, a month is locked and a run is reversed.
"""

import os

from harness import limit, note, workers

#: Baskets; 10,000 is what `./loyalty demo --data retail` loads.
ORDERS = int(os.environ.get("B2B2C_BENCH_ORDERS", "1200"))
MONTHS = 12
RUN_SECONDS = 30


def run(ctx):
    """Rows: differences at month ends, entries, seconds of a run."""
    from tools.demo import retail, retail_data, retail_load

    with ctx.fresh_database() as database:
        with ctx.open_environment(database) as env:
            chosen = retail_data.load_slice(ORDERS)
            retail_load.prepare(env, chosen, retail.WORKERS)
            env["b2b2c.earning.rule"].search([]).write(
                {"expiry": "months", "expiry_count": 3}
            )
            env.cr.commit()
            loaded = retail.load(env, ORDERS)
        with workers(database) as [worker]:
            worker.call("liability_year.open_books")
            months = [
                worker.call("liability_year.live_month", number=number)
                for number in range(1, MONTHS + 1)
            ]
            last = worker.call("liability_year.close")
            kinds = worker.call("liability_year.count")
    ends = [*months, last]
    differences = sum(month["difference"] for month in ends)
    points = sum(month["points"] for month in ends)
    slowest = max(month["seconds"] for month in ends)
    rows = [note(f"entries: {kind}", number) for kind, number in kinds.items()]
    return [
        note("orders", loaded["orders"]),
        *rows,
        note("owed at the last of the month ends", months[-1]["owed"]),
        note("of it posted by documents", -months[-1]["documents"]),
        limit(f"general ledger less owed, {MONTHS} month ends", differences, "= 0.00",
              not differences),
        limit("points of runs less points of entries", points, "= 0", not points),
        limit("slowest run: s", slowest, f"<= {RUN_SECONDS}", slowest <= RUN_SECONDS),
    ]  # fmt: skip
