"""The gate: stages of ./loyalty test, each a list of jobs."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path

from tools import cache, odoo_process, pytest_runs, results, translations, workspace
from tools.databases import Databases
from tools.lanes import Job, share_out
from tools.results import Outcome
from tools.steps import UserError, say, tail
from tools.workspace import (
    BESIDE_TAG,
    MODULES,
    ROOT,
    bridges,
    modules,
    outside_dependencies,
    own_dependencies,
)

#: Both buttons of modules in one process: to start Odoo once more takes as long.
COME_AND_GO = """
import logging

errors = []
handler = logging.Handler(logging.ERROR)
handler.emit = lambda record: errors.append(record.getMessage())
logging.getLogger().addHandler(handler)
Module = env["ir.module.module"]
# the template may be older than the modules
Module.update_list()
modules = Module.search([("name", "in", {names!r})])
modules.button_immediate_install()
env.invalidate_all()
print("installed:", modules.mapped("state"), errors)
for name in reversed({names!r}):
    module = Module.search([("name", "=", name)])
    module.button_immediate_uninstall()
    env.invalidate_all()
    print(name, "is now", module.state)
"""
ODOO_PARTS = 2
CONCURRENCY_PARTS = 4
CORE_SUITES = ("loyalty", "sale_loyalty", "sale_stock")
#: … of apps that only our bridges are for.
CORE_WEB_SUITES = ("website_sale_loyalty",)
#: … of tills: what needs no browser. `./loyalty bench till_suites` runs all of them.
CORE_TILL_SUITES = (
    "point_of_sale:TestPosSimpleOrders",
    "point_of_sale:TestPosSimpleInvoicedOrders",
    "point_of_sale:TestPosMargin",
    "pos_hr:TestPointOfSaleFlow",
    "pos_loyalty:TestUnlinkReward",
    "pos_restaurant:TestPosRestaurantFlow",
)
LEDGER_DIGEST = 'print("digest:", env["b2b2c.account"]._ledger_digest())\n'
MAKE_DATA = """
import sys
sys.path.insert(0, {root!r})
from {source} import load
load(env)
env.cr.commit()
"""


def _folder(name):
    """The folder of a kind of test; none is a failure, not a reason to skip."""
    folder = ROOT / "tests" / name
    if not any(folder.rglob("test_*.py")):
        raise UserError(f"no tests in tests/{name}")
    return folder


# === STAGES === #
#
# Each returns its jobs. `first` is what those wait for that clone the template with our
# modules: its installation, when stage odoo is to run.


def lint(_ready, _first):
    """Style and the rules of the house, offline."""
    from tools import lint as linters

    return [Job("lint", linters.run)]


def unit(_ready, _first):
    """Tests of plain Python: engine and tools."""
    return [Job("unit", lambda: pytest_runs.plain([_folder("unit")], quiet=True))]


def installation(ready):
    """The first job of stage odoo, whose template the other jobs clone.

    Our modules are installed from nothing, whatever a template has been updated from.
    """

    def install():
        names = _our_modules()
        Databases(ready).ours_template(assets=True, anew=True)
        return Outcome(passed=len(names))

    return Job("odoo", install, "install")


def odoo(ready, first):
    """Odoo's own runner on a fresh installation of all three modules."""
    parts = share_out(_our_tests(), ODOO_PARTS)
    return [
        *first,
        *(
            Job("odoo", partial(_odoo_part, ready, number, files), str(number), first)
            for number, files in enumerate(parts, start=1)
        ),
        Job("odoo", partial(_odoo_terms, ready), "terms", first),
    ]


def _odoo_terms(ready):
    """Whether the translation templates are what the installed modules say."""
    databases = Databases(ready)
    with databases.fresh(databases.ours_template()) as database:
        return _terms(ready, database, _our_modules())


def _odoo_part(ready, number, files):
    """Run some test files of our modules."""
    databases = Databases(ready)
    with databases.fresh(databases.ours_template(assets=True)) as database:
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


