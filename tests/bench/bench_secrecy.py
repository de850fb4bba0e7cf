"""Whether answers tell that a code or a person exists: bytes, and time (R17).

A real server answers pairs of requests in random order: one about something that
exists, one about something that does not.  The bytes have to be the same but for what
is new in every answer.  The sign test asks of each pair which one took longer: if
nothing is told, it is a coin that is tossed.  The control compares a page with another
one, which has to be noticed.
"""

import http.client
import json
import math
import os
import random
import re
import statistics
import time
from urllib.parse import urlsplit

from bench_codes import make
from harness import limit, note

PAIRS = int(os.environ.get("B2B2C_BENCH_PAIRS", "10000"))
WARM_UP = 200
ALPHA = 0.01
CONTROL = "control, another page"
#: What is another text in each answer: tokens against forgery, numbers of requests.
_NEW = re.compile(rb'csrf_token: "\w+"|"[0-9a-f]{32}"|value="[0-9a-f]{40}o\d+"')


def run(ctx):
    """Rows: for each kind of thing, other bytes, and the sign test's p."""
    with ctx.fresh_database() as database:
        with ctx.open_environment(database) as env:
            pairs, token = _prepare(ctx, env)
        with ctx.odoo_server(database, workers=2) as server:
            asked = {
                name: _Asked(server.url, token, *pair) for name, pair in pairs.items()
            }
            taken = {
                name: one.ask(min(PAIRS, 1000) if name == CONTROL else PAIRS)
                for name, one in asked.items()
            }
    rows = []
    for name, (others, first, second) in taken.items():
        is_control = name == CONTROL
        p = sign_test(first, second)
        rows += [
            note(f"{name}: ms, there", statistics.median(first),
                 statistics.median(second)),
            limit(f"{name}: sign test, p", p,
                  f"< {ALPHA}" if is_control else f"> {ALPHA}",
                  (p < ALPHA) == is_control),
        ]  # fmt: skip
        if not is_control:
            rows.append(limit(f"{name}: other bytes", others, "= 0", others == 0))
    return rows


def sign_test(first, second):
    """Return how probable so uneven a count is if neither list tends to be larger.

    Two-sided, by the normal approximation with continuity correction: for counts of
    thousands it is the binomial test to three decimals.
    """
    more = sum(one > other for one, other in zip(first, second, strict=True))
    less = sum(one < other for one, other in zip(first, second, strict=True))
    number = more + less
    if not number:
        return 1.0
    z = max(0.0, abs(more - less) - 1) / math.sqrt(number)
    return 2 * (1 - statistics.NormalDist().cdf(z))


def _prepare(ctx, env):
    """Make codes, a participant, and a key that may not see him.

    :return: (name -> (function of a request about what exists, about what does not),
        token of the key)
    """
    from odoo.addons.loyalty_b2b2c.engine.product_code import new_codes
    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

    made = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    made.client = env["res.partner"].create({"name": "Client", "is_company": True})
    shop = env["res.partner"].create({"name": "Shop", "is_company": True})
    product = env["product.product"].create({"name": "Tool", "type": "consu"})
    for number in range(500):
        made._create_member(
            name=f"Person {number}",
            email=f"there{number:04}@example.com",
            phone=f"+3805012{number:05}",
        )
    make(env, product, 2000)
    env.cr.execute("SELECT code FROM b2b2c_code LIMIT 2000")
    known = [code for (code,) in env.cr.fetchall()]
    unknown = list(new_codes(2000))
    key = env["b2b2c.api.key"].create(
        {
            "name": "Till",
            "reporter_id": shop.id,
            "can_read": True,
            "rate_limit": 100000,
        }
    )
    token = key._renew()

    def phone(start):
        return lambda number: _ask_balance({"phone": f"{start}{number % 500:05}"})

    def mail(start):
        return lambda number: _ask_balance(
            {"email": f"{start}{number % 500:04}@example.com"}
        )

    def label(codes):
        return lambda number: ("GET", f"/l/{codes[number % len(codes)]}", None)

    return {
        "label": (label(known), label(unknown)),
        "phone": (phone("+3805012"), phone("+3805013")),
        "e-mail": (mail("there"), mail("nobod")),
        CONTROL: (
            label(known),
            lambda _number: ("GET", "/web/login", None),
        ),
    }, token


def _ask_balance(person):
    return "POST", "/loyalty/api/v1/balance", person


class _Asked:
    """Asks pairs of requests over connections of their own.

    :param there, gone: functions of a number that return method, path and JSON value
    """

    def __init__(self, url, token, there, gone):
        self.host = urlsplit(url).netloc
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }
        self.requests = there, gone

    def ask(self, pairs):
        """Return (pairs with other bytes, ms of the first kind, of the second)."""
        shuffled = random.Random(17)
        others, times = 0, ([], [])
        for number in range(-WARM_UP, pairs):
            answers = [None, None]
            for index in shuffled.sample((0, 1), 2):
                answers[index] = self._send(*self.requests[index](number))
            if number < 0:
                continue
            for index, (milliseconds, _answer) in enumerate(answers):
                times[index].append(milliseconds)
            others += answers[0][1] != answers[1][1]
        return others, *times

    def _send(self, method, path, value):
        """Return (milliseconds, status and what the answer says)."""
        body = json.dumps(value) if value is not None else None
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            start = time.perf_counter()
            connection.request(method, path, body, self.headers if body else {})
            answer = connection.getresponse()
            data = answer.read()
            taken = 1000 * (time.perf_counter() - start)
        finally:
            connection.close()
        text = _NEW.sub(b"", data.replace(path.rsplit("/", 1)[-1].encode(), b""))
        return taken, (answer.status, answer.getheader("Location", "")[:8], text)
