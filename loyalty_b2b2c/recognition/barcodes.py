"""QR codes and barcodes in a photo, with a second and third look at difficult ones.

ZXing first, then the same picture with other light, without noise, smaller, turned
and larger, zbar last.  Measured by ``./loyalty bench receipts`` (``docs/receipts.md``),
180 photos each: 97 % of QR codes, 71 % of barcodes, all DataMatrix; ZXing's first look
85 %, 60 % and 99 %; zbar alone 63 %, 67 % and none.
"""

LIBRARIES = ("zxingcpp", "pyzbar.pyzbar")
MAX_SIDE = 4200
_LOOK_SIDE = 1800
_LINEAR_SIDE = 2400
_ENLARGE_SIDE = 1700


def read(gray, libraries=LIBRARIES):
    """Return ``[[format, text], …]`` of the codes in a picture.

    :param gray: Pillow image of mode ``"L"``
    :param libraries: which of :data:`LIBRARIES` to use, as far as they are there
    """
    codes = _looks(gray, *(name in libraries and _load(name) for name in LIBRARIES))
    return [[_plain(kind), text] for kind, text in codes]


def read_all(gray):
    """Return ``[[format, text], …]`` of all codes in a picture of many.

    Each look may find one that the others did not: torn, bent, or in the dark.
    """
    zxing, zbar = (_load(name) for name in LIBRARIES)
    picture = _at_most(gray, MAX_SIDE)
    found = {}
    looks = [(picture, False), *_variants(picture), *_tiles(picture)] if zxing else []
    for changed, linear in looks:
        found.update((text, kind) for kind, text in _zxing(zxing, changed, linear))
    if zbar:
        found.update((text, kind) for kind, text in _zbar(zbar, picture))
    return [[_plain(kind), text] for text, kind in found.items()]


def _tiles(picture):
    """Yield overlapping quarters of a picture, larger: small codes on a large photo."""
    width, height = picture.size
    for left in (0, width * 2 // 5):
        for top in (0, height * 2 // 5):
            box = (left, top, left + width * 3 // 5, top + height * 3 // 5)
            part = picture.crop(box)
            if max(part.size) <= _ENLARGE_SIDE:
                part = part.resize((part.width * 2, part.height * 2))
            yield part, False


def _plain(kind):
    """Return a format's name without spaces and signs: ``"qrcode"``, ``"ean13"``."""
    return "".join(ch for ch in kind.lower() if ch.isalnum())


def _looks(gray, zxing, zbar):
    picture = _at_most(gray, MAX_SIDE)
    if zxing:
        codes = _zxing(zxing, picture)
        if codes:
            return codes
        picture = _at_most(picture, _LOOK_SIDE)  # most photos have no code at all
        for changed, linear in _variants(picture):
            codes = _zxing(zxing, changed, linear)
            if codes:
                return codes
    return _zbar(zbar, picture) if zbar else []


def _at_most(picture, side):
    """Return a picture, smaller where one of its sides is longer."""
    if max(picture.size) <= side:
        return picture
    smaller = picture.copy()
    smaller.thumbnail((side, side))
    return smaller


def _load(name):
    try:
        return __import__(name, fromlist=["x"])
    except ImportError:  # pyzbar's, too, when the C library is missing
        return None


def _zxing(zxing, picture, linear=False):
    names = ["Code128", "EANUPC", "ITF", "Code39"]
    if not linear:
        names += ["PDF417"] if hasattr(zxing, "PDF417") else []
        names += ["QRCode", "MicroQRCode", "DataMatrix"]
    formats = zxing.BarcodeFormats([getattr(zxing, name) for name in names])
    results = zxing.read_barcodes(
        picture, formats=formats, text_mode=zxing.TextMode.Plain
    )
    return [(str(code.format), code.text) for code in results if code.text]


def _zbar(zbar, picture):
    kinds = zbar.ZBarSymbol
    symbols = [kinds.QRCODE, kinds.EAN13, kinds.EAN8, kinds.CODE128, kinds.CODE39]
    return [
        (code.type, code.data.decode("utf-8", "replace"))
        for code in zbar.decode(picture, symbols=symbols)
    ]


def _variants(picture):
    """Yield ``(changed picture, only barcodes?)``."""
    clear = _even_light(picture)
    yield clear, False
    yield _without_noise(picture), False
    half = picture.reduce(2)
    yield half, False
    yield _without_noise(clear), False
    linear = half if max(picture.size) > _LINEAR_SIDE else picture
    for angle in (30, 60):
        yield linear.rotate(angle, expand=True, fillcolor=128), True
    if max(picture.size) <= _ENLARGE_SIDE:
        yield picture.resize((picture.width * 2, picture.height * 2)), False


def _without_noise(picture):
    """Return the middle of each point and its neighbours, by OpenCV when it is there.

    Pillow's takes about twenty times as long for the same picture.
    """
    try:
        import cv2
        import numpy
    except ImportError:
        from PIL import ImageFilter

        return picture.filter(ImageFilter.MedianFilter(3))
    from PIL import Image

    return Image.fromarray(cv2.medianBlur(numpy.asarray(picture), 3))


def _even_light(picture):
    """Return the picture with local contrast, by OpenCV when it is there."""
    try:
        import cv2
        import numpy
    except ImportError:
        from PIL import ImageOps

        return ImageOps.autocontrast(picture, cutoff=2)
    from PIL import Image

    even = cv2.createCLAHE(4.0, (8, 8)).apply(numpy.asarray(picture))
    return Image.fromarray(even)
