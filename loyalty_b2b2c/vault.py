"""Secrets that a copy of the database alone does not open.

A *master key* is outside the database, in the environment of the server.  It encrypts
nothing but *data keys*: those are made at random, and are stored in the database as the
master key wraps them.  So another master key is a matter of wrapping some data keys
again, however many secrets there are, and whether a master key is the right one is
known before anything is encrypted with it.

What is sealed is bound to a context: moved to another place it does not open.  Plain
Python, no Odoo.
"""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Where the master key is: in the variable itself, or in the file it names.
VARIABLE, FILE_VARIABLE = "B2B2C_VOUCHER_KEY", "B2B2C_VOUCHER_KEY_FILE"
#: Bytes of every key.
KEY_LENGTH = 32
_VERSION, _NONCE, _NUMBER = b"\x01", 12, 2
_INDEX_LENGTH = 16


class VaultError(Exception):
    """A secret cannot be sealed or opened.

    :param str code: ``"missing"`` (no master key), ``"unreadable"`` (its file cannot be
        read), ``"malformed"`` (it is no key), ``"foreign"`` (it is not the key of this
        database) or ``"damaged"`` (what is stored was changed, or is elsewhere)
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


# === MASTER KEYS === #


def new_master():
    """Return a new master key as it is written into the environment."""
    return base64.b64encode(secrets.token_bytes(KEY_LENGTH)).decode()


def read_masters(environ):
    """Return the master keys that the environment gives.

    Several are separated by commas or lines: the first one is in use, the others are
    earlier ones that still open what they wrapped.

    :param environ: a mapping of the variables
    :return: list of bytes, at least one
    :raise VaultError: ``missing``, ``unreadable`` or ``malformed``
    """
    text = environ.get(VARIABLE, "")
    if not text.strip() and environ.get(FILE_VARIABLE):
        try:
            text = Path(environ[FILE_VARIABLE]).read_text(encoding="ascii")
        except (OSError, UnicodeError):
            raise VaultError("unreadable") from None
    masters = [_read_master(part) for part in text.replace(",", " ").split()]
    if not masters:
        raise VaultError("missing")
    return masters


def _read_master(text):
    """Return the bytes of a key in hexadecimal digits or base64.

    A pass phrase is none: it would have to be guessed only.
    """
    for read in (binascii.unhexlify, _read_base64):
        try:
            key = read(text)
        except ValueError:
            continue
        if len(key) == KEY_LENGTH:
            return key
    raise VaultError("malformed")


def _read_base64(text):
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


# === DATA KEYS === #


def new_data_key():
    """Return a new data key."""
    return secrets.token_bytes(KEY_LENGTH)


def wrap(master, number, data_key):
    """Return a data key as it may be stored.

    :param bytes master: master key
    :param int number: of the data key, from 1
    :param bytes data_key: the key
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(master).encrypt(nonce, data_key, _name_key(number))


def unwrap(masters, number, wrapped):
    """Return a data key, and the place of the master key that opened it.

    :param masters: master keys, the one in use first
    :param int number: of the data key
    :param bytes wrapped: what :func:`wrap` returned
    :return: ``(data key, index of the master key)``
    :raise VaultError: ``foreign``: none of them opens it
    """
    nonce, body = wrapped[:_NONCE], wrapped[_NONCE:]
    for place, master in enumerate(masters):
        try:
            return AESGCM(master).decrypt(nonce, body, _name_key(number)), place
        except InvalidTag:
            continue
    raise VaultError("foreign")


def _name_key(number):
    return f"data key {number}".encode()


# === SECRETS === #


@dataclass(frozen=True, slots=True)
class _Ciphers:
    """What follows from a data key."""

    seal: AESGCM
    index: bytes


class Vault:
    """Seals and opens secrets, and tells whether two are one.

    :param dict data_keys: number -> data key; the last one seals, all of them open.
        The first one tells secrets apart for ever, as what it said is stored
    """

    def __init__(self, data_keys):
        self._ciphers = {
            number: _Ciphers(
                AESGCM(_derive(key, b"seal")),
                _derive(key, b"index"),
            )
            for number, key in sorted(data_keys.items())
        }
        self._newest = max(self._ciphers)
        self._index_key = self._ciphers[min(self._ciphers)].index

    def seal(self, secret, context):
        """Return a secret as it may be stored; the same secret twice looks different.

        :param bytes secret: what nobody else reads
        :param bytes context: where it belongs; it is not stored
        """
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._ciphers[self._newest].seal.encrypt(nonce, secret, context)
        return _VERSION + self._newest.to_bytes(_NUMBER, "big") + nonce + sealed

    def open(self, sealed, context):
        """Return the secret that was sealed.

        :param bytes sealed: what :meth:`seal` returned
        :param bytes context: the same as then
        :raise VaultError: ``damaged`` or, without its data key, ``foreign``
        """
        start = 1 + _NUMBER
        if sealed[:1] != _VERSION or len(sealed) < start + _NONCE:
            raise VaultError("damaged")
        ciphers = self._ciphers.get(int.from_bytes(sealed[1:start], "big"))
        if not ciphers:
            raise VaultError("foreign")
        nonce, body = sealed[start : start + _NONCE], sealed[start + _NONCE :]
        try:
            return ciphers.seal.decrypt(nonce, body, context)
        except InvalidTag:
            raise VaultError("damaged") from None

    def index(self, *parts):
        """Return what is equal for equal texts, and tells nothing about them.

        :param parts: texts that together are compared
        :return: 16 bytes
        """
        text = "\0".join(parts).encode()
        return hmac.digest(self._index_key, text, "sha256")[:_INDEX_LENGTH]


def _derive(key, purpose):
    """Return the key for a purpose that follows from a data key."""
    kdf = HKDF(hashes.SHA256(), KEY_LENGTH, salt=None, info=b"loyalty_b2b2c " + purpose)
    return kdf.derive(key)
