"""How fast points are booked: in bulk, and one per transaction.

Single credits are compared with pgbench's TPC-B-like transaction on the same server
with as many clients; the two alternate.
"""

import os
import re
import subprocess

from harness import PROGRAMS, at_least, limit, median, note, workers

from tools import workspace

CLIENTS = 4
SECONDS = 6
ROUNDS = 3
ENTRIES = 10000
PER_SECOND = 1000
BAR = 0.5


def run(ctx):
    """Rows: the shared server, which does not wait for the disk, and a durable one."""
    with ctx.fresh_database() as database:
        rows = _measure(ctx, database, None, "disk not awaited")
    with ctx.throwaway_cluster(durable=True) as cluster:
        with ctx.cluster_database(cluster) as database:
            rows += _measure(ctx, database, cluster, "durable")
    return rows


def _measure(ctx, database, cluster, server):
    with (
        _pgbench_database(cluster) as pgbench,
        workers(*[database] * CLIENTS, server=cluster) as running,
    ):
        accounts = running[0].call("credits.open_accounts", number=100)
        seconds = running[0].call(
            "credits.bulk", account_ids=accounts, number=ENTRIES, tag=server
        )
        tpcb, kept, pooled = [], [], []
        for number in range(ROUNDS):
            tpcb.append(pgbench())
            kept.append(_rate(running, accounts, f"{number}/kept"))
            pooled.append(_rate(running, accounts, f"{number}/pooled", pooled=True))
    rate = ENTRIES / seconds
    ctx.say(f"{server}: pgbench {tpcb}, credits {kept}, with pool {pooled}")
    title = f"single credits/s, {CLIENTS} clients against pgbench, {server}"
    return [
        limit(f"bulk import, entries/s, {server}", rate, f">= {PER_SECOND}",
              rate >= PER_SECOND),
        at_least(title, median(kept), median(tpcb), BAR),
        note(f"{title}, a pool cursor each", median(pooled), median(tpcb)),
    ]  # fmt: skip


def _rate(running, accounts, tag, **options):
    """Credits per second of all processes together."""
    for index, worker in enumerate(running):
        worker.start(
            "credits.single",
            account_id=accounts[index],
            seconds=SECONDS,
            tag=f"{tag}/{index}",
            **options,
        )
    return sum(worker.result()["done"] for worker in running) / SECONDS


class _pgbench_database:
    """A database with pgbench's tables for the block; calling it measures."""

    name = f"lb2b_run_{os.getpid()}_999"

    def __init__(self, cluster):
        current = workspace.from_environment()
        self.server = cluster.server if cluster else current.server
        self.environment = {**os.environ, **self.server.environment()}

    def __enter__(self):
        self._run("psql", "-c", f"CREATE DATABASE {self.name}")
        self._run("pgbench", "-i", "-q", "-s", "20", self.name)
        return self

    def __exit__(self, *_exception):
        self._run("psql", "-c", f"DROP DATABASE {self.name} WITH (FORCE)")

    def __call__(self):
        said = self._run(
            "pgbench", "-c", CLIENTS, "-j", "2", "-T", SECONDS, "-n", self.name
        )
        return float(re.search(r"tps = ([\d.]+)", said)[1])

    def _run(self, program, *arguments):
        done = subprocess.run(
            [str(PROGRAMS / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            env=self.environment,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout
