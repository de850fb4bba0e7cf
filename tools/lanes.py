"""Jobs beside each other, in as many lanes as there are processors.

A free lane takes the job from which the longest way leads to the end, by what the jobs
took when they ran last; so no long job is left for the end. Jobs do their work in
processes of their own, with databases, ports and browser profiles of their own, so all
that lanes share are the machine and the database server.
"""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass

import psutil

from tools import cache
from tools.results import Outcome
from tools.steps import UserError, say

MOST_LANES = 4  # more than that wants more memory than most machines have


@dataclass(eq=False)
class Job:
    """Something to do in one lane.

    :param stage: the name under which it is counted
    :param work: called without arguments, returns an `Outcome`
    :param name: tells it from other jobs of its stage
    :param after: jobs whose results it needs
    """

    stage: str
    work: callable
    name: str = ""
    after: tuple = ()
    outcome: Outcome = None
    seconds: float = 0.0

    @property
    def title(self):
        return " ".join(filter(None, [self.stage, self.name]))


class Lanes:
    """The jobs of one run and how far they are.

    :param known: title of a job -> seconds it took before
    """

    def __init__(self, jobs, known):
        self.jobs, self.known = jobs, known
        # the longest way first, the first of equals
        self.waiting = sorted(jobs, key=self.way, reverse=True)
        self.changed = threading.Condition()
        self.ended = queue.SimpleQueue()

    def run(self, count):
        """Do all jobs; yield each when it has ended.

        :param count: of lanes
        """
        lanes = [threading.Thread(target=self._lane) for _number in range(count)]
        for lane in lanes:
            lane.start()
        try:
            for _job in self.jobs:
                yield self.ended.get()
        except KeyboardInterrupt:  # Ctrl-C reaches the processes of the jobs as well
            self._give_up()
            raise
        except BaseException:
            self._give_up()
            _interrupt_children()
            raise
        finally:
            for lane in lanes:
                lane.join()

    def _give_up(self):
        with self.changed:
            self.waiting.clear()
            self.changed.notify_all()

    def _lane(self):
        while job := self._next():
            started = time.monotonic()
            outcome = _outcome(job)
            job.seconds = time.monotonic() - started
            with self.changed:
                job.outcome = outcome
                self.changed.notify_all()
            self.ended.put(job)

    def _next(self):
        """Wait for a job that can begin and take it; None when none is left."""
        with self.changed:
            while self.waiting:
                for job in self.waiting:
                    if all(earlier.outcome for earlier in job.after):
                        self.waiting.remove(job)
                        return job
                self.changed.wait()
        return None

    def way(self, job):
        """Seconds from the start of a job to the end of the last that needs it."""
        later = [self.way(other) for other in self.jobs if job in other.after]
        return self.known.get(job.title, 0) + max(later, default=0)


def _outcome(job):
    """Do a job; whatever goes wrong in it is a failure of the job, and so is that it
    checked nothing."""
    for earlier in job.after:
        if not earlier.outcome.ok:
            return _failure(f"{job.title} needs {earlier.title}, which failed")
    try:
        outcome = job.work()
        if not (outcome.passed or outcome.failed or outcome.skipped):
            outcome.fail("checked nothing")
        return outcome
    except UserError as error:
        return _failure(str(error))
    except BaseException as error:  # a lane that ends would keep the others waiting
        return _failure(f"{type(error).__name__}: {error}")


def _failure(message):
    outcome = Outcome()
    outcome.fail(message)
    return outcome


def _interrupt_children():
    """Ctrl-C for the processes of the jobs, so that they clean up behind them."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGINT)


# === WHAT JOBS TOOK BEFORE === #


def _seconds_path():
    return cache.root() / "seconds.json"


def known_seconds():
    """Title of a job -> seconds it took when it ran last."""
    try:
        return json.loads(_seconds_path().read_text())
    except (OSError, ValueError):
        return {}


def remember_seconds(jobs):
    """Keep what the jobs took that ended well."""
    taken = {job.title: round(job.seconds) for job in jobs if job.outcome.ok}
    draft = _seconds_path().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({**known_seconds(), **taken}, indent=1))
    draft.replace(_seconds_path())


# === RUNNING AND TELLING === #


def run(jobs, count=None):
    """Do jobs; print the line of each stage when its last job has ended.

    :param count: of lanes
    :return: the `Outcome` of all together
    """
    count = count or min(len(os.sched_getaffinity(0)), MOST_LANES)
    started = time.monotonic()
    stages = Counter(job.stage for job in jobs)
    total = Outcome()
    for job in Lanes(jobs, known_seconds()).run(count):
        _tell(job)
        stages[job.stage] -= 1
        if not stages[job.stage]:
            total.add(_close([other for other in jobs if other.stage == job.stage]))
    remember_seconds(jobs)
    taken = sum(job.seconds for job in jobs)
    say(
        f"{len(jobs)} jobs of {taken:.0f} s in {time.monotonic() - started:.0f} s,"
        f" {count} beside each other"
    )
    _tell_again([job for job in jobs if not job.outcome.ok])
    return total


def _tell(job):
    """Print what a job has to say."""
    print(job.outcome.output, end="")
    _print_messages(job)


def _print_messages(job):
    for message in job.outcome.messages:
        print(f"  {job.title}: {message}")
    sys.stdout.flush()


def _tell_again(jobs):
    """Print what went wrong once more: who reads only the end of the log sees it."""
    if jobs:
        print("what is not green:")
    for job in jobs:
        _print_messages(job)


def _close(jobs):
    """Print the line of a stage; return the outcome of all its jobs."""
    outcome = Outcome()
    for job in jobs:
        outcome.add(job.outcome)
    seconds = sum(job.seconds for job in jobs)
    print(f"stage {jobs[0].stage:<12}{seconds:8.1f} s   {outcome.line()}", flush=True)
    return outcome


def share_out(paths, count):
    """Share files out in so many parts of about equal length, the same every time."""
    parts = [[] for _number in range(count)]
    sizes = [0] * count
    for path in sorted(paths, key=lambda path: (-path.stat().st_size, path)):
        smallest = sizes.index(min(sizes))
        parts[smallest].append(path)
        sizes[smallest] += path.stat().st_size
    return [part for part in parts if part]
