"""The HTTP API of a real server: one sale a call, and a shipment of a thousand lines.

Two workers, eight clients, each call on a connection of its own as tills do.  The
clients record sales and call two routes of Odoo that do nothing, in turns: one behind a
browser's session, one behind an API key.  A sale is answered when it is booked.
"""

import http.client
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import requests
from harness import at_most, limit, note

CLIENTS = 8
ROUNDS = 4
CALLS = 25  # per client and round
WARM_UP = 5
BAR = 3
LINES = 1000
SECONDS = 10


def run(ctx):
    """Rows: 95th percentile of a sale, seconds of a long shipment."""
    with ctx.fresh_database() as database:
        token, odoo_key = _prepare(ctx, database)
        with ctx.odoo_server(database, workers=2) as server:
            routes = _routes(server.url, database, token, odoo_key)
            times, wrong = _load(routes)
            shipment, again = _ship(server.url, token), _ship(server.url, token)
        with ctx.open_environment(database) as env:
            entries = env["b2b2c.ledger.entry"].search_count([])
            assert not env["b2b2c.account"]._verify_all()
    sales = (WARM_UP + ROUNDS * CALLS) * CLIENTS
    ctx.say(f"{sales} sales, {entries} entries, {wrong} calls went wrong")
    p95 = {name: statistics.quantiles(taken, n=20)[18] for name, taken in times.items()}
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    booked = shipment[1] == (201, LINES) and again[1] == (200, LINES)
    return [
        at_most("sale, p95 ms, against a no-op behind a key", p95["sale"],
                p95["key"], BAR),
        note("sale, p95 ms, against a no-op of the browser", p95["sale"],
             p95["session"]),
        note("sale, median ms, against a no-op behind a key", medians["sale"],
             medians["key"]),
        limit("calls that went wrong", wrong, "= 0", wrong == 0),
        limit(f"shipment of {LINES} lines, s", shipment[0], f"<= {SECONDS}",
              shipment[0] <= SECONDS and booked),
        limit("the same again, s", again[0], f"<= {SECONDS}", again[0] <= SECONDS),
        limit("entries it added", entries - sales - LINES, "= 0",
              entries == sales + LINES),
    ]  # fmt: skip


def _prepare(ctx, database):
    """Make people, products, rules and keys.

    :return: (token of our API, API key of Odoo)
    """
    with ctx.open_environment(database) as env:
        from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

        made = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
        made._ensure_chart()
        made.unit = env.ref("loyalty_b2b2c.unit_points")
        made.client = env["res.partner"].create(
            {"name": "Shop", "is_company": True, "ref": "SHOP"}
        )
        shops = env["res.partner"].create(
            [{"name": f"Shop {number}", "is_company": True} for number in range(10)]
        )
        for number in range(50):
            made._create_member(
                name=f"Seller {number}", email=f"seller{number}@shop.example",
                phone=None, role="salesperson", employer_id=shops[number % 10].id,
            )  # fmt: skip
        made._create_member(name="Owner", email="owner@shop.example", role="owner")
        env["product.product"].create(
            [
                {"name": f"Product {number}", "default_code": f"P{number}",
                 "type": "consu"}
                for number in range(LINES)
            ]
        )  # fmt: skip
        made._create_program(
            {"role": "salesperson", "trigger": "paid", "pick": "seller"},
            {"role": "owner", "trigger": "delivered", "kind": "per_unit",
             "document_kind_ids": [(6, 0, env["b2b2c.document.kind"].search(
                 [("code", "=", "shipment")]).ids)]},
            notify=False,
        )  # fmt: skip
        key = env["b2b2c.api.key"].create({"name": "Bench", "rate_limit": 100000})
        admin = env(user=env.ref("base.user_admin"))
        odoo_key = admin["res.users.apikeys"]._generate(
            "rpc", "bench", datetime.now() + timedelta(days=1)
        )
        return key._renew(), odoo_key


def _routes(url, database, token, odoo_key):
    """Name -> function that returns path, body and headers of the n-th call."""
    session = requests.Session()
    session.trust_env = False
    login = {"db": database, "login": "admin", "password": "admin"}
    session.post(f"{url}/web/session/authenticate", json={"params": login}, timeout=60)
    cookie = {"Cookie": f"session_id={session.cookies['session_id']}"}
    key = {"Authorization": f"Bearer {odoo_key}"}
    ours = {"Authorization": f"Bearer {token}"}

    def sale(number):
        return {
            "reference": f"R-{number}",
            "seller": {"email": f"seller{number % 50}@shop.example"},
            "lines": [{"product": f"P{number % 100}", "quantity": 1, "amount": 100}],
        }

    return {
        "sale": (url, "/loyalty/api/v1/sales", sale, ours),
        "key": (url, "/json/2/res.users/context_get", lambda _number: {}, key),
        "session": (url, "/web/session/check", lambda _number: {"params": {}}, cookie),
    }


def _load(routes):
    """Call the routes in turns from all clients.

    :return: (name -> milliseconds, number of calls that went wrong)
    """
    times, wrong, number = {name: [] for name in routes}, 0, 0
    with ThreadPoolExecutor(CLIENTS) as clients:
        for turn in range(ROUNDS + 1):
            count = CALLS if turn else WARM_UP
            for name, route in routes.items():
                starts = [number + client * count for client in range(CLIENTS)]
                number += CLIENTS * count
                for taken, failures in clients.map(
                    lambda start, one=route, n=count: _client(one, start, n), starts
                ):
                    wrong += failures
                    times[name] += taken if turn else []
    return times, wrong


def _client(route, start, count):
    """Call one after the other.

    :return: (milliseconds of each, how many went wrong)
    """
    taken, failures = [], 0
    url, path, body, headers = route
    for number in range(start, start + count):
        text = json.dumps(body(number))
        begin = time.perf_counter()
        status, said = _call(url, path, text, headers)
        taken.append(1000 * (time.perf_counter() - begin))
        failures += status not in (200, 201) or b'"error"' in said
    return taken, failures


def _call(url, path, text, headers):
    """Return (HTTP status, body) of a POST on a connection of its own."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
    try:
        connection.request(
            "POST", path, text, {"Content-Type": "application/json", **headers}
        )
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _ship(url, token):
    """Report a thousand lines.

    :return: (seconds, (HTTP status, points booked))
    """
    shipment = {
        "reference": "LONG",
        "partner": {"ref": "SHOP"},
        "occurred_at": "2026-03-10T10:00:00Z",
        "lines": [{"product": f"P{n}", "quantity": 1} for n in range(LINES)],
    }
    headers = {"Authorization": f"Bearer {token}"}
    begin = time.perf_counter()
    status, said = _call(
        url, "/loyalty/api/v1/shipments", json.dumps(shipment), headers
    )
    seconds = time.perf_counter() - begin
    points = sum(row["points"] for row in json.loads(said).get("results", []))
    return seconds, (status, points / 5)
