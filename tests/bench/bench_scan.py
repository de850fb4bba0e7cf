"""Scans over HTTP: two workers, eight phones, among ten thousand to ten million codes.

The clients scan, and call a route of Odoo that inserts one row, in turns: both behind a
browser's session.  A scan is answered when its points are booked: the code is taken,
the claim stored, the rules applied, the ledger written.  Phones send one scan in a
request, or ten, as they do with what waited while they were offline or the server busy.
"""

import http.client
import itertools
import json
import os
import random
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import requests
from bench_codes import make
from harness import at_least, limit, note

CLIENTS = 8
ROUNDS = 4
#: calls per client and round, and before the first
CALLS, WARM_UP = {"insert": 25, "scan": 25, "ten scans": 6}, 5
SCANS = {"scan": 1, "ten scans": 10}  # in a request
BAR, P95 = 0.6, 300
FLAT = 0.15
MAIN = 1_000_000  # codes of the figures against one INSERT
#: scans of one load
_COUNT = CLIENTS * sum(
    number * (WARM_UP + ROUNDS * CALLS[name]) for name, number in SCANS.items()
)
PASSWORD = "password-of-the-bench"
#: how many codes there are, step by step
SIZES = os.environ.get("B2B2C_BENCH_CODES", "10000,1000000,10000000").split(",")


def run(ctx):
    """Rows: throughput against an INSERT, 95th percentile, the same at other sizes."""
    seen, wrong, scans = {}, 0, 0
    told = None
    with ctx.fresh_database() as database:
        with ctx.open_environment(database) as env:
            product = _prepare(env)
        for size in map(int, SIZES):
            with ctx.open_environment(database) as env:
                env.cr.execute("SELECT count(*) FROM b2b2c_code")
                have = env.cr.fetchone()[0]
                batch = make(env, env["product.product"].browse(product), size - have)
                codes = _choose(env, batch)
                env.cr.commit()
                env.cr.connection.autocommit = True
                env.cr.execute("VACUUM ANALYZE b2b2c_code")
                env.cr.connection.autocommit = False
            with ctx.odoo_server(database, workers=2) as server:
                routes = _routes(server.url, database, iter(codes))
                seen[size], failed = _load(routes)
                wrong, scans = wrong + failed, scans + _COUNT
                ctx.say(f"{size} codes: {seen[size]}")
            if size == MAIN:
                with ctx.open_environment(database) as env:
                    env["b2b2c.program"].search([]).notify = True
                    env.cr.commit()
                with ctx.odoo_server(database, workers=2) as server:
                    routes = _routes(server.url, database, iter(codes[_COUNT:]))
                    told, failed = _load(routes)
                    wrong, scans = wrong + failed, scans + _COUNT
                    ctx.say(f"{size} codes, with messages: {told}")
                with ctx.open_environment(database) as env:
                    env["b2b2c.program"].search([]).notify = False
                    env.cr.commit()
        with ctx.open_environment(database) as env:
            env.cr.execute("SELECT count(*) FROM b2b2c_code WHERE state = 'claimed'")
            claimed = env.cr.fetchone()[0]
            assert not env["b2b2c.account"]._verify_all()
    return _rows(seen, told, wrong, claimed, scans)


def _rows(seen, told, wrong, claimed, scans):
    main = seen.get(MAIN) or seen[max(seen)]
    ratios = {size: row["scan"]["rate"] / row["insert"]["rate"]
              for size, row in seen.items()}  # fmt: skip
    middle = statistics.median(ratios.values())
    apart = max(abs(ratio / middle - 1) for ratio in ratios.values())
    rows = [
        at_least(f"{name} in a request, a second, against one INSERT",
                 main[name]["rate"], main["insert"]["rate"], BAR)
        for name in SCANS
    ] + [
        limit(f"{name} in a request, p95 ms", main[name]["p95"], f"<= {P95}",
              main[name]["p95"] <= P95)
        for name in SCANS
    ]  # fmt: skip
    if told:
        rows += [
            note(f"{name} in a request, each with its messages, a second",
                 told[name]["rate"], told["insert"]["rate"])
            for name in SCANS
        ] + [
            limit(f"{name} in a request, with messages, p95 ms", told[name]["p95"],
                  f"<= {P95}", told[name]["p95"] <= P95)
            for name in SCANS
        ]  # fmt: skip
    rows += [
        note(f"scans a second among {size:,} codes", row["scan"]["rate"],
             row["insert"]["rate"])
        for size, row in seen.items()
    ]  # fmt: skip
    return [
        *rows,
        limit("farthest from the median ratio", apart, f"<= {FLAT}", apart <= FLAT),
        limit("calls that went wrong", wrong, "= 0", wrong == 0),
        limit("codes claimed", claimed, f"= {scans}", claimed == scans),
    ]


# === THE WORLD === #


