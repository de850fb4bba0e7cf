"""Two sales that lift a dealer together lift it, however they are processed (S3.5)."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

SELLERS = 4
ROUNDS = 30
QUANTITY = 250  # of each sale; all four of them reach the next tier
FULL = SELLERS * QUANTITY * 100


def compete(racer, dealer_id, contact_id, product_id, rounds):
    """Confirm and process an own order per round, all on days of their own.

    :return: list of ``(volume, tier deserved)`` after each round
    """
    from odoo.tools import SQL

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import _process_waiting

    seen = []
    for _number in range(rounds):
        [order_id] = racer.transact(
            partial(
                world.create_orders, contact_id=contact_id, product_id=product_id,
                count=1, quantity=QUANTITY,
            )
        )  # fmt: skip
        racer.transact(partial(date_back, order_id=order_id, days=racer.number))
        racer.wait()
        _process_waiting(
            racer.registry,
            SQL("source_model = 'sale.order' AND source_id = %s", order_id),
        )
        racer.wait()
        seen.append(racer.transact(partial(look, dealer_id=dealer_id)))
        racer.wait()
        racer.transact(partial(cancel, order_id=order_id))
        racer.wait()
        if racer.number == 0:
            racer.transact(sweep)
        racer.wait()
    return seen


def date_back(env, order_id, days):
    """Give an order a day of its own: no bucket is shared."""
    from datetime import timedelta

    from odoo import fields

    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    with deferred_processing():
        order = env["sale.order"].browse(order_id)
        order.date_order = fields.Datetime.now() - timedelta(days=days)
        env.cr.commit()


def cancel(env, order_id):
    from odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event import (
        deferred_processing,
    )

    with deferred_processing():
        env["sale.order"].browse(order_id)._action_cancel()
        env.cr.commit()


def sweep(env):
    env["b2b2c.event"]._process_now()
    env.cr.commit()


def look(env, dealer_id):
    """Return the volume of a dealer and where its tier starts."""
    dealer = env["b2b2c.ladder.standing"].browse(dealer_id)
    return dealer.volume, dealer.tier_id.volume_from


def run(database, rounds, sabotage=None):
    """Return what was seen after all rounds by all sellers."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        env.ref("base.group_user").implied_ids += env.ref(
            "product.group_product_pricelist"
        )
        tiers = [{"volume_from": 0}, {"volume_from": float(FULL), "discount": 5}]
        ladder = env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "timezone": "UTC",
                "document_kind_ids": made._get_document_kinds().ids,
                "tier_ids": [(0, 0, values) for values in tiers],
            }
        )
        ladder.action_start()
        dealer = env["b2b2c.ladder.standing"].create(
            {"ladder_id": ladder.id, "partner_id": made.client.id}
        )
        job = partial(
            compete,
            dealer_id=dealer.id,
            contact_id=made.contact.id,
            product_id=made.product.id,
            rounds=rounds,
        )
        env.cr.commit()
    results = race(database, *[job] * SELLERS, sabotage=sabotage)
    return [seen for result in results for seen in result]


def test_the_last_sale_sees_all_others(database, report):
    seen = run(database, ROUNDS)
    report("dealer volume", rounds=ROUNDS, sellers=SELLERS, missed=missed(seen))
    assert set(seen) == {(float(FULL), float(FULL))}


def do_not_lock(registry):
    """What looks safe and is not: write the dealer only when the tier changes.

    The update of the dealer's row, before and after looking, is the guard.
    """

    def store(self, _ladder, state, *_shown):
        if self.volume_tier_id.id != state.tier_id:
            self.write({"volume_tier_id": state.tier_id, "state_day": state.day})

    replace_methods(
        registry["b2b2c.ladder.standing"], _lock=lambda self: None, _store=store
    )


def test_control_without_the_lock_a_tier_is_missed(database, report):
    seen = run(database, 10, sabotage=do_not_lock)
    report("dealer volume, lock removed", rounds=10, missed=missed(seen))
    assert missed(seen), "the harness did not notice that sales were not seen"


def missed(seen):
    """Count the looks at a dealer that was not lifted though all had sold."""
    return sum(tier < FULL for _volume, tier in seen)
