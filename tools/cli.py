"""Second half of ./loyalty: commands, run by the environment's Python."""

import argparse
import json
import signal
import subprocess
import sys

from tools import gate, scripts, translations, workspace
from tools.databases import Databases
from tools.demo import server as demo
from tools.odoo_process import command
from tools.steps import UserError, say

#: Benches that look at pages.
BROWSER_BENCHES = ("app",)
DESCRIPTION = "Try, test and develop the B2B2C loyalty add-ons."


def parser():
    """The command line."""
    top = argparse.ArgumentParser(prog="loyalty", description=DESCRIPTION)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    one = commands.add_parser("demo", help="start Odoo with a demo company")
    one.add_argument("--port", type=int, default=8069, help="HTTP port (8069)")
    one.add_argument("--stop", action="store_true", help="stop the demo server")
    one.add_argument("--reset", action="store_true", help="begin with a new database")
    one.add_argument("--data", choices=["retail"], help="load a larger set of data")
    one.add_argument("--orders", type=int, help="how many orders of it")

    one = commands.add_parser("test", help="run the tests")
    one.add_argument(
        "what", nargs="*", help=f"stages ({', '.join(gate.STAGES)}) or test files"
    )
    one.add_argument(
        "--changed", action="store_true", help="what a change can have broken"
    )
    one.add_argument("--base", help="the commit a change is compared with")
    one.add_argument(
        "--lanes", type=int, help="how many jobs beside each other (one per processor)"
    )

    one = commands.add_parser("story", help="play the six scenarios, with proof")
    one.add_argument("--json", action="store_true", help="print the report as JSON")

    one = commands.add_parser("bench", help="measure")
    one.add_argument("name", nargs="?", help="one bench; all when left out")
    one.add_argument("--json", action="store_true", help="print the rows as JSON")

    one = commands.add_parser("shell", help="Python prompt with `env`")
    one.add_argument("database", nargs="?", help="the demo, or a clone of the template")

    commands.add_parser("lint", help="style and the rules of the house")

    one = commands.add_parser("verify", help="check every ledger account of the demo")
    one.add_argument(
        "--rebuild", action="store_true", help="mend balances from entries"
    )

    commands.add_parser("pictures", help="take the README's pictures anew")
    commands.add_parser("i18n", help="export .pot files and merge them into uk.po")
    return top


def main(argv):
    """Run a command; exit code 2 for what the caller can put right."""
    arguments = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # clean up on kill, too
    try:
        return COMMANDS[arguments.command](arguments) or 0
    except UserError as error:
        say(f"loyalty: {error}")
        return 2
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        say("loyalty: interrupted; run it again, it goes on where it was")
        return 130


def _demo(arguments):
    return demo.main(arguments)


def _test(arguments):
    if not arguments.changed:
        if arguments.base:
            raise UserError("--base goes with --changed")
        return gate.run(arguments.what, arguments.lanes)
    if arguments.what:
        raise UserError("--changed chooses what to run")
    return gate.run_changed(arguments.base, arguments.lanes)


def _lint(_arguments):
    return gate.run(["lint"])


def _story(arguments):
    with workspace.opened(browser=True) as ready:
        Databases(ready).sweep()
        code, items = scripts.story(ready, sys.stderr if arguments.json else None)
    if arguments.json:
        print(json.dumps(items, ensure_ascii=False, indent=1), flush=True)
    return code


def _bench(arguments):
    has_pages = arguments.name in (None, *BROWSER_BENCHES)
    with workspace.opened(browser=has_pages) as ready:
        Databases(ready).sweep()
        return scripts.bench(ready, arguments.name, arguments.json)


def _shell(arguments):
    """A prompt on the demo database; without a demo, on a clone that is dropped."""
    with workspace.opened() as ready:
        databases = Databases(ready)
        databases.sweep()
        name = arguments.database or demo.DATABASE
        if databases.exists(name):
            return _prompt(ready, name)
        if arguments.database:
            raise UserError(f"no database {name!r}")
        with databases.fresh(databases.ours_template()) as clone:
            say("a clone of the template, dropped when you leave")
            return _prompt(ready, clone)


def _prompt(ready, database):
    argv = command(ready, "shell", database, "--no-http", "--log-level=warn")
    return subprocess.run(argv, env=ready.environment()).returncode


def _verify(arguments):
    with workspace.opened() as ready:
        return demo.verify(ready, arguments.rebuild)


def _pictures(_arguments):
    with workspace.opened(browser=True) as ready:
        Databases(ready).sweep()
        return scripts.pictures(ready)


def _i18n(_arguments):
    with workspace.opened() as ready:
        return translations.refresh(ready)


COMMANDS = {
    "demo": _demo,
    "test": _test,
    "story": _story,
    "bench": _bench,
    "shell": _shell,
    "lint": _lint,
    "verify": _verify,
    "pictures": _pictures,
    "i18n": _i18n,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