def _prepare(env):
    """Make eight salespeople with a login, an owner and rules; return the product."""
    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

    made = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    made._ensure_chart()
    made.unit = env.ref("loyalty_b2b2c.unit_points")
    shops = env["res.partner"].create(
        [{"name": f"Shop {number}", "is_company": True} for number in range(4)]
    )
    made.client = shops[0]
    for number in range(CLIENTS):
        shop = shops[number % len(shops)].id
        member = made._create_member(
            name=f"Seller {number}", email=f"seller{number}@shop.example", phone=None,
            role="salesperson", employer_id=shop,
        )  # fmt: skip
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": f"seller{number}",
                "password": PASSWORD,
                "partner_id": member.partner_id.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
    for number, shop in enumerate(shops):
        made._create_member(
            name=f"Owner {number}", email=f"owner{number}@shop.example", phone=None,
            role="owner", employer_id=shop.id,
        )  # fmt: skip
    kinds = [(6, 0, env.ref("loyalty_b2b2c.document_kind_scan").ids)]
    rule = {"kind": "per_unit", "trigger": "paid", "document_kind_ids": kinds}
    made._create_program(
        {**rule, "role": "salesperson", "pick": "contact", "value": 3},
        {**rule, "role": "owner", "value": 2},
        notify=False,
    )
    # thousands of scans by eight people are the bench's, not a person's
    limits = ("member_hour", "shop_hour", "adjacent")
    env.company.write({f"b2b2c_scan_{name}": 10**6 for name in limits})
    return env["product.product"].create({"name": "Toner", "type": "consu"}).id


def _choose(env, batch):
    """Return codes to scan, from all over the batch."""
    numbers = random.sample(range(1, batch.made + 1), min(2 * _COUNT, batch.made))
    env.cr.execute(
        "SELECT code FROM b2b2c_code WHERE batch_id = %s AND serial = ANY(%s)",
        [batch.id, numbers],
    )
    codes = [row[0] for row in env.cr.fetchall()]
    random.shuffle(codes)
    return codes


# === THE LOAD === #


def _routes(url, database, codes):
    """Name -> function that returns path, body and headers of a client's next call."""
    sellers = [_login(url, database, f"seller{n}", PASSWORD) for n in range(CLIENTS)]
    admin = _login(url, database, "admin", "admin")
    names = itertools.count()

    def scan(client, number=1):
        scans = [
            {"code": code, "key": uuid.uuid4().hex}
            for code in itertools.islice(codes, number)
        ]
        return "/my/rewards/scan/take", {"scans": scans}, sellers[client]

    def insert(_client):
        body = {
            "model": "res.partner.category",
            "method": "create",
            "args": [{"name": f"Tag {next(names)}"}],
            "kwargs": {},
        }
        return "/web/dataset/call_kw/res.partner.category/create", body, admin

    calls = {name: partial(scan, number=number) for name, number in SCANS.items()}
    return {name: (url, call) for name, call in {**calls, "insert": insert}.items()}


def _login(url, database, login, password):
    """Return the headers of a browser that is signed in."""
    session = requests.Session()
    session.trust_env = False
    params = {"db": database, "login": login, "password": password}
    path = "/web/session/authenticate"
    session.post(url + path, json={"params": params}, timeout=60)
    return {"Cookie": f"session_id={session.cookies['session_id']}"}


def _load(routes):
    """Call the routes in turns from all clients.

    :return: (name -> dict of rate per second and p95 ms, number of failures)
    """
    times, spent, wrong = ({name: [] for name in routes} for _n in range(3))
    with ThreadPoolExecutor(CLIENTS) as clients:
        for turn in range(ROUNDS + 1):
            for name, route in routes.items():
                count = CALLS[name] if turn else WARM_UP
                begin = time.perf_counter()
                results = list(
                    clients.map(
                        lambda client, one=route, n=count: _client(one, client, n),
                        range(CLIENTS),
                    )
                )
                if turn:
                    spent[name].append(time.perf_counter() - begin)
                    times[name] += [taken for row, _bad in results for taken in row]
                wrong[name] += [bad for _row, bad in results]
    seen = {
        name: {
            "rate": SCANS.get(name, 1)
            * CLIENTS
            * CALLS[name]
            / statistics.median(spent[name]),
            "p95": statistics.quantiles(taken, n=20)[18],
        }
        for name, taken in times.items()
    }
    return seen, sum(map(sum, wrong.values()))


def _client(route, client, count):
    """Call one after the other.

    :return: (milliseconds of each, how many went wrong)
    """
    taken, failures = [], 0
    url, call = route
    for _number in range(count):
        path, params, headers = call(client)
        begin = time.perf_counter()
        answer = _post(url, path, {"params": params}, headers)
        taken.append(1000 * (time.perf_counter() - begin))
        result = answer.get("result")
        if "scans" in params:
            credited = [one["status"] == "credited" for one in result or ()]
            failures += len(params["scans"]) != sum(credited)
        else:
            failures += not result
    return taken, failures


def _post(url, path, body, headers):
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
    try:
        headers = {"Content-Type": "application/json", **headers}
        connection.request("POST", path, json.dumps(body), headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
