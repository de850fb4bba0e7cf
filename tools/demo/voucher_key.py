"""The key that the demo's voucher codes are encrypted with.

It is made once and lies in the cache, outside the database, as a real one would; with
the cache it is thrown away.  A key of your own in the environment comes first.
"""

import os
import secrets

from tools import cache

#: As loyalty_b2b2c/vault.py names them.
VARIABLE, FILE_VARIABLE = "B2B2C_VOUCHER_KEY", "B2B2C_VOUCHER_KEY_FILE"
_BYTES = 32


def use():
    """Let this process, and those it starts, have a key."""
    if os.environ.get(VARIABLE) or os.environ.get(FILE_VARIABLE):
        return
    path = cache.root() / "demo-voucher.key"
    with cache.lock("demo-voucher-key"):
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(_BYTES))
    os.environ[FILE_VARIABLE] = str(path)
