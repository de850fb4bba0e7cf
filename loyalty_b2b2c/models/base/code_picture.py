"""Bar codes as pictures of a page: nothing is stored, and nothing else is asked for."""

import base64


def draw_code(env, text, width, height=None, kind="QR"):
    """Return a text as a bar code.

    :param width, height: pixels; a square by default
    :param str kind: ``"QR"`` or ``"Code128"``
    :return: address of the picture, all of it
    """
    png = env["ir.actions.report"].barcode(
        kind, text, width=width, height=height or width, barLevel="M"
    )
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
