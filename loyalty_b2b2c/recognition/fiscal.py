"""What the codes that tax offices put on receipts say.

No parser raises, and none trusts an address beyond its host: a code is a reading beside
the printed text, which has to say the same.
"""

from .fiscal_pieces import Fiscal
from .fiscal_schemes import PARSERS

__all__ = ["Fiscal", "parse"]

MAX_TEXT = 4000


def parse(text):
    """Return what a code says about a receipt, ``None`` when it is none."""
    text = (text or "").strip()
    if not text or len(text) > MAX_TEXT:
        return None
    for parser in PARSERS:
        payload = parser(text)
        if payload:
            return payload
    return None
