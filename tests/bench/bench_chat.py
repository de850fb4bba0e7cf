"""Fifty people scan in a chat at once, twenty codes each: two workers, one scheduled
action, a server of Telegram's kind beside them.

Everybody writes the next code when the answer to the last one is there, as people do.
Measured is from the moment the messenger has a message to the moment it has the answer,
with its limit of messages a second. Then one of them writes a thousand messages while
ten others go on scanning: they do not wait for that. At last everything is delivered
ten times more, doubled, out of order and late: nobody gets a point, or an answer.
"""

import random
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bench_codes import make
from harness import limit, note

from tools import chat_servers  # noqa: F401  makes ``chat_servers`` importable

CHATS, CODES = 50, 20
P95_SECONDS = 3
OTHERS, MORE = 10, 4  # people who scan beside a flood, codes of each
FLOOD = 1000
ALL_CODES = CHATS * CODES + OTHERS * MORE
REPLAYS = 10_000
TOKEN = "42:BENCH"
_PATIENCE = 300


def run(ctx):
    """Rows: how long an answer takes, what was credited, what replays changed."""
    from chat_servers.telegram_server import TelegramServer

    with TelegramServer(TOKEN) as server, ctx.fresh_database() as database:
        people, codes, more = _prepare(ctx, database, server)
        with ctx.odoo_server(database, workers=2, with_crons=True) as odoo:
            hook = _begin(ctx, database, server, odoo.url)
            begin = time.perf_counter()
            with ThreadPoolExecutor(CHATS) as clients:
                answers = list(clients.map(_scan_all, people, codes))
            spent = time.perf_counter() - begin
            taken = [seconds for row, _wrong in answers for seconds in row]
            wrong = sum(row for _taken, row in answers)
            ctx.say(f"{len(taken)} answers in {spent:.0f} s, a flood follows")
            beside, wrong_beside = _flood(people, more)
            _wait_until_idle(ctx, database)
            first = _count(ctx, database)
            heard = sum(len(person.heard) for person in people[:-1])
            ctx.say(f"{FLOOD} messages of one person are answered, replays follow")
            refused = _replay(hook, server)
            _wait_until_idle(ctx, database)
            second = _count(ctx, database)
        heard_after = sum(len(person.heard) for person in people[:-1])
    p95 = statistics.quantiles(taken, n=20)[18]
    return [
        limit("answer in a chat, p95 s", p95, f"<= {P95_SECONDS}", p95 <= P95_SECONDS),
        note("answer in a chat, median s", statistics.median(taken), 1),
        note("answers a second", len(taken) / spent, 1),
        limit("answers that went wrong", wrong, "= 0", wrong == 0),
        limit(f"the same beside {FLOOD} messages of one person, p95 s", beside,
              f"<= {P95_SECONDS}", beside <= P95_SECONDS and not wrong_beside),
        limit("codes credited once", first["claimed"], f"= {ALL_CODES}",
              first["claimed"] == ALL_CODES == first["entries"]),
        limit("replays refused", refused, "= 0", refused == 0),
        limit(f"doubled by {REPLAYS} replays", second["entries"] - first["entries"],
              "= 0", second == first and heard_after == heard),
    ]  # fmt: skip


# === THE WORLD === #


def _prepare(ctx, database, server):
    """Make salespeople with a chat each, and codes.

    :return: (people, codes of each, codes beside the flood)
    """
    from chat_servers.telegram_person import Person

    people = [Person(server, f"Seller {n}", delivers=False) for n in range(CHATS)]
    with ctx.open_environment(database) as env:
        product, members = _make_members(env)
        channel = env["b2b2c.chat.channel"].create(
            {
                "name": "Telegram",
                "kind": "telegram",
                "token": TOKEN,
                "account": "demo_bot",
                "api_base": server.base,
                "state": "active",
            }
        )
        for person, member in zip(people, members, strict=True):
            number = str(person.chat["id"])
            env["b2b2c.chat.link"].create(
                {
                    "channel_id": channel.id,
                    "external_user": number,
                    "chat": number,
                }
            )._bind(member.partner_id, "bench")
        batch = make(env, product, ALL_CODES)
        codes = env["b2b2c.code"].search([("batch_id", "=", batch.id)]).mapped("code")
        env.cr.commit()
    random.Random(1).shuffle(codes)
    each = [codes[n * CODES : (n + 1) * CODES] for n in range(CHATS)]
    rest = codes[CHATS * CODES :]
    return people, each, [rest[n * MORE : (n + 1) * MORE] for n in range(OTHERS)]


