"""Whatever is sent to whichever door: no answer of 5xx (R21).

A real server, and requests drawn from a seed: every route of the suite and every
public method of its models, by everybody who may knock (nobody, a participant, who
works at the counter, in the office, a key of the API), with values that are garbage,
nearly right, or right.  Each door is knocked at equally often.  ``B2B2C_BENCH_FUZZ``
says how many requests, ``B2B2C_BENCH_SEED`` which, ``B2B2C_BENCH_SECONDS`` when it ends
with what it has reached.  How far it is and each accident are told at once.
"""

import inspect
import json
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import quote

import requests
from harness import limit, note

REQUESTS = int(os.environ.get("B2B2C_BENCH_FUZZ", "100000"))
SEED = int(os.environ.get("B2B2C_BENCH_SEED", "21"))
SECONDS = float(os.environ.get("B2B2C_BENCH_SECONDS", "inf"))
CLIENTS = 4
PASSWORD = "a-password-to-knock-with"
_OURS = "odoo.addons.loyalty_b2b2c"
#: Who knocks -> groups; without groups: nobody.
PEOPLE = {
    "nobody": "",
    "participant": "base.group_portal",
    "counter": "loyalty_b2b2c.group_terminal",
    "user": "loyalty_b2b2c.group_user sales_team.group_sale_salesman",
    "manager": "loyalty_b2b2c.group_manager base.group_partner_manager",
}
#: Fields of forms that routes look at.
_FIELDS = (
    "key", "code", "name", "email", "phone", "consent", "quantity", "member", "price",
    "before", "page", "kind", "lang", "request_id", "member_id", "owner_id", "sent",
    "amount", "search", "reward_id", "scans", "message", "number", "date", "role",
)  # fmt: skip
_API = (
    "sales", "shipments", "events", "preview", "balance", "entries", "people", "scans",
    "documents", "nothing", "",
)  # fmt: skip
_MAX_TOLD = 20
#: Of each client: after so many requests it says how far it is.
_STEPS_TOLD = 250


