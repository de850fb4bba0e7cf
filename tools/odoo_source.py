"""Odoo 19.0 Community: find it, or unpack Debian's package of it into the cache."""

import ast
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools import apt, cache
from tools.steps import UserError, run, size_text, step

SERIES = 19
# Browser tests of the back office load this file, which Debian leaves out as not free.
SELFIE = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
SID_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
)
# sid's versions of these two lay their files out in another way
RELEASE_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
# 835 MB of translations, and a packaging leftover that doubles every Python file
UNPACK_EXCLUDES = (
    "./usr/lib/python3/dist-packages/addons",
    "./usr/share/doc",
    "./usr/share/man",
    "*/i18n/[a-tv-z]*.po",
    "*/i18n/u[a-jl-z]*.po",
)


@dataclass(frozen=True)
class OdooSource:
    """An Odoo tree: `parent` holds the package odoo/."""

    parent: Path
    version: str
    origin: str

    @property
    def addons_path(self):
        """Folders with core add-ons; an upstream checkout has a second one."""
        candidates = (self.parent / "odoo" / "addons", self.parent / "addons")
        return [path for path in candidates if path.is_dir()]

    @property
    def identity(self):
        """Changes when another Odoo is used, so templates made with it are renewed."""
        release = self.parent / "odoo" / "release.py"
        return f"{self.version} {release.resolve()} {release.stat().st_mtime_ns}"


def version_info(parent):
    """`version_info` of the Odoo below a folder as read from its source, or None.

    The source is not executed: names such as FINAL become their own text.
    """
    try:
        tree = ast.parse((parent / "odoo" / "release.py").read_text())
    except (OSError, SyntaxError, ValueError):
        return None
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id == "version_info"
            for name in node.targets
        ):
            items = getattr(node.value, "elts", [])
            return tuple(
                getattr(item, "value", getattr(item, "id", "")) for item in items
            )
    return None


def find():
    """The Odoo to use: ODOO_SRC, one that can be imported, the cache, Debian's sid."""
    chosen = os.environ.get("ODOO_SRC")
    if chosen:
        return _with_selfie(_checked(Path(chosen).expanduser().resolve(), "ODOO_SRC"))
    importable = os.environ.get("LOYALTY_IMPORTABLE_ODOO")
    for parent, origin in (
        (importable and Path(importable), "installed Python package"),
        (Path("/usr/lib/python3/dist-packages"), "installed Debian package"),
    ):
        if parent and (version_info(parent) or [0])[0] == SERIES:
            return _with_selfie(_checked(parent, origin))
    return _checked(_from_debian(), "Debian sid, unpacked in the cache")


def _checked(parent, origin):
    """The tree as an OdooSource; refuses what is no Odoo, or another series."""
    found = version_info(parent)
    if not found:
        raise UserError(
            f"{origin}: no odoo/release.py below {parent}; "
            "name the folder that holds the package odoo/"
        )
    if found[0] != SERIES or found[1] != 0:
        number = ".".join(str(part) for part in found[:2])
        raise UserError(
            f"{origin} is Odoo {number}, {SERIES}.0 is needed; check out its branch "
            f"{SERIES}.0 or unset ODOO_SRC to have it fetched"
        )
    return OdooSource(parent, ".".join(str(part) for part in found[:3]), origin)


def _with_selfie(source):
    """The tree itself, or a slim copy with the file that browser tests miss.

    Somebody else's tree is never written to.
    """
    if any((folder.parent / SELFIE).exists() for folder in source.addons_path):
        return source
    target = cache.root() / "odoo" / f"copy-{cache.key(source.identity)}"
    if not target.is_dir():
        with step(f"Odoo {source.version}: own copy"):
            cache.finished(target, lambda draft: _copy(source, draft))
    return OdooSource(target, source.version, f"{source.origin}, copied")


def _copy(source, draft):
    """Copy the packages with links resolved (the package links to system fonts)."""
    for name in ("odoo", "addons"):
        if (source.parent / name).is_dir():
            shutil.copytree(
                source.parent / name,
                draft / name,
                ignore=_other_languages,
                ignore_dangling_symlinks=True,
            )
    _add_selfie(draft)


def _other_languages(folder, names):
    if Path(folder).name == "__pycache__":
        return names
    if Path(folder).name != "i18n":
        return []
    return [name for name in names if name.endswith(".po") and name != "uk.po"]


def _add_selfie(parent):
    path = parent / "odoo" / SELFIE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("/* left out of the Debian package; no test uses it */\n")


def _from_debian():
    """Folder with Debian's odoo-19, unpacked; fetched when the cache has none."""
    target = cache.root() / "odoo" / "debian-sid-1"
    if not target.is_dir():
        distribution, _codename = apt.release()
        if distribution != "debian":
            raise UserError(
                "no Odoo 19.0 found and this is not Debian: set ODOO_SRC to a checkout "
                "of Odoo's branch 19.0"
            )
        with step("Odoo 19.0 from Debian sid") as line:
            cache.finished(target, _fetch)
            line.note = size_text(cache.size(target))
    return target / "usr/lib/python3/dist-packages"


def _fetch(draft):
    _distribution, codename = apt.release()
    folder = draft / "apt"
    downloads = apt.Apt(folder, suites=("sid", codename))
    downloads.update()
    downloads.download(
        *(f"{name}/sid" for name in SID_PACKAGES),
        *(f"{name}/{codename}" for name in RELEASE_PACKAGES),
    )
    for deb in downloads.debs():
        apt.unpack(deb, draft, UNPACK_EXCLUDES)
    shutil.rmtree(folder)
    _add_selfie(draft / "usr/lib/python3/dist-packages")


def importable_folder(source):
    """A folder for PYTHONPATH that offers this Odoo and nothing else.

    The tree's own parent may be a system folder full of other packages, which would
    win over the environment's.
    """
    target = cache.root() / "odoo" / f"link-{cache.key(source.parent)}"
    cache.finished(target, lambda draft: _link(source, draft))
    return target


def _link(source, draft):
    (draft / "odoo").symlink_to(source.parent / "odoo")
    # Worker mode restarts the server by its script's path: `-m odoo` has none.
    (draft / "odoo-bin").write_text(
        "#!/usr/bin/env python3\nfrom odoo.cli.command import main\n\nmain()\n"
    )


def check_starts(python, folder):
    """Fail early, in one line, when this Odoo can not start in the environment."""
    run(
        [python, "-c", "import odoo.release, odoo.cli.command"],
        "Odoo does not start",
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
