"""What machines see on one page; runs in the worker process."""

import io

from . import barcodes, fingerprint, ocr, paper

_engines = {}  # (name, languages) -> engine, loaded once per process


def read(data, names, many=False, languages=()):
    """Read a clean page.

    :param bytes data: JPEG of :func:`.upload.clean`
    :param names: engines for text, see :data:`.ocr.ENGINES`
    :param bool many: whether to look for many codes
    :param languages: what texts are written in, as Tesseract calls them
    :return: JSON value, see :class:`.sandbox.Page`
    """
    from PIL import Image

    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.load()
    gray = image.convert("L")
    sheet = paper.straighten(gray)
    texts = {}
    for name in names:
        key = name, tuple(languages)
        if key not in _engines:
            _engines[key] = ocr.ENGINES[name](languages)
        texts[name] = _engines[key].rows(image, sheet)
        sheet = _engines[key].turn(sheet)
    return {
        "codes": barcodes.read_all(gray) if many else barcodes.read(gray),
        "texts": texts,
        "fingerprint": fingerprint.of(sheet),
    }
