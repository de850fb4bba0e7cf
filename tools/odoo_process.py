"""Odoo as a child process: one-shot runs, shell scripts, real servers."""

import contextlib
import fcntl
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from tools import cache
from tools.steps import UserError, tail
from tools.workspace import ROOT

ERROR_LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (ERROR|CRITICAL) ", re.M)
EXCEPTION_LINE = re.compile(r"^[\w.]*(?:Error|Exception|Warning)\w*: .+$", re.M)
CAUSED_BY = "The above exception was the direct cause"
START_SECONDS = 120
PORTS = range(20000, 30000)  # below those the kernel gives away
_ports, _ports_lock = {}, threading.Lock()


def free_port():
    """A port nobody listens on, for as long as this process lives.

    Not one the kernel chooses: between the choice and its use the kernel may give it to
    a connection, and another process of ours may be told the same.
    """
    with _ports_lock:
        if not _ports:
            path = cache.root() / "locks" / "ports"
            path.parent.mkdir(exist_ok=True)
            _ports["file"] = path.open("a")  # open to the end: closing frees all locks
        first = os.getpid() % len(PORTS)  # another cache has locks of its own
        for port in (*PORTS[first:], *PORTS[:first]):
            if port in _ports:
                continue
            try:
                fcntl.lockf(_ports["file"], fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
            except OSError:
                continue
            _ports[port] = True
            if port_is_free(port):
                return port
    raise UserError("no port is free")


def port_is_free(port):
    """Whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def command(workspace, program, database, *arguments):
    """Command line of an Odoo program on a database."""
    script = Path(workspace.importable) / "odoo-bin"
    return [
        workspace.python,
        str(script),
        program,
        "-c",
        str(workspace.configuration()),
        "-d",
        database,
        *arguments,
    ]


def error_lines(log, limit=20):
    """The ERROR and CRITICAL lines of a log."""
    lines = [line for line in log.splitlines() if ERROR_LINE.match(line)]
    return lines[:limit]


def reason(log):
    """The line of a log that says best why Odoo gave up: the last exception's, and
    the one that caused it."""
    exceptions = EXCEPTION_LINE.findall(log)
    if CAUSED_BY in log:
        return ": ".join(reversed(exceptions[-2:]))
    return (exceptions or error_lines(log) or [tail(log, 1)])[-1]


def run(workspace, database, *arguments, environment=None):
    """Run the server program until it stops by itself.

    :return: (exit code, its log as text)
    """
    log_path = cache.log_path(database)
    argv = command(workspace, "server", database, "--stop-after-init", *arguments)
    with log_path.open("w") as log:
        code = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=environment or workspace.environment(),
        ).returncode
    return code, log_path.read_text(errors="replace")


def install(workspace, database, *names, update=False):
    """Install or update modules without running tests; fails on any error line."""
    action = "-u" if update else "-i"
    code, log = run(
        workspace, database, action, ",".join(names), "--no-http", "--log-level=warn"
    )
    errors = error_lines(log)
    if code or errors:
        what = "update" if update else "installation"
        where = cache.log_path(database)
        raise UserError(
            f"{what} of {', '.join(names)} failed: {reason(log)} (see {where})"
        )


def shell(workspace, database, script, environment=None):
    """Run a script in `odoo shell` (it finds `env`); its output as text."""
    argv = command(workspace, "shell", database, "--no-http", "--log-level=error")
    done = subprocess.run(
        argv,
        input=script,
        capture_output=True,
        cwd=ROOT,
        text=True,
        env=environment or workspace.environment(),
    )
    # the shell goes on after an exception and still exits with 0
    if done.returncode or "Traceback (most recent call last)" in done.stderr:
        log_path = cache.log_path(f"{database}-script")
        log_path.write_text(done.stderr)
        reason = tail(done.stderr, 1)
        raise UserError(f"script in {database} failed: {reason} (see {log_path})")
    return done.stdout


class Server:
    """A running Odoo server process."""

    def __init__(self, process, url, log_path):
        self._process = process
        self.url, self.log_path, self.pid = url, log_path, process.pid

    def _family(self):
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def running(self):
        """Whether its first process has not ended."""
        return self._process.poll() is None

    def kill9(self):
        """SIGKILL the server with all its workers at once."""
        family = self._family()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # workers whose parent has ended keep its port
            os.killpg(self.pid, signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)
        self._process.wait()

    def stop(self, seconds=15):
        """Stop in order; kill what is left after `seconds`."""
        if self.running():
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        self.kill9()


def start_server(
    workspace, database, workers=0, port=None, with_crons=False, environment=None,
    log_path=None, pass_fds=(), days_later=0,
):  # fmt: skip
    """Start a server process and wait until it answers.

    :param days_later: how far its clock is ahead
    :return: a `Server`
    """
    port = port or free_port()
    log_path = Path(log_path or cache.log_path(f"{database}-{port}"))
    argv = command(
        workspace,
        "server",
        database,
        f"--http-port={port}",
        f"--gevent-port={free_port()}",
        f"--workers={workers}",
        f"--max-cron-threads={1 if with_crons else 0}",
        f"--db-filter=^{re.escape(database)}$",
    )
    if days_later:
        argv[1:1] = ["-m", "tools.moved_clock", str(days_later)]
    with log_path.open("w") as log:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=environment or workspace.environment(),
            start_new_session=True,
            pass_fds=pass_fds,
        )
    running = Server(process, f"http://127.0.0.1:{port}", log_path)
    try:
        _wait_healthy(running, process)
    except BaseException:
        running.kill9()
        raise
    return running


def _wait_healthy(running, process):
    deadline = time.monotonic() + START_SECONDS
    while not answers(running.url):
        if process.poll() is not None or time.monotonic() > deadline:
            said = tail(running.log_path.read_text(errors="replace"), 5)
            raise UserError(f"the Odoo server did not start: {said}")
        time.sleep(0.1)


def answers(url):
    """Whether an Odoo server is up and can reach its database."""
    request = f"{url}/web/health?db_server_status=1"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def pid_alive(pid):
    """Whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
