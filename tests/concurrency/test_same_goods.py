"""The same goods pay one person, when two documents show them at the same instant.

Of an order the buyer gets the points, of what the shop reports under its number whom
the report names: two people, so no account of theirs makes one wait for the other.
"""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

ROUNDS = 24
POINTS = 30  # 3 a piece, for 10 pieces
PAUSE = 0.1  # seconds until a document is tried again that another process counts


def prepare(database, rounds):
    """Make two people of a client, and a confirmed order of 10 pieces per round.

    :return: (ids of the orders, what is reported of each, id of the company)
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=2)
        made._create_program(
            {"kind": "per_unit", "value": 3, "pick": "contact"}, notify=False
        )
        env.cr.commit()
        orders = env["sale.order"].browse(
            world.create_orders(env, made.contact.id, made.product.id, rounds)
        )
        # no sweep may reward an order before its turn
        env.cr.execute("DELETE FROM b2b2c_event")
        reports = [
            {
                "type": "shipment",
                "reference": order.name,
                "partner": {"id": made.client.id},
                "member": {"id": made.members[1].id},
                "lines": [{"product": {"id": made.product.id}, "quantity": 10}],
            }
            for order in orders
        ]
        return orders.ids, reports, env.company.id


def tell(env, order_id):
    """Tell that an order changed, and nothing more."""
    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    with deferred_processing():
        env["b2b2c.event"]._record(env["sale.order"].browse(order_id))
        env.cr.commit()


def report_sale(env, values, company_id):
    """Record what the shop reports; return the document."""
    company = env["res.company"].browse(company_id)
    document, _new = env["b2b2c.intake"]._record(values, company=company, channel="api")
    return document


def process(env, model):
    """Process what waits of a model."""
    from odoo.tools import SQL

    env["b2b2c.event"]._take(SQL("source_model = %s", model), 10)._process()


def settle(env, values, company_id):
    """Record what the shop reports and answer with its points, as a terminal does."""
    env["b2b2c.event"]._settle(report_sale(env, values, company_id))


def process_orders(racer, orders, reports, company_id):
    """Process each order when the other racer counts what was reported of it."""
    for number, order_id in enumerate(orders):
        racer.wait()  # the round before is at its end
        with racer.environment() as env:
            tell(env, order_id)
            if number % 2:  # the report is there before both begin
                report_late(env, reports[number], company_id)
        racer.wait()
        job = partial(process, model="sale.order")
        racer.transact(job, together=True, pause=PAUSE)
        racer.wait()


def report_late(env, values, company_id):
    """Record what the shop reports, and process it later."""
    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    with deferred_processing():
        report_sale(env, values, company_id)
        env.cr.commit()


def process_reports(racer, orders, reports, company_id):
    """Count what is reported of each order when the other racer processes that."""
    for number, _order_id in enumerate(orders):
        racer.wait()
        racer.wait()
        if number % 2:
            job = partial(process, model="b2b2c.external.document")
        else:
            job = partial(settle, values=reports[number], company_id=company_id)
        racer.transact(job, together=True, pause=PAUSE)
        racer.wait()


def run(database, rounds, sabotage=None):
    """Return a list per round: the points of each entry that was ever booked for it,
    for the order or for what was reported under its number."""
    from race import race

    orders, reports, company_id = prepare(database, rounds)
    jobs = [
        partial(job, orders=orders, reports=reports, company_id=company_id)
        for job in (process_orders, process_reports)
    ]
    race(database, *jobs, sabotage=sabotage)
    with odoo_env.open_environment(database) as env:
        while env["b2b2c.event"]._process_now():
            env.cr.commit()
    rows = world.query(
        database,
        """SELECT o.id, array_agg(e.points ORDER BY e.id) FROM sale_order o
        LEFT JOIN b2b2c_external_document d ON d.reference = o.name
             JOIN b2b2c_ledger_entry e
               ON (e.document_model, e.document_id) IN
                  (('sale.order', o.id), ('b2b2c.external.document', d.id))
            WHERE o.id = ANY(%s) GROUP BY o.id""",
        [orders],
    )
    booked = dict(rows)
    return [[int(points) for points in booked.get(one, ())] for one in orders]


def test_the_same_goods_pay_one_of_two(database, report):
    booked = run(database, ROUNDS)
    report("the same goods", rounds=ROUNDS, points=sum(map(sum, booked)))
    # once, and nothing was booked that had to be taken back
    assert booked == [[POINTS]] * ROUNDS
    assert world.problems(database) == []


def hold_nothing(registry):
    """What looks safe and is not: ask what others count, and hold nobody."""
    replace_methods(registry["b2b2c.event"], _hold_waiting=lambda self, documents: None)


def test_control_asking_first_is_no_guard(database, report):
    booked = run(database, 8, sabotage=hold_nothing)
    twice = sum(points[:2] == [POINTS, POINTS] for points in booked)
    report("the same goods, nobody held", twice=f"{twice} of 8")
    assert twice > 0, booked
