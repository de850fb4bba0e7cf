"""A connection that breaks is no reason to give an event up."""

from functools import partial

import pytest
import world
from controls import replace_methods

from tools import odoo_env


def cut(registry, when):
    """Let the server end the connection of a transaction that processes an event.

    :param when: after how many attempts to process; later ones go through
    """
    events = registry["b2b2c.event"]
    process, seen = events._process, []

    def process_or_break(self):
        seen.append(1)
        if len(seen) <= when:
            self.env.cr.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return process(self)

    replace_methods(events, _process=process_or_break)


def sweep(racer):
    from odoo.tools import SQL

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import _process_waiting

    try:
        _process_waiting(racer.registry, SQL("TRUE"), limit=50)
    except Exception as error:
        return repr(error)
    return ""


@pytest.mark.parametrize("times", [1, 2])
def test_the_event_stays(database, report, times):
    """Broken in the batch, and again when its events are taken one by one."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program(notify=False)
        env.cr.commit()
        [order_id] = world.create_orders(env, made.contact.id, made.product.id, 1)
    [said] = race(database, sweep, sabotage=partial(cut, when=times))
    after_crash = states(database)
    race(database, sweep)
    rewards = world.query(
        database,
        "SELECT document_id, points FROM b2b2c_ledger_entry"
        " WHERE document_model = 'sale.order'",
    )
    report("connection lost", times=times, events=after_crash, said=said or "nothing")
    assert "failed" not in after_crash, "a crash is not the document's fault"
    assert rewards == [(order_id, 50)]


def states(database):
    """Number of events by state."""
    return dict(
        world.query(database, "SELECT state, count(*) FROM b2b2c_event GROUP BY 1")
    )
