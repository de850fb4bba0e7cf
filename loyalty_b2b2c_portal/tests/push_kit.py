"""A browser that takes messages, by the words of the standards (RFC 8291 and 8188)."""

import base64
import json
import os
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def to_text(data):
    """Return bytes in the alphabet of addresses, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def to_bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """A browser with keys of its own.

    :param str endpoint: where its maker takes messages for it
    """

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)

    @property
    def device(self):
        """What the browser tells a page, as ``PushSubscription.toJSON`` does."""
        keys = {"p256dh": to_text(self._get_public()), "auth": to_text(self._secret)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, body):
        """Return what a message says to this browser.

        :raise InvalidTag: it is for another one
        """
        salt, size, length = struct.unpack("!16sLB", body[:21])
        sender, text = body[21 : 21 + length], body[21 + length :]
        assert len(text) <= size
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self._key.exchange(ec.ECDH(), key)
        info = b"WebPush: info\x00" + self._get_public() + sender
        secret = _derive(self._secret, info, shared, 32)
        content_key = _derive(salt, b"Content-Encoding: aes128gcm\x00", secret, 16)
        nonce = _derive(salt, b"Content-Encoding: nonce\x00", secret, 12)
        padded = AESGCM(content_key).decrypt(nonce, text, None)
        return json.loads(padded.rstrip(b"\x00").removesuffix(b"\x02"))

    def _get_public(self):
        return self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )


def _derive(salt, info, secret, length):
    hkdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info)
    return hkdf.derive(secret)


def is_signed(header, key):
    """Tell whether a message is signed by who has the private key of a public one.

    :param str header: ``Authorization`` of a message
    :param str key: the public key
    """
    token, known = header.removeprefix("vapid t=").split(", k=")
    signed, _dot, signature = token.rpartition(".")
    raw = to_bytes(signature)
    pair = [int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")]
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(key))
    public.verify(
        encode_dss_signature(*pair), signed.encode(), ec.ECDSA(hashes.SHA256())
    )
    return known == key
