"""The gate: stages of ./loyalty test, each a list of jobs."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tools import cache, odoo_process, results, translations, workspace
from tools.databases import WARM_ASSETS, Databases
from tools.lanes import Job
from tools.lanes import run as run_jobs
from tools.results import Outcome
from tools.steps import UserError, say, tail
from tools.workspace import ROOT, all_modules, bridges, modules

# the plug-in would import Odoo, which these tests do without
NO_ODOO_PLUGIN = ("-p", "no:odoo")
UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", {name!r})])
module.button_immediate_uninstall()
env.invalidate_all()
print("state:", module.state)
"""
# tests that want the apps of `workspace.BESIDE`
BESIDE_TAG = "b2b2c_beside"
ODOO_PARTS = 2
CORE_SUITES = ("loyalty", "sale_loyalty", "sale_stock")
LEDGER_DIGEST = 'print("digest:", env["b2b2c.account"]._ledger_digest())\n'
MAKE_DATA = """
import sys
sys.path.insert(0, {root!r})
from {source} import load
load(env)
env.cr.commit()
"""


# === RUNNING THEM === #


def run(names, lanes=None):
    """Run stages beside each other, or single test files; print and count.

    :param lanes: how many jobs at the same time; the machine decides when left out
    :return: exit code
    """
    files = [name for name in names if "/" in name or name.endswith(".py")]
    if files:
        return run_files(files, names)
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        raise UserError(
            f"unknown stage {unknown[0]!r}; "
            f"stages are {', '.join(STAGES)}, or name a test file"
        )
    chosen = [name for name in STAGES if not names or name in names]
    with contextlib.ExitStack() as stack:
        ready = None
        if not set(chosen) <= WITHOUT_ODOO:
            browser = bool(set(chosen) & WITH_BROWSER)
            ready = stack.enter_context(workspace.opened(browser=browser))
            Databases(ready).sweep()
        jobs = [job for name in chosen for job in STAGES[name](ready, stack)]
        return _close(run_jobs(jobs, lanes))


def _close(total):
    """The closing line, which CI reads, and the exit code."""
    print(total.line(), flush=True)
    return 0 if total.ok else 1


def run_files(files, names):
    """Run single test files with pytest, add-on tests on a fresh clone."""
    if len(files) != len(names):
        raise UserError("name either stages or files")
    paths = []
    for name in files:
        # the part after :: selects a test
        path = Path(name.split("::")[0]).resolve()
        if not path.exists():
            raise UserError(f"no such test file: {name}")
        paths.append(path)
    if all(ROOT / "tests" / "unit" in path.parents for path in paths):
        return _close(_pytest(files, NO_ODOO_PLUGIN))
    source = "".join(path.read_text() for path in paths if path.is_file())
    browser = any(f"{call}(" in source for call in results.BROWSER_CALLS)
    with workspace.opened(browser=browser) as ready:
        databases = Databases(ready)
        databases.sweep()
        parts = [set(path.relative_to(ROOT).parts) for path in paths]
        if any(part & set(bridges()) for part in parts) or BESIDE_TAG in source:
            template = databases.bridges_template(assets=browser)
        else:
            template = databases.ours_template(assets=browser)
        if not all(part & set(all_modules()) for part in parts):
            return _close(_pytest(files, NO_ODOO_PLUGIN, ready.environment()))
        with databases.fresh(template) as database:
            options = [
                f"--odoo-database={database}",
                f"--odoo-config={ready.configuration()}",
                "--odoo-http",
            ]
            return _close(_pytest(files, options, ready.environment()))


def _pytest(files, options, environment=None, quiet=False):
    """Run pytest and count.

    :param quiet: keep its output for the end, for who runs beside others
    """
    with tempfile.TemporaryDirectory() as folder:
        results_path, output_path = Path(folder, "results.xml"), Path(folder, "output")
        argv = [sys.executable, "-m", "pytest", "-q", f"--junitxml={results_path}"]
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


def _folder(name):
    """The folder of a kind of test; none is a failure, not a reason to skip."""
    folder = ROOT / "tests" / name
    if not any(folder.rglob("test_*.py")):
        raise UserError(f"no tests in tests/{name}")
    return folder


# === STAGES === #
#
# Each returns its jobs. What several jobs need stays until `stack` is closed.


def lint(_ready, _stack):
    """Style and the rules of the house, offline."""
    from tools import lint as linters

    return [Job("lint", linters.run)]


def unit(_ready, _stack):
    """Tests of plain Python: engine and tools."""
    return [Job("unit", lambda: _pytest([_folder("unit")], NO_ODOO_PLUGIN, quiet=True))]


