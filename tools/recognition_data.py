"""Letters for the recognition of receipts: a font to draw with, Tesseract's networks.

Both are the system's, or unpacked from Debian packages into the cache.
"""

import functools
import os
import shutil
from pathlib import Path

from tools import apt, cache
from tools.steps import UserError, say, step

FONT = "DejaVuSansMono.ttf"
PACKAGES = ("fonts-dejavu-core", "tesseract-ocr-ukr", "tesseract-ocr-eng")


def environment():
    """Variables with which Tesseract finds its networks; {} without them."""
    if os.environ.get("TESSDATA_PREFIX"):
        return {}
    found = next(Path("/usr/share/tesseract-ocr").glob("*/tessdata/ukr*"), None)
    folder = found.parent if found else _fetched("**/tessdata")
    return {"TESSDATA_PREFIX": str(folder)} if folder else {}


@functools.cache
def font(size):
    """A font that has Ukrainian letters, in a size in pixels."""
    from PIL import ImageFont

    places = Path("/usr/share/fonts/truetype/dejavu", FONT), _fetched(f"**/{FONT}")
    for place in places:
        if place and place.exists():
            return ImageFont.truetype(str(place), size)
    raise UserError(f"there is no {FONT} here")


def _fetched(pattern):
    """The first path of the fetched packages that matches, or None."""
    target = cache.root() / "letters-1"
    if not target.is_dir():
        try:
            with step("letters from the Debian archive"):
                cache.finished(target, _fetch)
        except UserError as error:
            say(f"Ukrainian words on receipts will not be read as such: {error}")
            return None
    return next(target.glob(f"root/{pattern}"), None)


def _fetch(draft):
    downloads = apt.Apt(draft / "apt")
    downloads.update()
    downloads.download(*PACKAGES)
    root = draft / "root"
    root.mkdir()
    for deb in downloads.debs():
        apt.unpack(deb, root, ("./usr/share/doc", "./usr/share/man"))
    shutil.rmtree(draft / "apt")
