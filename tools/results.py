"""Results of the test programs: pytest's file, Odoo's log, the story's report."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ODOO_RESULT = re.compile(
    r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database"
)
ODOO_SKIP = re.compile(r" skipped (\S+) : (.*)$", re.M)
ODOO_MODULE_STATS = re.compile(r"odoo\.tests\.stats: (\w+): (\d+) tests ")
ODOO_BROWSER_START = re.compile(r"Chrome pid: \d+")
ODOO_FAILURE = re.compile(r"^\S+ \S+ \d+ ERROR \S+ \S+: ((?:FAIL|ERROR): .*)$", re.M)
BROWSER_CALLS = {"start_tour", "start_pos_tour", "browser_js", "open_page"}


@dataclass
class Outcome:
    """Counts of one stage, and what a person has to read when it is not green.

    :param output: what is printed in any case
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    messages: list = field(default_factory=list)
    output: str = ""

    @property
    def ok(self):
        """A stage is green when something passed and nothing failed or was skipped."""
        return bool(self.passed) and not self.failed and not self.skipped

    def fail(self, message):
        """Count one more failure."""
        self.failed += 1
        self.messages.append(message)

    def check(self, condition, message):
        """Count a check: passed, or failed with the message."""
        if condition:
            self.passed += 1
        else:
            self.fail(message)

    def add(self, other):
        """Take another outcome's counts into this one."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.messages += other.messages
        self.output += other.output

    def line(self):
        """`N passed, N failed`, with skipped ones when there are any."""
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def from_odoo_log(log, exit_code, modules_with_tests=(), browser_tests=0):
    """Outcome of a run of Odoo's own test runner.

    Odoo ends well when no test ran and when browser tests were skipped; both are
    failures here.

    :param modules_with_tests: modules of which at least one test must have run
    :param browser_tests: how many tests start a browser, so at least as many starts
        must be in the log
    """
    outcome = Outcome()
    results = ODOO_RESULT.findall(log)
    if not results:
        outcome.fail("Odoo printed no test result: the installation failed")
        return outcome
    failures, errors, total = map(int, results[-1])
    skips = ODOO_SKIP.findall(log)
    outcome.failed = failures + errors
    outcome.skipped = len(skips)
    outcome.passed = max(0, total - outcome.failed - outcome.skipped)
    outcome.messages += ODOO_FAILURE.findall(log)
    outcome.messages += [f"skipped {test}: {reason}" for test, reason in skips]
    if not total:
        outcome.fail("no test ran")
    counts = dict(ODOO_MODULE_STATS.findall(log))
    for module in modules_with_tests:
        if not int(counts.get(module, 0)):
            outcome.fail(f"no test of {module} ran")
    started = len(ODOO_BROWSER_START.findall(log))
    if started < browser_tests:
        outcome.fail(f"{browser_tests} browser tests, but {started} browser starts")
    if exit_code and not outcome.failed:
        outcome.fail(f"Odoo ended with exit code {exit_code}")
    return outcome


def started(log, path):
    """Whether Odoo's runner started a test of a file.

    :param path: of the test file, from the folder of the add-ons
    """
    module = ".".join(Path(path).with_suffix("").parts)
    return f" odoo.addons.{module}: Starting " in log


def from_pytest(path, exit_code):
    """Outcome of a pytest run; expected failures count as skipped ones.

    :param path: the file that ``--junitxml`` named
    """
    outcome = Outcome()
    path = Path(path)
    cases = ElementTree.parse(path).iter("testcase") if path.exists() else ()
    for case in cases:
        name = f"{case.get('classname')}.{case.get('name')}"
        broken = case.find("failure")
        if broken is None:
            broken = case.find("error")
        skipped = case.find("skipped")
        if broken is not None:
            said = (broken.get("message") or "").strip().splitlines()
            outcome.fail(f"{name}: {said[0] if said else broken.tag}")
        elif skipped is not None:
            outcome.skipped += 1
            outcome.messages.append(f"skipped {name}: {skipped.get('message')}")
        else:
            outcome.passed += 1
    if exit_code and not outcome.failed:
        outcome.fail(f"pytest ended with exit code {exit_code}")
    elif not (outcome.passed or outcome.failed):
        outcome.fail("no test ran")
    return outcome


def from_story(items, exit_code):
    """Outcome of the story: a list of items with item, did, seen and status."""
    outcome = Outcome()
    for item in items:
        text = f"{item['item']} {item['status']}: {item['did']}: {item['seen']}"
        outcome.check(item["status"] == "ok", text)
    if not items:
        outcome.fail("the story told nothing")
    if exit_code and not outcome.failed:
        outcome.fail(f"the story ended with exit code {exit_code}")
    return outcome


def browser_tests(source):
    """How many test methods of a file start a browser themselves."""
    count = 0
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            calls = {
                getattr(call.func, "attr", "")
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
            }
            count += bool(calls & BROWSER_CALLS)
    return count
