"""Fifty people scan the same codes at once: each code pays once, and nobody guesses."""

import uuid
from collections import Counter
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CLIENTS = 50
CODES = world.length(full=1000, gate=300)
TOGETHER = 5  # so many clients scan the same codes in the same order
EACH = CODES * TOGETHER // CLIENTS
POINTS = 3
REQUEST = 10  # scans a phone sends together
GUESSERS, GUESSES, LIMIT = 6, 15, 20


def prepare(database, clients=CLIENTS, codes=CODES, **settings):
    """Create salespeople of one shop, a program of 3 points a scan, and codes.

    :return: (ids of the members, the codes)
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=clients)
        env.company.write(
            {
                "b2b2c_scan_failures": 0,
                "b2b2c_scan_address_failures": 0,
                "b2b2c_scan_member_hour": 0,
                "b2b2c_scan_shop_hour": 0,
                "b2b2c_scan_adjacent": 0,
                **settings,
            }
        )
        made._create_program(
            {
                "kind": "per_unit",
                "value": POINTS,
                "trigger": "paid",
                "pick": "contact",
                "document_kind_ids": [
                    (6, 0, env.ref("loyalty_b2b2c.document_kind_scan").ids)
                ],
            },
            notify=False,
        )
        batch = env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": made.product.id, "count": codes}
        )
        batch.action_make()
        rows = env["b2b2c.code"].search([("batch_id", "=", batch.id)], order="serial")
        return made.members.ids, rows.mapped("code")


def scan(env, member, code):
    """Scan a code as a member; return the status of the answer."""
    key = uuid.uuid4().hex
    person = env["b2b2c.member"].browse(member)
    # phones of different networks: failures are counted per address, too
    answer = env["b2b2c.scan"]._take(person, code, key, address=f"10.0.0.{member}")
    return answer["status"]


def scan_all(racer, members, codes):
    """Scan the codes of this client's group, one request each; count the answers."""
    first = racer.number // TOGETHER * EACH
    racer.wait()
    answers = Counter()
    for code in codes[first : first + EACH]:
        job = partial(scan, member=members[racer.number], code=code)
        answers[racer.transact(job)] += 1
    return answers


def run(database, sabotage=None, clients=CLIENTS, job=scan_all):
    """Let the clients scan; return how often each answer was given."""
    from race import race

    count = EACH * clients // TOGETHER
    members, codes = prepare(database, clients, count)
    job = partial(job, members=members, codes=codes)
    return sum(race(database, *[job] * clients, sabotage=sabotage), Counter())


def booked(database):
    """Return (accepted claims, codes claimed, points of all accounts)."""
    sql = """SELECT (SELECT count(*) FROM b2b2c_claim WHERE state = 'accepted'),
                    (SELECT count(*) FROM b2b2c_code WHERE state = 'claimed'),
                    (SELECT coalesce(sum(points), 0) FROM b2b2c_ledger_entry)"""
    return tuple(int(number) for number in world.query(database, sql)[0])


def test_each_code_pays_once(database, report):
    answers = run(database)
    claims, claimed, points = booked(database)
    report("the same codes", clients=CLIENTS, codes=CODES, scans=CLIENTS * EACH,
           credits=claims, points=points)  # fmt: skip
    assert answers == {"credited": CODES, "refused": CODES * (TOGETHER - 1)}
    assert (claims, claimed, points) == (CODES, CODES, CODES * POINTS)
    assert world.problems(database) == []


def scan_together(racer, members, codes):
    """Send the codes of this client's group, ten in a request; count the answers."""
    first = racer.number // TOGETHER * EACH
    racer.wait()
    answers = Counter()
    for start in range(first, first + EACH, REQUEST):
        part = codes[start : start + REQUEST]
        job = partial(send, member=members[racer.number], codes=part)
        answers += racer.transact(job)
    return answers


def send(env, member, codes):
    """Scan codes in one request, like a phone that was offline; count the answers."""
    scans = [{"text": code, "key": uuid.uuid4().hex} for code in codes]
    person = env["b2b2c.member"].browse(member)
    answers = env["b2b2c.scan"]._take_all(person, scans, address=f"10.0.0.{member}")
    return Counter(answer["status"] for answer in answers)


def test_each_code_pays_once_when_sent_together(database, report):
    clients = 4 * TOGETHER
    count = EACH * clients // TOGETHER
    answers = run(database, clients=clients, job=scan_together)
    claims, claimed, points = booked(database)
    report("the same codes, ten in a request", clients=clients, codes=count,
           scans=EACH * clients, credits=claims, points=points)  # fmt: skip
    assert answers == {"credited": count, "refused": count * (TOGETHER - 1)}
    assert (claims, claimed, points) == (count, count, count * POINTS)
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: look whether a code has a claim, then add one."""
    service = registry["b2b2c.scan"]

    def get_refusal(self, scan):
        taken = self.env["b2b2c.claim"].search_count(
            [("code_id", "=", scan.row["id"]), ("state", "=", "accepted")]
        )
        return "blocked" if taken else None

    replace_methods(service, _get_refusal=get_refusal)
    replace_methods(
        registry["b2b2c.claim"], _get_insert_parts=lambda self, **proofs: []
    )


def test_control_looking_first_is_no_guard(database, report):
    clients = 2 * TOGETHER
    run(database, sabotage=look_first, clients=clients)
    credits, codes = booked(database)[0], EACH * clients // TOGETHER
    report("the same codes, looked at first", codes=codes, credits=credits)
    assert credits > codes, "the harness did not notice that codes were paid twice"


def test_control_looking_first_is_no_guard_together(database, report):
    clients = 2 * TOGETHER
    run(database, sabotage=look_first, clients=clients, job=scan_together)
    credits, codes = booked(database)[0], EACH * clients // TOGETHER
    report("ten in a request, looked at first", codes=codes, credits=credits)
    assert credits > codes, "the harness did not notice that codes were paid twice"


def guess(racer, member):
    """Try codes that do not exist, all guessers at the same moment."""
    from odoo.addons.loyalty_b2b2c.engine.product_code import new_codes

    answers = Counter()
    for code in new_codes(GUESSES):
        job = partial(scan, member=member, code=code)
        answers[racer.transact(job, together=True)] += 1
    return answers


def test_guessing_is_locked_between_workers(database, report):
    from race import race

    [member], _codes = prepare(database, 1, 10, b2b2c_scan_failures=LIMIT)
    job = partial(guess, member=member)
    answers = sum(race(database, *[job] * GUESSERS), Counter())
    report("guesses", tried=GUESSERS * GUESSES, limit=LIMIT, looked=answers["refused"])
    assert answers == {"refused": LIMIT, "wait": GUESSERS * GUESSES - LIMIT}
    assert booked(database) == (0, 0, 0)
