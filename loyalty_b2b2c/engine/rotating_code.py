"""A code on a screen that is another one every half minute.

Who types it, or scans it, was there a moment ago.  Plain functions without a database;
digits are made as in RFC 4226, of SHA-256.
"""

import hashlib
import hmac
import re

#: So long a code is shown, seconds.
STEP = 30
#: So many earlier codes are right as well: people need a moment to type.
BACK = 2
DIGITS = 8
_LONGEST = 40


def get_step(at):
    """Return the number of the half minute an instant lies in.

    :param at: aware datetime
    """
    return int(at.timestamp()) // STEP


def get_seconds_left(at):
    """Return for how many seconds the code of an instant is still shown.

    :param at: aware datetime
    :return: 1 to 30
    """
    return STEP - int(at.timestamp()) % STEP


def make_code(secret, at):
    """Return the digits that are shown at an instant.

    :param bytes secret: of what is shown; nobody else knows it
    :param at: aware datetime
    """
    return _make(secret, get_step(at))


def is_right(secret, text, at):
    """Tell whether a text is the code that is shown, or was a moment ago.

    :param bytes secret: see :func:`make_code`
    :param text: anything a client sent
    :param at: aware datetime, the server's clock
    """
    typed = read_digits(text)
    step = get_step(at)
    # all are compared: time tells nothing
    found = [
        hmac.compare_digest(typed, _make(secret, step - back))
        for back in range(BACK + 1)
    ]
    return any(found)


def read_digits(text):
    """Return the digits of what was typed or scanned, ``""`` when it is no code.

    >>> read_digits(" 1234 5678"), read_digits("12345"), read_digits(None)
    ('12345678', '', '')
    """
    typed = text if isinstance(text, str) and len(text) <= _LONGEST else ""
    digits = re.sub(r"[\s-]", "", typed)
    return digits if re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits) else ""


def get_groups(digits):
    """Return a code as people read it out.

    >>> get_groups("12345678")
    '1234 5678'
    """
    return f"{digits[:4]} {digits[4:]}"


def _make(secret, step):
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha256).digest()
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"
