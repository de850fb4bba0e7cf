"""The fonts of drawings: Odoo brings them, with Latin, Cyrillic and Greek letters.

They know the signs of money, too; Open Sans, which Odoo also brings, has no hryvnia.
"""

from odoo.tools import file_path

from .drawing.pieces import load_fonts

_REGULAR = "web/static/fonts/google/Roboto/Roboto-Regular.ttf"
_BOLD = "web/static/fonts/google/Roboto/Roboto-Bold.ttf"
_MONO = "web/static/fonts/google/Fira_Mono/Fira_Mono-Regular.ttf"


def load_paper_fonts():
    """Make the fonts known to what draws PDF files."""
    load_fonts(file_path(_REGULAR), file_path(_BOLD), file_path(_MONO))


def get_picture_fonts():
    """Return the files of the regular and the bold font, for pictures."""
    return file_path(_REGULAR), file_path(_BOLD)
