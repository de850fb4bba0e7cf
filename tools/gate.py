"""./loyalty test: the whole gate, single files, or what a change can have broken."""

import contextlib
from functools import partial
from pathlib import Path

from tools import changed, lanes, pytest_runs, workspace
from tools.databases import Databases
from tools.lanes import Job, share_out
from tools.stages import STAGES, WITH_BROWSER, WITHOUT_ODOO, installation
from tools.steps import UserError, say
from tools.workspace import ROOT

FILE_PARTS = 2


def run(names, count=None):
    """Run stages beside each other, or single test files; print and count.

    :param count: how many jobs at the same time; the machine decides when left out
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
    return _run_jobs([name for name in STAGES if not names or name in names], count)


def run_changed(base=None, count=None):
    """Run what a change can have broken, and say what is left to the whole gate.

    :param base: the commit to compare with, see `changed.base_of`
    :return: exit code
    """
    base = base or changed.base_of(ROOT)
    paths = changed.files_since(ROOT, base)
    say(f"{len(paths)} files changed since {base[:12]}")
    if not paths:
        raise UserError("nothing has changed; --base compares with another commit")
    plan = changed.plan(ROOT, paths, STAGES)
    for line in plan.lines():
        say(line)
    return _run_jobs(
        [name for name in STAGES if name in plan.stages], count, plan.files
    )


def _run_jobs(chosen, count, files=()):
    """Run stages, and single test files, beside each other."""
    kinds = {*chosen, *map(changed.stage_of, files)}
    with contextlib.ExitStack() as stack:
        ready = None
        if not kinds <= WITHOUT_ODOO:
            ready = stack.enter_context(_opened(bool(kinds & WITH_BROWSER)))
        first = [installation(ready)] if "odoo" in chosen else []
        jobs = [job for name in chosen for job in STAGES[name](ready, first)]
        jobs += _file_jobs(ready, [ROOT / path for path in files], first)
        total = lanes.run(jobs, count)
    return _close(total)


@contextlib.contextmanager
def _opened(browser):
    """A workspace for tests; their databases are dropped when all have ended."""
    with workspace.opened(browser=browser) as ready:
        databases = Databases(ready)
        databases.sweep()
        with databases.dropped_at_the_end() as kept:
            yield kept


def _close(total):
    """The closing line, which CI reads, and the exit code."""
    print(total.line(), flush=True)
    return 0 if total.ok else 1


# === SINGLE FILES === #


def run_files(files, names):
    """Run single test files with pytest, add-on tests on a fresh clone."""
    if len(files) != len(names):
        raise UserError("name either stages or files")
    # the part after :: selects a test
    paths = [Path(name.split("::")[0]).resolve() for name in files]
    for name, path in zip(files, paths, strict=True):
        if not path.exists():
            raise UserError(f"no such test file: {name}")
    if all(ROOT / "tests" / "unit" in path.parents for path in paths):
        return _close(pytest_runs.plain(files))
    with _opened(pytest_runs.want_browser(paths)) as ready:
        return _close(pytest_runs.with_odoo(ready, files, paths))


def _file_jobs(ready, paths, first):
    """Yield jobs for single test files, those of one stage together."""
    for stage in sorted({changed.stage_of(path.relative_to(ROOT)) for path in paths}):
        files = [p for p in paths if changed.stage_of(p.relative_to(ROOT)) == stage]
        for number, part in enumerate(share_out(files, FILE_PARTS), start=1):
            if stage == "unit":
                work = partial(pytest_runs.plain, part, quiet=True)
            else:
                work = partial(pytest_runs.with_odoo, ready, part, part, quiet=True)
            yield Job(stage, work, f"files {number}", first)
