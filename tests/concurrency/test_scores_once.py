"""A sale scores once, however many processes count it at the same moment."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

RACERS = 4
ORDERS = 8
PIECES = 10


def count(racer, orders):
    """Tell about each order, wait until all have, and count it together."""
    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    for order_id in orders:
        with racer.environment() as env, deferred_processing():
            env["b2b2c.event"]._record(env["sale.order"].browse(order_id))
            env.cr.execute(
                "SELECT max(id) FROM b2b2c_event WHERE source_id = %s"
                " AND transaction_ref = txid_current()::text",
                [order_id],
            )
            [event_id] = env.cr.fetchone()
        racer.wait()
        racer.transact(partial(process_one, event_id=event_id), together=True)


def process_one(env, event_id):
    """Do what the processing after a commit does, for one event."""
    from odoo.tools import SQL

    env["b2b2c.event"]._take(SQL("id = %s", event_id), 1)._process()


def run(database, orders, sabotage=None):
    """Return order -> (rows, score) after all have counted all orders."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        program = made._create_program(
            {"kind": "fixed", "value": 1, "amount_min": 1e9}, notify=False
        )
        today = env.cr.now().date()
        challenge = env["b2b2c.challenge"].create(
            {
                "name": "Contest",
                "kind": "contest",
                "program_id": program.id,
                "moment": "confirmed",
                "first_day": today.replace(day=1),
                "last_day": today.replace(year=today.year + 1, day=1),
                "prize_ids": [(0, 0, {"place_from": 1, "points": 1})],
            }
        )
        challenge.action_start()
        env.cr.commit()
        ids = world.create_orders(
            env, made.contact.id, made.product.id, orders, quantity=PIECES
        )
        env.cr.execute("DELETE FROM b2b2c_event")  # nobody has counted them
        env.cr.commit()
    race(database, *[partial(count, orders=ids)] * RACERS, sabotage=sabotage)
    rows = world.query(
        database,
        "SELECT document_id, count(*), sum(delta) FROM b2b2c_challenge_score"
        " GROUP BY document_id",
    )
    return {order_id: (number, score) for order_id, number, score in rows}


def test_a_sale_scores_once(database, report):
    counted = run(database, ORDERS)
    report("scores", orders=ORDERS, racers=RACERS, rows=sum_rows(counted))
    assert set(counted.values()) == {(1, PIECES)}
    assert len(counted) == ORDERS
    assert world.problems(database) == []


def number_blindly(registry):
    """What looks safe and is not: look what is counted, then add a row of any number.

    That a second row of the same number is refused is the guard.
    """
    import uuid

    from odoo.addons.loyalty_b2b2c.models.challenges.score_feed import ScoreFeed

    get_row = ScoreFeed._get_row

    def get_any_row(self, *values):
        row = get_row(self, *values)
        return {**row, "source_key": f"{row['source_key']}/{uuid.uuid4()}"}

    replace_methods(ScoreFeed, _get_row=get_any_row)


def test_control_without_the_unique_key(database, report):
    counted = run(database, 4, sabotage=number_blindly)
    report("scores, unique key evaded", orders=4, rows=sum_rows(counted))
    assert sum_rows(counted) > 4, "the harness did not notice sales that scored twice"


def sum_rows(counted):
    return sum(number for number, _score in counted.values())
