"""One person, two memberships, one limit: requests at once have it once (A20)."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

LAPS = 10
PRICE = 10


def prepare(database):
    """Make a person with points in two memberships, and rewards one may have once.

    :return: ids of the members and of the rewards
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        person = made.members.partner_id
        members = made.members | made._create_member(
            partner_id=person.id, role="customer"
        )
        for member in members:
            account = member._get_account(made.unit)
            account._earn(PRICE * LAPS, source_key=f"gift/{member.id}")
        rewards = env["b2b2c.reward"].create(
            [
                {"name": f"One {number}", "points": PRICE, "member_limit": 1}
                for number in range(LAPS)
            ]
        )
        return members.ids, rewards.ids


def ask(racer, members, rewards):
    """Request each reward by a membership; return how many were had."""
    had = 0
    for reward in rewards:
        racer.wait()
        job = partial(request, member=members[racer.number], reward=reward)
        had += racer.transact(job, together=True)
    return had


def request(env, member, reward):
    from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError

    member = env["b2b2c.member"].browse(member)
    reward = env["b2b2c.reward"].browse(reward)
    try:
        env["b2b2c.redemption"]._request(member, reward, request_key=f"r{reward.id}")
    except RedemptionError:
        return 0
    return 1


def run(database, sabotage=None):
    from race import race

    members, rewards = prepare(database)
    job = partial(ask, members=members, rewards=rewards)
    return sum(race(database, job, job, sabotage=sabotage))


def test_a_person_has_a_limit_once(database, report):
    had = run(database)
    report("limit of a person", memberships=2, rewards=LAPS, had=had)
    assert had == LAPS
    assert world.problems(database) == []


def let_memberships_pass(registry):
    """What looks safe and is not: count the person, and lock the own account only."""
    replace_methods(
        registry["b2b2c.redemption"], _line_up_person=lambda self, unit: None
    )


def test_control_counting_without_a_line_has_it_twice(database, report):
    had = run(database, sabotage=let_memberships_pass)
    report("limit of a person, without a line", rewards=LAPS, had=had)
    assert had > LAPS