def _make_members(env):
    """Return the product that is sold, and who sells it."""
    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

    made = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    made._ensure_chart()
    made.unit = env.ref("loyalty_b2b2c.unit_points")
    made.client = env["res.partner"].create({"name": "Shop", "is_company": True})
    members = [
        made._create_member(
            name=f"Seller {number}", email=f"seller{number}@shop.example", phone=None,
            role="salesperson",
        )
        for number in range(CHATS)
    ]  # fmt: skip
    kinds = [(6, 0, env.ref("loyalty_b2b2c.document_kind_scan").ids)]
    made._create_program(
        {
            "kind": "per_unit",
            "trigger": "paid",
            "document_kind_ids": kinds,
            "role": "salesperson",
            "pick": "contact",
            "value": 3,
        },
        notify=False,
    )
    limits = ("member_hour", "shop_hour", "adjacent")
    env.company.write({f"b2b2c_scan_{name}": 10**6 for name in limits})
    product = env["product.product"].create({"name": "Toner", "type": "consu"})
    return product, members


def _begin(ctx, database, server, url):
    """Tell the messenger where to deliver to; return the address and the headers."""
    with ctx.open_environment(database) as env:
        channel = env["b2b2c.chat.channel"].search([("kind", "=", "telegram")])
        hook = f"{url}{channel._get_hook_path()}"
        server.call("setWebhook", {"url": hook, "secret_token": channel.secret})
    # what a worker loads with its first request is not what is measured
    for _time in range(4):
        server.post(hook, b"{}", {"Content-Type": "application/json"})
    return hook


def _count(ctx, database):
    """Return what was credited, and what was said."""
    with ctx.open_environment(database) as env:
        env.cr.execute(
            """SELECT (SELECT count(*) FROM b2b2c_code WHERE state = 'claimed'),
                      (SELECT count(*) FROM b2b2c_ledger_entry WHERE points > 0),
                      (SELECT count(*) FROM b2b2c_chat_outbox)"""
        )
        return dict(zip(("claimed", "entries", "said"), env.cr.fetchone(), strict=True))


# === THE LOAD === #

#: As many calls of a webhook as we let the messenger make at once.
_calls = threading.Semaphore(4)


def _scan_all(person, codes):
    """Write codes one after the other.

    :return: (seconds until each answer, how many answers were no credit)
    """
    taken, wrong = [], 0
    for code in codes:
        before = len(person.heard)
        begin = time.perf_counter()
        person.write(code)
        with _calls:
            person.server._deliver_first(person.chat["id"])
        with person.server.changed:
            person.server.changed.wait_for(
                lambda before=before: len(person.heard) > before, _PATIENCE
            )
        taken.append(time.perf_counter() - begin)
        told = person.heard[before:]
        wrong += len(told) != 1 or "3 pts" not in told[0].get("text", "")
    return taken, wrong


def _flood(people, more):
    """Let one person write a lot while others scan.

    :return: (p95 of the others in seconds, how many of their answers were no credit)
    """
    noisy, others = people[-1], people[:OTHERS]

    def write():
        for number in range(FLOOD):
            noisy.write(f"hello {number}")
            with _calls:
                noisy.server._deliver_first(noisy.chat["id"])

    flood = threading.Thread(target=write)
    flood.start()
    with ThreadPoolExecutor(OTHERS) as clients:
        answers = list(clients.map(_scan_all, others, more))
    flood.join()
    taken = [seconds for row, _wrong in answers for seconds in row]
    return statistics.quantiles(taken, n=20)[18], sum(row for _t, row in answers)


def _replay(hook, server):
    """Deliver again what was delivered, in any order; return how much was refused."""
    bodies = server.sent
    assert len(bodies) == ALL_CODES + FLOOD
    chosen = random.Random(2).choices(bodies, k=REPLAYS)
    with ThreadPoolExecutor(8) as clients:
        answers = clients.map(lambda call: server.post(hook, *call)[0], chosen)
        return sum(status != 200 for status in answers)


def _wait_until_idle(ctx, database):
    """Wait until everything is handled: answers of the flood go out one a second."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with ctx.open_environment(database) as env:
            env.cr.execute("SELECT count(*) FROM b2b2c_chat_inbox WHERE state = 'new'")
            if not env.cr.fetchone()[0]:
                return
        time.sleep(1)
    raise AssertionError("something waits in a chat for ever")
