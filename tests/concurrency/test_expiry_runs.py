"""Expiry runs that overlap let every lot lapse once, and tell it once (R5)."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

MEMBERS = 20
LOTS = 5
POINTS = 10
ROUNDS = 5
RUNS = 4


def make(database):
    """Create the participants; return the ids of their accounts."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=MEMBERS)
        return [member._get_account(made.unit).id for member in made.members]


def earn_due(env, account_ids, number):
    """Give every account lots that should have lapsed already."""
    due = datetime.utcnow() - timedelta(days=1)
    for account in env["b2b2c.account"].browse(account_ids):
        for lot in range(LOTS):
            account._earn(
                POINTS, source_key=f"lot/{account.id}/{number}/{lot}", expires_at=due
            )


def expire(racer, account_ids, rounds):
    """Run the scheduled action against the other runs, on new lots each round."""
    for number in range(rounds):
        if racer.number == 0:
            racer.transact(partial(earn_due, account_ids=account_ids, number=number))
        racer.wait()
        with racer.environment() as env:
            accounts = env["b2b2c.account"]
            while ids := accounts._get_due_accounts(10):
                accounts._in_batches(ids, "_expire_due")
                env.cr.commit()
        racer.wait()


def expired(database):
    """Return (points expired, entries about it, messages)."""
    [(points, lots)] = world.query(
        database,
        "SELECT coalesce(-sum(points), 0), count(*) FROM b2b2c_ledger_entry"
        " WHERE entry_type = 'expire'",
    )
    [(messages,)] = world.query(
        database, "SELECT count(*) FROM b2b2c_notification WHERE kind = 'expired'"
    )
    return points, lots, messages


def test_overlapping_runs_expire_once(database, report):
    from race import race

    job = partial(expire, account_ids=make(database), rounds=ROUNDS)
    race(database, *[job] * RUNS)
    points, lots, messages = expired(database)
    report(
        "expiry runs", runs=RUNS, rounds=ROUNDS, lots=lots, points=points, told=messages
    )
    assert lots == MEMBERS * LOTS * ROUNDS
    assert points == Decimal(MEMBERS * LOTS * ROUNDS * POINTS)
    # an account's lots of a round may be found by two runs, a few each
    assert MEMBERS * ROUNDS <= messages <= MEMBERS * LOTS * ROUNDS
    assert world.problems(database) == []


def look_then_book(registry):
    """What looks safe and is not: see which lots are due, then book their expiry."""
    from odoo.addons.loyalty_b2b2c.models.ledger.ledger_door import LedgerDoor, Posting

    def expire_unguarded(self):
        import os
        import time

        door = LedgerDoor(self.env)
        for account in self:
            due = [
                lot
                for lot in door.get_open_lots(account.id)
                if lot.expires_at.replace(tzinfo=None) <= datetime.utcnow()
                and not account._find_booked(f"done/{lot.id}")
            ]
            time.sleep(0.01)
            for lot in due:
                door._insert(
                    [
                        Posting(
                            account.id,
                            "expire",
                            f"done/{lot.id}/{os.getpid()}",
                            points=-lot.remaining,
                        )
                    ],
                    with_delta=True,
                )

    replace_methods(registry["b2b2c.account"], _expire_due=expire_unguarded)


def expire_once(racer):
    """Expire what is due, without looking again."""
    racer.wait()
    with racer.environment() as env:
        accounts = env["b2b2c.account"]
        accounts._in_batches(accounts._get_due_accounts(10000), "_expire_due")


def test_control_looking_first_is_no_guard(database, report):
    from race import race

    account_ids = make(database)
    with odoo_env.open_environment(database) as env:
        earn_due(env, account_ids, 0)
    race(database, expire_once, expire_once, sabotage=look_then_book)
    _points, lots, _messages = expired(database)
    report("expiry runs, guard removed", lots=MEMBERS * LOTS, expired=lots)
    assert lots > MEMBERS * LOTS, "the harness did not notice"
