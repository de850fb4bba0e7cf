"""Many sealers make one chain, while entries commit in an order of their own."""

import random
import time
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

WRITERS = 5
BOOKINGS = 60  # per writer
SEALERS = 3
BLOCK = 7  # entries at most


def write(racer, accounts, writing):
    """Book entries in transactions that end in another order than they began.

    :param writing: how many are still at it
    :return: entries booked
    """
    pace = random.Random(racer.number)
    racer.wait()
    try:
        for number in range(BOOKINGS):
            with racer.environment() as env:
                account = env["b2b2c.account"].browse(pace.choice(accounts))
                account._earn(1, source_key=f"seal/{racer.number}/{number}")
                time.sleep(pace.choice((0, 0.005, 0.02)))
    finally:
        with writing.get_lock():
            writing.value -= 1
    return BOOKINGS


def seal_some(env):
    env["b2b2c.seal"]._seal(env.company, limit=BLOCK)


def seal(racer, writing):
    """Seal as long as somebody writes.

    :return: 0, it books nothing
    """
    racer.wait()
    while writing.value:
        racer.transact(seal_some)
    return 0


def run(database, sabotage=None):
    """Return (entries booked, entries sealed, blocks, what the proof says)."""
    from race import FORK, race

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=3)
        accounts = [one._get_account(made.unit).id for one in made.members]
    writing = FORK.Value("i", WRITERS)
    jobs = [partial(write, accounts=accounts, writing=writing)] * WRITERS
    jobs += [partial(seal, writing=writing)] * SEALERS
    booked = sum(race(database, *jobs, sabotage=sabotage))
    with odoo_env.open_environment(database) as env:
        deadline = time.monotonic() + 60
        while env["b2b2c.account"].browse(accounts)._get_seal_tail().count:
            assert time.monotonic() < deadline, "the feed is held back"
            seal_some(env)
            env.cr.commit()
    [(sealed, blocks)] = world.query(
        database, "SELECT sum(row_count), count(*) FROM b2b2c_seal"
    )
    return booked, sealed, blocks, world.problems(database)


def test_one_chain_with_every_entry_once(database, report):
    booked, sealed, blocks, problems = run(database)
    report("seals", booked=booked, sealed=int(sealed), blocks=blocks, sealers=SEALERS)
    assert problems == []
    assert (sealed, booked) == (WRITERS * BOOKINGS, WRITERS * BOOKINGS)
    assert blocks >= sealed / BLOCK


def all_that_is_visible(_registry):
    """What looks enough and is not: seal what can be seen, whoever is still booking."""
    from odoo.addons.loyalty_b2b2c.models.api.b2b2c_ledger_entry import (
        B2b2cLedgerEntryFeed,
    )

    replace_methods(B2b2cLedgerEntryFeed, _get_horizon=lambda self: 2**62)


def test_control_entries_get_between_sealed_ones(database, report):
    booked, _sealed, blocks, problems = run(database, sabotage=all_that_is_visible)
    report("seals, without the horizon", booked=booked, blocks=blocks)
    assert any("added" in problem for problem in problems), problems
