"""The cache outside the clone: where it is, keys, locks, finished folders."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

APPLICATION = "loyalty-b2b2c"


def root():
    """The cache folder: $LOYALTY_CACHE, else below the user's cache folder."""
    chosen = os.environ.get("LOYALTY_CACHE")
    if chosen:
        path = Path(chosen).expanduser()
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        path = Path(base) / APPLICATION
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def log_path(name):
    """Where a tool's output is kept for who wants to know more."""
    folder = root() / "logs"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


def key(*parts):
    """A short name for a content: equal parts, equal key."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]


def size(path):
    """Bytes below a folder, links not followed."""
    return sum(
        os.lstat(os.path.join(folder, name)).st_size
        for folder, _dirs, files in os.walk(path)
        for name in files
    )


@contextlib.contextmanager
def lock(name, shared=False, wait=True):
    """Hold a lock file of the cache; freed by the kernel when the process dies.

    :return: the open file, or None when `wait` is false and somebody else holds it
    """
    path = root() / "locks" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as handle:
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield handle


def finished(target, build):
    """Build a folder once: it appears under its name only when it is complete.

    :param build: called with the temporary folder to fill
    :return: True when it was built now, False when it was there
    """
    if target.is_dir():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with lock(f"build-{target.name}"):
        if target.is_dir():
            return False
        for leftover in target.parent.glob(f".{target.name}.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            draft.chmod(0o755)  # mkdtemp hides it from the user the server runs as
            build(draft)
            draft.rename(target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return True
