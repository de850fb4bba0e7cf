"""Can a phone anywhere open an address that is printed on a label or a poster?"""

import ipaddress
from urllib.parse import urlsplit

#: What is wrong with an address, in words.
PROBLEMS = [
    ("local", "This address works on this computer or network only."),
    ("insecure", "This address is not encrypted (http); phones warn of it."),
]
#: Endings of names that only a network of one's own knows.
_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test")


def find_problem(url):
    """Return what keeps strangers' phones from opening an address.

    :param str url: with its scheme, ``"https://shop.example"``
    :return: ``"local"`` (a name or number of this computer or network), ``"insecure"``
        (no encryption: phones warn), or ``""``
    """
    parts = urlsplit(url or "")
    host = (parts.hostname or "").rstrip(".")
    if _is_local(host):
        return "local"
    return "" if parts.scheme == "https" else "insecure"


def _is_local(host):
    """Tell whether a host is known on this computer or in this network only."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:  # a name
        return "." not in host or host.endswith(_LOCAL_ENDINGS)
