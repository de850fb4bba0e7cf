"""The feed of entries misses nothing and tells nothing twice, whoever commits first."""

import random
import time
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

WRITERS = 6
BOOKINGS = 60  # per writer


def write(racer, accounts):
    """Book entries in transactions that end in another order than they began."""
    pace = random.Random(racer.number)
    racer.wait()
    for number in range(BOOKINGS):
        with racer.environment() as env:
            account = env["b2b2c.account"].browse(pace.choice(accounts))
            account._earn(1, source_key=f"feed/{racer.number}/{number}")
            time.sleep(pace.random() * 0.03)
    return []


def follow(database, sabotage=None):
    """Write and read together.

    :return: (ids told, ids booked)
    """
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=3)
        accounts = [one._get_account(made.unit).id for one in made.members]
    reader = partial(poll, expected=WRITERS * BOOKINGS)
    writers = [partial(write, accounts=accounts)] * WRITERS
    told, *_ = race(database, reader, *writers, sabotage=sabotage)
    booked = [
        entry_id
        for (entry_id,) in world.query(
            database, "SELECT id FROM b2b2c_ledger_entry ORDER BY id"
        )
    ]
    return told, booked


def poll(racer, expected):
    """Ask for what is new until everything is booked and asked for once more.

    :return: ids in the order told
    """
    told, after, complete = [], None, False
    racer.wait()
    while True:
        with racer.environment() as env:
            page = env["b2b2c.ledger.entry"]._get_feed(
                env.company, reporter=env["res.partner"], after=after, limit=20
            )
            env.cr.execute("SELECT count(*) FROM b2b2c_ledger_entry")
            [count] = env.cr.fetchone()
        after = page["next"]
        told += [entry["id"] for entry in page["entries"]]
        if complete and not page["entries"]:
            return told
        # the transactions of others hold the feed back for a moment
        complete = count == expected and wait_until_quiet(racer)


def wait_until_quiet(racer):
    """Wait until no transaction of now is running any more in this database.

    Others of the same cluster may be at work for minutes: they do not count.
    """
    with racer.environment() as env:
        env.cr.execute(
            "SELECT b2b2c_feed_position(pg_snapshot_xmax(pg_current_snapshot()))"
        )
        [newest] = env.cr.fetchone()
    while True:
        with racer.environment() as env:
            if env["b2b2c.ledger.entry"]._get_horizon() >= newest:
                return True
        time.sleep(0.01)


def test_the_feed_misses_nothing(database, report):
    told, booked = follow(database)
    report(
        "feed",
        entries=len(booked),
        told=len(told),
        missed=len(set(booked) - set(told)),
        twice=len(told) - len(set(told)),
        out_of_id_order=sum(b < a for a, b in zip(told, told[1:], strict=False)),
    )
    assert sorted(told) == booked


def by_id_alone(registry):
    """Tell by id, up to what is visible: what most feeds do."""
    from odoo.tools import SQL

    entries = registry["b2b2c.ledger.entry"]

    def feed(self, company, *, reporter, after, limit):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM b2b2c_ledger_entry WHERE id > %s ORDER BY id LIMIT %s",
                int(after or 0),
                limit,
            )
        )
        last = str(rows[-1][0]) if rows else after
        return {"entries": [{"id": row[0]} for row in rows], "next": last}

    replace_methods(entries, _get_feed=feed)


def test_control_a_cursor_by_id_misses_entries(database, report):
    told, booked = follow(database, sabotage=by_id_alone)
    missed = len(set(booked) - set(told))
    report("feed by id", entries=len(booked), missed=missed)
    assert missed, "the harness did not notice entries that were never told"
