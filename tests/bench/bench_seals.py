"""Sealing a ledger of a hundred thousand entries, and proving it."""

from harness import limit, workers

ENTRIES = 100000
ACCOUNTS = 1000
SECONDS = 6  # a million within a minute
MEGABYTES = 100


def run(ctx):
    """Rows: seconds to seal and to prove, memory, differences found."""
    with ctx.fresh_database() as database, workers(database) as [worker]:
        accounts = worker.call("credits.open_accounts", number=ACCOUNTS)
        worker.call("credits.bulk", account_ids=accounts, number=ENTRIES, tag="seal")
        sealing = worker.call("credits.seal")
        proof = worker.call("credits.verify_seals")
    seconds, problems = proof["seconds"], proof["problems"]
    return [
        limit("seal 100,000 entries: s", sealing, f"<= {2 * SECONDS}",
              sealing <= 2 * SECONDS),
        limit("prove 100,000 sealed entries: s", seconds, f"<= {SECONDS}",
              seconds <= SECONDS),
        limit("memory the proof took: MB", proof["grown"], f"<= {MEGABYTES}",
              proof["grown"] <= MEGABYTES),
        limit("entries without a seal", proof["unsealed"], "= 0",
              not proof["unsealed"]),
        limit("differences found", len(problems), "= 0", not problems),
    ]  # fmt: skip
