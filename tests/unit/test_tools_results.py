"""Reading the results of test programs."""

import subprocess
import sys

import pytest

from tools import results

STAMP = "2026-01-01 10:00:00,123 42"
RESULT = (
    STAMP + " {level} db odoo.tests.result: {failed} failed, {errors} error(s) "
    "of {total} tests when loading database 'db' \n"
)
STATS = STAMP + " INFO db odoo.tests.stats: loyalty_b2b2c: 5 tests 1.00s 10 queries\n"
CHROME = STAMP + " INFO db odoo.addons.m.tests.test_tours.T.browser: Chrome pid: 77 \n"
SKIP = STAMP + " INFO db odoo.addons.m.tests.test_x: skipped T.test_x : no browser \n"


def odoo_log(failed=0, errors=0, total=5, before=""):
    level = "ERROR" if failed or errors else "INFO"
    line = RESULT.format(level=level, failed=failed, errors=errors, total=total)
    return before + STATS + line


def test_green_odoo_run():
    outcome = results.from_odoo_log(odoo_log(), 0, ["loyalty_b2b2c"])
    assert outcome.ok
    assert outcome.line() == "5 passed, 0 failed"


def test_failed_odoo_run_names_its_tests():
    failure = (
        STAMP + " ERROR db odoo.addons.m.tests.test_x: FAIL: T.test_x\nTraceback\n"
    )
    outcome = results.from_odoo_log(odoo_log(1, 1, 5, failure), 1)
    assert (outcome.passed, outcome.failed) == (3, 2)
    assert outcome.messages == ["FAIL: T.test_x"]


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("", "printed no test result"),
        (odoo_log(total=0), "no test ran"),
        (odoo_log(before=SKIP), "skipped T.test_x: no browser"),
    ],
)
def test_what_odoo_calls_success_and_we_do_not(log, expected):
    outcome = results.from_odoo_log(log, 0)
    assert not outcome.ok
    assert any(expected in message for message in outcome.messages)


def test_module_whose_tests_did_not_run():
    outcome = results.from_odoo_log(odoo_log(), 0, ["loyalty_b2b2c_pos"])
    assert outcome.messages == ["no test of loyalty_b2b2c_pos ran"]


def test_browser_tests_need_browser_starts():
    log = odoo_log(before=CHROME)
    assert results.from_odoo_log(log, 0, browser_tests=1).ok
    outcome = results.from_odoo_log(log, 0, browser_tests=2)
    assert outcome.messages == ["2 browser tests, but 1 browser starts"]


def test_started_file():
    log = STAMP + " INFO db odoo.addons.m.tests.a.test_x: Starting T.test_y ... \n"
    assert results.started(log, "m/tests/a/test_x.py")
    assert not results.started(log, "m/tests/a/test_xy.py")
    assert not results.started(log, "m/tests/test_x.py")


def test_exit_code_of_odoo_counts():
    assert not results.from_odoo_log(odoo_log(), 1).ok


TESTS = {
    "passed": "def test_passed(): pass",
    "failed": "def test_failed(): assert 1 == 2, 'they differ'",
    "skipped": """
import pytest
def test_skipped(): pytest.skip("no browser")
""",
    "expected": """
import pytest
@pytest.mark.xfail
def test_expected(): assert 0
""",
    "unexpected": """
import pytest
@pytest.mark.xfail
def test_unexpected(): pass
""",
    "setup": """
import pytest
@pytest.fixture
def world(): raise ValueError("no world")
def test_setup(world): pass
""",
    "subtests": """
import unittest
class T(unittest.TestCase):
    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)
""",
    "broken": "import nothing_of_this_name",
}


def run_pytest(folder, *names):
    """Run some of TESTS with pytest; the outcome its file tells."""
    for name in names:
        (folder / f"test_{name}.py").write_text(TESTS[name])
    path = folder / "results.xml"
    code = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", f"--rootdir={folder}"]
        + ["-o", "xfail_strict=true", f"--junitxml={path}", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).returncode
    return results.from_pytest(path, code)


def test_pytest_run(tmp_path):
    names = [name for name in TESTS if name != "broken"]
    outcome = run_pytest(tmp_path, *names)
    # failed: itself, a pass that was not expected, a fixture, one of three parts
    assert (outcome.passed, outcome.failed, outcome.skipped) == (1, 4, 2)
    assert sorted(message.partition("test_")[2] for message in outcome.messages) == [
        "expected.test_expected: ",
        "failed.test_failed: AssertionError: they differ",
        'setup.test_setup: failed on setup with "ValueError: no world"',
        "skipped.test_skipped: no browser",
        "subtests.T.test_subtests: AssertionError: 1 == 1",
        "unexpected.test_unexpected: [XPASS(strict)]",
    ]


def test_pytest_that_can_not_read_a_file(tmp_path):
    outcome = run_pytest(tmp_path, "passed", "broken")
    assert (outcome.passed, outcome.failed) == (0, 1)
    assert "test_broken: collection failure" in outcome.messages[0]


def test_pytest_that_finds_nothing(tmp_path):
    outcome = run_pytest(tmp_path)
    assert outcome.messages == ["pytest ended with exit code 5"]


def test_pytest_that_wrote_no_results(tmp_path):
    outcome = results.from_pytest(tmp_path / "results.xml", 4)
    assert outcome.messages == ["pytest ended with exit code 4"]
    outcome = results.from_pytest(tmp_path / "results.xml", 0)
    assert outcome.messages == ["no test ran"]


def test_pytest_that_fails_after_its_tests(tmp_path):
    path = tmp_path / "results.xml"
    path.write_text(
        '<testsuites><testsuite><testcase name="a" /></testsuite></testsuites>'
    )
    outcome = results.from_pytest(path, 3)
    assert outcome.line() == "1 passed, 1 failed"


def test_skipped_is_not_green():
    outcome = results.Outcome(passed=3, skipped=1)
    assert not outcome.ok
    assert outcome.line() == "3 passed, 0 failed, 1 skipped"


def test_story():
    good = {"item": "S1.1", "did": "buy", "seen": "5", "status": "ok"}
    wrong = {"item": "S1.2", "did": "return", "seen": "5", "status": "WRONG"}
    outcome = results.from_story([good, wrong], 1)
    assert outcome.line() == "1 passed, 1 failed"
    assert outcome.messages == ["S1.2 WRONG: return: 5"]


def test_empty_story():
    assert not results.from_story([], 0).ok


def test_counting_browser_tests():
    source = """
class T:
    def test_tour(self):
        self.start_tour("/", "x")
        self.start_tour("/", "y")

    def test_plain(self):
        self.url_open("/")

    def helper(self):
        self.browser_js("/", "x")
"""
    assert results.browser_tests(source) == 1
