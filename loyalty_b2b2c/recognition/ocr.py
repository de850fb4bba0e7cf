"""Engines that read text, offline, by neural networks inside their packages.

``rapidocr`` is the default: best on poor photos.  It knows no Cyrillic letters, but
reads them as the Latin ones they look like, which :mod:`.letters` undoes.
``tesseract`` reads Cyrillic words as such, needs little memory, and clean photos.
"""

ENGINES = {}


def _engine(name):
    def register(cls):
        ENGINES[name] = cls
        return cls

    return register


@_engine("rapidocr")
class RapidOcr:
    """PP-OCR networks of the ``rapidocr`` package on onnxruntime."""

    SIDE = 1600
    # what the network that finds rows gets: enough for letters of a dozen pixels
    FOUND, FOUND_MOST = 960, 2560
    SHEET = 560  # pixels the width of the paper has at least then
    ROW = 11  # lower rows are looked for again, larger
    TRUSTED = 0.85  # texts of a picture that lies upside down have less
    turned = 0

    def __init__(self, _languages=()):
        from rapidocr import RapidOCR

        self.engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Det.limit_side_len": 736,
                "Rec.rec_batch_num": 1,  # six are padded to the longest
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.use_cls": False,
            }
        )

    def rows(self, image, sheet):
        """Return the rows of text in a picture, top to bottom, however it lies."""
        boxes, _height, trust = self._find(image, sheet.width / image.width)
        self.turned = 0
        for angle in self._angles(boxes, trust):
            other = image.rotate(angle, expand=True)
            found, _height, better = self._find(other, sheet.width / image.width)
            if better > trust or _is_upright(found) > _is_upright(boxes):
                boxes, trust, self.turned = found, better, angle
            if trust > self.TRUSTED and _is_upright(boxes):
                break
        return join_boxes(boxes)

    def turn(self, sheet):
        """Return a sheet turned as the last picture had to be."""
        return sheet.rotate(self.turned, expand=True) if self.turned else sheet

    def _angles(self, boxes, trust):
        """Return by which angles a picture is turned and looked at again."""
        if boxes and not _is_upright(boxes):
            return (90, 270)
        return (180,) if boxes and trust < self.TRUSTED else ()

    def _find(self, image, wide):
        """Return ``([(points, text), …], height of a row, how sure its texts are)``.

        :param wide: share of the width that the paper has
        """
        if max(image.size) > 2 * self.SIDE:
            image = image.copy()
            image.thumbnail((2 * self.SIDE, 2 * self.SIDE))
        longest = max(image.size)
        if longest <= self.SIDE:
            return self._read(image, "min", 736)
        side = self.SHEET / max(wide * image.width, 1) * longest
        side = round(min(max(side, self.FOUND), self.FOUND_MOST, longest))
        found = self._read(image, "max", side)
        if found[1] * side / longest < self.ROW and side < longest:
            side = min(2 * side, self.FOUND_MOST, longest)
            found = self._read(image, "max", side)
        return found

    def _read(self, image, limit, side):
        """Read a picture; see :meth:`_find`.

        :param str limit: ``"max"``: made smaller until no side is longer than ``side``
            to find the rows; ``"min"``: larger until none is shorter
        """
        import numpy

        finder = self.engine._load_det_model()  # loads its network the first time
        finder.limit_type, finder.limit_side_len = limit, side
        found = self.engine(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
        if found.boxes is None:
            return [], 0, 0
        boxes = found.boxes.tolist()
        heights = sorted(points[3][1] - points[0][1] for points in boxes)
        texts = list(zip(boxes, found.txts, strict=True))
        trust = sum(found.scores) / len(found.scores)
        return texts, heights[len(heights) // 2], trust


def _is_upright(boxes):
    """Tell whether most of the boxes are wider than tall."""
    wide = [
        abs(points[1][0] - points[0][0]) >= abs(points[3][1] - points[0][1])
        for points, text in boxes
        if len(text) > 2
    ]
    return 2 * sum(wide) >= len(wide)


@_engine("tesseract")
class Tesseract:
    """Tesseract's LSTM networks, of the languages that are wanted and installed.

    :param languages: as Tesseract calls them; Ukrainian and English when left out
    """

    USUAL = ("ukr", "eng")

    def __init__(self, languages=()):
        import os
        from pathlib import Path

        import tesserocr

        folder = os.environ["TESSDATA_PREFIX"]
        known = {path.stem for path in Path(folder).glob("*.traineddata")}
        wanted = languages or self.USUAL
        languages = [name for name in wanted if name in known] or sorted(known)
        self.api = tesserocr.PyTessBaseAPI(
            path=folder, lang="+".join(languages), psm=tesserocr.PSM.SINGLE_BLOCK
        )

    def turn(self, sheet):
        """Return the sheet: this engine has not noticed how it lies."""
        return sheet

    def rows(self, _image, sheet):
        """Return the rows of text on a straightened sheet, top to bottom."""
        self.api.SetImage(_even(sheet))
        rows = (row.strip() for row in self.api.GetUTF8Text().splitlines())
        return [row for row in rows if row]


def _even(sheet):
    """Return a sheet whose paper is equally white everywhere."""
    import cv2
    import numpy
    from PIL import Image

    pixels = numpy.asarray(sheet)
    light = cv2.medianBlur(cv2.dilate(pixels, numpy.ones((15, 15), "u1")), 31)
    flat = 255 - cv2.absdiff(pixels, light)
    flat = cv2.normalize(flat, None, 0, 255, cv2.NORM_MINMAX)
    return Image.fromarray(flat)


def join_boxes(items):
    """Return rows of text out of boxes with text, put right for a turned sheet.

    :param items: ``([[x, y] × 4, clockwise from the upper left], text)``
    """
    boxes = [(points, text) for points, text in items if text.strip()]
    if not boxes:
        return []
    slope = _slope([points for points, _text in boxes])
    placed = sorted((_place(points, slope), text) for points, text in boxes)
    rows = []
    for (middle, left, height), text in placed:
        if rows and abs(rows[-1][0] - middle) < 0.5 * max(height, rows[-1][1]):
            row = rows[-1]
            row[2].append((left, text))
            row[0] += (middle - row[0]) / len(row[2])
        else:
            rows.append([middle, height, [(left, text)]])
    return [" ".join(text for _left, text in sorted(row[2])) for row in rows]


def _slope(boxes):
    """Return how much the rows fall per pixel to the right: the middle of all."""
    slopes = sorted(
        (points[1][1] - points[0][1]) / max(1, points[1][0] - points[0][0])
        for points in boxes
    )
    return slopes[len(slopes) // 2]


def _place(points, slope):
    """Return ``(middle, left, height)`` of a box on a level sheet."""
    ys = [y - x * slope for x, y in points]
    return sum(ys) / 4, min(x for x, _y in points), max(ys) - min(ys)
