"""The statement of an account on paper: a line per document, with the balance then.

Plain Python, no Odoo: words come ready for the reader, a file goes out.
"""

import io
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .pieces import A4, BOLD, GREY, INK, SILVER, TEXT, draw_lines, fit

_PAD = 18 * mm
_TOP, _BOTTOM = 18 * mm, 20 * mm
_SIZE, _SMALL = 9.5, 8
_ROW = 11 * mm
#: Where the columns of numbers end, from the right edge of the writing.
_AMOUNT, _BALANCE = 38 * mm, 0
#: How wide the day is, and a number.
_DAY, _NUMBER = 30 * mm, 36 * mm


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One document on the statement.

    :param note: what happened last: "Now available"
    :param amount: "+39 pts"
    :param balance: "118 pts"
    """

    day: str
    title: str
    note: str
    amount: str
    balance: str


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """What stands on the statement.

    :param title: "Statement of Bonus Points"
    :param company: who runs the program
    :param person: whose account it is
    :param facts: lines below the person: the role, the period, what is available
    :param heads: titles of the columns: day, what, amount, balance
    :param lines: the :class:`StatementLine` s, in the order in which they are printed
    :param empty: the sentence that stands there without lines
    :param page: "Page %(page)s of %(pages)s"
    """

    title: str
    company: str
    person: str
    facts: tuple[str, ...]
    heads: tuple[str, str, str, str]
    lines: tuple[StatementLine, ...]
    empty: str
    page: str = "%(page)s / %(pages)s"


def draw_statement(sheet: StatementSheet) -> bytes:
    """Return the PDF of a statement on A4; fonts must be loaded."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1)
    canvas.setTitle(sheet.title)
    canvas.setAuthor(sheet.company)
    pages = _split(sheet)
    for number, lines in enumerate(pages, 1):
        y = A4[1] - _TOP
        if number == 1:
            y = _draw_head(canvas, sheet, y)
        y = _draw_titles(canvas, sheet.heads, y)
        for line in lines:
            y = _draw_line(canvas, line, y)
        if not lines:
            canvas.setFillColor(GREY)
            draw_lines(canvas, sheet.empty, _PAD, y - 4 * mm, _room(), TEXT, _SIZE)
        canvas.setFillColor(GREY)
        canvas.setFont(TEXT, _SMALL)
        canvas.drawString(_PAD, 10 * mm, fit(sheet.company, TEXT, _SMALL, 100 * mm))
        foot = sheet.page % {"page": number, "pages": len(pages)}
        canvas.drawRightString(A4[0] - _PAD, 10 * mm, foot)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _room():
    return A4[0] - 2 * _PAD


def _split(sheet):
    """Return the lines of each page; there is one at least."""
    head = (14 + 7 * len(sheet.facts) + 14) * mm
    height = A4[1] - _TOP - _BOTTOM - 8 * mm
    first = max(int((height - head) / _ROW), 1)
    each = int(height / _ROW)
    lines = sheet.lines
    pages = [lines[:first]]
    rest = lines[first:]
    return pages + [rest[at : at + each] for at in range(0, len(rest), each)]


def _draw_head(canvas, sheet, y):
    """What it is, whose and of when; return where the table begins."""
    canvas.setFillColor(GREY)
    canvas.setFont(TEXT, _SIZE)
    canvas.drawString(_PAD, y, fit(sheet.company, TEXT, _SIZE, _room()))
    canvas.setFillColor(INK)
    y = draw_lines(canvas, sheet.title, _PAD, y - 9 * mm, _room(), BOLD, 16, most=1)
    y = draw_lines(canvas, sheet.person, _PAD, y - 1 * mm, _room(), BOLD, 11, most=1)
    canvas.setFillColor(GREY)
    for fact in sheet.facts:
        y = draw_lines(canvas, fact, _PAD, y - 1 * mm, _room(), TEXT, _SIZE, most=1)
    return y - 4 * mm


def _draw_titles(canvas, heads, y):
    """The titles of the columns, with a line below them."""
    day, what, amount, balance = heads
    right = A4[0] - _PAD
    canvas.setFillColor(GREY)
    canvas.setFont(TEXT, _SMALL)
    canvas.drawString(_PAD, y, fit(day, TEXT, _SMALL, _DAY))
    canvas.drawString(_PAD + _DAY, y, fit(what, TEXT, _SMALL, 60 * mm))
    for text, end in ((amount, right - _AMOUNT), (balance, right - _BALANCE)):
        canvas.drawRightString(end, y, fit(text, TEXT, _SMALL, _NUMBER))
    _draw_rule(canvas, y - 2 * mm)
    return y - 2 * mm


def _draw_line(canvas, line, y):
    """A document: its name, what happened last, its points, the balance then."""
    right, base = A4[0] - _PAD, y - 5 * mm
    width = _room() - _DAY - _AMOUNT - _NUMBER - 2 * mm
    canvas.setFillColor(INK)
    canvas.setFont(TEXT, _SIZE)
    canvas.drawString(_PAD, base, fit(line.day, TEXT, _SIZE, _DAY - 2 * mm))
    canvas.drawRightString(right - _AMOUNT, base, line.amount)
    canvas.drawRightString(right - _BALANCE, base, line.balance)
    canvas.setFont(BOLD, _SIZE)
    canvas.drawString(_PAD + _DAY, base, fit(line.title, BOLD, _SIZE, width))
    if line.note:
        canvas.setFillColor(GREY)
        canvas.setFont(TEXT, _SMALL)
        below = base - 4 * mm
        canvas.drawString(_PAD + _DAY, below, fit(line.note, TEXT, _SMALL, width))
    _draw_rule(canvas, y - _ROW)
    return y - _ROW


def _draw_rule(canvas, y):
    canvas.setStrokeColor(SILVER)
    canvas.setLineWidth(0.4)
    canvas.line(_PAD, y, A4[0] - _PAD, y)
