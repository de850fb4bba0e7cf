"""Reading the results of test programs."""

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


def test_exit_code_of_odoo_counts():
    assert not results.from_odoo_log(odoo_log(), 1).ok


@pytest.mark.parametrize(
    ("summary", "code", "counts"),
    [
        ("5 passed in 1.00s", 0, (5, 0, 0)),
        ("= 1 failed, 4 passed, 2 warnings in 61.00s (0:01:01) =", 1, (4, 1, 0)),
        ("2 passed, 1 skipped, 1 xfailed in 0.10s", 0, (2, 0, 2)),
        ("3 passed, 1 error in 0.10s", 1, (3, 1, 0)),
        ("4 passed, 3 subtests passed in 3.04s", 0, (4, 0, 0)),
        ("4 passed, 1 subtests failed in 3.04s", 1, (4, 1, 0)),
        ("no tests ran in 0.01s", 5, (0, 1, 0)),
        ("5 passed in 1.00s", 3, (5, 1, 0)),
        ("", 4, (0, 1, 0)),
    ],
)
def test_pytest_summary(summary, code, counts):
    outcome = results.from_pytest(f"..F.\n{summary}\n", code)
    assert (outcome.passed, outcome.failed, outcome.skipped) == counts


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
