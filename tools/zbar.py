"""The C library behind pyzbar, which its wheel lacks: the system's or Debian's."""

import ctypes.util
import shutil
from pathlib import Path

from tools import apt, cache
from tools.steps import UserError, say, step

# ctypes asks ldconfig, gcc and ld, and none of them looks into the cache
FINDER = '''\
"""Lets pyzbar find the library beside this file; imported by Python at its start."""

import ctypes.util

_find_library = ctypes.util.find_library


def find_library(name):
    return {library!r} if name == "zbar" else _find_library(name)


ctypes.util.find_library = find_library
'''


def environment():
    """Variables with which pyzbar works in a child process; {} when it does anyway."""
    if ctypes.util.find_library("zbar"):
        return {}
    target = cache.root() / "zbar-1"
    if not target.is_dir():
        try:
            with step("libzbar from the Debian archive"):
                cache.finished(target, lambda draft: _fetch(draft, target))
        except UserError as error:
            say(f"reading codes in photos will not work: {error}")
            return {}
    [folder] = target.glob("root/usr/lib/*-linux-gnu*")
    return {"LD_LIBRARY_PATH": str(folder), "PYTHONPATH": str(target / "python")}


def _fetch(draft, target):
    downloads = apt.Apt(draft / "apt")
    downloads.update()
    downloads.download_closure("libzbar0")
    root, python = draft / "root", draft / "python"
    root.mkdir()
    python.mkdir()
    for deb in downloads.debs():
        apt.unpack(deb, root, ("./usr/share/doc", "./usr/share/man"))
    shutil.rmtree(draft / "apt")
    found = sorted(root.glob("usr/lib/*/libzbar.so.*"))
    if not found:
        raise UserError("the package has no libzbar")
    library = Path(target, found[0].relative_to(draft))
    (python / "sitecustomize.py").write_text(FINDER.format(library=str(library)))
