"""Speaks the API of who runs the network.  Plain Python and ``requests``, no Odoo."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import requests

_PREFIX = "/loyalty/api/v1"
#: Seconds until it answers: a customer stands at the till.
_CONNECT, _READ = 4, 8
_LOCAL = ("127.0.0.1", "localhost", "::1")
#: Names a file of the server with keys of networks: a line is a host and its key.
KEY_FILE_VARIABLE = "B2B2C_NETWORK_KEY_FILE"


class Unreachable(Exception):
    """No answer, or one that says "later": nobody knows whether it was done."""


class Refused(Exception):
    """It was refused.

    :param str code: of the API, stable
    :param str sentence: for people
    """

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code


def is_usable(url):
    """Tell whether an address may get the key: encrypted, or this very machine."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    return bool(parts.hostname) and (parts.scheme == "https" or local)


def read_kept_key(url):
    """Return the key that the server keeps for a network, outside the database.

    A key stands beside the host it is for, so another address never gets it.

    :param str url: of the network
    :return: empty when there is no file, or no such host in it
    """
    try:
        lines = Path(os.environ[KEY_FILE_VARIABLE]).read_text("utf-8").splitlines()
    except (KeyError, OSError, UnicodeError):
        return ""
    host = urlsplit(url).hostname
    rows = (line.split() for line in lines)
    return next((row[1] for row in rows if len(row) == 2 and row[0] == host), "")


class NetworkClient:
    """The API of a network, as one partner sees it.

    :param str url: of the Odoo that runs the network
    :param str key: its API key for this partner
    :param str lang: in which sentences are wanted, "uk_UA"
    """

    def __init__(self, url, key, lang="en_US"):
        self.url = url.rstrip("/")
        self.headers = {
            "Authorization": f"Bearer {key}",
            "Accept-Language": lang.replace("_", "-"),
        }

    def post(self, path, body):
        """Call an operation.

        :param str path: as in the description, "/spends"
        :param body: JSON value
        :return: JSON value
        :raise Refused: with a sentence
        :raise Unreachable: try again
        """
        try:
            response = requests.post(
                f"{self.url}{_PREFIX}{path}",
                json=body,
                headers=self.headers,
                timeout=(_CONNECT, _READ),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from None
        return self._read(response)

    def _read(self, response):
        """Return what was answered."""
        try:
            answer = response.json()
        except ValueError:
            raise Unreachable(f"HTTP {response.status_code}") from None
        if 200 <= response.status_code < 300:
            return answer
        if response.status_code in (408, 429) or response.status_code >= 500:
            raise Unreachable(f"HTTP {response.status_code}")
        error = answer.get("error") if isinstance(answer, dict) else None
        if not isinstance(error, dict):
            raise Unreachable(f"HTTP {response.status_code}")
        raise Refused(str(error.get("code")), str(error.get("message")))
