"""Sales that arrive together reach a milestone once (S1.27)."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

PROCESSORS = 6
ROUNDS = 12
EVERY = 4  # so many sales are one certificate


def sell(racer, contact_id, product_id, rounds):
    """Process an own order per round, together with all others."""
    from odoo.tools import SQL

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        _process_waiting,
    )

    new_order = partial(
        world.create_orders, contact_id=contact_id, product_id=product_id, count=1
    )
    for _number in range(rounds):
        [order_id] = racer.transact(new_order)
        condition = SQL("source_model = 'sale.order' AND source_id = %s", order_id)
        racer.wait()
        for _attempt in range(50):  # busy: the cron would come back
            if _process_waiting(racer.registry, condition):
                break
    racer.wait()


def run(database, rounds, sabotage=None):
    """Return the number of sales, of awards in the counts and of points booked."""
    from race import race

    from odoo import Command

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program(
            {
                "kind": "fixed",
                "value": 1,
                "scope": "document",
                "milestone": "every",
                "milestone_number": EVERY,
                "document_kind_ids": [
                    Command.set(made._get_document_kinds("sale.order").ids)
                ],
            },
            notify=False,
        )
        job = partial(
            sell, contact_id=made.contact.id, product_id=made.product.id, rounds=rounds
        )
    race(database, *[job] * PROCESSORS, sabotage=sabotage)
    with odoo_env.open_environment(database) as env:
        while env["b2b2c.event"]._process_now():  # what others asked to look at
            env.cr.commit()
    [(sales, awarded)] = world.query(
        database,
        "SELECT count(*), count(*) FILTER (WHERE is_awarded) FROM b2b2c_milestone_sale",
    )
    [(points,)] = world.query(
        database, "SELECT coalesce(sum(points), 0) FROM b2b2c_ledger_entry"
    )
    return sales, awarded, points


def test_each_milestone_is_reached_once(database, report):
    sales, awarded, points = run(database, ROUNDS)
    report("milestones", processors=PROCESSORS, sales=sales, awarded=awarded,
           points=points)  # fmt: skip
    assert sales == PROCESSORS * ROUNDS
    assert awarded == points == sales // EVERY
    assert world.problems(database) == []


def count_without_guard(registry):
    """What looks safe and is not: count the sales, and move no counter."""
    scope = registry["b2b2c.cap.scope"]
    replace_methods(scope, _add_used=lambda self, scope, change: change)
    # and nobody looks again
    sale = registry["b2b2c.milestone.sale"]
    replace_methods(sale, _get_unfit=lambda self, rule, member_id: [])


def test_control_counting_is_no_guard(database, report):
    sales, _awarded, points = run(database, 6, sabotage=count_without_guard)
    report("milestones, counter removed", sales=sales, points=points)
    assert points != sales // EVERY, "nobody noticed that the counter was gone"
