"""Jobs beside each other: order, lanes, failures, what is printed."""

import json
import os
import subprocess
import sys
import threading

import pytest

from tools import lanes, odoo_process
from tools.lanes import Job, Lanes
from tools.results import Outcome
from tools.steps import UserError
from tools.workspace import ROOT

PATIENCE = 60  # a guard against hanging, no measure of speed


def passing(count=1):
    return Outcome(passed=count)


@pytest.fixture
def remembered(tmp_path, monkeypatch):
    """Seconds of jobs that ran before, in a cache of the test's own."""
    monkeypatch.setenv("LOYALTY_CACHE", str(tmp_path))

    def write(**seconds):
        (tmp_path / "seconds.json").write_text(json.dumps(seconds))
        return tmp_path / "seconds.json"

    return write


def order(jobs, known, count=1):
    """Titles of jobs in the order in which they end."""
    return [job.title for job in Lanes(jobs, known).run(count)]


# === THE ORDER === #


def test_the_longest_begins():
    jobs = [Job(name, passing) for name in ("short", "long", "middle")]
    known = {"short": 5, "long": 500, "middle": 50}
    assert order(jobs, known) == ["long", "middle", "short"]


def test_jobs_that_never_ran_keep_their_order():
    jobs = [Job(name, passing) for name in ("b", "a", "c")]
    assert order(jobs, {}) == ["b", "a", "c"]


def test_the_longest_way_counts_not_the_longest_job():
    install = Job("odoo", passing, "install")
    part = Job("odoo", passing, "1", [install])
    other = Job("story", passing)
    known = {"odoo install": 20, "odoo 1": 200, "story": 100}
    # 20 + 200 lie before the end of the first one, 100 before the other's
    assert order([other, part, install], known) == ["odoo install", "odoo 1", "story"]


def test_two_lanes_work_at_the_same_time():
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def work():
        meeting.wait()  # nobody passes alone
        return passing()

    jobs = [Job(name, work) for name in ("a", "b")]
    assert sorted(order(jobs, {}, count=2)) == ["a", "b"]
    assert all(job.outcome.ok for job in jobs)


def test_a_free_lane_waits_for_what_a_job_needs():
    ended = []
    release = threading.Event()

    def install():
        release.wait(PATIENCE)
        ended.append("install")
        return passing()

    def part():
        assert ended == ["install"]
        return passing()

    def other():
        release.set()
        return passing()

    first = Job("odoo", install, "install")
    jobs = [first, Job("odoo", part, "1", [first]), Job("lint", other)]
    order(jobs, {"odoo install": 10, "odoo 1": 10}, count=2)
    assert [job.outcome.line() for job in jobs] == ["1 passed, 0 failed"] * 3


# === FAILURES === #


def fail(error):
    raise error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (UserError("no PostgreSQL"), "no PostgreSQL"),
        (ValueError("odd"), "ValueError: odd"),
        (SystemExit(3), "SystemExit: 3"),
    ],
)
def test_a_job_that_breaks_is_a_failure_and_the_others_go_on(error, message):
    jobs = [Job("a", lambda: fail(error)), Job("b", passing)]
    assert order(jobs, {}) == ["a", "b"]
    assert jobs[0].outcome.messages == [message]
    assert jobs[1].outcome.ok


def test_what_needs_a_failed_job_fails():
    install = Job("odoo", lambda: fail(UserError("no")), "install")
    part = Job("odoo", passing, "1", [install])
    order([install, part], {})
    assert part.outcome.messages == ["odoo 1 needs odoo install, which failed"]


def test_a_job_that_checked_nothing_failed():
    job = Job("a", Outcome)
    order([job], {})
    assert job.outcome.messages == ["checked nothing"]


PROGRAM = """
import os, signal, subprocess, sys, threading
from tools.lanes import Job, run
from tools.results import Outcome

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
CHILD = '''
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit("cleaned up"))
print("begun", flush=True)
time.sleep(600)
'''

def work():
    child = subprocess.Popen([sys.executable, "-c", CHILD],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child.stdout.readline()
    os.kill(os.getpid(), signal.SIGTERM)
    print(child.communicate()[1].strip(), flush=True)
    return Outcome(passed=1)

def never():
    print("the next job began", flush=True)

run([Job("a", work), Job("b", never)], 1)
print("not reached", flush=True)
"""


def test_a_killed_gate_ends_its_jobs_in_order(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LOYALTY_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout) == (143, "cleaned up\n"), done.stderr


# === WHAT IS PRINTED AND KEPT === #


def test_the_line_of_a_stage_comes_after_its_last_job(remembered, capsys):
    remembered(**{"odoo 1": 3, "unit": 2, "odoo 2": 1})
    said = Outcome(passed=2, output="..\n")
    wrong = Outcome(passed=4, failed=1, messages=["FAIL: test_x"])
    jobs = [
        Job("odoo", lambda: said, "1"),
        Job("unit", lambda: passing(7)),
        Job("odoo", lambda: wrong, "2"),
    ]
    total = lanes.run(jobs, 1)
    assert total.line() == "13 passed, 1 failed"
    assert capsys.readouterr().out.splitlines() == [
        "..",
        "stage unit             0.0 s   7 passed, 0 failed",
        "  odoo 2: FAIL: test_x",
        "stage odoo             0.0 s   6 passed, 1 failed",
        # where the end of a long log is all that somebody sees
        "what is not green:",
        "  odoo 2: FAIL: test_x",
    ]


def test_seconds_of_green_jobs_are_remembered(remembered):
    path = remembered(unit=80, story=100, other=7)
    jobs = [Job("unit", passing), Job("story", lambda: fail(UserError("no")))]
    lanes.run(jobs, 1)
    assert json.loads(path.read_text()) == {"unit": 0, "story": 100, "other": 7}


def test_a_broken_file_of_seconds_is_no_reason_to_stop(remembered):
    remembered().write_text("{")
    assert lanes.known_seconds() == {}


# === PORTS === #


TAKE_PORT = """
import os, sys
os.getpid = lambda: 0
from tools import odoo_process
print(odoo_process.free_port(), flush=True)
sys.stdin.read()
"""


def test_nobody_else_gets_a_port(tmp_path, monkeypatch):
    """Also not before anything listens on it; all begin to look at the same one."""
    monkeypatch.setattr(os, "getpid", lambda: 0)
    monkeypatch.setattr(odoo_process, "_ports", {})
    monkeypatch.setenv("LOYALTY_CACHE", str(tmp_path))
    ports = [odoo_process.free_port(), odoo_process.free_port()]
    others = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE_PORT],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _number in range(2)
    ]
    ports += [int(other.stdout.readline()) for other in others]
    for other in others:
        other.communicate()
    assert len(set(ports)) == 4
    assert set(ports) <= set(odoo_process.PORTS)