def _our_tests():
    """The test files of our modules, without those that want other apps beside."""
    return [
        path
        for name in _our_modules()
        for path in _test_files(name)
        if BESIDE_TAG not in path.read_text()
    ]


def core(ready, first):
    """Odoo's own suites of the apps we extend, with our modules installed.

    Only what runs on a complete database (post_install); what core skips by itself is
    said, not counted.
    """
    return [
        Job("core", partial(_core, ready, CORE_SUITES), after=first),
        Job("core", partial(_core, ready, CORE_WEB_SUITES, bridges=True), "web", first),
        Job(
            "core", partial(_core, ready, CORE_TILL_SUITES, bridges=True), "till", first
        ),
    ]


def _core(ready, suites, bridges=False):
    """Run suites of core.

    :param suites: names of modules, or ``module:Class``
    :param bridges: beside the apps that our bridges are for, with the bridges
    """
    databases = Databases(ready)
    find = databases.bridges_template if bridges else databases.ours_template
    with databases.fresh(find(assets=True)) as database:
        tags = [*(f"/{name}" for name in suites), "-at_install"]
        names = {suite.partition(":")[0] for suite in suites}
        outcome, _log = _run_odoo_tests(
            ready,
            database,
            tags,
            f"core-{min(names)}",
            modules_with_tests=sorted(names),
        )
    if outcome.skipped:
        outcome.output = f"core skips {outcome.skipped} of its own tests\n"
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


def alone(ready, first):
    """Each module by itself: installs on its own dependencies only, uninstalls
    again, and builds as a wheel; those that need the same of others go together.  Then
    tests of bridges, and of ours beside other apps: nowhere else are these installed.
    """
    groups = defaultdict(list)
    for name in _our_modules() + bridges():
        groups[tuple(outside_dependencies([name]))].append(name)
    return [Job("alone", partial(_beside, ready), "beside", first)] + [
        Job("alone", partial(_modules_alone, ready, names), ", ".join(names))
        for names in groups.values()
    ]


def _modules_alone(ready, names):
    """Install modules where nothing is but what they depend on, and uninstall them one
    by one; what they need beside the first of ours comes with them.

    :param names: in the order of their dependencies
    """
    outcome = Outcome()
    for name in names:
        outcome.add(wheel(name))
    databases = Databases(ready)
    if all(MODULES[0] in own_dependencies(name) for name in names):
        template = databases.core_template()
    else:
        template = databases.small_template(names[0])
    with databases.fresh(template) as database:
        said = odoo_process.shell(ready, database, COME_AND_GO.format(names=names))
    installed = f"installed: {['installed'] * len(names)} []"
    outcome.check(installed in said, f"{names}: {tail(said, 4)}")
    for name in names:
        gone = f"{name} is now uninstalled"
        outcome.check(gone in said, f"{name}: {tail(said, 4)}")
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


def upgrade(ready, first):
    """`-u` of all modules, twice, on a database with data: not one entry changes."""
    return [Job("upgrade", partial(_upgrade, ready), after=first)]


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


def concurrency(ready, first):
    """Races and kills with real processes on real commits."""
    files = _folder("concurrency").rglob("test_*.py")
    return [
        Job("concurrency", partial(_with_databases, ready, part), str(number), first)
        for number, part in enumerate(share_out(files, CONCURRENCY_PARTS), start=1)
    ]


def api(ready, first):
    """The HTTP API of a real server: its description, its examples."""
    return [Job("api", partial(_with_databases, ready, [_folder("api")]), after=first)]


def _with_databases(ready, paths):
    """Run tests that clone the template, which is made here."""
    Databases(ready).ours_template(assets=True)
    return pytest_runs.plain(paths, ready.environment(), quiet=True)


def story(ready, first):
    """The six scenarios from the first click to the money."""
    return [Job("story", partial(_story, ready), after=first)]


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
