"""Fifty clients after the last certificate, round after round."""

import os
import sys
import time

from harness import limit, note

from tools.workspace import ROOT

CLIENTS = 50
ROUNDS = int(os.environ.get("B2B2C_BENCH_ROUNDS", "1000"))
CODES = 1


def run(ctx):
    """Rows: codes given twice, rounds in which none was given, overspent points."""
    sys.path.insert(0, str(ROOT / "tests" / "concurrency"))
    import test_last_certificate as certificate
    import world

    os.environ["B2B2C_VOUCHER_KEY"] = certificate.KEY
    with ctx.fresh_database() as database:
        started = time.perf_counter()
        rounds = certificate.run(database, ROUNDS, clients=CLIENTS, codes=CODES)
        seconds = time.perf_counter() - started
        problems = world.problems(database)
        [(overspent,)] = world.query(
            database,
            "SELECT count(*) FROM b2b2c_account WHERE folded_posted < folded_held",
        )
    shown = [code for codes in rounds for code in codes]
    twice = len(shown) - len({*shown})
    wrong = sum(len(codes) != CODES for codes in rounds)
    return [
        limit(f"{CLIENTS} clients, {ROUNDS} rounds: given twice", twice, "= 0",
              twice == 0),
        limit("rounds that gave another number", wrong, "= 0", wrong == 0),
        limit("accounts overspent", overspent, "= 0", overspent == 0),
        limit("differences of the ledger", len(problems), "= 0", not problems),
        note("seconds", seconds),
    ]  # fmt: skip
