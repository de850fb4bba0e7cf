"""The gate: stages of ./loyalty test, each returning an `Outcome`."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import cache, odoo_process, results, translations, workspace
from tools.databases import Databases
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


def run(names):
    """Run stages in the order of the gate, or single test files; print and count.

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
    total = Outcome()
    if not set(chosen) <= WITHOUT_ODOO:
        with workspace.opened(browser=bool(set(chosen) & WITH_BROWSER)) as ready:
            Databases(ready).sweep()
            for name in chosen:
                total.add(_timed(name, ready))
    else:
        for name in chosen:
            total.add(_timed(name, None))
    return _close(total)


def _timed(name, ready):
    started = time.monotonic()
    try:
        outcome = STAGES[name](ready)
    except UserError as error:
        outcome = Outcome()
        outcome.fail(str(error))
    for message in outcome.messages:
        print(f"  {name}: {message}", flush=True)
    seconds = time.monotonic() - started
    print(f"stage {name:<12}{seconds:8.1f} s   {outcome.line()}", flush=True)
    if not (outcome.passed or outcome.failed or outcome.skipped):
        outcome.fail(f"stage {name} checked nothing")
    return outcome


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


def _pytest(files, options, environment=None):
    """Run pytest, its output passed on, and count."""
    with tempfile.TemporaryDirectory() as folder:
        results_path = Path(folder, "results.xml")
        argv = [sys.executable, "-m", "pytest", "-q", f"--junitxml={results_path}"]
        code = subprocess.run(
            [*argv, *options, *map(str, files)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment or {**os.environ, "PYTHONPATH": str(ROOT)},
        ).returncode
        return results.from_pytest(results_path, code)


def _folder(name):
    """The folder of a kind of test; none is a failure, not a reason to skip."""
    folder = ROOT / "tests" / name
    if not any(folder.rglob("test_*.py")):
        raise UserError(f"no tests in tests/{name}")
    return folder


# === STAGES === #


def lint(_ready):
    """Style and the rules of the house, offline."""
    from tools import lint as linters

    return linters.run()


def unit(_ready):
    """Tests of plain Python: engine and tools."""
    return _pytest([_folder("unit")], NO_ODOO_PLUGIN)


def odoo(ready):
    """Odoo's own runner on a fresh installation of all three modules."""
    databases = Databases(ready)
    names = _our_modules()
    tags = ",".join(f"/{name}" for name in names)
    with databases.fresh(databases.base_template()) as database:
        port = odoo_process.free_port()
        code, log = odoo_process.run(
            ready,
            database,
            "-i",
            ",".join(names),
            f"--test-tags={tags}",
            f"--http-port={port}",
            f"--gevent-port={odoo_process.free_port()}",
        )
        kept = cache.log_path("test-odoo")
        shutil.copyfile(cache.log_path(database), kept)
        terms = _terms(ready, database, names) if not code else Outcome()
    outcome = results.from_odoo_log(
        log,
        code,
        modules_with_tests=[name for name in names if _test_sources(name)],
        browser_tests=_count_browser_tests(names),
    )
    if not outcome.ok:
        outcome.messages += [
            line
            for line in odoo_process.error_lines(log)
            if not results.ODOO_RESULT.search(line)
            and not any(message in line for message in outcome.messages)
        ]
        outcome.messages.append(f"the log is {kept}")
    outcome.add(terms)
    return outcome


def core(ready):
    """Odoo's own suites of the apps we extend, with our modules installed.

    Only what runs on a complete database (post_install); what core skips by itself is
    said, not counted.
    """
    databases = Databases(ready)
    tags = ",".join(f"/{name}" for name in CORE_SUITES)
    with databases.fresh(databases.ours_template(assets=True)) as database:
        code, log = odoo_process.run(
            ready,
            database,
            f"--test-tags={tags},-at_install",
            f"--http-port={odoo_process.free_port()}",
            f"--gevent-port={odoo_process.free_port()}",
        )
        kept = cache.log_path("test-core")
        shutil.copyfile(cache.log_path(database), kept)
    outcome = results.from_odoo_log(log, code, modules_with_tests=CORE_SUITES)
    if outcome.skipped:
        say(f"core skips {outcome.skipped} of its own tests")
        outcome.skipped = 0
    if not outcome.ok:
        outcome.messages.append(f"the log is {kept}")
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


def _test_sources(module):
    folder = ROOT / module / "tests"
    return [path.read_text() for path in sorted(folder.rglob("test_*.py"))]


def alone(ready):
    """Each module by itself: installs on its own dependencies only, uninstalls
    again, and builds as a wheel. Then tests of bridges, and of ours beside other apps:
    nowhere else are these installed."""
    outcome = Outcome()
    databases = Databases(ready)
    for name in _our_modules() + bridges():
        try:
            with databases.fresh(databases.small_template(name)) as database:
                odoo_process.install(ready, database, name)
                outcome.passed += 1
                said = odoo_process.shell(ready, database, UNINSTALL.format(name=name))
                outcome.check("state: uninstalled" in said, f"{name}: {tail(said, 2)}")
        except UserError as error:
            outcome.fail(str(error))
        outcome.add(wheel(name))
    with databases.fresh(databases.bridges_template(assets=True)) as database:
        outcome.add(_tests_beside(ready, database))
        outcome.add(_terms(ready, database, bridges()))
    return outcome


def _tests_beside(ready, database):
    """Run what is tagged for other apps, and the bridges, with Odoo's own runner."""
    tags = [BESIDE_TAG, *(f"/{name}" for name in bridges())]
    code, log = odoo_process.run(
        ready,
        database,
        f"--test-tags={','.join(tags)}",
        f"--http-port={odoo_process.free_port()}",
        f"--gevent-port={odoo_process.free_port()}",
    )
    return results.from_odoo_log(
        log,
        code,
        modules_with_tests=[modules()[0], *bridges()],
        browser_tests=_count_browser_tests(bridges()),
    )


def _count_browser_tests(names):
    """Return how many tests of modules start a browser."""
    return sum(
        results.browser_tests(source)
        for name in names
        for source in _test_sources(name)
    )


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


def upgrade(ready):
    """`-u` of all modules, twice, on a database with data: not one entry changes."""
    databases = Databases(ready)
    names = _our_modules()
    outcome = Outcome()
    with databases.fresh(databases.ours_template()) as database:
        own = (ROOT / "tests" / "upgrade" / "data.py").exists()
        source = "tests.upgrade.data" if own else "tools.demo_company"
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


def concurrency(ready):
    """Races and kills with real processes on real commits."""
    folder = _folder("concurrency")
    Databases(ready).ours_template()
    return _pytest([folder], NO_ODOO_PLUGIN, ready.environment())


def api(ready):
    """The HTTP API of a real server: its description, its examples."""
    folder = _folder("api")
    Databases(ready).ours_template()
    return _pytest([folder], NO_ODOO_PLUGIN, ready.environment())


def story(ready):
    """The six scenarios from the first click to the money."""
    from tools import scripts

    code, output = scripts.story(ready, as_json=True)
    try:
        report = json.loads(output)
    except ValueError:
        raise UserError(f"the story printed no JSON: {tail(output, 2)}") from None
    return results.from_story(report, code)


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
