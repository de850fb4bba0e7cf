"""The last piece in the warehouse is promised once: goods for points under fire."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CLIENTS = 5
ROUNDS = 6
PIECES = 1  # of each round's product, fewer than people
PRICE = 10


def prepare(database, rounds):
    """Make people with points for all rounds, and a product with one piece per round.

    :return: ids of the members and of the rewards
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=CLIENTS)
        made.members.partner_id.write({"street": "Street 1", "city": "Kyiv"})
        for member in made.members:
            account = member._get_account(made.unit)
            account._earn(PRICE * rounds, source_key=f"gift/{member.id}")
        stock = (
            env["stock.warehouse"]
            .search([("company_id", "=", made.company.id)], limit=1)
            .lot_stock_id
        )
        rewards = env["b2b2c.reward"]
        for number in range(rounds):
            product = made._create_product(f"Kettle {number}", 30, is_storable=True)
            env["stock.quant"]._update_available_quantity(product, stock, PIECES)
            rewards |= rewards.create(
                {
                    "name": product.name,
                    "points": PRICE,
                    "kind": "delivery",
                    "product_id": product.id,
                    "is_from_stock": True,
                }
            )
        return made.members.ids, rewards.ids


def request_one(env, member_id, reward_id):
    """Request a kettle; return the number of pieces reserved for it."""
    member = env["b2b2c.member"].browse(member_id)
    request = env["b2b2c.redemption"]._request(
        member,
        env["b2b2c.reward"].browse(reward_id),
        request_key=f"{member_id}/{reward_id}",
        answers={"address": str(member.partner_id.id)},
    )
    return sum(request.reference_id.move_ids.mapped("quantity"))


def request_all(racer, members, rewards):
    """Request each reward when all others do; return what each got, or ``None``."""
    from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError

    member_id = members[racer.number]
    got = []
    for reward_id in rewards:
        racer.wait()
        job = partial(request_one, member_id=member_id, reward_id=reward_id)
        try:
            got.append(racer.transact(job, together=True))
        except RedemptionError:
            got.append(None)
    return got


def run(database, rounds, sabotage=None):
    """Let all request all; return how many were promised a piece, per round."""
    from race import race

    members, rewards = prepare(database, rounds)
    job = partial(request_all, members=members, rewards=rewards)
    shown = race(database, *[job] * CLIENTS, sabotage=sabotage)
    return [
        [pieces for pieces in lap if pieces is not None]
        for lap in zip(*shown, strict=True)
    ]


def test_each_piece_is_promised_once(database, report):
    rounds = run(database, ROUNDS)
    [(posted, held)] = world.query(
        database, "SELECT sum(points), sum(points_held) FROM b2b2c_ledger_entry"
    )
    oversold = world.query(
        database,
        """SELECT q.product_id FROM stock_quant q
             JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
         GROUP BY q.product_id
           HAVING sum(q.quantity) < sum(q.reserved_quantity)""",
    )
    report("the last piece", clients=CLIENTS, rounds=len(rounds),
           promised=sum(map(len, rounds)), held=held)  # fmt: skip
    assert [len(lap) for lap in rounds] == [PIECES] * ROUNDS
    assert oversold == []
    assert (posted, held) == (PRICE * ROUNDS * CLIENTS, PRICE * ROUNDS * PIECES)
    assert world.problems(database) == []


def rely_on_reservations(registry):
    """What looks safe and is not: look, and let Odoo reserve the piece."""
    replace_methods(
        registry["b2b2c.redemption"], _line_up_for_product=lambda self: None
    )


def test_control_odoo_reserves_the_last_piece_twice(database, report):
    rounds = run(database, ROUNDS, sabotage=rely_on_reservations)
    promised = sum(map(len, rounds))
    report("the last piece, without lining up", promised=promised, pieces=len(rounds))
    assert promised > len(rounds), rounds
