"""The last points of a program's budget go to one document (R4)."""

from decimal import Decimal
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

PROCESSORS = 8
ROUNDS = world.length(full=200, gate=60)
PRIZE = 50  # what an order is worth, and what the budget grows by each round


def compete(racer, program_id, contact_id, product_id, rounds):
    """Process an own order per round against all others.

    :return: list of what the program had issued after each round
    """
    from odoo.tools import SQL

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        _process_waiting,
        deferred_processing,
    )

    new_order = partial(
        world.create_orders, contact_id=contact_id, product_id=product_id, count=1
    )

    def grow(env, points):
        env["b2b2c.program"].browse(program_id).budget_points = points

    def tell(env, order_id):
        with deferred_processing():
            env["b2b2c.event"]._record(env["sale.order"].browse(order_id))
            env.cr.commit()

    issued, order_id = [], None
    for number in range(1, rounds + 1):
        if racer.number == 0:
            racer.transact(partial(grow, points=number * PRIZE))
            racer.registry.signal_changes()
        if order_id:  # it went away empty: another chance
            racer.transact(partial(tell, order_id=order_id))
        else:
            [order_id] = racer.transact(new_order)
        racer.wait()  # budget and orders are there
        racer.registry.check_signaling()
        racer.wait()
        _process_waiting(
            racer.registry,
            SQL("source_model = 'sale.order' AND source_id = %s", order_id),
        )
        racer.wait()  # the round is over
        issued.append(racer.transact(partial(get_issued, program=program_id)))
        racer.wait()  # everybody has looked
        if racer.transact(partial(has_won, order_id=order_id)):
            order_id = None
    return issued


def has_won(env, order_id):
    """Tell whether an order was rewarded."""
    domain = [("document_model", "=", "sale.order"), ("document_id", "=", order_id)]
    return bool(env["b2b2c.ledger.entry"].search_count(domain))


def get_issued(env, program):
    """Return what the program has given so far."""
    env.cr.execute(
        "SELECT coalesce(sum(points + points_pending), 0) FROM b2b2c_ledger_entry"
        " WHERE program_id = %s",
        [program],
    )
    return env.cr.fetchone()[0]


def run(database, rounds, sabotage=None):
    """Return (what was issued after each round, what the counter says)."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        program = made._create_program(budget_points=PRIZE, notify=False)
        job = partial(
            compete,
            program_id=program.id,
            contact_id=made.contact.id,
            product_id=made.product.id,
            rounds=rounds,
        )
    issued = race(database, *[job] * PROCESSORS, sabotage=sabotage)[0]
    counted = world.query(database, "SELECT sum(used) FROM b2b2c_cap_scope")[0][0]
    return issued, counted


def test_a_budget_is_never_exceeded(database, report):
    issued, counted = run(database, ROUNDS)
    limits = [Decimal(PRIZE * number) for number in range(1, ROUNDS + 1)]
    wrong = [
        f"round {number}: {points} of {limit}"
        for number, (points, limit) in enumerate(zip(issued, limits, strict=True), 1)
        if points != limit
    ]
    report(
        "last budget",
        rounds=len(issued),
        processors=PROCESSORS,
        exceeded=sum(p > limit for p, limit in zip(issued, limits, strict=True)),
        issued=issued[-1],
        budget=limits[-1],
    )
    assert not wrong, wrong
    assert counted == issued[-1], "the counter must say what was issued"
    assert world.problems(database) == []


def count_without_updating(registry):
    """What looks safe and is not: sum up what was issued, then decide."""

    def get_used(self, scopes, document=None):
        self.env.cr.execute(
            "SELECT coalesce(sum(points + points_pending), 0) FROM b2b2c_ledger_entry"
            " WHERE program_id IS NOT NULL"
        )
        return dict.fromkeys(scopes, (Decimal(str(self.env.cr.fetchone()[0])), 0))

    scope = registry["b2b2c.cap.scope"]
    replace_methods(
        scope,
        _get_used=get_used,
        _set_document_uses=lambda self, *_arguments: {},
    )


def test_control_a_sum_is_no_guard(database, report):
    issued, _counted = run(database, 20, sabotage=count_without_updating)
    exceeded = sum(points > PRIZE * number for number, points in enumerate(issued, 1))
    report("last budget, counter removed", rounds=20, exceeded=exceeded)
    assert exceeded, "the harness did not notice that the budget was exceeded"
