"""What drawings on paper are put together from: fonts, lines of text, QR codes.

Plain Python, no Odoo.  Lengths are points of a page (1/72 inch), as reportlab has them;
a canvas is reportlab's.
"""

import qrcode
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TEXT, BOLD, CODE = "b2b2c-text", "b2b2c-bold", "b2b2c-code"
A4 = (210 * mm, 297 * mm)
INK, GREY, SILVER = "#1c1f24", "#5f6570", "#d5d8dd"
QUIET = 4  # white modules around a code, as its standard asks for
_BOX_SIZE = 10  # pixels of a module of a PNG


def load_fonts(text, bold, code):
    """Make fonts known, once; paths of TrueType files.

    :param code: in which every character is equally wide
    """
    for name, path in ((TEXT, text), (BOLD, bold), (CODE, code)):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, path))


# === TEXT === #


def draw_lines(canvas, text, x, y, width, font, size, most=2):
    """Draw a text from ``y`` downwards in at most so many lines.

    :return: where the next line goes
    """
    canvas.setFont(font, size)
    for line in keep_lines(simpleSplit(text, font, size, width), most):
        canvas.drawString(x, y, fit(line, font, size, width))
        y -= 1.2 * size
    return y


def keep_lines(lines, most):
    """Return at most so many lines; the last one has all that is left."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], " ".join(lines[most - 1 :])]


def fit(text, font, size, width):
    """Return as much of a text as fits, with an ellipsis when it is cut."""
    return shorten(text, width, lambda part: pdfmetrics.stringWidth(part, font, size))


def shorten(text, width, measure):
    """Return as much of a text as fits, with an ellipsis when it is cut.

    :param measure: function of a text that returns how wide it is
    """
    if measure(text) <= width:
        return text
    while text and measure(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


# === CUTTING === #


def draw_marks(canvas, width, height):
    """Short lines at the corners to cut along."""
    canvas.setStrokeColor(SILVER)
    canvas.setLineWidth(0.4)
    length = 3 * mm
    for x, along in ((0, length), (width, -length)):
        for y, up in ((0, length), (height, -length)):
            canvas.line(x, y, x + along, y)
            canvas.line(x, y, x, y + up)


# === QR CODES === #


def make_code(link, border=0):
    """Return the QR code of a link; what is upper case becomes a smaller code.

    :param border: white modules around it
    """
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M,
        box_size=_BOX_SIZE,
        border=border,
    )
    code.add_data(link)
    code.make(fit=True)
    return code


def draw_code(canvas, link, x, y, side):
    """Draw a code as vectors: sharp on any printer."""
    matrix = make_code(link).get_matrix()
    module = side / len(matrix)
    canvas.setFillColor("#000000")
    for row, left, width in get_runs(matrix):
        bottom = y + side - (row + 1) * module
        # a hair higher: or thin white lines appear between the rows on screens
        canvas.rect(
            x + left * module, bottom, width * module, 1.05 * module, stroke=0, fill=1
        )
    canvas.setFillColor(INK)


def get_runs(matrix):
    """Yield (row, first column, width) of neighbouring dark modules."""
    for row, modules in enumerate(matrix):
        left = None
        for column, dark in enumerate([*modules, False]):
            if dark and left is None:
                left = column
            elif not dark and left is not None:
                yield row, left, column - left
                left = None
