"""The key that signs what auditors are told.  It lies outside the database.

``b2b2c_seal_key`` in the configuration file of Odoo names a file with an Ed25519
private key (PEM), made by ``openssl genpkey -algorithm ed25519 -out seal.pem``.  More
files after it, separated by commas, are keys of former times, private or public: they
sign nothing, and what they signed is still believed.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from odoo.tools import config

_logger = logging.getLogger(__name__)

OPTION = "b2b2c_seal_key"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature and the public key it is checked with, both as hexadecimal text."""

    signature: str
    public_key: str

    def get_problem(self, statement: str, known_keys: set[str]) -> str:
        """Return why the signature proves nothing, empty when it does.

        :param statement: what was signed
        :param known_keys: see :func:`get_public_keys`; none: any key is believed
        """
        if not self.fits(statement):
            return "a signature of something else"
        if known_keys and self.public_key not in known_keys:
            return "a signature with an unknown key"
        return ""

    def fits(self, statement: str) -> bool:
        """Tell whether the owner of the key signed the statement."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), statement.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(statement: str) -> Signature | None:
    """Return the signature of a text, ``None`` when there is no key to sign with."""
    for path in _get_paths()[:1]:
        key = _read_key(path)
        if isinstance(key, Ed25519PrivateKey):
            return Signature(
                key.sign(statement.encode()).hex(), _to_text(key.public_key())
            )
        _logger.error("%s: %s holds no Ed25519 private key", OPTION, path)
    return None


def get_public_keys() -> set[str]:
    """Return the public keys that are believed, as hexadecimal texts."""
    keys = set()
    for path in _get_paths():
        key = _read_key(path)
        if isinstance(key, Ed25519PrivateKey):
            key = key.public_key()
        if isinstance(key, Ed25519PublicKey):
            keys.add(_to_text(key))
    return keys


def _get_paths():
    return [path.strip() for path in (config.get(OPTION) or "").split(",") if path]


def _read_key(path):
    """Return the key of a file; ``None``, and a line in the log, when there is none."""
    try:
        text = Path(path).read_bytes()
        if b"PRIVATE" in text:
            return load_pem_private_key(text, password=None)
        return load_pem_public_key(text)
    except (OSError, TypeError, ValueError):
        _logger.exception("%s: %s cannot be read as a key", OPTION, path)
        return None


def _to_text(public_key):
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
