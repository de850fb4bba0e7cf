"""The same last points at two tills, at a partner's counter and in a web cart.

Each round has a person of its own with 500 points, 50.00: all of them are asked for in
four places at once, and exactly one of them gets them.
"""

from functools import partial
from uuid import uuid4

import test_part_payment
import world

from tools import odoo_env

#: In the order of the racers; the last pays a cart.
PLACES = ("till", "till", "counter", "cart")
ROUNDS = 12
POINTS, MONEY = 500, 50


def prepare(database, rounds):
    """Make two tills that take points, and the people of all rounds with their carts.

    :return: ``(sessions, method, cashier, rounds)``: ids; of each round the member and
        the cart
    """
    from odoo.fields import Command

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=rounds)
        env = made.env
        made.unit.face_value = 0.1
        env.company.b2b2c_wallet_unit_id = made.unit
        owed = env["account.account"].create(
            {"name": "Points", "account_type": "liability_current", "code": "280008"}
        )
        bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
        card = env["pos.payment.method"].create({"name": "Card", "journal_id": bank.id})
        tills = env["pos.config"].create(
            [
                {"name": name, "payment_method_ids": [Command.set(card.ids)]}
                for name in ("North", "South")
            ]
        )
        env["b2b2c.till.points"].create(
            {
                "config_ids": [Command.set(tills.ids)],
                "unit_id": made.unit.id,
                "account_id": owed.id,
                "proof_above": 0,
            }
        ).action_set_up()
        cashier = env["res.users"].create(
            {
                "name": "Cashier",
                "login": "race-cashier",
                "group_ids": [
                    Command.link(env.ref("base.group_user").id),
                    Command.link(env.ref("point_of_sale.group_pos_user").id),
                ],
            }
        )
        for till in tills:
            till.with_user(cashier).open_ui()
            session = till.current_session_id.with_user(cashier)
            session.set_opening_control(0, "")
        method = tills.payment_method_ids.filtered("b2b2c_unit_id")
        people = [_make_person(env, made, member) for member in made.members]
        return tills.current_session_id.ids, method.id, cashier.id, people


def _make_person(env, made, member):
    """Give a person points and a cart that chose all of them."""
    from odoo.fields import Command

    member._get_account(made.unit)._earn(POINTS, source_key=f"gift/{member.id}")
    line = {"product_id": made.product.id, "product_uom_qty": 1}
    order = env["sale.order"].create(
        {"partner_id": member.partner_id.id, "order_line": [Command.create(line)]}
    )
    env["b2b2c.part.payment"]._choose(order, POINTS)
    return member.id, order.id


def ask_till(env, session_id, method_id, cashier_id, member_id):
    """Reserve all points at a till; tell whether it was possible."""
    session = env["pos.session"].with_user(cashier_id).browse(session_id)
    uuid = str(uuid4())
    answer = session.b2b2c_hold_points(
        {
            "uuid": uuid,
            "order_uuid": f"order-{uuid}",
            "method": method_id,
            "amount": MONEY,
            "token": env["b2b2c.member"].browse(member_id).code,
        }
    )
    return bool(answer.get("held"))


def ask_counter(env, member_id):
    """Reserve all points at a counter that is no till."""
    from decimal import Decimal

    from odoo.addons.loyalty_b2b2c.models.spends.spend_request import SpendRequest

    member = env["b2b2c.member"].browse(member_id)
    request = SpendRequest(
        member=member,
        unit=env.ref("loyalty_b2b2c.unit_points"),
        amount=Decimal(MONEY),
        currency=env.company.currency_id,
        key=f"counter/{member_id}",
        name="Counter",
        place=env["res.partner"],
    )
    return bool(env["b2b2c.spend"]._hold(request))


def pay_cart(env, order_id):
    """Begin to pay the cart; tell whether that reserved its points.

    A cart that is looked at when its points are gone costs its whole price.
    """
    test_part_payment.begin_to_pay(env, order_id)
    part = env["sale.order"].browse(order_id).b2b2c_part_payment_ids
    return part.points_held == POINTS


def take_all(racer, prepared):
    """Ask for the points of each round in the own place; say where they were got."""
    from odoo.exceptions import UserError

    sessions, method, cashier, people = prepared
    won = []
    for member_id, order_id in people:
        place = PLACES[racer.number]
        if place == "till":
            session = sessions[racer.number]
            job = partial(
                ask_till,
                session_id=session,
                method_id=method,
                cashier_id=cashier,
                member_id=member_id,
            )
        elif place == "counter":
            job = partial(ask_counter, member_id=member_id)
        else:
            job = partial(pay_cart, order_id=order_id)
        racer.wait()
        try:
            won.append(bool(racer.transact(job, together=True)))
        except UserError:
            won.append(False)
    return won


def run(database, rounds, sabotage=None):
    """Let all take all; return how many places got the points of each round."""
    from race import race

    prepared = prepare(database, rounds)
    jobs = [partial(take_all, prepared=prepared)] * len(PLACES)
    results = race(database, *jobs, sabotage=sabotage)
    return [sum(won) for won in zip(*results, strict=True)]


def test_one_place_gets_the_last_points(database, report):
    winners = run(database, ROUNDS)
    report("last points, four places", rounds=len(winners),
           overspent=sum(count > 1 for count in winners),
           unspent=sum(count < 1 for count in winners))  # fmt: skip
    assert winners == [1] * ROUNDS
    [(held,)] = world.query(database, "SELECT sum(points_held) FROM b2b2c_ledger_entry")
    assert held == POINTS * ROUNDS
    assert world.problems(database) == []


def test_control_looking_first_overspends(database, report):
    winners = run(database, 6, sabotage=test_part_payment.look_first)
    overspent = sum(count > 1 for count in winners)
    report("last points, four places, looked at first", overspent=overspent)
    assert overspent > 0, winners
