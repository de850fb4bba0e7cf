"""The icon under which the pages of rewards stand on a phone's home screen.

Plain Python, no Odoo.  Phones cut icons into circles and other shapes: what matters
stands within the inner four fifths, and the ground fills the whole square.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageColor, ImageDraw, ImageFont

from .logo import get_size, open_logo

#: Widths in pixels that browsers ask for.
SIZES = (180, 192, 512)
_SAFE = 0.68  # of the width; the circle of four fifths holds a square of 0.57
_WHITE = "#ffffff"
_GROUND = "#3a4a63"


@dataclass(frozen=True, slots=True)
class AppIcon:
    """What is on the icon.

    :param name: of the company; its first letters stand there when it has no logo
    :param color: of the company, ``"#714B67"``; anything else: a quiet blue
    :param logo: file of the company's own picture; may be empty
    """

    name: str
    color: str = ""
    logo: bytes = b""


def draw_icon(icon, size, font):
    """Return the icon as PNG.

    :param int size: width and height in pixels
    :param str font: path of a bold TrueType font
    """
    logo = open_logo(icon.logo)
    if logo:
        picture = Image.new("RGB", (size, size), _WHITE)
        _paste(picture, logo)
    else:
        picture = Image.new("RGB", (size, size), _get_ground(icon.color))
        _write(picture, get_initials(icon.name), font)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def get_initials(name):
    """Return the first letters of the first two words of a name, "?" for none."""
    letters = [
        next((letter for letter in word if letter.isalnum()), "")
        for word in (name or "").split()
    ]
    return "".join(filter(None, letters))[:2].upper() or "?"


def _get_ground(color):
    """Return a colour white letters can be read on."""
    try:
        red, green, blue = ImageColor.getrgb(color or _GROUND)[:3]
    except ValueError:
        return _GROUND
    is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 165
    return _GROUND if is_light else (red, green, blue)


def _paste(picture, logo):
    """Put a logo into the middle, as large as every shape of icon leaves it whole."""
    room = picture.width * _SAFE
    size = tuple(max(1, round(side)) for side in get_size(logo, room, room))
    logo = logo.resize(size, Image.Resampling.LANCZOS)
    corner = tuple((picture.width - side) // 2 for side in size)
    picture.paste(logo, corner, logo)


def _write(picture, text, font):
    """Write letters into the middle."""
    middle = picture.width / 2
    face = ImageFont.truetype(font, round(picture.width * 0.42))
    draw = ImageDraw.Draw(picture)
    draw.text((middle, middle), text, font=face, fill=_WHITE, anchor="mm")
