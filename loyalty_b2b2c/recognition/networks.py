"""Networks for other letters, where somebody installed them.

The package ``rapidocr`` brings one network, for Latin, Chinese and Japanese.  Those of
the same makers for other letters are files, as ``cyrillic_PP-OCRv5_rec_mobile.onnx``.
Who wants one puts it into the folder of the package's own, or into the one that the
variable ``RAPIDOCR_MODELS`` names.  Nothing is downloaded, here or at work.
"""

import importlib.util
import os
from pathlib import Path

#: Letters, as names of files begin -> languages, as Tesseract calls them.
SCRIPTS = {
    "eslav": ("ukr", "rus", "bel"),
    "cyrillic": ("ukr", "rus", "bel", "bul", "srp", "mkd", "kaz", "kir", "mon"),
    "el": ("ell",),
    "arabic": ("ara", "fas", "urd"),
    "devanagari": ("hin", "mar", "nep"),
    "korean": ("kor",),
    "th": ("tha",),
    "ta": ("tam",),
    "te": ("tel",),
    "ka": ("kan",),
}


def find(languages):
    """Return the file that reads the letters of the first language that needs one.

    :param languages: as Tesseract calls them, the most important first
    :return: ``None``: the package's own network reads them, or none is installed
    """
    scripts = get_scripts(languages)
    return next(filter(None, map(_find, scripts)), None)


def get_scripts(languages):
    """Return the letters, beside those the package reads, that languages are written
    in: of the first that needs any."""
    for language in languages:
        scripts = [name for name, known in SCRIPTS.items() if language in known]
        if scripts:
            return scripts
    return []


def get_folders():
    """Return where files of networks are looked for."""
    package = importlib.util.find_spec("rapidocr")
    places = [os.environ.get("RAPIDOCR_MODELS")]
    if package and package.origin:
        places.append(Path(package.origin).parent / "models")
    return [Path(place) for place in places if place]


def _find(script):
    """Return the newest network for letters, ``None``: there is none."""
    files = (
        file
        for folder in get_folders()
        for file in sorted(folder.glob(f"{script}_*rec*.onnx"), reverse=True)
    )
    return next(files, None)
