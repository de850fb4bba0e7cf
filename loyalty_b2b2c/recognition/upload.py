"""Turns an upload into clean JPEG pages: decoded, made smaller, encoded anew.

What comes out shares no byte with what came in: no EXIF, no location, no comment, no
second file glued to the end.  Runs in the worker process only.
"""

import io
import warnings
from datetime import datetime

from . import sniff
from .errors import BadUpload

MAX_PIXELS = 64_000_000  # of a JPEG, whose decoder can shrink while it reads
MAX_RAW_BYTES = 98_000_000  # of any other picture once it is decoded
MAX_WAVE_BYTES = 130_000_000  # of a JPEG in several passes, which is kept as waves
MAX_PAGES = 5
MIN_SIDE = 64
OUT_PIXELS = 8_000_000
OUT_SIDE = 6000
QUALITY = 85
# decoders that keep more copies of the picture while they work
_COPIES = {"webp": 3, "heic": 2}
# numbers of what a camera writes beside a picture
_EXIF, _TAKEN, _CHANGED = 0x8769, 0x9003, 0x0132
_FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",)}


def clean(data):
    """Return the pages of an upload as JPEG bytes.

    :param bytes data: what a stranger sent
    :raise BadUpload: it is refused
    """
    kind = sniff.kind(data)
    try:
        if kind == "pdf":
            return _clean_pdf(data)
        return [_encode(_open(data, kind))]
    except (BadUpload, MemoryError):
        raise
    except Exception:
        # decoders raise whatever they like about broken files
        raise BadUpload("damaged") from None


def taken(data):
    """Return when the camera says a photo was taken, ``None`` when it says nothing.

    The day and time of the phone, as ``"2026-11-30 09:15:00"``; anybody can change it,
    so it is a sign and no proof.  Where it was taken is not read.

    :param bytes data: what a stranger sent
    """
    from PIL import Image

    try:
        # of other kinds the whole picture would have to be decoded first
        if sniff.kind(data) != "jpeg":
            return None
        image = Image.open(io.BytesIO(data), formats=_FORMATS["jpeg"])
        exif = image.getexif()
        text = exif.get_ifd(_EXIF).get(_TAKEN) or exif.get(_CHANGED)
        return str(datetime.strptime(str(text)[:19], "%Y:%m:%d %H:%M:%S"))
    except Exception:
        return None  # what nobody can read says nothing


def _open(data, kind):
    """Return a picture as small as the output needs, upright."""
    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # counted here, by what decoding really takes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind == "heic":
            image = _open_heic(data)
        else:
            image = Image.open(io.BytesIO(data), formats=_FORMATS[kind])
        _check_size(image, kind)
        scale = _scale(*image.size)
        if kind == "jpeg":
            image.draft(
                "RGB", tuple(max(1, round(side * scale)) for side in image.size)
            )
        image.load()
        image = _shrink(image)
        try:
            upright = ImageOps.exif_transpose(image)
        except Exception:  # an orientation nobody can read is none
            upright = image
        return _flatten(upright)


def _open_heic(data):
    from PIL import Image

    try:
        import pi_heif
    except ImportError:
        raise BadUpload("unsupported") from None
    pi_heif.register_heif_opener(thumbnails=False)
    return Image.open(io.BytesIO(data), formats=("HEIF",))


def _check_size(image, kind):
    width, height = image.size
    if min(width, height) < MIN_SIDE:
        raise BadUpload("too_small")
    if width * height > MAX_PIXELS:
        raise BadUpload("too_many_pixels")
    if kind == "jpeg":
        if image.info.get("progressive") and _wave_bytes(image) > MAX_WAVE_BYTES:
            raise BadUpload("too_many_pixels")
        return
    # Pillow keeps three colours in four bytes
    small = {"1": 1, "L": 1, "P": 1, "I;16": 2}.get(image.mode, 4)
    each = small if kind == "png" else 4 * _COPIES[kind]
    if width * height * each > MAX_RAW_BYTES:
        raise BadUpload("too_many_pixels")


def _wave_bytes(image):
    """Return what libjpeg keeps of a picture that comes in several passes."""
    layers = [(one[1], one[2]) for one in image.layer]
    whole = max(across for across, _down in layers) * max(down for _a, down in layers)
    share = sum(across * down for across, down in layers) / whole
    return 2 * image.width * image.height * share


def _scale(width, height):
    """Return the factor to the size of the output, at most 1."""
    by_pixels = (OUT_PIXELS / (width * height)) ** 0.5
    return min(1.0, by_pixels, OUT_SIDE / max(width, height))


def _shrink(image):
    """Return the picture in output size; large ones by whole steps first."""
    from PIL import Image

    scale = _scale(*image.size)
    if scale == 1.0:
        return image
    exif = image.getexif()
    step = int(1 / scale)
    if step > 1:
        image = image.reduce(step)
        scale = _scale(*image.size)
    if scale < 1.0:
        if image.mode in ("P", "1"):
            image = image.convert("RGB")
        size = tuple(max(1, round(side * scale)) for side in image.size)
        image = image.resize(size, Image.Resampling.BOX)
    image.info["exif"] = exif.tobytes()  # still says which side is up
    return image


def _flatten(image):
    """Return the picture in three colours; what is transparent becomes white."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    if image.mode.startswith(("I", "F")):
        # sixteen bits of grey: the upper eight are what a screen shows
        image = image.convert("I").point(lambda value: value * (1 / 256))
    return image.convert("RGB")


def _encode(image):
    image.info.clear()  # a comment would be written again
    out = io.BytesIO()
    image.save(out, format="JPEG", quality=QUALITY, optimize=False)
    return out.getvalue()


# === PDF === #


def _clean_pdf(data):
    try:
        import pypdfium2
    except ImportError:
        raise BadUpload("unsupported") from None
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise BadUpload("locked" if locked else "damaged") from None
    if not len(document):
        raise BadUpload("damaged")
    if len(document) > MAX_PAGES:
        raise BadUpload("too_many_pages")
    return [_encode(_render(document[index])) for index in range(len(document))]


def _render(page):
    """Return a page as a picture of about 200 dots per inch, whatever its size."""
    width, height = page.get_size()
    if min(width, height) <= 0 or max(width, height) / min(width, height) > 60:
        raise BadUpload("damaged")
    wanted = 200 / 72
    scale = min(wanted, (OUT_PIXELS / 2 / (width * height)) ** 0.5)
    return page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
