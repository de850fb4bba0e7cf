"""Load a slice of real retail data: `tools.demo.retail DATABASE [--orders N]`.

Shops become client companies, households their contacts and, when registered, members;
baskets become orders with their own dates.  Two processes share the shops, so nobody's
account is touched by both.  Started by `./loyalty demo --data retail`.
"""

import argparse
import gc
import json
import subprocess
import sys
import time

from tools.demo import retail_check, retail_data, retail_load, retail_orders
from tools.steps import say, step
from tools.workspace import ROOT

ORDERS = 10000
WORKERS = 2
BAR = 40
#: Figure -> what it counts.
CORRECTIONS = {
    "returns": "orders with goods back",
    "notes": "with a note of price",
    "discounts": "with a discount on all",
    "advances": "with a down payment",
}


def load(env, orders=ORDERS, workers=WORKERS):
    """Load `orders` baskets into the database of `env`; commits.

    :return: figures, see `retail_load.figures`; with `new`, `seconds`, `per_order`
    """
    begin = time.monotonic()
    chosen = retail_data.load_slice(orders)
    with step("retail: shops, people, products"):
        retail_load.prepare(env, chosen, workers)
    before = retail_load.figures(env)["orders"]
    env.cr.commit()
    loading = time.monotonic()
    _run_workers(env.cr.dbname, orders, workers, len(chosen.baskets))
    env.cr.commit()  # a new snapshot
    env["b2b2c.event"]._process_now()
    env.cr.commit()
    result = retail_load.figures(env)
    with step("retail: every shop climbs a ladder"):
        result["dealers"] = retail_load.enroll_dealers(env)
        env.cr.commit()
    result["corrections"] = retail_check.count_corrections(env)
    with step("retail: points and volumes again, by plain SQL"):
        result["worth"] = retail_check.compare_points(env)
        result["standings"] = retail_check.compare_standings(env)
        result["planted"] = retail_check.find_planted(env)
    result["new"] = result["orders"] - before
    result["loading_seconds"] = time.monotonic() - loading
    result["seconds"] = time.monotonic() - begin
    report(result)
    return result


def _run_workers(database, orders, workers, total):
    """Start the processes and show how far they are."""
    argv = [
        sys.executable,
        "-m",
        "tools.demo.retail",
        database,
        "--orders",
        str(orders),
    ]
    running = [
        subprocess.Popen(
            [*argv, "--share", f"{number}/{workers}"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for number in range(workers)
    ]
    try:
        with Progress(total) as progress:
            _follow(running, progress)
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
            process.wait()
    if any(process.returncode for process in running):
        raise RuntimeError("a loader stopped early; run it again, it goes on")


def _follow(running, progress):
    import selectors

    with selectors.DefaultSelector() as selector:
        for process in running:
            selector.register(process.stdout, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select():
                line = key.fileobj.readline()
                if line:
                    progress.add(int(line))
                else:
                    selector.unregister(key.fileobj)


class Progress:
    """A bar with the time left: redrawn on a terminal, a line per tenth elsewhere."""

    def __init__(self, total):
        self.total, self.done, self.shown = total, 0, -1
        self.begin = time.monotonic()
        self.live = sys.stderr.isatty()

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self.live:
            sys.stderr.write("\n")

    def add(self, number):
        """Count `number` more orders."""
        self.done += number
        if self.live:
            sys.stderr.write("\r" + self.text())
            sys.stderr.flush()
        elif 10 * self.done // self.total > self.shown:
            self.shown = 10 * self.done // self.total
            say(self.text())

    def text(self):
        """`[####    ] 4,200 of 10,000 orders, 12.1/s, 8:02 left`."""
        passed = time.monotonic() - self.begin
        rate = self.done / passed if passed else 0
        left = (self.total - self.done) / rate if rate else 0
        filled = "#" * (BAR * self.done // self.total)
        return (
            f"[{filled:<{BAR}}] {self.done:,} of {self.total:,} orders, "
            f"{rate:.1f}/s, {int(left) // 60}:{int(left) % 60:02} left "
        )


def work(env, orders, number, workers):
    """One process: load its shops' baskets, saying how many after each batch."""
    chosen = retail_data.load_slice(orders)
    loader = retail_orders.Loader(env, chosen, number)
    # looking for garbage again and again among all these records finds none
    gc.disable()
    gc.freeze()
    for batch in retail_orders.batches(chosen.share(number, workers)):
        loader.load(batch)
        gc.collect()
        print(len(batch), flush=True)


def report(result):
    """Print the figures of a load."""
    print(f"orders in the database   {result['orders']:>12,}  ({result['new']:,} new)")
    print(f"order lines              {result['lines']:>12,}")
    for kind, numbers in result["entries"].items():
        effect = f"{numbers['points']:>+14,.0f} {numbers['pending']:>+14,.0f} pending"
        print(f"entries: {kind:<15} {numbers['entries']:>12,}  {effect}")
    if result["new"]:
        each = 1000 * result["loading_seconds"] / result["new"]
        print(f"time per order           {each:>12.0f}  ms")
    print(f"time in all              {result['seconds']:>12.0f}  s")
    print(f"events left open         {result['open_events']:>12,}")
    for name, label in CORRECTIONS.items():
        print(f"{label:<24} {result['corrections'][name]:>12,}")
    worth = result["worth"]
    print(f"points of orders         {worth['compared']:>12,}  {worth['points']:,.2f}")
    _report_differences(worth, "two rules each")
    standings = result["standings"]
    tiers = ", ".join(f"{n:,} at {name}" for name, n in standings["tiers"].items())
    print(f"standings at month ends  {standings['compared']:>12,}  {tiers}")
    _report_differences(standings, f"{result['dealers']:,} dealers")
    for name, noticed in result["planted"].items():
        print(f"fault planted: {name:<9} " + ("found" if noticed else "NOT FOUND"))
    wrong = result["problems"]
    print(
        "ledger verified          " + (f"{len(wrong)} differences" if wrong else "ok")
    )
    for problem in wrong[:10]:
        print(f"  {problem}")


def _report_differences(compared, what):
    print(f"differences to plain SQL {len(compared['differences']):>12,}  ({what})")
    for difference in compared["differences"][:10]:
        print(f"  {difference}")


def is_right(result):
    """Tell whether nothing differs in the figures of a load, and faults are found."""
    return all(result["planted"].values()) and not (
        result["problems"]
        or result["worth"]["differences"]
        or result["standings"]["differences"]
    )


def main(argv):
    """Load, or be one of the processes that do."""
    from tools import odoo_env

    parser = argparse.ArgumentParser(prog="python -m tools.demo.retail")
    parser.add_argument("database")
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--share", help="number/total, for one process of a load")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    with odoo_env.open_environment(arguments.database) as env:
        if arguments.share:
            number, total = map(int, arguments.share.split("/"))
            work(env, arguments.orders, number, total)
            return 0
        result = load(env, arguments.orders)
    if arguments.json:
        print(json.dumps(result))
    return 0 if is_right(result) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
