"""All suites of the point of sale and its bridges, beside us and without us.

Hours of browser tests: for a night, not for the gate.  What fails without us as well
is Odoo's; what fails only beside us is ours.  `B2B2C_TILL_SUITES` names fewer suites.
"""

import os
import re
from dataclasses import replace

from harness import limit, note

from tools import chromium, odoo_process, workspace
from tools.databases import Databases

SUITES = (
    "point_of_sale",
    "pos_discount",
    "pos_hr",
    "pos_loyalty",
    "pos_restaurant",
    "pos_sale",
    "pos_self_order",
)
FAILED = re.compile(r"(?:FAIL|ERROR): (\w+\.\w+)")
#: Tests that could not run are no tests.
SKIPPED = re.compile(r"skipped (\w+\.\w+) : Chrome executable not found")


def run(ctx):
    """Rows: for each suite, tests that fail only beside us."""
    browser = str(chromium.find())
    ready = replace(workspace.from_environment(), browser_dir=browser)
    databases = Databases(ready)
    rows = []
    for suite in os.environ.get("B2B2C_TILL_SUITES", ",".join(SUITES)).split(","):
        with databases.fresh(databases.bridges_template(assets=True)) as database:
            ours = _run(ready, database, suite)
        with databases.fresh(databases.base_template()) as database:
            odoo_process.install(ready, database, suite)
            plain = _run(ready, database, suite)
        for name in sorted(ours - plain):
            ctx.say(f"{suite}: {name} fails beside us only")
        rows.append(
            limit(f"{suite}: fails beside us only", len(ours - plain), "0",
                  not ours - plain)
        )  # fmt: skip
        rows.append(note("  fails without us, too", len(plain)))
    return rows


def _run(ready, database, suite):
    """Run a suite; the names of the tests that failed."""
    _code, log = odoo_process.run(
        ready,
        database,
        f"--test-tags=/{suite},-at_install",
        f"--http-port={odoo_process.free_port()}",
        f"--gevent-port={odoo_process.free_port()}",
    )
    skipped = SKIPPED.findall(log)
    if skipped:
        raise RuntimeError(f"{suite}: {len(skipped)} tests found no browser")
    return set(FAILED.findall(log))
