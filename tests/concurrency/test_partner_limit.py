"""The limit of a day at a partner holds while eight tills ask at once."""

from functools import partial

import world
from controls import replace_methods

TILLS = 8
ROUNDS = 10
AMOUNT = 10  # money, asked for by each till in each round
FIT = 3  # of the tills, in each round
POINTS = 200  # that the amount costs


def prepare(database, rounds):
    """Make a buyer with points for each till, and a partner for each round.

    :return: ids of the buyers and of the shops
    """
    from odoo import Command

    from tools import odoo_env

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=TILLS)
        made.unit.with_company(env.company).face_value = 0.05
        for member in made.members:
            account = member._get_account(made.unit)
            account._earn(POINTS * rounds, source_key=f"limit/{member.id}")
        shops = env["res.partner"].create(
            [{"name": f"Shop {n}", "is_company": True} for n in range(rounds)]
        )
        for shop in shops:
            rate = {"unit_id": made.unit.id, "valid_from": "2020-01-01",
                    "point_value": 0.05}  # fmt: skip
            env["b2b2c.partner.agreement"].create(
                {
                    "partner_id": shop.id,
                    "starts_on": "2020-01-01",
                    "day_limit": AMOUNT * FIT,
                    "rate_ids": [Command.create(rate)],
                }
            ).action_activate()
        return made.members.ids, shops.ids


def hold(env, member_id, shop_id, key):
    """Reserve points for a payment in a shop."""
    from decimal import Decimal

    from odoo.addons.loyalty_b2b2c.models.spends.spend_request import SpendRequest

    member = env["b2b2c.member"].browse(member_id)
    request = SpendRequest(
        member=member,
        unit=member.account_ids.unit_id,
        amount=Decimal(AMOUNT),
        currency=env.company.currency_id,
        key=key,
        name=key,
        place=env["res.partner"].browse(shop_id),
        details={"proof": "code"},
    )
    return env["b2b2c.spend"]._hold(request).state


def ask_all(racer, members, shops):
    """Ask in each shop when all others do; return how often it was reserved."""
    from odoo.addons.loyalty_b2b2c.exceptions import LoyaltyError

    member, held = members[racer.number], 0
    for number, shop_id in enumerate(shops):
        racer.wait()
        key = f"race/{number}/{racer.number}"
        job = partial(hold, member_id=member, shop_id=shop_id, key=key)
        try:
            held += racer.transact(job, together=True) == "held"
        except LoyaltyError:
            pass
    return held


def run(database, rounds, sabotage=None):
    """Let all tills ask in all shops; return what was reserved in each shop."""
    from race import race

    members, shops = prepare(database, rounds)
    job = partial(ask_all, members=members, shops=shops)
    race(database, *[job] * TILLS, sabotage=sabotage)
    return world.query(
        database,
        """SELECT sum(amount), (SELECT d.amount FROM b2b2c_partner_day d
                                 WHERE d.agreement_id = s.agreement_id)
             FROM b2b2c_spend s WHERE state = 'held' GROUP BY agreement_id""",
    )


def test_the_limit_of_a_day_holds(database, report):
    reserved = run(database, ROUNDS)
    report("limit of a day", tills=TILLS, rounds=len(reserved),
           most=max(amount for amount, _counted in reserved))  # fmt: skip
    assert len(reserved) == ROUNDS
    assert {float(amount) for amount, _counted in reserved} == {AMOUNT * FIT}
    assert {float(counted) for _amount, counted in reserved} == {AMOUNT * FIT}
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: read what is counted, then count."""
    from odoo.tools import SQL

    def count(self, agreement, account, day, amount, limit):
        if not limit:
            return True
        with self.env.registry.cursor() as cr:  # what others have done so far
            cr.execute(
                SQL(
                    "SELECT coalesce(sum(amount), 0) FROM b2b2c_spend "
                    "WHERE agreement_id = %s AND state = 'held'",
                    agreement.id,
                )
            )
            [counted] = cr.fetchone()
        return counted + float(amount) <= float(limit)

    replace_methods(registry["b2b2c.partner.day"], _count=count)


def test_control_a_limit_that_is_looked_at_first_is_passed(database):
    reserved = run(database, 5, sabotage=look_first)
    assert max(float(amount) for amount, _counted in reserved) > AMOUNT * FIT
