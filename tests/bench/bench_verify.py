"""Verifying a ledger of a million entries."""

from harness import limit, workers

ENTRIES = 1000000
ACCOUNTS = 1000
SECONDS = 60


def run(ctx):
    """Rows: seconds of the verification, differences found."""
    with ctx.fresh_database() as database, workers(database) as [worker]:
        accounts = worker.call("credits.open_accounts", number=ACCOUNTS)
        seconds = worker.call(
            "credits.bulk", account_ids=accounts, number=ENTRIES, tag="verify"
        )
        ctx.say(f"{ENTRIES:,} entries booked in {seconds:.0f} s")
        first = worker.call("credits.verify")
        worker.call("credits.fold")
        second = worker.call("credits.verify")
    problems = first["problems"] + second["problems"]
    return [
        limit("verify 1,000,000 entries: s", first["seconds"], f"<= {SECONDS}",
              first["seconds"] <= SECONDS),
        limit("the same after folding: s", second["seconds"], f"<= {SECONDS}",
              second["seconds"] <= SECONDS),
        limit("differences found", len(problems), "= 0", not problems),
    ]  # fmt: skip
