"""Labels on paper: PDF sheets, and single QR codes as PNG or SVG.

Plain Python, no Odoo: texts and links in, files out.  Words come ready for the reader.
Three kinds of paper: a sheet of A4 with 24 labels, a roll with one label after the
other, and inserts for warranty cards, ten on A4 with marks to cut along.
"""

import functools
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .logo import get_size, open_logo
from .pieces import (
    A4,
    BOLD,
    CODE,
    GREY,
    INK,
    QUIET,
    SILVER,
    TEXT,
    draw_code,
    draw_lines,
    draw_marks,
    fit,
    get_runs,
    make_code,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label.

    :param link: what the QR code holds
    :param code: the code as people read it, in groups
    :param title: name of the product
    :param note: what tells labels apart: number, level, lot
    :param pin: printed where the scratch layer goes, if any
    """

    link: str
    code: str
    title: str
    note: str = ""
    pin: str = ""


@dataclass(frozen=True)  # without slots: it remembers the picture
class Words:
    """What is the same on all labels: words in the reader's language, the brand.

    :param logo: file of the company's own picture; may be empty
    """

    company: str
    hint: str
    pin: str
    logo: bytes = b""

    @functools.cached_property
    def picture(self):
        """The logo, ``None`` where there is none to read."""
        return open_logo(self.logo)


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper, in millimetres.

    :param page: its size, the label's own when labels come on a roll
    :param label: size of one label
    :param columns, rows: labels on a page
    :param is_insert: draw a card to cut out, not a sticker
    """

    label: tuple[float, float]
    columns: int = 1
    rows: int = 1
    page: tuple[float, float] = A4
    is_insert: bool = False

    def place(self, number):
        """Return where the ``number``-th label of a page begins: left, bottom."""
        row, column = divmod(number, self.columns)
        width, height = self.label
        left = (self.page[0] - self.columns * width) / 2
        top = (self.page[1] + self.rows * height) / 2
        return left + column * width, top - (row + 1) * height


PAPERS = {
    "a4": Paper((70 * mm, 37 * mm), columns=3, rows=8),
    "roll": Paper((58 * mm, 30 * mm), page=(58 * mm, 30 * mm)),
    "insert": Paper((85 * mm, 55 * mm), columns=2, rows=5, is_insert=True),
}


_LOGO = "logo"
_LEAST_LOGO = 3 * mm  # a smaller one is a spot
_PREVIEW_DPI = 200  # sharp on a phone as well


# === FILES === #


def draw_sheet(labels: Iterable[Label], paper: Paper, words: Words, title="") -> bytes:
    """Return the PDF of labels; fonts must be loaded."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=paper.page, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(words.company)
    if words.picture:
        # once in the file, however many labels show it
        canvas.beginForm(_LOGO, 0, 0, 1, 1)
        canvas.drawImage(ImageReader(words.picture), 0, 0, 1, 1, mask="auto")
        canvas.endForm()
    draw = _draw_insert if paper.is_insert else _draw_sticker
    of_page = paper.columns * paper.rows
    for number, label in enumerate(labels):
        if number and number % of_page == 0:
            canvas.showPage()
        canvas.saveState()
        canvas.translate(*paper.place(number % of_page))
        draw(canvas, label, words, *paper.label)
        canvas.restoreState()
    canvas.save()
    return buffer.getvalue()


def draw_preview(label: Label, paper: Paper, words: Words) -> bytes | None:
    """Return one label as a picture (PNG); fonts must be loaded.

    :return: ``None`` where the library is not installed that reads PDF files
    """
    try:
        import pypdfium2
    except ImportError:
        return None
    alone = replace(paper, columns=1, rows=1, page=paper.label)
    document = pypdfium2.PdfDocument(draw_sheet([label], alone, words))
    buffer = io.BytesIO()
    document[0].render(scale=_PREVIEW_DPI / 72).to_pil().save(buffer, "PNG")
    return buffer.getvalue()


def draw_png(link):
    """Return the QR code of a link as PNG."""
    buffer = io.BytesIO()
    code = make_code(link, border=QUIET)
    code.make_image().get_image().save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def draw_svg(link):
    """Return the QR code of a link as SVG: vectors, sharp at any size."""
    matrix = make_code(link).get_matrix()
    size = len(matrix) + 2 * QUIET
    path = "".join(
        f"M{left + QUIET} {row + QUIET}h{width}v1h-{width}z"
        for row, left, width in get_runs(matrix)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{size}mm" height="{size}mm" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}"/></svg>\n'
    ).encode()


# === DRAWING === #


def _draw_sticker(canvas, label, words, width, height):
    """The code on the left, as large as it fits, words beside it."""
    pad = 3.2 * mm
    side = min(height - 2 * pad, 0.45 * width)
    draw_code(canvas, label.link, pad, (height - side) / 2, side)
    left = 2 * pad + side
    room = width - left - 0.7 * pad
    y = draw_lines(canvas, label.title, left, height - pad - 2.2 * mm, room, BOLD, 7.5)
    bottom = pad
    canvas.setFillColor(GREY)
    canvas.setFont(TEXT, 5.5)
    canvas.drawString(left, bottom, fit(label.note, TEXT, 5.5, room))
    canvas.setFillColor(INK)
    bottom += 3.2 * mm
    if label.pin:
        _draw_pin(canvas, label, words, left, bottom - 0.6 * mm, room, 4 * mm)
        bottom += 4.4 * mm
    top = _draw_code_text(canvas, label.code, left, bottom, room, 8)
    canvas.setFillColor(GREY)
    most = min(2, int((y - top) / (1.2 * 6)))  # what the small label leaves
    if most:
        y = draw_lines(canvas, words.hint, left, y - 0.6 * mm, room, TEXT, 6, most)
    _draw_logo(canvas, words, left, y + 1 * mm, room, y - top)


def _draw_insert(canvas, label, words, width, height):
    """A card: who, what, what to do; the code large on the right."""
    draw_marks(canvas, width, height)
    pad = 5 * mm
    side = 31 * mm
    x = width - pad - side
    draw_code(canvas, label.link, x, height - pad - side, side)
    room = x - 2 * pad
    brand = _draw_logo(canvas, words, pad, height - pad, room, 7 * mm)
    most = 2 if brand else 3  # a long name and a PIN must find room as well
    if not brand:
        canvas.setFillColor(GREY)
        canvas.setFont(TEXT, 7)
        brand = 2.4 * mm
        canvas.drawString(pad, height - pad - brand, fit(words.company, TEXT, 7, room))
    canvas.setFillColor(INK)
    y = height - pad - brand - 5.6 * mm
    y = draw_lines(canvas, label.title, pad, y, room, BOLD, 11, 3)
    draw_lines(canvas, words.hint, pad, y - 1 * mm, room, TEXT, 8, most)
    if label.pin:
        _draw_pin(canvas, label, words, pad, pad + 4.2 * mm, room, 6 * mm)
    canvas.setFont(CODE, 8.5)
    canvas.setFillColor(INK)
    text = label.code
    canvas.drawRightString(width - pad, pad + 6.2 * mm, fit(text, CODE, 8.5, 44 * mm))
    canvas.setFont(TEXT, 6)
    canvas.setFillColor(GREY)
    canvas.drawString(pad, pad, fit(label.note, TEXT, 6, width - 2 * pad))


def _draw_logo(canvas, words, x, top, width, height):
    """Draw the brand from ``top`` downwards, where there is one and room for it.

    :return: how high it is
    """
    height = min(height, 9 * mm)
    if height < _LEAST_LOGO or not words.picture:
        return 0
    width, height = get_size(words.picture, width, height)
    canvas.saveState()
    canvas.translate(x, top - height)
    canvas.scale(width, height)
    canvas.doForm(_LOGO)
    canvas.restoreState()
    return height


def _draw_pin(canvas, label, words, x, y, width, height):
    """The field that is covered by the scratch layer."""
    canvas.setFillColor(SILVER)
    canvas.roundRect(x, y, width, height, 0.8 * mm, stroke=0, fill=1)
    canvas.setFillColor(INK)
    size = 0.55 * height
    canvas.setFont(TEXT, size)
    base = y + 0.3 * height
    canvas.drawString(x + 1 * mm, base, words.pin)
    canvas.setFont(CODE, size)
    canvas.drawRightString(x + width - 1 * mm, base, label.pin)


def _draw_code_text(canvas, text, x, y, width, size):
    """The code for who types it, in one line or two, the last one at ``y``.

    :return: where it ends above
    """
    lines = [text]
    if pdfmetrics.stringWidth(text, CODE, size) > width and "-" in text:
        groups = text.split("-")
        half = (len(groups) + 1) // 2
        lines = ["-".join(groups[:half]) + "-", "-".join(groups[half:])]
    widest = max(pdfmetrics.stringWidth(line, CODE, size) for line in lines)
    size *= min(1, width / widest)
    canvas.setFont(CODE, size)
    for above, line in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
        canvas.drawString(x, y + 1.15 * size * above, line)
    return y + 1.15 * size * len(lines)
