"""The world of the races, made with the builders of the add-on's own tests."""

import os

from tools import odoo_env


def length(full, gate):
    """Return how long a race is: all of what is published, or the gate's share of it.

    All of it: ``LOYALTY_RACES=full ./loyalty test concurrency``.
    """
    return full if os.environ.get("LOYALTY_RACES") == "full" else gate


def make(env, members=1):
    """Create a client company with employees and a service of 100.00.

    :return: a class with the builders of ``LoyaltyCommon`` and ``members``
    """
    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

    env = env(context=dict(env.context, tracking_disable=True))
    world = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    world._ensure_chart()
    world.unit = env.ref("loyalty_b2b2c.unit_points")
    world.client, world.contact = env["res.partner"].create(
        [
            {"name": "Office Client", "is_company": True},
            {"name": "Olena Kovalenko"},
        ]
    )
    world.contact.parent_id = world.client
    world.product = world._create_product("Cleaning", 100.0, type="service")
    world.members = env["b2b2c.member"]
    for number in range(members):
        contact = {"contact_id": world.contact.id} if number == 0 else {}
        world.members += world._create_member(
            name=f"Member {number}",
            email=f"member{number}@example.com",
            phone=f"+380 67 {1000000 + number}",
            **contact,
        )
    return world


def create_orders(env, contact_id, product_id, count, quantity=10, confirm=True):
    """Create orders of ``quantity`` × 100.00; confirmed, but not processed yet.

    :return: their ids
    """
    from odoo.fields import Command

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    line = {"product_id": product_id, "product_uom_qty": quantity}
    with deferred_processing():
        orders = (
            env["sale.order"]
            .with_context(tracking_disable=True)
            .create(
                [
                    {"partner_id": contact_id, "order_line": [Command.create(line)]}
                    for _ in range(count)
                ]
            )
        )
        if confirm:
            orders.action_confirm()
        env.cr.commit()
    return orders.ids


def problems(database):
    """What the ledger's own audit says, as texts."""
    with odoo_env.open_environment(database) as env:
        return [str(problem) for problem in env["b2b2c.account"]._verify_all()]


def query(database, sql, params=()):
    """Rows of one statement."""
    with odoo_env.open_environment(database) as env:
        env.cr.execute(sql, params or None)
        return env.cr.fetchall() if env.cr.description else None
