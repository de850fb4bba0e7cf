"""What Telegram tells a page that is opened within it: who looks at it, signed.

https://core.telegram.org/bots/webapps: a key made of the bot's token signs the sorted
lines of what is told.
"""

import hashlib
import hmac
import json
import time
from urllib.parse import parse_qsl

from .common import is_same

#: Who opened a page goes on with it for so long.
SECONDS = 60 * 60
#: Clocks differ.
_AHEAD = 5 * 60
_LONGEST = 4096


def read_page(token, told, now=None):
    """Return the number of whoever looks at a page, empty: Telegram did not say it, or
    long ago.

    :param str token: of the bot
    :param told: what the page was told (``initData``): anything
    :param now: seconds since 1970
    """
    if not token or not isinstance(told, str) or len(told) > _LONGEST:
        return ""
    values = dict(parse_qsl(told, keep_blank_values=True))
    given = values.pop("hash", "")
    lines = "\n".join(f"{name}={values[name]}" for name in sorted(values))
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    right = hmac.new(key, lines.encode(errors="replace"), hashlib.sha256).hexdigest()
    if not is_same(right, given):
        return ""
    try:
        at, user = int(values["auth_date"]), json.loads(values["user"])
        number = str(int(user["id"]))
    except (KeyError, TypeError, ValueError):
        return ""
    age = (time.time() if now is None else now) - at
    return number if -_AHEAD <= age <= SECONDS else ""
