"""Processes that race: each with connections and commits of its own.

The processes are forked from one that has loaded Odoo, as Odoo's own server does it,
so they start at once.  A barrier lets them go together, after their snapshots froze:
that is the worst moment for code that checks first and writes then.
"""

import contextlib
import gc
import logging
import multiprocessing
import time
import traceback
from threading import BrokenBarrierError

import odoo.api
import odoo.sql_db
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

FORK = multiprocessing.get_context("fork")
# seconds after which a process that hangs is a failure: a guard, no measure of speed,
# for who fails tells the others at once
PATIENCE = 900
MAX_TRIES = 50


class Racer:
    """What the job of one process works with."""

    def __init__(self, database, number, barrier):
        self.database, self.number = database, number
        self._barrier = barrier
        self.retries = 0

    def wait(self):
        """Wait until all racers are here."""
        self._barrier.wait(PATIENCE)

    @property
    def registry(self):
        return Registry(self.database)

    @contextlib.contextmanager
    def environment(self):
        """A superuser environment whose snapshot is taken; commits at the end."""
        with self.registry.cursor() as cursor:
            cursor.execute("SELECT 1 FROM res_users LIMIT 1")
            yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})

    def transact(self, function, together=False, pause=0):
        """Return ``function(env)`` of a committed transaction.

        Repeated on serialization failures like a request, but without Odoo's pauses of
        seconds: the races get hotter.

        :param bool together: wait for the others between snapshot and function
        :param pause: seconds before it is tried again, for what fails at once while
            another transaction is under way, instead of waiting for it
        """
        for _attempt in range(MAX_TRIES):
            try:
                with self.environment() as env:
                    if together:
                        together = False
                        self.wait()
                    return function(env)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.retries += 1
                time.sleep(pause)
        raise AssertionError(f"gave up after {MAX_TRIES} serialization failures")


def race(database, *jobs, sabotage=None):
    """Run every job in a process of its own, all at once.

    :param jobs: functions that take a :class:`Racer`
    :param sabotage: called first in every process with the registry; removes a guard
        for a control
    :return: list of the jobs' results
    """
    crew = start(database, *jobs, sabotage=sabotage)
    return finish(crew)


def start(database, *jobs, sabotage=None):
    """Start the jobs; pass what this returns to :func:`finish`."""
    Registry(database)  # loaded once, for all of them
    odoo.sql_db.close_all()  # a connection must not be shared with a child
    barrier = FORK.Barrier(len(jobs))
    crew = []
    gc.freeze()  # a collection in a child would copy all of Odoo's memory there
    for number, job in enumerate(jobs):
        receiver, sender = FORK.Pipe(duplex=False)
        racer = Racer(database, number, barrier)
        process = FORK.Process(
            target=_run, args=(job, racer, sender, sabotage), daemon=True
        )
        process.start()
        sender.close()
        crew.append((process, receiver))
    gc.unfreeze()
    return crew


def finish(crew):
    """Wait for the jobs.

    :return: list of their results
    :raise AssertionError: a job failed; with its own traceback
    """
    results, failures = [], []
    for process, receiver in crew:
        try:
            kind, value = receiver.recv()
        except EOFError:
            process.join()
            kind, value = "failed", f"a process died, exit code {process.exitcode}"
        (results if kind == "done" else failures).append(value)
    for process, _receiver in crew:
        process.join()
    if failures:
        # the first cause, not those who only waited for it at the barrier
        failures.sort(key=lambda text: BrokenBarrierError.__name__ in text)
        raise AssertionError(
            f"{len(failures)} of {len(crew)} processes failed:\n{failures[0]}"
        )
    return results


def _run(job, racer, sender, sabotage):
    # every retried conflict would be logged as an error
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    try:
        if sabotage:
            sabotage(racer.registry)
        sender.send(("done", job(racer)))
    except BaseException:
        racer._barrier.abort()
        sender.send(("failed", traceback.format_exc()))
