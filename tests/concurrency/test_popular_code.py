"""Many carts with one code at once: nobody waits for anybody, and nothing fails.

A teacher's code is read out to a hall; parents type it into their carts and pay in the
same moment.  Core would lock the program with each code, and write the card with each
order.
"""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CLIENTS = world.length(full=50, gate=8)
ROUNDS = world.length(full=4, gate=3)


def prepare(database, rounds):
    """Make a recommender and the carts of all rounds.

    :return: the code, and the ids of the carts, a list per round
    """
    from odoo.fields import Command

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=1)
        env = made.env
        campaign = env["b2b2c.referral.campaign"].create(
            {
                "name": "Teachers recommend",
                "company_id": env.company.id,
                "program_id": made._create_program({}).id,
                "discount_percent": 10,
            }
        )
        link = env["b2b2c.referral.link"]._ensure(made.members, campaign)
        line = {"product_id": made.product.id, "product_uom_qty": 1}
        orders = [
            env["sale.order"].create(
                [
                    {
                        "partner_id": env["res.partner"].create({"name": "Parent"}).id,
                        "order_line": [Command.create(line)],
                    }
                    for _client in range(CLIENTS)
                ]
            )
            for _round in range(rounds)
        ]
        return link.code, [cart.ids for cart in orders]


def buy(env, order_id, code):
    """Type the code into a cart and confirm it; what it costs."""
    order = env["sale.order"].browse(order_id)
    for card, rewards in order._try_apply_code(code).items():
        order._apply_program_reward(rewards, card)
    order.action_confirm()
    return order.amount_total


def buy_all(racer, code, orders):
    """Buy in each round when all others do; what it cost, and how often again."""
    totals = []
    for mine in orders:
        racer.wait()
        job = partial(buy, order_id=mine[racer.number], code=code)
        totals.append(racer.transact(job, together=True, pause=0.01))
    return totals, racer.retries


def run(database, rounds, sabotage=None):
    """Let all buy; what each order cost, and how many transactions were repeated."""
    from race import race

    code, orders = prepare(database, rounds)
    job = partial(buy_all, code=code, orders=orders)
    results = race(database, *[job] * CLIENTS, sabotage=sabotage)
    totals = [total for own, _retries in results for total in own]
    return totals, sum(retries for _own, retries in results)


def test_nobody_waits_for_anybody(database, report):
    totals, retries = run(database, ROUNDS)
    report("one code in many carts", carts=len(totals), repeated=retries)
    assert totals == [90] * CLIENTS * ROUNDS
    assert retries == 0
    uses = world.query(
        database,
        """SELECT count(*), count(DISTINCT document_id), count(DISTINCT link_id)
             FROM b2b2c_referral_use""",
    )
    assert uses == [(CLIENTS * ROUNDS, CLIENTS * ROUNDS, 1)]


def take_from_the_card(registry):
    """What core does: each order takes a use from the card."""
    replace_methods(
        registry["loyalty.card"], _b2b2c_of_referrals=lambda self: self.browse()
    )


def test_control_a_use_is_taken_from_the_card(database, report):
    _totals, retries = run(database, 1, sabotage=take_from_the_card)
    report("without the guard", repeated=retries)
    assert retries > 0
