"""Digits that a person gets and types back."""

import secrets


def new_code(digits):
    """Return a random code of so many digits."""
    return "".join(secrets.choice("0123456789") for _digit in range(digits))


def read_digits(text, longest=40):
    """Return the digits of what somebody typed; blanks and dashes are no matter.

    >>> read_digits("12 34-5"), read_digits(None)
    ('12345', '')

    :param text: anything a client sent
    :param int longest: characters that are looked at
    """
    typed = str(text or "")[:longest]
    return "".join(one for one in typed if one.isascii() and one.isdigit())
