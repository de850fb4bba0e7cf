"""The lint stage: ruff, the Odoo community's linters and the rules of the house."""

import os
import subprocess

from tools import lint_direction, lint_house, python_env, translations
from tools.results import Outcome
from tools.steps import tail
from tools.workspace import ROOT, all_modules

#: Checks that are off, and why: the first asks for the name of an association that this
#: project is not part of; the second wants a model's extensions in one file, but each
#: package has its own.
PYLINT_DISABLED = "manifest-required-author,consider-merging-classes-inherited"


def run():
    """Run every linter, offline; one check each."""
    python = python_env.environment(ROOT / "requirements-lint.txt")
    outcome = Outcome()
    for name, arguments in linters(all_modules()).items():
        done = subprocess.run(
            [str(python), "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONPATH": ""},
        )
        outcome.check(done.returncode == 0, f"{name}:\n{tail(done.stdout, 40)}")
    for rule in (*lint_house.RULES, *lint_direction.RULES):
        problems = rule(ROOT)
        first_line = rule.__doc__.strip().splitlines()[0]
        outcome.check(not problems, "\n".join([first_line, *map(str, problems)]))
    for module in all_modules():
        problems = translations.problems(module)
        outcome.check(not problems, "\n".join(problems[:40]))
    return outcome


def linters(names):
    """Command lines by name; those that read add-ons only when there are some."""
    commands = {
        "ruff": ["ruff", "check", "--no-cache", "--output-format=concise", "."],
        "ruff format": [
            "ruff",
            "format",
            "--no-cache",
            "--check",
            "--output-format=concise",
            ".",
        ],
    }
    if names:
        commands["pylint-odoo"] = [
            "pylint",
            "--rcfile=pyproject.toml",
            f"--disable={PYLINT_DISABLED}",
            "--score=n",
            *names,
        ]
        # without folders it ends well and has looked at nothing
        commands["oca-checks"] = ["oca_pre_commit_hooks", *names]
    return commands
