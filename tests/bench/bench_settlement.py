"""A settlement of 100,000 facts: the preview, the draft, and a page of its portal."""

import os

from harness import limit, note, workers

FACTS = int(os.environ.get("B2B2C_BENCH_FACTS", "100000"))
SECONDS = 30


def run(ctx):
    """Rows: seconds to preview and to settle, lines and their sum."""
    with ctx.fresh_database() as database:
        with workers(database) as [worker]:
            worker.call("settlement_month.prepare", facts=FACTS)
            preview = worker.call("settlement_month.preview")
            settled = worker.call("settlement_month.settle")
            page = worker.call("settlement_month.read_page")
    difference = settled["amount"] - settled["expected"]
    return [
        note("facts", settled["lines"]),
        limit("preview: s", preview["seconds"], f"<= {SECONDS}",
              preview["seconds"] <= SECONDS),
        limit("settlement: s", settled["seconds"], f"<= {SECONDS}",
              settled["seconds"] <= SECONDS),
        note("last page of 100 receipts: s", page["seconds"]),
        limit("facts without a line", FACTS - settled["lines"], "= 0",
              settled["lines"] == FACTS),
        limit("sum less what the facts are worth", difference, "= 0", not difference),
    ]  # fmt: skip
