"""One fact is booked once, however often and however parallel it is told (R2)."""

from functools import partial

import world

from tools import odoo_env

ORDERS = world.length(full=100, gate=40)
DELIVERIES = 10
SWEEPERS = 2
SCANS = 100
REWARD = 50  # 5 % of 10 × 100.00


def deliver(racer, orders):
    """Tell about each order against all others and process what one told.

    Every other order as a request does it, the others in the worst way there is: all
    have told, and all have their snapshot, before the first one books.
    """
    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    for number, order_id in enumerate(orders):
        if number % 2:
            with racer.environment() as env:
                env["b2b2c.event"]._record(env["sale.order"].browse(order_id))
                racer.wait()
            continue
        racer.wait()  # no sweep is under way
        with racer.environment() as env, deferred_processing():
            env["b2b2c.event"]._record(env["sale.order"].browse(order_id))
            env.cr.execute(
                "SELECT max(id) FROM b2b2c_event WHERE source_id = %s"
                " AND transaction_ref = txid_current()::text",
                [order_id],
            )
            [event_id] = env.cr.fetchone()
        racer.wait()  # all have told
        racer.transact(partial(process_one, event_id=event_id), together=True)


def process_one(env, event_id):
    """Do what the processing after a commit does, for one event."""
    from odoo.tools import SQL

    env["b2b2c.event"]._take(SQL("id = %s", event_id), 1)._process()


def sweep(racer, orders):
    """Run the cron's work in the same moments."""
    from odoo.tools import SQL

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import _process_waiting

    for number, _order_id in enumerate(orders):
        racer.wait()
        if number % 2:
            _process_waiting(racer.registry, SQL("TRUE"))
        else:
            racer.wait()
            racer.wait()


def scan(racer, account_id, keys):
    """Credit the same keys as everybody else; return the entries one is told."""

    def earn(env, key):
        return env["b2b2c.account"].browse(account_id)._earn(1, source_key=key).id

    return [racer.transact(partial(earn, key=key), together=True) for key in keys]


def prepare(database, orders):
    """Return (ids of confirmed, unprocessed orders; id of an account)."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program(notify=False)
        account = made.members._get_account(made.unit)
        env.cr.commit()
        ids = world.create_orders(env, made.contact.id, made.product.id, orders)
        # no sweep may reward an order before its turn
        env.cr.execute("DELETE FROM b2b2c_event")
        return ids, account.id


def deliver_all(database, orders):
    """Deliver and sweep together, then sweep what is left.

    :return: dict order id -> (number of entries, points)
    """
    from race import race

    jobs = [partial(deliver, orders=orders)] * DELIVERIES
    jobs += [partial(sweep, orders=orders)] * SWEEPERS
    race(database, *jobs)
    race(database, sweep_rest)
    rows = world.query(
        database,
        "SELECT document_id, count(*), sum(points) FROM b2b2c_ledger_entry"
        " WHERE document_model = 'sale.order' GROUP BY document_id",
    )
    return {order_id: (count, points) for order_id, count, points in rows}


def sweep_rest(racer):
    with racer.environment() as env:
        env["b2b2c.event"]._cron_sweep()


def states(database):
    """Number of events by state."""
    return dict(
        world.query(database, "SELECT state, count(*) FROM b2b2c_event GROUP BY 1")
    )


def test_an_order_is_rewarded_once(database, report):
    orders, _account = prepare(database, ORDERS)
    booked = deliver_all(database, orders)
    wrong = {key: value for key, value in booked.items() if value != (1, REWARD)}
    found = states(database)
    report(
        "same event",
        orders=ORDERS,
        deliveries=ORDERS * DELIVERIES,
        events=sum(found.values()),
        duplicates=sum(count - 1 for count, _points in booked.values()),
        lost=ORDERS - len(booked),
    )
    assert sorted(booked) == orders
    assert not wrong, f"order -> (entries, points): {wrong}"
    assert set(found) <= {"done", "ignored"}, f"events by state: {found}"
    assert sum(found.values()) == ORDERS * DELIVERIES
    assert world.problems(database) == []


def test_a_key_is_credited_once(database, report):
    from race import race

    _orders, account_id = prepare(database, 0)
    keys = [f"scan/{number}" for number in range(SCANS)]
    job = partial(scan, account_id=account_id, keys=keys)
    told = race(database, *[job] * DELIVERIES)
    different = [len(set(answers)) for answers in zip(*told, strict=True)]
    [(count, points)] = world.query(
        database, "SELECT count(*), sum(points) FROM b2b2c_ledger_entry"
    )
    report("same key", keys=SCANS, calls=SCANS * DELIVERIES, booked=count)
    assert (count, points) == (SCANS, SCANS)
    assert different == [1] * SCANS, "a repeat must return the first entry"
    assert world.problems(database) == []


def insert_blindly(database):
    """Insert entries without asking whether their source key is known."""
    guard = "ON CONFLICT (source_key) DO NOTHING"
    for name in ("b2b2c_book", "b2b2c_book_credits"):
        [(function,)] = world.query(
            database, f"SELECT pg_get_functiondef('{name}(jsonb)'::regprocedure)"
        )
        assert guard in function, "the guard this control removes is elsewhere now"
        world.query(database, function.replace(guard, ""))


def test_control_without_the_unique_key(database, report):
    orders, account_id = prepare(database, 10)
    [(index,)] = world.query(
        database,
        "SELECT indexname FROM pg_indexes WHERE tablename = 'b2b2c_ledger_entry'"
        " AND indexdef LIKE 'CREATE UNIQUE %%(source_key)'",
    )
    world.query(database, f"DROP INDEX {index}")
    insert_blindly(database)
    booked = deliver_all(database, orders)
    doubled = sum(count > 1 for count, _points in booked.values())

    from race import race

    job = partial(scan, account_id=account_id, keys=["a", "b", "c"])
    race(database, *[job] * DELIVERIES)
    [(scans,)] = world.query(
        database,
        "SELECT count(*) FROM b2b2c_ledger_entry WHERE source_key IN ('a', 'b', 'c')",
    )
    report("same event, index dropped", doubled=f"{doubled} of 10", scans=f"{scans}/3")
    assert doubled >= 5, "the harness did not notice orders rewarded twice"
    assert scans > 3, "the harness did not notice keys credited twice"
