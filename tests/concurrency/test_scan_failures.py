"""Many phones behind one address mistype at once: counted exactly, without retries."""

from collections import Counter
from functools import partial

import world
from controls import replace_methods
from test_code_claims import prepare

PEOPLE = 12  # behind one address
TRIES = 10
ADDRESS = "192.0.2.50"
LIMIT = 100  # of an address, within the hour


def mistype(racer, members):
    """Scan codes that do not exist, all people at the same moment each time.

    :return: (Counter of answers, serialization failures)
    """
    from odoo.addons.loyalty_b2b2c.engine.product_code import new_codes

    answers = Counter()
    for number, code in enumerate(new_codes(TRIES)):
        racer.wait()
        job = partial(
            scan, member=members[racer.number], code=code, key=f"wrong-{number:04}"
        )
        answers[racer.transact(job, together=True)] += 1
    return answers, racer.retries


def scan(env, member, code, key):
    person = env["b2b2c.member"].browse(member)
    return env["b2b2c.scan"]._take(person, code, key, address=ADDRESS)["status"]


def run(database, sabotage=None, **settings):
    """Let everybody mistype; return (answers, serialization failures, counted)."""
    from race import race

    members, _codes = prepare(database, PEOPLE, 1, **settings)
    job = partial(mistype, members=members)
    told = race(database, *[job] * PEOPLE, sabotage=sabotage)
    answers = sum((one for one, _retries in told), Counter())
    counted = world.query(
        database,
        "SELECT number FROM b2b2c_hour_count WHERE scope = %s",
        [f"failed/a{ADDRESS}"],
    )
    return answers, sum(retries for _one, retries in told), counted[0][0]


def test_an_address_is_counted_without_retries(database, report):
    answers, retries, counted = run(database)
    report("one address", people=PEOPLE, wrong=PEOPLE * TRIES, counted=counted,
           retries=retries)  # fmt: skip
    assert answers == {"refused": PEOPLE * TRIES}
    assert (counted, retries) == (PEOPLE * TRIES, 0)


def test_the_lock_of_an_address_is_exact(database, report):
    answers, retries, _counted = run(database, b2b2c_scan_address_failures=LIMIT)
    report("one address, locked", wrong=PEOPLE * TRIES, limit=LIMIT,
           looked=answers["refused"], retries=retries)  # fmt: skip
    assert answers == {"refused": LIMIT, "wait": PEOPLE * TRIES - LIMIT}
    assert retries == 0


def count_within(registry):
    """Count in the transaction of the scan: each one disturbs all others."""

    def count_apart(self, company, limits):
        return all([self._count(company, scope) for scope in limits])

    replace_methods(registry["b2b2c.hour.count"], _count_apart=count_apart)


def test_control_counting_in_the_transaction_retries(database, report):
    answers, retries, _counted = run(database, sabotage=count_within)
    report("one address, counted within", wrong=PEOPLE * TRIES, retries=retries)
    assert answers == {"refused": PEOPLE * TRIES}
    assert retries, "the harness did not notice that scans disturb each other"
