"""Python environments of the project: pinned, in the cache, built once.

Runs before anything is installed, so it uses the standard library only.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tools import cache
from tools.steps import UserError, run, size_text, step

# reportlab draws QR codes and barcodes with a library that has no build after 3.12
NEWEST_COMPLETE = (3, 12)
SYSTEM_FOLDER = Path("/usr/bin")


def interpreter():
    """The Python to build environments from: the system's, this one, or an older one.

    A distribution builds its Python with the profile of real programs; one that a
    version manager built here has it rarely, and runs Odoo a tenth slower.
    """
    minors = range(NEWEST_COMPLETE[1], 9, -1)
    for minor in minors:
        found = SYSTEM_FOLDER / f"python3.{minor}"
        if found.exists() and _starts(found):
            return str(found)
    if sys.version_info[:2] <= NEWEST_COMPLETE:
        return sys.executable
    for minor in minors:
        found = shutil.which(f"python3.{minor}")
        if found and _starts(found):
            return found
    if sys.version_info[:2] == (3, 13):
        return sys.executable
    raise UserError("Python 3.10 to 3.13 is needed; install one of them beside this")


def _starts(python):
    """Whether a command is a Python; a version manager's may be none."""
    done = subprocess.run([python, "--version"], capture_output=True)
    return done.returncode == 0


def environment(requirements):
    """Path of the Python of the environment for a pinned requirements file.

    Builds it when its content, or the interpreter, is new.
    """
    python = interpreter()
    name = requirements.stem.replace("requirements", "venv")
    version = run([python, "--version"], "Python does not start").stdout.strip()
    content = cache.key(requirements.read_bytes(), version, sysconfig.get_platform())
    target = cache.root() / f"{name}-{content}"
    if not target.is_dir():
        with step(f"Python packages ({requirements.name})") as line:
            cache.finished(target, lambda draft: _build(draft, python, requirements))
            line.note = size_text(cache.size(target))
    return target / "bin" / "python"


def _build(draft, python, requirements):
    """Create the environment; uv when it can be had, else pip.

    Scripts in bin/ would name the temporary folder, so the tools only ever run
    `python -m …`.
    """
    uv = _uv()
    if uv:
        settings = _uv_settings()
        log = cache.log_path("uv")
        create = [*uv, "venv", "-q", "--allow-existing", "-p", python, draft]
        install = [*uv, "pip", "install", "-q", "-p", draft / "bin/python", "-r"]
        try:
            run(create, "uv venv", log, env=settings)
            run([*install, requirements], "uv pip install", log, env=settings)
            return
        except UserError:
            shutil.rmtree(draft)
            draft.mkdir()
    failure = "could not install the Python packages (is there a network?)"
    log = cache.log_path("pip")
    pip = [draft / "bin/python", "-m", "pip"]
    # a bare Debian Python has no venv: then the one that runs this
    if not _is_complete(python):
        python = sys.executable
    run([python, "-m", "venv", draft], failure, log)
    run([*pip, "install", "-q", "-r", requirements], failure, log)


def _is_complete(python):
    """Whether a Python can make environments by itself."""
    return not _fails([python, "-c", "import ensurepip, venv"])


def unpack(requirement, folder):
    """Put one pinned package into a folder, without what it needs besides."""
    pip = [*(_uv() or (sys.executable, "-m")), "pip"]
    argv = [*pip, "install", "-q", "--no-deps", "--target", folder, requirement]
    failure = f"could not fetch {requirement} (is there a network?)"
    run(argv, failure, cache.log_path("unpack"), env=_uv_settings())


def _uv_settings():
    """The variables uv runs with."""
    return {
        **os.environ,
        "UV_CACHE_DIR": str(cache.root() / "uv-cache"),
        "UV_SYSTEM_CERTS": "1",
        **pip_index(),
    }


def _uv():
    """Command that runs uv, or None: on PATH, else installed into the cache."""
    found = shutil.which("uv")
    if found:
        return [found]
    target = cache.root() / "uv"
    try:
        cache.finished(target, _install_uv)
    except UserError:
        return None
    return [target / "bin" / "uv"]


def _install_uv(draft):
    arguments = ["install", "-q", "--target", draft, "uv"]
    ways = (_own_pip, _ensured_pip, _debian_pip)
    for way in ways:
        pip = way(sys.executable)
        if pip and not _fails([*pip, *arguments]):
            return
    raise UserError("could not install uv")


def _fails(argv):
    try:
        return subprocess.run(
            [str(arg) for arg in argv],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ).returncode
    except OSError:
        return True


def _own_pip(python):
    return [python, "-m", "pip"]


def _ensured_pip(python):
    """pip of a throw-away environment, where the Python brings one."""
    target = cache.root() / "pip-venv"
    if not target.is_dir() and _fails([python, "-m", "venv", target]):
        shutil.rmtree(target, ignore_errors=True)
        return None
    return [target / "bin" / "python", "-m", "pip"]


def _debian_pip(python):
    """pip from its Debian package: a bare Debian Python has neither pip nor venv."""
    from tools import apt

    target = cache.root() / "pip-deb"

    def build(draft):
        downloads = apt.Apt(draft / "apt")
        downloads.update()
        downloads.download("python3-pip-whl")
        for deb in downloads.debs():
            apt.unpack(deb, draft)
        shutil.rmtree(draft / "apt")

    try:
        cache.finished(target, build)
    except UserError:
        return None
    wheels = list(target.glob("usr/share/python-wheels/pip-*.whl"))
    return [python, wheels[0] / "pip"] if wheels else None


def pip_index():
    """uv does not read pip's configuration: hand it the index a machine is set to."""
    if os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL"):
        return {}
    index = os.environ.get("PIP_INDEX_URL") or _pip_setting("global.index-url")
    return {"UV_DEFAULT_INDEX": index} if index else {}


def _pip_setting(name):
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def package_folder(python, name):
    """Where an installed package lives, without importing it."""
    pattern = f"lib/python3.*/site-packages/{name}"
    return next(Path(python).parent.parent.glob(pattern), None)
