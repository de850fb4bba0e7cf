"""Pytest as a child process: on files without Odoo, with a server, with a database."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import results
from tools.databases import Databases
from tools.workspace import BESIDE_TAG, ROOT, all_modules, bridges


def plain(files, environment=None, quiet=False):
    """Run files that load Odoo themselves, or do without; the outcome.

    :param environment: of a ready workspace, for tests that start Odoo
    """
    # the plug-in would import Odoo
    return _run(files, ("-p", "no:odoo"), environment, quiet)


def with_odoo(ready, files, paths, quiet=False):
    """Run test files that want Odoo: those of add-ons on a clone of a template.

    :param files: as pytest is to be told them
    :param paths: of all of them
    :return: the outcome
    """
    databases = Databases(ready)
    find = databases.bridges_template if _beside(paths) else databases.ours_template
    template = find(assets=want_browser(paths))
    if not all(_parts(path) & set(all_modules()) for path in paths):
        return plain(files, ready.environment(), quiet)
    with databases.fresh(template) as database:
        options = [
            f"--odoo-database={database}",
            f"--odoo-config={ready.configuration()}",
            "--odoo-http",
        ]
        return _run(files, options, ready.environment(), quiet)


def _parts(path):
    return set(path.relative_to(ROOT).parts)


def _beside(paths):
    """Whether files want the bridges, or other apps beside ours."""
    return any(
        _parts(path) & set(bridges())
        or (path.is_file() and BESIDE_TAG in path.read_text())
        for path in paths
    )


def want_browser(paths):
    """Whether files start a browser."""
    source = "".join(path.read_text() for path in paths if path.is_file())
    return any(f"{call}(" in source for call in results.BROWSER_CALLS)


def _run(files, options, environment, quiet):
    """Run pytest and count.

    :param quiet: keep its output for the end, for who runs beside others
    """
    with tempfile.TemporaryDirectory() as folder:
        results_path, output_path = Path(folder, "results.xml"), Path(folder, "output")
        argv = [sys.executable, "-m", "pytest", "-q", f"--junitxml={results_path}"]
        argv += ["--durations=12", "--durations-min=5"] if quiet else []
        with output_path.open("w") as output:
            code = subprocess.run(
                [*argv, *options, *map(str, files)],
                stdin=subprocess.DEVNULL,
                stdout=output if quiet else None,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=environment or {**os.environ, "PYTHONPATH": str(ROOT)},
            ).returncode
        outcome = results.from_pytest(results_path, code)
        outcome.output = output_path.read_text(errors="replace")
        return outcome
