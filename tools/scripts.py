"""Commands that run a script on a fresh database: story, pictures, benches."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import odoo_process
from tools.databases import Databases
from tools.demo import voucher_key
from tools.steps import UserError, say
from tools.workspace import ROOT


def story(ready, stream=None):
    """Play the chapters of tests/story on a fresh database.

    :param stream: where its lines go, stdout when left out
    :return: (exit code, the report: a list of items)
    """
    Databases(ready).bridges_template(assets=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "story.json")
        argv = [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "no:terminal"]
        code = subprocess.run(
            [*argv, "-s", f"--report={path}", str(ROOT / "tests" / "story")],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream and subprocess.STDOUT,
            cwd=ROOT,
            env=ready.environment(),
        ).returncode
        return code, json.loads(path.read_text()) if path.exists() else []


def pictures(ready):
    """Run tools/pictures.py against fresh databases with a server: without and with
    the web shop."""
    voucher_key.use()
    databases = Databases(ready)
    return _pictures(ready, databases.ours_template(assets=True)) or _pictures(
        ready, databases.bridges_template(assets=True), "--web"
    )


def _pictures(ready, template, *options):
    """Take the pictures of one database; the exit code."""
    with Databases(ready).fresh(template) as database:
        running = odoo_process.start_server(ready, database)
        try:
            say(f"server on {running.url}, its log is {running.log_path}")
            argv = [sys.executable, "-m", "tools.pictures", "--database", database]
            return subprocess.run(
                [*argv, "--url", running.url, *options],
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                env=ready.environment(),
            ).returncode
        finally:
            running.stop()


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