def run(ctx):
    """Rows: requests, answers of 5xx, exceptions that say nothing; by kind of door."""
    with ctx.fresh_database() as database:
        with ctx.open_environment(database) as env:
            world = _prepare(env)
        from odoo.addons.loyalty_b2b2c.tests.garbage import VALUES, get_accident

        with ctx.odoo_server(database, workers=2) as server:
            _tell(f"log of the server: {server.log_path}")
            shared = server.url, database, world, (*VALUES, *world["right"])
            clients = [
                _Client(*shared, get_accident, number) for number in range(CLIENTS)
            ]
            start = time.perf_counter()
            with ThreadPoolExecutor(CLIENTS) as pool:
                list(
                    pool.map(lambda client: client.knock(REQUESTS // CLIENTS), clients)
                )
            taken = time.perf_counter() - start
            alive = requests.get(f"{server.url}/web/login", timeout=60).status_code
    sent = sum((client.sent for client in clients), Counter())
    told = [text for client in clients for text in client.accidents]
    for text in told[:_MAX_TOLD]:
        print(f"  {text}")
    classes = Counter()
    for (_door, status), number in sent.items():
        classes[f"{status // 100}xx"] += number
    rows = [
        note("requests", sum(sent.values()), None),
        note("requests/s", sum(sent.values()) / taken, None),
        note("doors: routes, methods", len(world["routes"]), len(world["methods"])),
    ]
    rows += [note(f"  answers {name}", classes[name], None) for name in sorted(classes)]
    return [
        *rows,
        limit("answers of 5xx", classes["5xx"], "= 0", not classes["5xx"]),
        limit("accidents in other answers", len(told), "= 0", not told),
        limit("the server still answers", alive, "= 200", alive == 200),
    ]


# === THE WORLD === #


def _prepare(env):
    """Make people who knock, and what can be knocked at.

    :return: dict of plain values
    """
    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon
    from odoo.addons.loyalty_b2b2c.tests.garbage import get_own_methods

    made = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    made._ensure_chart()
    made.unit = env.ref("loyalty_b2b2c.unit_points")
    made.client = env["res.partner"].create({"name": "Shop", "is_company": True})
    made.product = made._create_product("Tool", 100)
    member = made._create_member(role="owner")
    made._create_program()
    member._get_account(made.unit)._earn(500, source_key="fuzz/gift")
    reward = env["b2b2c.reward"].create({"name": "Mug", "points": 1})
    invitation = env["b2b2c.invitation"].create(
        {"employer_id": made.client.id, "approval": "none"}
    )
    env["res.partner"].flush_model()
    keys = {}
    for name, groups in PEOPLE.items():
        if not groups:
            continue
        person = {"partner_id": member.partner_id.id} if name == "participant" else {}
        user = env["res.users"].create(
            {
                "name": name,
                "login": name,
                "password": PASSWORD,
                "group_ids": [(6, 0, [env.ref(group).id for group in groups.split()])],
                **person,
            }
        )
        keys[name] = (
            env(user=user)["res.users.apikeys"]
            .sudo()
            ._generate("rpc", name, datetime.now() + timedelta(hours=1))
        )
    till = env["b2b2c.api.key"].create(
        {
            "name": "Till",
            "reporter_id": made.client.id,
            "can_read": True,
            "rate_limit": 100000,
        }
    )
    world = {
        "keys": keys,
        "till": till._renew(),
        "routes": _get_routes(env),
        "methods": _get_methods(env, get_own_methods(env)),
        "right": [
            member.code, invitation.token, str(reward.id), member.id, reward.id,
            "2026-01-01", "10", 10, [member.id], made.product.id, "points",
            {"id": member.id}, [{"product": {"id": made.product.id}, "quantity": 1}],
            "participant@example.com", "+380671234567", "a-key-of-sixteen-signs",
        ],
    }  # fmt: skip
    env.cr.commit()
    return world


def _get_routes(env):
    """Return the routes of the suite: (parts of the path, methods, type)."""
    thread = threading.current_thread()
    with patch.object(thread, "dbname", env.cr.dbname, create=True):
        rules = [*env["ir.http"].routing_map().iter_rules()]
    routes = []
    for rule in rules:
        if not rule.endpoint.func.__module__.startswith(_OURS):
            continue
        parts = [
            (is_dynamic, part, type(rule._converters.get(part)).__name__)
            for is_dynamic, part in rule._trace
        ]
        methods = sorted((rule.methods or {"GET", "POST"}) & {"GET", "POST"})
        routes.append((parts, methods, rule.endpoint.routing["type"]))
    return routes


def _get_methods(env, own):
    """Return (model, method, names of parameters) of methods clients can call."""
    found = []
    for model, method in own:
        function = getattr(env.registry[model], method)
        names = [*inspect.signature(function).parameters][1:]
        found.append((model, method, names))
    return found


# === A CLIENT === #


class _Client:
    """Sends requests of its own seed, as one person after the other.

    :param world: what :func:`_prepare` returned
    :param values: to choose from
    :param get_accident: see ``tests/garbage.py``
    """

    def __init__(self, url, database, world, values, get_accident, number):
        self.url, self.database, self.world, self.values = url, database, world, values
        self.get_accident, self.number = get_accident, number
        self.random = random.Random(SEED * 1000 + number)
        self.sent, self.accidents = Counter(), []
        self.sessions = {name: self._open(name) for name in PEOPLE}

    def _open(self, name):
        """Return (session, token against forgery) of somebody."""
        session = requests.Session()
        session.trust_env = False
        if PEOPLE[name]:
            session.post(
                f"{self.url}/web/session/authenticate",
                json={
                    "params": {
                        "db": self.database,
                        "login": name,
                        "password": PASSWORD,
                    }
                },
                timeout=60,
            ).raise_for_status()
        page = session.get(f"{self.url}/rewards/join/none", timeout=60).text
        found = re.search(r'csrf_token: "(\w+)"', page)
        return session, found.group(1) if found else ""

    def knock(self, number):
        """Send so many requests."""
        doors = [*self.world["routes"], *self.world["methods"]]
        end = time.monotonic() + SECONDS
        for step in range(number):
            if time.monotonic() > end:
                break
            if step and not step % _STEPS_TOLD:
                statuses = Counter()
                for (_kind, status), count in self.sent.items():
                    statuses[status] += count
                _tell(f"client {self.number}: {step} of {number}, {dict(statuses)}")
            name = self.random.choice([*PEOPLE])
            door = doors[(step * 7919 + self.random.randrange(len(doors))) % len(doors)]
            if self.random.random() < 0.1:
                self._keep("api", *self._send_api())
            elif isinstance(door[0], str):
                self._keep("method", *self._send_call(name, door))
            else:
                self._keep("route", *self._send_route(name, door))

    def _keep(self, kind, answer, said):
        self.sent[kind, answer.status_code] += 1
        if accident := self.get_accident(answer):
            self.accidents.append(f"{accident}: {said!r:.300}")
            _tell(self.accidents[-1])

    def _draw(self):
        value = self.random.choice(self.values)
        if self.random.random() < 0.1:
            return [value, self.random.choice(self.values)]
        if self.random.random() < 0.1:
            return {"id": value, "code": self.random.choice(self.values)}
        return value

    def _draw_some(self, names):
        return {name: self._draw() for name in names if self.random.random() < 0.8}

    def _send_call(self, name, door):
        """Call a public method by ``/json/2``, or as the web client does."""
        model, method, names = door
        values = self._draw_some(names)
        ids = self.random.choice(([1], [], [1, 2], self._draw()))
        context = {"context": self._draw()} if self.random.random() < 0.2 else {}
        key = self.world["keys"].get(name)
        if key and self.random.random() < 0.7:
            path = f"/json/2/{model}/{method}"
            headers = {
                "Authorization": f"bearer {key}",
                "X-Odoo-Database": self.database,
            }
            body = {"ids": ids, **values, **context}
            return self._post_json(path, body, headers, requests), (path, body)
        path = f"/web/dataset/call_kw/{model}/{method}"
        params = {
            "model": model,
            "method": method,
            "args": [ids],
            "kwargs": values | context,
        }
        session, _token = self.sessions[name]
        return self._post_json(path, {"params": params}, {}, session), (path, params)

    def _send_api(self):
        path = f"/loyalty/api/v1/{self.random.choice(_API)}"
        token = self.random.choice((self.world["till"], "wrong", "\xe9"))
        names = ("type", "reference", "member", "partner", "lines", "amount", "phone",
                 "email", "occurred_at", "currency", "cursor", "limit")  # fmt: skip
        body = self._draw_some(names) if self.random.random() < 0.9 else self._draw()
        headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
        return self._post_json(path, body, headers, requests), (path, body)

    def _send_route(self, name, door):
        parts, methods, kind = door
        session, token = self.sessions[name]
        path = "".join(
            self._draw_part(converter) if is_dynamic else part
            for is_dynamic, part, converter in parts
        ).partition("|")[2]
        values = self._draw_some(_FIELDS)
        if kind == "jsonrpc":
            answer = self._post_json(path, {"params": values}, {}, session)
            return answer, (path, values)
        method = self.random.choice(methods)
        form = {key: _to_text(value) for key, value in values.items()}
        options = {"timeout": 60, "allow_redirects": False}
        if method == "POST":
            form["csrf_token"] = token
            options["data"] = form
            if self.random.random() < 0.1:
                options["files"] = {"file": ("a.png", _to_text(self._draw()))}
        else:
            options["params"] = form
        answer = session.request(method, f"{self.url}{path}", **options)
        return answer, (method, path, values)

    def _draw_part(self, converter):
        value = self.random.choice(self.values)
        if converter == "IntegerConverter":
            return str(self.random.choice((0, 1, 2, 3, 2**31, 10**25)))
        return quote(_to_text(value) or b"-", safe="")

    def _post_json(self, path, body, headers, session):
        return session.post(
            f"{self.url}{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
            timeout=60,
            allow_redirects=False,
        )


def _tell(text):
    print(f"  {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _to_text(value):
    """Return a value as a form sends it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")
