"""Sealing a ledger, and proving it: a hundred thousand entries, or as many as said."""

import os

from harness import limit, workers

ENTRIES = int(os.environ.get("B2B2C_BENCH_ENTRIES", "100000"))
ACCOUNTS = 1000
SECONDS = 60 * ENTRIES / 1_000_000  # a million within a minute
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
        limit(f"seal {ENTRIES:,} entries: s", sealing, f"<= {2 * SECONDS}",
              sealing <= 2 * SECONDS),
        limit(f"prove {ENTRIES:,} sealed entries: s", seconds, f"<= {SECONDS}",
              seconds <= SECONDS),
        limit("memory the proof took: MB", proof["grown"], f"<= {MEGABYTES}",
              proof["grown"] <= MEGABYTES),
        limit("rows without a seal", proof["unsealed"], "= 0",
              not proof["unsealed"]),
        limit("differences found", len(problems), "= 0", not problems),
    ]  # fmt: skip
