"""What the tools say while they work: one line per step, on stderr."""

import contextlib
import subprocess
import sys
import time


class UserError(Exception):
    """Something the person at the keyboard can put right: one line, exit code 2."""


class Step:
    """The line under construction; `note` is appended to it."""

    def __init__(self, title):
        self.title = title
        self.note = ""
        self.started = time.monotonic()

    def line(self, outcome=""):
        seconds = time.monotonic() - self.started
        return f"{self.title:<44}{seconds:8.1f} s  {outcome or self.note}".rstrip()


def say(text):
    """Print one progress line; stdout stays free for results."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title):
    """Time a piece of work and print one line when it ends, also when it fails."""
    current = Step(title)
    try:
        yield current
    except BaseException:
        say(current.line("FAILED"))
        raise
    say(current.line())


def tail(text, lines=15):
    """The last lines of a tool's output: where it says what went wrong."""
    return "\n".join(text.strip().splitlines()[-lines:])


def run(argv, failure, log=None, **options):
    """Run a program quietly; `UserError(failure)` with its last line when it fails.

    :param log: file for the output of a failure, instead of its last line; for
        programs that talk to package registries, whose names are nobody's business
    :return: the completed process, stdout and stderr as one text in `.stdout`
    """
    try:
        done = subprocess.run(
            [str(arg) for arg in argv],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            **options,
        )
    except OSError as error:
        raise UserError(f"{failure}: {error.strerror}: {argv[0]}") from error
    if done.returncode and log:
        log.write_text(done.stdout)
        raise UserError(f"{failure} (see {log})")
    if done.returncode:
        raise UserError(f"{failure}: {tail(done.stdout, 1) or done.returncode}")
    return done


def size_text(count):
    """Bytes for people: 12 MB."""
    return f"{count / 1e6:.0f} MB"
