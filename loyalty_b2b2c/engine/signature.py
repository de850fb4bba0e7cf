"""How a body that is sent to another system is signed."""

import hashlib
import hmac


def sign(secret: str, at: int, body: bytes) -> str:
    """Return the signature of a body as it stands in its header.

    The time of sending is signed along: what is repeated later by somebody who saw it
    can be told by its age.

    :param secret: that both sides know
    :param at: seconds since 1970, of sending
    :param body: as it is sent
    """
    told = b"%d." % at + body
    digest = hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
