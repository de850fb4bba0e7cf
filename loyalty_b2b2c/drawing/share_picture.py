"""The picture messengers and social networks show of a link that is shared.

Plain Python, no Odoo.  1200 × 630 pixels is what they all show whole; a JPEG of less
than 300 KB is what the strictest of them takes.
"""

import functools
import io
from dataclasses import dataclass

from PIL import Image, ImageColor, ImageDraw, ImageFont

from .pieces import GREY, INK, keep_lines, shorten

SIZE = (1200, 630)
MOST_BYTES = 300_000
_PAD = 80
_WHITE = "#ffffff"
_QUALITIES = (90, 80, 65, 50, 35)
#: A logo larger than this is no logo; reading it would take memory for nothing.
_MOST_PIXELS = 25_000_000


@dataclass(frozen=True, slots=True)
class SharePicture:
    """What is on the picture.

    :param title: what the reader gets: "10 % off your first purchase"
    :param by: who recommends, as he chose to be called; may be empty
    :param company: who gives it
    :param code: the code, shown large
    :param logo: file of the company's picture; may be empty
    :param color: of the company, ``"#714B67"``
    """

    title: str
    by: str
    company: str
    code: str
    logo: bytes = b""
    color: str = INK


@functools.lru_cache(maxsize=64)
def draw_share_picture(picture: SharePicture, regular, bold) -> bytes:
    """Return the JPEG; who shares in many chats draws it once.

    :param regular, bold: paths of TrueType files
    """
    image = Image.new("RGB", SIZE, _WHITE)
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    color = _read_color(picture.color)
    draw.rectangle((0, 0, 24, height), fill=color)
    room = width - 2 * _PAD
    _place_company(image, draw, picture, color, bold)
    y = _draw_text(draw, picture.title, bold, 62, INK, 168, room, most=3)
    if picture.by:
        _draw_text(draw, picture.by, regular, 38, GREY, y + 6, room, most=1)
    font = ImageFont.truetype(bold, 46)
    wide = draw.textlength(picture.code, font)
    top = height - _PAD - 62
    draw.rounded_rectangle((_PAD, top, _PAD + wide + 64, top + 86), 18, fill=color)
    draw.text((_PAD + 32, top + 43), picture.code, _WHITE, font, anchor="lm")
    return _to_jpeg(image)


def _read_color(text):
    """Return a colour white can be read on; the usual one for anything else."""
    try:
        red, green, blue = ImageColor.getrgb(text)[:3]
    except ValueError:
        return INK
    brightness = (299 * red + 587 * green + 114 * blue) / 1000
    return INK if brightness > 170 else (red, green, blue)


def _place_company(image, draw, picture, color, bold):
    """The company's logo at the top, or its name."""
    logo = _read_logo(picture.logo)
    if logo is None:
        name = ImageFont.truetype(bold, 44)
        text = _cut(draw, picture.company, name, SIZE[0] - 2 * _PAD)
        draw.text((_PAD, 100), text, color, name, anchor="lm")
        return
    logo.thumbnail((420, 110))
    image.paste(logo, (_PAD, 104 - logo.height // 2), logo)


def _read_logo(content):
    """Return the picture of a file, ``None`` when there is none that can be drawn."""
    if not content:
        return None
    try:
        logo = Image.open(io.BytesIO(content))
        if logo.width * logo.height > _MOST_PIXELS:
            return None
        return logo.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None  # an SVG, or broken: the name stands in


def _draw_text(draw, text, path, size, color, y, width, most):
    """Draw a text from ``y`` downwards, smaller when it has more lines than it may.

    :return: where the next line goes
    """
    font, lines = ImageFont.truetype(path, size), []
    for smaller in (1, 0.85, 0.7, 0.6):
        font = ImageFont.truetype(path, round(size * smaller))
        lines = _split(draw, text, font, width)
        if len(lines) <= most:
            break
    for line in keep_lines(lines, most):
        draw.text((_PAD, y), _cut(draw, line, font, width), color, font)
        y += round(1.28 * font.size)
    return y


def _split(draw, text, font, width):
    """Return the lines of a text."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(draw, text, font, width):
    """Return as much of a text as fits, with an ellipsis when it is cut."""
    return shorten(text, width, lambda part: draw.textlength(part, font))


def _to_jpeg(image):
    """Return the best JPEG that is small enough."""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() < MOST_BYTES:
            break
    return buffer.getvalue()
