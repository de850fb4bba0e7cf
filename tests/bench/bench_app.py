"""The scan page without a network: twenty visits to a cellar.

A real server, a real browser, a cable that is pulled out.  Two people take turns, in
two languages, at addresses with and without a language; in between the pages change,
so that phones have to keep another version.  And how much heavier the scripts of the
page are than before it was an app.
"""

import sys
import time

from harness import limit, median, note

from tools.browser import open_page
from tools.cable import cable
from tools.steps import UserError
from tools.workspace import ROOT

sys.path.append(str(ROOT / "tests" / "concurrency"))

import phone  # noqa: E402  needs the path above

TRIES = 20
#: Where a page is opened -> whose language it is in, but for who opens it.
ADDRESSES = {
    "/my/rewards/scan": None,
    "/uk/my/rewards/scan?app=1": "ihor",
    "/my/rewards": None,
}
#: Bytes of the scripts of the page before it was an app, and how many more are right.
SCRIPTS_BEFORE, MORE = 1_968_283, 15_000
_WORKER = "loyalty_b2b2c_portal/static/src/app_worker/worker.js"


def run(ctx):
    """Rows: how often it opened, how fast, and what the scripts weigh."""
    opened, seconds, versions = 0, [], set()
    with ctx.fresh_database(assets=True) as database:
        phone.prepare(database, 1)
        weight = _weigh(ctx, database)
        with (
            ctx.odoo_server(database) as server,
            cable(server.url) as wire,
            open_page() as page,
        ):
            one = phone.Phone(page, wire, database)
            for number in range(TRIES):
                login = [*phone.PEOPLE][number % 2]
                if number % 5 == 4:
                    phone.update(database)
                one.sign_in(login)
                one.open("/my/rewards", ".o_b2b2c_rewards")
                versions.add(one.visit())
                wire.pull_out()
                address, reader = [*ADDRESSES.items()][number % len(ADDRESSES)]
                started = time.monotonic()
                try:
                    one.open(address, phone.KEPT)
                    one.see(phone.INITIALS[login])
                    one.see(phone.SCAN[reader or login])
                    opened += 1
                    seconds.append(time.monotonic() - started)
                except (AssertionError, UserError) as error:
                    ctx.say(f"try {number}: {error}")
                wire.plug_in()
    return [
        limit(
            "opened without a network", f"{opened} of {TRIES}", "all", opened == TRIES
        ),
        note("versions of the page meanwhile", len(versions)),
        note("seconds until it is there", round(median(seconds), 2)),
        note("bytes of scripts, and before", weight, SCRIPTS_BEFORE),
        note("bytes of the worker", len((ROOT / _WORKER).read_bytes())),
        limit(
            "bytes more", weight - SCRIPTS_BEFORE, MORE, weight - SCRIPTS_BEFORE <= MORE
        ),
    ]


def _weigh(ctx, database):
    """Return the bytes of the scripts of the page; the worker is none of them."""
    with ctx.open_environment(database) as env:
        bundles = [
            env["ir.qweb"]._get_asset_bundle(f"web.assets_frontend_{name}", css=False)
            for name in ("minimal", "lazy")
        ]
        sizes = [len(bundle.js().raw) for bundle in bundles]
        env.cr.rollback()
    return sum(sizes)
