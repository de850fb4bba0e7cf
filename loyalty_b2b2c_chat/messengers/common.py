"""What several messengers need: constant comparisons, texts in parts, files by URL."""

import hashlib
import hmac
import re
from urllib.parse import urlsplit

import requests

from .messenger import Unavailable, Wait

#: Seconds to connect, and seconds without a byte.
TIMEOUT = 15
_PIECE = 1 << 16
_START = re.compile(r"/?start(?:[\s:]+([A-Za-z0-9_-]{1,64}))?\s*", re.IGNORECASE)


def is_same(one, other):
    """Compare two texts without telling by the time where they differ."""
    one, other = (text.encode(errors="replace") for text in (one, other))
    return bool(one) and hmac.compare_digest(one, other)


def sign(secret, body):
    """Return HMAC-SHA256 of a body, in hexadecimal digits."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def get_header(headers, name):
    """Return a header, whatever its case; empty: it is not there."""
    wanted = name.lower()
    return next((str(v) for key, v in headers.items() if key.lower() == wanted), "")


def read_start(text):
    """Return what a link carries when a text opens the chat, ``None`` when it does not.

    Messengers without links of their own let the person send a text that we wrote:
    ``start l_…``.
    """
    found = _START.fullmatch(text.strip())
    return (found[1] or "") if found else None


def split_text(text, limit, marks=("\n\n", "\n", " ")):
    """Return a text in parts of at most ``limit`` characters, cut where it may be.

    Between paragraphs, else between lines, else between words; within one only where
    it is longer than a part.

    :param marks: where it may be cut, the best first
    """
    parts = []
    while len(text) > limit:
        head = text[: limit + 1]
        cut = next((p for mark in marks if (p := head.rfind(mark)) > 0), 0)
        parts.append(text[: cut or limit].rstrip())
        text = text[cut or limit :].lstrip()
    return [*parts, text]


def cut_text(text, limit):
    """Return a text of at most ``limit`` characters, with ``…`` where it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def reach(messenger, method, url, **options):
    """Call an address of a messenger, without following it elsewhere.

    :raise Wait: nobody was reached, so that nothing can have happened
    :raise OSError: nobody knows what happened; the text has no secret
    """
    options = {"timeout": TIMEOUT, "allow_redirects": False, **options}
    try:
        return messenger.http.request(method, url, **options)
    except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
        raise Wait(10, messenger._hide(str(error))) from None
    except requests.RequestException as error:
        text = messenger._hide(str(error))
        is_new = isinstance(error, requests.ConnectionError)
        if is_new and ("NewConnectionError" in text or "refused" in text):
            raise Wait(10, text) from None
        raise OSError(text) from None


def read_object(response):
    """Return the JSON object that an answer is, ``None`` for anything else."""
    try:
        told = response.json()
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def fetch_url(http, url, max_bytes, hosts, headers=None):
    """Return the content behind an address that a messenger named.

    :param hosts: names of hosts that may be asked, their subdomains included; others
        would learn our token, or lead into our own network
    :raise Unavailable: another host, no such file, or larger than ``max_bytes``
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not any(host == name or host.endswith(f".{name}") for name in hosts if name):
        raise Unavailable("The file lies with a stranger.")
    with http.get(
        url, headers=headers, stream=True, allow_redirects=False, timeout=TIMEOUT
    ) as response:
        if response.status_code != 200:
            raise Unavailable(f"HTTP {response.status_code}")
        content = bytearray()
        for piece in response.iter_content(_PIECE):
            content += piece
            if len(content) > max_bytes:
                raise Unavailable("The file is too large.", is_too_large=True)
    return bytes(content)