def odoo(ready, stack):
    """Odoo's own runner on a fresh installation of all three modules."""
    database = Installed(ready, stack)
    install = Job("odoo", database.install, "install")
    return [install] + [
        Job(
            "odoo",
            partial(_odoo_part, ready, database, number, files),
            number,
            [install],
        )
        for number, files in enumerate(share_out(_our_tests(), ODOO_PARTS), start=1)
    ]


class Installed:
    """A database with our modules installed from nothing, for all parts of a stage.

    :param stack: drops it in the end
    """

    def __init__(self, ready, stack):
        self.ready, self.stack, self.name = ready, stack, None

    def install(self):
        """Make it; whether the translation templates are what its modules say."""
        databases = Databases(self.ready)
        names = _our_modules()
        fresh = databases.fresh(databases.base_template())
        self.name = self.stack.enter_context(fresh)
        odoo_process.install(self.ready, self.name, *names)
        odoo_process.shell(self.ready, self.name, WARM_ASSETS)
        return _terms(self.ready, self.name, names)


def _odoo_part(ready, installed, number, files):
    """Run some test files of our modules on a clone of the fresh installation."""
    with Databases(ready).fresh(installed.name) as database:
        outcome, log = _run_odoo_tests(
            ready,
            database,
            [f"/{path.relative_to(ROOT)}" for path in files],
            f"odoo-{number}",
            browser_tests=_count_browser_tests(files),
        )
    for path in files:
        if not results.started(log, path.relative_to(ROOT)):
            outcome.fail(f"no test of {path.relative_to(ROOT)} ran")
    return outcome


def _run_odoo_tests(ready, database, tags, name, **expected):
    """Run Odoo's runner; the outcome, with where the log is when it is not green.

    :param tags: what to run, as Odoo spells it
    :param name: under which the log is kept
    :param expected: what `results.from_odoo_log` checks
    :return: (Outcome, the log)
    """
    code, log = odoo_process.run(
        ready,
        database,
        f"--test-tags={','.join(tags)}",
        f"--http-port={odoo_process.free_port()}",
        f"--gevent-port={odoo_process.free_port()}",
    )
    kept = cache.log_path(f"test-{name}-{ready.clone_key}")
    shutil.move(cache.log_path(database), kept)
    outcome = results.from_odoo_log(log, code, **expected)
    if not outcome.ok:
        outcome.messages += [
            line
            for line in odoo_process.error_lines(log)
            if not results.ODOO_RESULT.search(line)
            and not any(message in line for message in outcome.messages)
        ]
        outcome.messages.append(f"the log is {kept}")
    return outcome, log


def share_out(paths, count):
    """Share files out in so many parts of about equal length, the same every time."""
    parts = [[] for _number in range(count)]
    sizes = [0] * count
    for path in sorted(paths, key=lambda path: (-path.stat().st_size, path)):
        smallest = sizes.index(min(sizes))
        parts[smallest].append(path)
        sizes[smallest] += path.stat().st_size
    return [part for part in parts if part]


def _our_tests():
    """The test files of our modules, without those that want other apps beside."""
    return [
        path
        for name in _our_modules()
        for path in _test_files(name)
        if BESIDE_TAG not in path.read_text()
    ]


def core(ready, _stack):
    """Odoo's own suites of the apps we extend, with our modules installed.

    Only what runs on a complete database (post_install); what core skips by itself is
    said, not counted.
    """
    return [
        Job("core", partial(_core_suite, ready, name), name) for name in CORE_SUITES
    ]


def _core_suite(ready, name):
    databases = Databases(ready)
    with databases.fresh(databases.ours_template(assets=True)) as database:
        tags = [f"/{name}", "-at_install"]
        outcome, _log = _run_odoo_tests(
            ready, database, tags, f"core-{name}", modules_with_tests=[name]
        )
    if outcome.skipped:
        outcome.output = f"core skips {outcome.skipped} of its own tests of {name}\n"
        outcome.skipped = 0
    return outcome


def _terms(ready, database, names):
    """Whether the translation templates are what the installed modules say."""
    outcome = Outcome()
    for name in names:
        problems = translations.outdated(ready, database, name)
        outcome.check(not problems, "\n".join(problems[:20]))
    return outcome


def _our_modules():
    names = modules()
    missing = [name for name in workspace.MODULES if name not in names]
    if not names:
        raise UserError("no module is here yet")
    if missing:
        say(f"not here yet: {', '.join(missing)}")
    return names


