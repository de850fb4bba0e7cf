"""The code a participant shows when a reward is collected.

It is made like the code of a participant (16 characters of Crockford's base32), with a
prefix of its own: a scanner at the desk tells them apart.
"""

from ..people import member_code

PREFIX = "H:"


def new_code():
    """Return a new random code."""
    return member_code.new_code()


def read_code(text):
    """Return the code in what was scanned or typed, ``None`` when there is none."""
    text = (text or "").strip().upper().removeprefix(PREFIX)
    return member_code.read_code(text)


def shown_code(code):
    """Return a code the way people read it out: in groups of four."""
    return member_code.shown_code(code)
