"""Secrets are cut from the lines of the log.

An address that a phone opens ends up in the log of the server, and logs are read by
more people, and kept longer, than anything in the database: the code of a product pays
whoever scans it, a token opens what it was made for, a phone number is a person.  The
line stays, with what was asked and how it was answered; the secret is ``***``.

A proxy in front of Odoo writes a log of its own, which this cannot reach.
"""

import logging
import re

CUT = "***"
#: Parameters whose values nobody needs to read in a log.
PARAMETERS = (
    "access_token",
    "auth_signup_token",
    "code",
    "email",
    "key",
    "login",
    "password",
    "phone",
    "pin",
    "signup_email",
    "signup_token",
    "token",
)
# a redirect carries an address within an address, encoded once or twice
_SLASH = "(?:/|%2F|%252F)"
_BEFORE = "(?:[?&]|%3F|%26|%253F|%2526)"
_EQUALS = "(?:=|%3D|%253D)"
_VALUE = r"(?:(?!%26|%2526)[^&\s\"'<>])+"
_QUERY = re.compile(
    f"({_BEFORE}(?:{'|'.join(PARAMETERS)}){_EQUALS})({_VALUE})", re.IGNORECASE
)
_ENDINGS = {
    # the secret is a part of the path …
    False: r"(?:(?!%2F|%3F|%26|%252F|%253F|%2526)[^/?&\s\"'<>])+",
    # … or all of the rest
    True: r"(?:(?!%3F|%26|%253F|%2526)[^?&\s\"'<>])+",
}
_paths = []


def cut_path(*parts, to_the_end=False):
    """Cut what follows a path, or stands between two, from now on.

    :param parts: the path up to the secret in plain words, as ``"/join/"``; ``None`` is
        a part of it that may be anything
    :param bool to_the_end: the secret may contain slashes
    """
    before = "".join(
        "[^/%?\\s]+" if part is None else re.escape(part).replace("/", _SLASH)
        for part in parts
    )
    _paths.append(re.compile(f"({before})({_ENDINGS[to_the_end]})", re.IGNORECASE))


def cut(text):
    """Return a line of the log without secrets."""
    if "=" in text or "%3D" in text.upper():
        text = _QUERY.sub(rf"\1{CUT}", text)
    for pattern in _paths:
        text = pattern.sub(rf"\1{CUT}", text)
    return text


class SecretCutter(logging.Filter):
    """Lets every line pass, without its secrets."""

    def filter(self, record):
        """Return that the line is written."""
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001  the handler tells of a line that is broken
            return True
        plain = cut(text)
        if plain != text:
            record.msg, record.args = plain, ()
        return True


def install():
    """Cut secrets from whatever this process logs.

    The handlers write what all loggers say; the web server's logger is cut by itself,
    for handlers that are added later.
    """
    writers = [*logging.getLogger().handlers, logging.getLogger("werkzeug")]
    for writer in writers:
        if not any(isinstance(known, SecretCutter) for known in writer.filters):
            writer.addFilter(SecretCutter())
