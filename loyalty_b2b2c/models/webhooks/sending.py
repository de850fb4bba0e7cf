"""Handing a body to a stranger's server, and to nobody inside our own network.

Plain Python: no Odoo.  The name of the server is looked up here, once, and the address
that was looked at is the one that is called, so that no second answer leads elsewhere.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import certifi
import urllib3

CONNECT_SECONDS, READ_SECONDS = 5, 10
#: So much of an answer is read: nobody needs more of it than a word why.
_ANSWER_BYTES = 2000


class NotSent(Exception):
    """A body was not taken.

    :param str code: ``"address"`` (no usable URL), ``"private"`` (a server inside our
        network), ``"unreachable"``, ``"late"``, ``"redirect"`` or ``"refused"``
    :param int status: of HTTP, 0 without an answer
    :param int wait: seconds that the other side asks to wait, 0 when it does not
    """

    def __init__(self, code, status=0, wait=0):
        super().__init__(code)
        self.code, self.status, self.wait = code, status, wait


def read_allowed(text):
    """Return which servers inside our network may be told, a set of ``"host:port"``.

    :param text: what was set: with commas or spaces in between, may be empty
    """
    return frozenset((text or "").replace(",", " ").split())


def read_target(url, allowed=()):
    """Return scheme, host, port and path of a URL that may be called.

    :param allowed: set of ``"host:port"`` that may be inside our network and without
        encryption
    :raise NotSent: ``address``
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise NotSent("address") from None
    is_allowed = f"{parts.hostname}:{port}" in allowed
    usable = parts.scheme == "https" or (parts.scheme == "http" and is_allowed)
    if not usable or not parts.hostname or parts.username or parts.password:
        raise NotSent("address")
    path = parts.path or "/"
    return parts.scheme, parts.hostname, port, f"{path}?{parts.query}".rstrip("?")


def find_address(host, port, allowed=()):
    """Return the address of a server, one that anybody could call.

    :raise NotSent: ``private`` or ``unreachable``
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("unreachable") from None
    addresses = [row[4][0] for row in found]
    if f"{host}:{port}" not in allowed:
        for address in addresses:
            if not _is_public(address):
                raise NotSent("private")
    return addresses[0]


def _is_public(address):
    """Tell whether an address is one of the open network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast


def post(url, body, headers, allowed=()):
    """Send a body; return the HTTP status, one of 200 to 299.

    Redirects are not followed: the other side's own server is asked, or nobody.

    :param bytes body: JSON
    :param headers: dict of HTTP headers
    :param allowed: see :func:`read_target`
    :raise NotSent: it was not taken
    """
    scheme, host, port, path = read_target(url, allowed)
    address = find_address(host, port, allowed)
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    options = {"timeout": timeout, "maxsize": 1, "retries": False}
    if scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host,
            cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(), **options,
        )  # fmt: skip
    else:
        pool = urllib3.HTTPConnectionPool(address, port, **options)
    named = host if port in (80, 443) else f"{host}:{port}"
    try:
        with pool:
            response = pool.urlopen(
                "POST", path, body=body, headers={**headers, "Host": named},
                redirect=False, preload_content=False,
            )  # fmt: skip
            response.read(_ANSWER_BYTES)
            response.close()
    except urllib3.exceptions.NewConnectionError:
        raise NotSent("unreachable") from None
    except urllib3.exceptions.TimeoutError:
        raise NotSent("late") from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        raise NotSent("unreachable") from None
    if 200 <= response.status < 300:
        return response.status
    code = "redirect" if 300 <= response.status < 400 else "refused"
    raise NotSent(code, response.status, _read_wait(response.headers))


def _read_wait(headers):
    """Return the seconds of a Retry-After header, 0 without a usable one."""
    text = headers.get("Retry-After", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
