"""The HTTP API under fire: one effect per Idempotency-Key, no call past the limit."""

import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import requests
import world
from controls import replace_methods
from servers import forked

from tools import odoo_env

CLIENTS = 10
ROUNDS = 20
LIMIT = 40
CALLS = 120
WORKERS = 4


# === THE WORLD === #


def prepare(database, **values):
    """Make a member, a program and a key; return the key's token."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program({"trigger": "paid"}, notify=False)
        key = env["b2b2c.api.key"].create(
            {"name": "Till", "rate_limit": 100000, "can_read": True, **values}
        )
        return key._renew()


def post(url, token, path, body, **headers):
    """Call the API as a client of its own."""
    session = requests.Session()
    session.trust_env = False
    return session.post(
        f"{url}/loyalty/api/v1{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}", **headers},
        timeout=60,
    )


def sale(number):
    """A paid sale of 100.00: 5 points."""
    return {
        "reference": f"R-{number}",
        "occurred_at": "2026-03-10T10:00:00Z",
        "member": {"email": "member0@example.com"},
        "amount": 100,
    }


# === THE SAME KEY, TEN TIMES AT ONCE === #


def repeat(urls, token, rounds):
    """Send each sale from all clients at once, under one Idempotency-Key.

    :return: list of (answers not replayed, different bodies, statuses) per sale
    """
    told = []
    with ThreadPoolExecutor(CLIENTS) as clients:
        for number in range(rounds):
            options = {"Idempotency-Key": f"call-{number}"}
            calls = [
                clients.submit(
                    post,
                    urls[client % len(urls)],
                    token,
                    "/sales",
                    sale(number),
                    **options,
                )
                for client in range(CLIENTS)
            ]
            answers = [call.result() for call in calls]
            told.append(
                (
                    sum("Idempotency-Replayed" not in one.headers for one in answers),
                    len({one.content for one in answers}),
                    Counter(one.status_code for one in answers),
                )
            )
    return told


def booked(database):
    """(documents, entries, points)."""
    [row] = world.query(
        database,
        "SELECT (SELECT count(*) FROM b2b2c_external_document), count(*),"
        " coalesce(sum(points), 0) FROM b2b2c_ledger_entry",
    )
    return row


def test_ten_calls_with_one_key_have_one_effect(database, report):
    token = prepare(database)
    with forked(database, WORKERS) as urls:
        told = repeat(urls, token, ROUNDS)
    found = booked(database)
    report(
        "idempotency key",
        keys=ROUNDS,
        calls=ROUNDS * CLIENTS,
        documents=found[0],
        entries=found[1],
    )
    assert told == [(1, 1, Counter({201: CLIENTS}))] * ROUNDS
    assert found == (ROUNDS, ROUNDS, 5 * ROUNDS)
    assert world.problems(database) == []


def look_then_write(registry):
    """Look whether a call was answered, then store: what the unique index prevents."""
    from odoo.addons.loyalty_b2b2c.models.api.b2b2c_api_answer import Answer

    def begin(self, key_id, name):
        self.env.cr.execute(
            "SELECT id, fingerprint, status, body FROM b2b2c_api_answer"
            " WHERE key_id = %s AND idempotency_key = %s",
            [key_id, name],
        )
        row = self.env.cr.fetchone()
        if row:
            return Answer(*row)
        self.env.cr.execute(
            "INSERT INTO b2b2c_api_answer (key_id, idempotency_key, answered_at)"
            " VALUES (%s, %s, now()) RETURNING id",
            [key_id, name],
        )
        return Answer(self.env.cr.fetchone()[0], None, None, None)

    replace_methods(registry["b2b2c.api.answer"], _begin=begin)


def test_control_look_then_write_answers_twice(database, report):
    token = prepare(database)
    world.query(database, "DROP INDEX b2b2c_api_answer_once")
    # the second guard, the number of the document itself
    world.query(database, "DROP INDEX b2b2c_external_document_once")
    with forked(database, 2, look_then_write) as urls:
        told = repeat(urls, token, ROUNDS)
    documents, _entries, _points = booked(database)
    doubled = sum(answers > 1 for answers, _bodies, _statuses in told)
    report("idempotency key, index dropped", keys=ROUNDS, doubled=doubled)
    assert doubled, "the harness did not notice calls executed twice"
    assert documents > ROUNDS, "the harness did not notice documents recorded twice"


# === THE LIMIT === #


def hammer(urls, token, calls):
    """Call from twenty clients at once.

    :return: window -> statuses of the calls counted in it; there are two when a minute
        ends meanwhile
    """
    # a call without reference: refused, and cheap; what counts is whether it passed
    with ThreadPoolExecutor(20) as clients:
        answers = clients.map(
            lambda number: post(urls[number % len(urls)], token, "/sales", {}),
            range(calls),
        )
        windows = defaultdict(Counter)
        for answer in answers:
            windows[answer.headers["X-RateLimit-Reset"]][answer.status_code] += 1
    return dict(windows)


def test_the_limit_is_shared_by_all_workers(database, report):
    token = prepare(database, rate_limit=LIMIT)
    with forked(database, WORKERS) as urls:
        windows = hammer(urls, token, CALLS)
    report(
        "rate limit",
        limit=LIMIT,
        calls=CALLS,
        passed=[statuses[422] for statuses in windows.values()],
    )
    for statuses in windows.values():
        passed = min(LIMIT, statuses.total())
        # unary plus: without the kind that did not happen
        assert statuses == +Counter({422: passed, 429: statuses.total() - passed})


def count_in_two_steps(registry):
    """Read the counter, then write it: what the single UPSERT prevents."""
    from odoo.addons.loyalty_b2b2c.models.api.b2b2c_api_window import Usage

    def count(self, grant):
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SELECT coalesce(max(hits), 0) + 1 FROM b2b2c_api_window"
                " WHERE key_id = %s",
                [grant.key_id],
            )
            [hits] = cr.fetchone()
        time.sleep(0.005)
        with self.env.registry.cursor() as cr:
            cr.execute(
                "INSERT INTO b2b2c_api_window (key_id, minute, hits)"
                " VALUES (%s, %s, %s)",
                [grant.key_id, 0, hits],
            )
        return Usage(grant.rate_limit, hits, 60, 60)

    replace_methods(registry["b2b2c.api.window"], _count=count)


def test_control_counting_in_two_steps_lets_more_pass(database, report):
    token = prepare(database, rate_limit=LIMIT)
    world.query(database, "DROP INDEX b2b2c_api_window_once")
    with forked(database, 2, count_in_two_steps) as urls:
        [statuses] = hammer(urls, token, CALLS).values()
    report("rate limit, read then written", limit=LIMIT, passed=statuses[422])
    assert statuses[422] > LIMIT, "the harness did not notice calls past the limit"


# === THE ROOM OF A DAY === #

ROOM = 38  # units a day; each sale has four


def flood(urls, token, calls):
    """Report sales from twenty clients at once; return how often which status."""
    with ThreadPoolExecutor(20) as clients:
        return Counter(
            clients.map(
                lambda number: (
                    post(
                        urls[number % len(urls)],
                        token,
                        "/sales",
                        {
                            "reference": f"D-{number}",
                            "occurred_at": f"2026-03-{number % 28 + 1:02}T10:00:00Z",
                            "member": {"email": "member0@example.com"},
                            # worth no points: calls meet at the counter only
                            "lines": [{"quantity": 4, "amount": 0}],
                        },
                    ).status_code
                ),
                range(calls),
            )
        )


def test_a_day_has_room_for_no_more_than_its_limit(database, report):
    token = prepare(database, day_quantity=ROOM)
    with forked(database, WORKERS) as urls:
        statuses = flood(urls, token, 60)
    report("room of a day", room=ROOM, statuses=dict(statuses))
    # nine sales of four units are 36, a tenth does not fit
    assert statuses == Counter({201: 9, 202: 51})
    rows = world.query(database, "SELECT quantity FROM b2b2c_reported_day")
    assert rows == [(36,)]


def look_then_count(registry):
    """Look how much room the day has, then count: what the single UPSERT prevents."""

    def take(self, mandate, quantity, amount):
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT coalesce(sum(quantity), 0) FROM b2b2c_reported_day")
            [used] = cr.fetchone()
        time.sleep(0.3)  # several calls look before one of them counts
        if int(used) + int(quantity) > int(mandate.day_quantity):
            return False
        with self.env.registry.cursor() as cr:
            cr.execute(
                "INSERT INTO b2b2c_reported_day (scope, day, quantity, amount)"
                " VALUES (%s, CURRENT_DATE, %s, %s)",
                [mandate.scope, quantity, amount],
            )
        return True

    replace_methods(registry["b2b2c.reported.day"], _take=take)


def test_control_look_then_count_lets_more_pass(database, report):
    token = prepare(database, day_quantity=ROOM)
    world.query(database, "DROP INDEX b2b2c_reported_day_once")
    with forked(database, WORKERS, look_then_count) as urls:
        statuses = flood(urls, token, 60)
    report("room of a day, in two steps", room=ROOM, statuses=dict(statuses))
    assert statuses[201] > 9, "the harness did not notice what passed the limit"
