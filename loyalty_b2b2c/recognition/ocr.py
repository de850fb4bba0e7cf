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
    FOUND, FOUND_MOST = 1280, 2560
    SHEET = 560  # pixels the width of the paper has at least then
    ROW = 11  # lower rows are looked for again, larger

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
        """Return the rows of text in a picture, top to bottom."""
        wide = sheet.width / image.width
        if max(image.size) > 2 * self.SIDE:
            image = image.copy()
            image.thumbnail((2 * self.SIDE, 2 * self.SIDE))
        longest = max(image.size)
        if longest <= self.SIDE:
            boxes, _height = self._read(image, "min", 736)
            return join_boxes(boxes)
        side = self.SHEET / max(wide * image.width, 1) * longest
        side = round(min(max(side, self.FOUND), self.FOUND_MOST, longest))
        boxes, height = self._read(image, "max", side)
        if height * side / longest < self.ROW and side < longest:
            side = min(2 * side, self.FOUND_MOST, longest)
            boxes, _height = self._read(image, "max", side)
        return join_boxes(boxes)

    def _read(self, image, limit, side):
        """Return ``([(points, text), …], height of a row in pixels)``.

        :param str limit: ``"max"``: made smaller until no side is longer than ``side``
            to find the rows; ``"min"``: larger until none is shorter
        """
        import numpy

        finder = self.engine._load_det_model()  # loads its network the first time
        finder.limit_type, finder.limit_side_len = limit, side
        found = self.engine(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
        if found.boxes is None:
            return [], 0
        boxes = found.boxes.tolist()
        heights = sorted(points[3][1] - points[0][1] for points in boxes)
        return list(zip(boxes, found.txts, strict=True)), heights[len(heights) // 2]


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
