"""Numbers as people read them."""

from odoo.tools.misc import formatLang


def word_number(env, value):
    """Return a number as the reader writes it, without needless zeros.

    :param value: a number; six digits after the point are shown at most
    """
    decimals = f"{value:.6f}".partition(".")[2].rstrip("0")
    return formatLang(env, value, digits=len(decimals))
