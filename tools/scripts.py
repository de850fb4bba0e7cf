"""Commands that hand a fresh database to a script: story and benches."""

import subprocess
import sys

from tools import odoo_process
from tools.databases import Databases
from tools.steps import UserError, say
from tools.workspace import ROOT


def story(ready, as_json):
    """Run tools/story.py against a fresh database with a server on it.

    :return: (exit code, what it printed on stdout)
    """
    template = Databases(ready).bridges_template(assets=True)
    return _on_fresh_server(ready, template, "tools.story", as_json)


def pictures(ready):
    """Run tools/pictures.py against a fresh database with a server on it."""
    template = Databases(ready).ours_template(assets=True)
    return _on_fresh_server(ready, template, "tools.pictures")[0]


def _on_fresh_server(ready, template, module, as_json=False):
    """Call a script, on a clone of a template, with ``--database NAME --url URL``.

    :return: (exit code, what it printed on stdout when ``as_json``)
    """
    databases = Databases(ready)
    with databases.fresh(template) as database:
        running = odoo_process.start_server(ready, database)
        try:
            say(f"server on {running.url}, its log is {running.log_path}")
            argv = [sys.executable, "-m", module, "--database", database]
            argv += ["--url", running.url, *(["--json"] if as_json else [])]
            done = subprocess.run(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if as_json else None,
                text=True,
                cwd=ROOT,
                env=ready.environment(),
            )
        finally:
            running.stop()
    return done.returncode, done.stdout


def benches():
    """Names of the benches that exist."""
    folder = ROOT / "tests" / "bench"
    return sorted(path.stem[6:] for path in folder.glob("bench_*.py"))


def bench(ready, name, as_json):
    """Run one bench, or all of them (`name` None), in a process of their own."""
    known = benches()
    if name and name not in known:
        raise UserError(
            f"unknown bench {name!r}; there are: {', '.join(known) or 'none'}"
        )
    if not known:
        raise UserError("no bench in tests/bench")
    argv = [sys.executable, "-m", "tools.bench", *([name] if name else known)]
    argv += ["--json"] if as_json else []
    return subprocess.run(
        argv, stdin=subprocess.DEVNULL, cwd=ROOT, env=ready.environment()
    ).returncode
