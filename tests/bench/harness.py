"""What the benches share: worker processes, databases, medians, rows."""

import contextlib
import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from tools import postgres, workspace
from tools.databases import Databases

HERE = Path(__file__).resolve().parent
PROGRAMS = postgres.bin_dir()


# === PROCESSES === #


class Worker:
    """An Odoo process that runs functions of this folder on one database."""

    def __init__(self, database, server=None):
        chosen = None
        if server:
            chosen = json.dumps(
                asdict(postgres.Server(server.host, server.port, server.user))
            )
        self._process = subprocess.Popen(
            [sys.executable, HERE / "worker.py", database, chosen or "null"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=workspace.ROOT,
        )

    def call(self, name, **arguments):
        """Run `name` (module.function) in the process; its result."""
        self.start(name, **arguments)
        return self.result()

    def start(self, name, **arguments):
        """Begin a call without waiting for it."""
        request = json.dumps({"call": name, "arguments": arguments})
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()

    def result(self):
        """Wait for the call begun last."""
        answer = self._read()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def wait_ready(self):
        """Wait until Odoo is loaded."""
        self._read()
        return self

    def stop(self):
        """End the process."""
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self):
        """End the process in the middle of what it does."""
        self._process.kill()
        self._process.wait()

    def _read(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a bench worker died; see its messages above")
        return json.loads(line)


@contextlib.contextmanager
def workers(*databases, server=None):
    """A ready :class:`Worker` per database name, for the block."""
    running = [Worker(name, server) for name in databases]
    try:
        yield [worker.wait_ready() for worker in running]
    finally:
        for worker in running:
            worker.stop()


@contextlib.contextmanager
def base_database():
    """A clone of the template *without* our modules, dropped after the block."""
    databases = Databases(workspace.from_environment())
    with databases.fresh(databases.base_template()) as name:
        yield name


# === MEASURING === #


class Watch:
    """Wall and processor time of this process from `__enter__` to `__exit__`."""

    def __enter__(self):
        self._cpu, self._wall = _cpu(), time.perf_counter()
        return self

    def __exit__(self, *_exception):
        self.wall = time.perf_counter() - self._wall
        self.cpu = _cpu() - self._cpu


def _cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def median(values):
    """The median of an iterable."""
    return statistics.median(values)


def in_turns(works, rounds, warm_up):
    """Do works in turns, in another order each round; milliseconds, a list of each.

    :param works: functions that return the seconds they took
    :param warm_up: rounds before, which count for nothing
    """
    samples = [[] for _work in works]
    places = list(range(len(works)))
    for number in range(warm_up + rounds):
        for place in places if number % 2 else places[::-1]:
            seconds = works[place]()
            if number >= warm_up:
                samples[place].append(1000 * seconds)
    return samples


def get_seconds(http, address, **options):
    """Return the seconds until a page that was asked for is there.

    :param http: ``requests``, or a session of it
    :raise requests.HTTPError: it is not
    """
    begin = time.perf_counter()
    response = http.get(address, timeout=120, **options)
    seconds = time.perf_counter() - begin
    response.raise_for_status()
    return seconds


# === ROWS === #


def at_most(name, ours, base, bar):
    """A row whose ratio ours / base must not exceed `bar`."""
    ratio = ours / base
    return {
        "name": name, "ours": ours, "base": base, "ratio": ratio,
        "bar": f"<= {bar}", "ok": ratio <= bar,
    }  # fmt: skip


def at_least(name, ours, base, bar):
    """A row whose ratio ours / base must reach `bar`."""
    ratio = ours / base
    return {
        "name": name, "ours": ours, "base": base, "ratio": ratio,
        "bar": f">= {bar}", "ok": ratio >= bar,
    }  # fmt: skip


def limit(name, ours, bar, ok):
    """A row that has a limit and nothing to compare with."""
    return {
        "name": name, "ours": ours, "base": None, "ratio": None,
        "bar": bar, "ok": ok,
    }  # fmt: skip


def note(name, ours, base=None):
    """A row for information: no bar."""
    return {
        "name": name, "ours": ours, "base": base,
        "ratio": ours / base if base else None, "bar": "", "ok": True,
    }  # fmt: skip