def _test_files(module):
    return sorted((ROOT / module / "tests").rglob("test_*.py"))


def alone(ready, _stack):
    """Each module by itself: installs on its own dependencies only, uninstalls
    again, and builds as a wheel. Then tests of bridges, and of ours beside other apps:
    nowhere else are these installed."""
    return [Job("alone", partial(_beside, ready), "beside")] + [
        Job("alone", partial(_module_alone, ready, name), name)
        for name in _our_modules() + bridges()
    ]


def _module_alone(ready, name):
    outcome = wheel(name)
    databases = Databases(ready)
    with databases.fresh(databases.small_template(name)) as database:
        odoo_process.install(ready, database, name)
        outcome.passed += 1
        said = odoo_process.shell(ready, database, UNINSTALL.format(name=name))
        outcome.check("state: uninstalled" in said, f"{name}: {tail(said, 2)}")
    return outcome


def _beside(ready):
    """Run what is tagged for other apps, and the bridges, with Odoo's own runner."""
    databases = Databases(ready)
    with databases.fresh(databases.bridges_template(assets=True)) as database:
        outcome, _log = _run_odoo_tests(
            ready,
            database,
            [BESIDE_TAG, *(f"/{name}" for name in bridges())],
            "beside",
            modules_with_tests=[modules()[0], *bridges()],
            browser_tests=_count_browser_tests(
                path for name in bridges() for path in _test_files(name)
            ),
        )
        outcome.add(_terms(ready, database, bridges()))
    return outcome


def _count_browser_tests(files):
    """Return how many tests of files start a browser."""
    return sum(results.browser_tests(path.read_text()) for path in files)


def wheel(module):
    """Whether the add-on builds as an installable wheel with its data files."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, module), Path(folder, "dist")
        shutil.copytree(ROOT / module, source)
        done = subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
            + ["--outdir", str(target), str(source)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"},
        )
        built = list(target.glob("*.whl"))
    outcome.check(
        done.returncode == 0 and built, f"{module}: no wheel: {tail(done.stdout, 3)}"
    )
    return outcome


def upgrade(ready, _stack):
    """`-u` of all modules, twice, on a database with data: not one entry changes."""
    return [Job("upgrade", partial(_upgrade, ready))]


def _upgrade(ready):
    databases = Databases(ready)
    names = _our_modules()
    outcome = Outcome()
    with databases.fresh(databases.ours_template()) as database:
        own = (ROOT / "tests" / "upgrade" / "data.py").exists()
        source = "tests.upgrade.data" if own else "tools.demo.company"
        script = MAKE_DATA.format(root=str(ROOT), source=source)
        odoo_process.shell(ready, database, script)
        before = _digest(ready, database)
        for attempt in ("first", "second"):
            odoo_process.install(ready, database, *names, update=True)
            after = _digest(ready, database)
            outcome.check(after == before, f"{attempt} update: {before} became {after}")
    return outcome


def _digest(ready, database):
    said = odoo_process.shell(ready, database, LEDGER_DIGEST)
    match = re.search(r"digest: (.+)", said)
    if not match or match[1] in ("None", "False"):
        raise UserError(f"no ledger digest: {tail(said, 2)}")
    return match[1].strip()


def concurrency(ready, _stack):
    """Races and kills with real processes on real commits."""
    return [Job("concurrency", partial(_pytest_with_databases, ready, "concurrency"))]


def api(ready, _stack):
    """The HTTP API of a real server: its description, its examples."""
    return [Job("api", partial(_pytest_with_databases, ready, "api"))]


def _pytest_with_databases(ready, name):
    """Run the tests of a folder; they clone the template that is made here."""
    Databases(ready).ours_template(assets=True)
    return _pytest([_folder(name)], NO_ODOO_PLUGIN, ready.environment(), quiet=True)


def story(ready, _stack):
    """The six scenarios from the first click to the money."""
    return [Job("story", partial(_story, ready))]


def _story(ready):
    from tools import scripts

    with tempfile.TemporaryFile("w+") as output:
        code, items = scripts.story(ready, output)
        output.seek(0)
        outcome = results.from_story(items, code)
        outcome.output = output.read()
    return outcome


STAGES = {
    "lint": lint,
    "unit": unit,
    "odoo": odoo,
    "core": core,
    "alone": alone,
    "upgrade": upgrade,
    "concurrency": concurrency,
    "api": api,
    "story": story,
}
WITHOUT_ODOO = {"lint", "unit"}
WITH_BROWSER = {"odoo", "core", "alone", "concurrency", "story"}
