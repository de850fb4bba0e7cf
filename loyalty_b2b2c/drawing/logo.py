"""The logo of a company, for icons and for paper.  Plain Python, no Odoo."""

import io

from PIL import Image

#: A logo larger than this is no logo; reading it would take memory for nothing.
_MOST_PIXELS = 25_000_000


def open_logo(data):
    """Return the logo with its transparency, ``None`` where there is none to read.

    :param bytes data: of a file; may be empty
    :rtype: PIL.Image.Image
    """
    if not data:
        return None
    try:
        logo = Image.open(io.BytesIO(data))
        if logo.width * logo.height > _MOST_PIXELS:
            return None
        return logo.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def get_size(logo, width, height):
    """Return how large a logo is that fits into a room and keeps its shape."""
    scale = min(width / logo.width, height / logo.height)
    return logo.width * scale, logo.height * scale
