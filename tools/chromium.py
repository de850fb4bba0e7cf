"""A browser for the tours: the one on PATH, else Debian's, unpacked into the cache."""

import os
import shutil
import subprocess
from pathlib import Path

from tools import apt, cache
from tools.steps import UserError, size_text, step

# the names Odoo looks for, in its order
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
"""
WRAPPER = """#!/bin/sh
# Chromium as unpacked from its package, with the libraries this machine lacks.
root=$(dirname "$(dirname "$(readlink -f "$0")")")/root
lib=$root/usr/lib/{triplet}
export LD_LIBRARY_PATH="$lib:$lib/pulseaudio:$root/lib/{triplet}:$root/usr/lib"
export FONTCONFIG_FILE="$root/../fonts.conf"
exec "$root/usr/lib/chromium/chromium" "$@"
"""


def find():
    """Folder to put on PATH so that Odoo finds a working browser.

    Fails rather than letting browser tests be skipped.
    """
    for name in NAMES:
        found = shutil.which(name)
        if found and starts(found):
            return Path(found).parent
    target = cache.root() / "chromium-1"
    if not target.is_dir():
        with step("Chromium from the Debian archive") as line:
            cache.finished(target, _fetch)
            line.note = size_text(cache.size(target))
    _choose_fonts(target, target)  # one that was fetched by an older checkout, too
    return target / "bin"


def _choose_fonts(folder, final):
    """Say where fonts are, and which one stands in: without it, one with serifs does.

    :param folder: where the browser is now
    :param final: where it will be, because fontconfig resolves no variables
    """
    wanted = FONTS_CONF.format(
        fonts=final / "root/usr/share/fonts", cache=final / "fontcache"
    )
    known = folder / "fonts.conf"
    if not known.exists() or known.read_text() != wanted:
        draft = folder / f"fonts.{os.getpid()}"  # a browser may be reading the old one
        draft.write_text(wanted)
        draft.replace(known)


def starts(program):
    """Whether a browser runs at all (a stub or a missing library shows here)."""
    try:
        done = subprocess.run(
            [program, "--version"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def _fetch(draft):
    downloads = apt.Apt(draft / "apt")
    downloads.update()
    downloads.download_closure("chromium")
    root = draft / "root"
    root.mkdir()
    for deb in downloads.debs():
        apt.unpack(deb, root, ("./usr/share/doc", "./usr/share/man"))
    shutil.rmtree(draft / "apt")
    triplet = next(path.name for path in Path("/usr/lib").glob("*-linux-gnu*"))
    _choose_fonts(draft, cache.root() / "chromium-1")
    wrapper = draft / "bin" / "chromium"
    wrapper.parent.mkdir()
    wrapper.write_text(WRAPPER.format(triplet=triplet))
    os.chmod(wrapper, 0o755)
    if not starts(wrapper):
        raise UserError(
            "the Chromium of this machine's archive does not start; "
            "install Chromium or Chrome by hand"
        )
