"""Who looks at a page within Telegram is whom Telegram signed, lately."""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from chat.messengers.telegram_page import SECONDS, read_page

TOKEN, NOW = "42:TEST", 1_800_000_000


def sign(token=TOKEN, at=NOW, user=None, **more):
    """Return what Telegram tells a page, written down anew from its specification."""
    values = {
        "auth_date": str(at),
        "query_id": "AAF",
        "user": json.dumps(user or {"id": 77, "first_name": "Ніна & Co"}),
        **more,
    }
    text = "\n".join(sorted(f"{name}={value}" for name, value in values.items()))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    values["hash"] = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return urlencode(values)


def test_who_looks():
    assert read_page(TOKEN, sign(), NOW) == "77"


@pytest.mark.parametrize("age", [-3600, SECONDS + 1, 10**9])
def test_long_ago_or_not_yet_is_nobody(age):
    assert read_page(TOKEN, sign(at=NOW - age), NOW) == ""


@pytest.mark.parametrize(
    "told",
    [
        None, 7, "", "hash=", "x" * 5000, sign(token="43:OTHER"),
        sign().replace("77", "78"), sign() + "&user=%7B%22id%22%3A78%7D",
        sign(user={"id": "me"}), sign(user=["77"]), sign().partition("&hash")[0],
        "hash=é&auth_date=1", "a=\ud800&hash=1",
    ],
)  # fmt: skip
def test_what_telegram_did_not_sign_is_nobody(told):
    assert read_page(TOKEN, told, NOW) == ""


def test_without_a_token_nobody_is_believed():
    assert read_page("", sign(token=""), NOW) == ""
