"""The last code of a voucher is given once: a kind of reward under fire.

The kind is the fake of the add-on's own tests; its promise is that of every handler.
"""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CLIENTS = 8
ROUNDS = 40
CODES = 2  # of each round's reward, fewer than people
PRICE = 10


def prepare(database, rounds):
    """Make people with points for all rounds, and a reward with two codes per round.

    :return: ids of the members and of the rewards
    """
    from odoo.addons.loyalty_b2b2c.tests import fakes
    from odoo.addons.loyalty_b2b2c.tests.rewards.fake_voucher import FAKES

    with odoo_env.open_environment(database) as env:
        fakes.load(env, *FAKES)  # the processes that race are forked from this one
        made = world.make(env, members=CLIENTS)
        for member in made.members:
            account = member._get_account(made.unit)
            account._earn(PRICE * rounds, source_key=f"gift/{member.id}")
        rewards = env["b2b2c.reward"].create(
            [
                {"name": f"Ticket {number}", "points": PRICE, "kind": "fake_voucher"}
                for number in range(rounds)
            ]
        )
        env["b2b2c.fake.voucher"].create(
            [
                {"reward_id": reward.id, "code": f"{reward.id}-{number}"}
                for reward in rewards
                for number in range(CODES)
            ]
        )
        return made.members.ids, rewards.ids


def request_one(env, member_id, reward_id):
    """Request a reward; return the code its page shows."""
    redemption = env["b2b2c.redemption"]._request(
        env["b2b2c.member"].browse(member_id),
        env["b2b2c.reward"].browse(reward_id),
        request_key=f"{member_id}/{reward_id}",
    )
    return redemption._describe().code


def request_all(racer, members, rewards):
    """Request each reward when all others do; return the code of each, or ``None``."""
    from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError

    member_id = members[racer.number]
    codes = []
    for reward_id in rewards:
        racer.wait()
        job = partial(request_one, member_id=member_id, reward_id=reward_id)
        try:
            codes.append(racer.transact(job, together=True))
        except RedemptionError:
            codes.append(None)
    return codes


def run(database, rounds, sabotage=None):
    """Let all request all; return the codes shown, a list per round."""
    from race import race

    members, rewards = prepare(database, rounds)
    job = partial(request_all, members=members, rewards=rewards)
    shown = race(database, *[job] * CLIENTS, sabotage=sabotage)
    return [[code for code in lap if code] for lap in zip(*shown, strict=True)]


def test_each_code_is_given_once(database, report):
    rounds = run(database, ROUNDS)
    shown = sorted(code for codes in rounds for code in codes)
    [(posted, held)] = world.query(
        database, "SELECT sum(points), sum(points_held) FROM b2b2c_ledger_entry"
    )
    given = world.query(
        database,
        """SELECT v.code FROM b2b2c_fake_voucher v
             JOIN b2b2c_redemption r ON r.id = v.redemption_id
            WHERE r.state = 'fulfilled'""",
    )
    report("the last vouchers", clients=CLIENTS, rounds=len(rounds),
           given=len(shown), points=posted)  # fmt: skip
    assert [len(codes) for codes in rounds] == [CODES] * ROUNDS
    assert len({*shown}) == CODES * ROUNDS
    assert sorted(code for (code,) in given) == shown
    assert (posted, held) == (PRICE * ROUNDS * (CLIENTS - CODES), 0)
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: look for a code nobody has, then write it down."""
    from odoo.addons.loyalty_b2b2c.models.rewards.b2b2c_reward_handler import (
        Description,
    )

    def reserve(self, request, answers):
        codes = self.env["b2b2c.fake.voucher"].search(
            [("reward_id", "=", request.reward_id.id)]
        )
        given = self.env["b2b2c.redemption"].search(
            [("reward_id", "=", request.reward_id.id), ("note", "!=", False)]
        )
        free = {*codes.mapped("code")} - {*given.mapped("note")}
        request.note = min(free, default="none left")

    handler = registry["b2b2c.reward.handler.fake_voucher"]
    replace_methods(
        handler,
        _reserve=reserve,
        _fulfil=lambda self, request: None,
        _describe=lambda self, request: Description("", code=request.note),
    )


def test_control_looking_first_is_no_guard(database, report):
    rounds = run(database, 5, sabotage=look_first)
    twice = sum(len(codes) - len({*codes}) for codes in rounds)
    report("the last vouchers, looked at first", given_twice=twice)
    assert twice > 0, rounds
