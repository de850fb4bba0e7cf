"""What a recommender hangs up, puts on a table or gives away, as PDF with a QR code.

Plain Python, no Odoo: texts, a link and a picture in, a file out.  Words come ready for
the reader.  Four papers: a poster on A4 and on A5, a card that stands on a table (A4,
folded once: the other half is read from the other side), and ten business cards on A4.
"""

import io
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .pieces import (
    A4,
    BOLD,
    CODE,
    GREY,
    INK,
    SILVER,
    TEXT,
    draw_code,
    draw_lines,
    draw_marks,
    fit,
    keep_lines,
)

A5 = (148 * mm, 210 * mm)
_CARD = (85 * mm, 55 * mm)
_COLUMNS, _ROWS = 2, 5
#: A title shrinks down to this part of its size before it is cut.
_SMALLEST = 0.6
#: White at the sides of a poster, as a part of its width.
_PAD = 0.09


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on the paper.

    :param link: what the QR code holds
    :param code: the code as people type it
    :param title: what the reader gets: "10 % off your first purchase"
    :param hint: what to do: "Scan the code, or name it at the till."
    :param company: who gives it
    :param address: the link as people type it, without the scheme
    :param note: small print: until when, for whom
    :param by: who recommends, as he chose to be called; may be empty
    :param picture: file of the company's picture; may be empty
    :param color: of the company, ``"#714B67"``
    """

    link: str
    code: str
    title: str
    hint: str
    company: str
    address: str
    note: str = ""
    by: str = ""
    picture: bytes = b""
    color: str = INK


#: Kind of paper -> page.
PAPERS = {"a4": A4, "a5": A5, "table": A4, "cards": A4}


def draw_poster(poster: Poster, paper: str) -> bytes:
    """Return the PDF of a poster; fonts must be loaded.

    :param paper: a key of :data:`PAPERS`
    :raise KeyError: there is no such paper
    """
    width, height = PAPERS[paper]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), pageCompression=1)
    canvas.setTitle(f"{poster.company} · {poster.code}")
    canvas.setAuthor(poster.company)
    picture = _read_picture(poster.picture)
    if paper == "cards":
        _draw_cards(canvas, poster, picture)
    elif paper == "table":
        _draw_table_card(canvas, poster, picture)
    else:
        _draw_page(canvas, poster, picture, width, height)
    canvas.save()
    return buffer.getvalue()


def _read_picture(content):
    """Return the picture of a file; ``None`` when there is none that can be drawn."""
    if not content:
        return None
    try:
        picture = ImageReader(io.BytesIO(content))
        picture.getSize()
    except (OSError, ValueError, SyntaxError):  # an SVG, or broken: the name stands in
        return None
    return picture


# === PAPERS === #


def _draw_page(canvas, poster, picture, width, height):
    """A poster: who, what, the code as large as it can be read across a room."""
    scale = width / A4[0]  # sizes below are those of A4
    middle, pad, step = width / 2, _PAD * width, scale * mm
    room = width - 2 * pad
    canvas.setFillColor(poster.color)
    canvas.rect(0, height - 4 * step, width, 4 * step, stroke=0, fill=1)
    top = height - 16 * step
    _draw_company(canvas, poster, picture, middle, top, room, 30 * step)
    canvas.setFillColor(INK)
    y = top - 50 * step
    y = _draw_centred(canvas, poster.title, middle, y, room, BOLD, 40 * scale, most=3)
    canvas.setFillColor(GREY)
    if poster.by:
        y -= 1 * step
        y = _draw_centred(canvas, poster.by, middle, y, room, TEXT, 20 * scale, most=1)
    foot = 37 * step  # where the last words begin
    side = min(118 * step, y - foot - 22 * step)
    bottom = foot + 20 * step + (y - foot - 20 * step - side) / 2
    draw_code(canvas, poster.link, (width - side) / 2, bottom, side)
    canvas.setFillColor(poster.color)
    _draw_line(canvas, poster.code, middle, bottom - 12 * step, room, CODE, 32 * scale)
    canvas.setFillColor(INK)
    _draw_centred(canvas, poster.hint, middle, foot, room, TEXT, 18 * scale)
    canvas.setFillColor(GREY)
    _draw_line(canvas, poster.address, middle, 19 * step, room, TEXT, 13 * scale)
    _draw_line(canvas, poster.note, middle, 11 * step, room, TEXT, 9 * scale)


def _draw_table_card(canvas, poster, picture):
    """A sheet folded in the middle: both sides of the table read the same."""
    width, height = A4
    half = height / 2
    canvas.setStrokeColor(SILVER)
    canvas.setLineWidth(0.4)
    canvas.setDash(4, 4)
    canvas.line(0, half, width, half)
    canvas.setDash()
    _draw_face(canvas, poster, picture, width, half)
    canvas.saveState()
    canvas.translate(width, height)
    canvas.rotate(180)
    _draw_face(canvas, poster, picture, width, half)
    canvas.restoreState()


def _draw_face(canvas, poster, picture, width, height):
    """One side of what stands on a table: words on the left, the code on the right."""
    pad = 14 * mm
    side = 84 * mm
    left, room = pad, width - side - 3 * pad
    x = width - pad - side
    top = height - pad
    _draw_company(
        canvas, poster, picture, left + room / 2, top, room, 18 * mm, is_left=True
    )
    canvas.setFillColor(INK)
    size = _shrink(poster.title, BOLD, 22, room, most=4)
    y = draw_lines(canvas, poster.title, left, top - 34 * mm, room, BOLD, size, most=4)
    canvas.setFillColor(GREY)
    if poster.by:
        y = draw_lines(canvas, poster.by, left, y - 2 * mm, room, TEXT, 12, most=1)
    canvas.setFillColor(INK)
    draw_lines(canvas, poster.hint, left, y - 4 * mm, room, TEXT, 12, most=3)
    draw_code(canvas, poster.link, x, (height - side) / 2 + 6 * mm, side)
    canvas.setFillColor(poster.color)
    middle, bottom = x + side / 2, (height - side) / 2 - 3 * mm
    _draw_line(canvas, poster.code, middle, bottom, side, CODE, 19)
    canvas.setFillColor(GREY)
    _draw_line(canvas, poster.address, middle, bottom - 6 * mm, side, TEXT, 8)
    canvas.setFont(TEXT, 7)
    canvas.drawString(left, pad, fit(poster.note, TEXT, 7, room))


def _draw_cards(canvas, poster, picture):
    """Ten cards to cut out and give away."""
    width, height = _CARD
    left = (A4[0] - _COLUMNS * width) / 2
    bottom = (A4[1] - _ROWS * height) / 2
    for number in range(_COLUMNS * _ROWS):
        row, column = divmod(number, _COLUMNS)
        canvas.saveState()
        canvas.translate(left + column * width, bottom + row * height)
        draw_marks(canvas, width, height)
        _draw_card(canvas, poster, picture, width, height)
        canvas.restoreState()


def _draw_card(canvas, poster, picture, width, height):
    """One business card: words on the left, the code on the right."""
    pad = 5 * mm
    side = 32 * mm
    x = width - pad - side
    room = x - 1.6 * pad
    top = height - pad
    _draw_company(
        canvas, poster, picture, pad + room / 2, top, room, 8 * mm, is_left=True
    )
    canvas.setFillColor(INK)
    size = _shrink(poster.title, BOLD, 10.5, room, most=4)
    y = draw_lines(canvas, poster.title, pad, top - 14 * mm, room, BOLD, size, most=4)
    canvas.setFillColor(GREY)
    if poster.by:
        draw_lines(canvas, poster.by, pad, y - 0.8 * mm, room, TEXT, 7.5, most=1)
    draw_code(canvas, poster.link, x, top - side, side)
    canvas.setFillColor(poster.color)
    y = top - side - 4.6 * mm
    _draw_line(canvas, poster.code, x + side / 2, y, side + pad, CODE, 9.5)
    canvas.setFillColor(GREY)
    canvas.setFont(TEXT, 6)
    canvas.drawString(pad, pad, fit(poster.address, TEXT, 6, width - 2 * pad))


# === PIECES === #


def _draw_company(canvas, poster, picture, x, top, room, height, is_left=False):
    """The company's picture as large as it fits below ``top``, or its name.

    :param x: the middle of where it goes; with ``is_left`` it begins ``room / 2``
        left of it
    """
    if not picture:
        canvas.setFillColor(poster.color)
        size = 0.4 * height
        canvas.setFont(BOLD, size)
        name = fit(poster.company, BOLD, size, room)
        if is_left:
            canvas.drawString(x - room / 2, top - size, name)
        else:
            canvas.drawCentredString(x, top - 0.5 * height - 0.35 * size, name)
        return
    wide, high = picture.getSize()
    scale = min(room / wide, height / high)
    left = x - room / 2 if is_left else x - wide * scale / 2
    canvas.drawImage(
        picture,
        left,
        top - high * scale,
        wide * scale,
        high * scale,
        mask="auto",
    )


def _draw_line(canvas, text, x, y, width, font, size):
    """Draw one line around ``x``, cut where it does not fit."""
    canvas.setFont(font, size)
    canvas.drawCentredString(x, y, fit(text, font, size, width))


def _draw_centred(canvas, text, x, y, width, font, size, most=2):
    """Draw a text around ``x`` from ``y`` downwards, smaller if it has many words.

    :return: where the next line goes
    """
    size = _shrink(text, font, size, width, most)
    canvas.setFont(font, size)
    for line in keep_lines(simpleSplit(text, font, size, width), most):
        canvas.drawCentredString(x, y, fit(line, font, size, width))
        y -= 1.25 * size
    return y


def _shrink(text, font, size, width, most):
    """Return at which size a text fits into so many lines, not below a limit."""
    smallest = _SMALLEST * size
    while size > smallest and (
        len(simpleSplit(text, font, size, width)) > most
        or max((_width(word, font, size) for word in text.split()), default=0) > width
    ):
        size *= 0.95
    return max(size, smallest)


def _width(word, font, size):
    return pdfmetrics.stringWidth(word, font, size)
