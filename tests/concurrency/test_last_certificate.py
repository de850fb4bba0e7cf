"""The last certificates of a partner: each code is given once, however many ask."""

import base64
from functools import partial
from types import SimpleNamespace

import pytest
import world
from controls import replace_methods

from tools import odoo_env

CLIENTS = 8
ROUNDS = 30
CODES = 2  # of each round's pool, fewer than people
PRICE = 10
KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def key(monkeypatch):
    """Let this process, and those that race, have the key of the codes."""
    monkeypatch.setenv("B2B2C_VOUCHER_KEY", KEY)


def prepare(database, rounds, clients=CLIENTS, codes=CODES):
    """Make people with points for all rounds, and a pool with some codes per round.

    :return: ids of the members and of the rewards
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=clients)
        for member in made.members:
            account = member._get_account(made.unit)
            account._earn(PRICE * rounds, source_key=f"gift/{member.id}")
        cinema = env["res.partner"].create({"name": "Cinema"})
        pools = env["b2b2c.voucher.pool"].create(
            [
                {"name": f"Ticket {number}", "partner_id": cinema.id}
                for number in range(rounds)
            ]
        )
        for pool in pools:
            file = "\n".join(["Code", *(f"{pool.id:05}-{n:05}" for n in range(codes))])
            record = env["b2b2c.voucher.import"].create(
                {"pool_id": pool.id, "upload": base64.b64encode(file.encode())}
            )
            record.action_import()
        rewards = env["b2b2c.reward"].create(
            [
                {
                    "name": pool.name,
                    "points": PRICE,
                    "kind": "voucher",
                    "voucher_pool_id": pool.id,
                }
                for pool in pools
            ]
        )
        return made.members.ids, rewards.ids


def request_one(env, member_id, reward_id):
    """Request a reward and open its voucher; return the code the person sees."""
    redemption = env["b2b2c.redemption"]._request(
        env["b2b2c.member"].browse(member_id),
        env["b2b2c.reward"].browse(reward_id),
        request_key=f"{member_id}/{reward_id}",
    )
    [shown] = redemption._show_vouchers(env.user)
    return shown.code


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


def run(database, rounds, sabotage=None, clients=CLIENTS, codes=CODES):
    """Let all request all; return the codes shown, a list per round."""
    from race import race

    members, rewards = prepare(database, rounds, clients, codes)
    job = partial(request_all, members=members, rewards=rewards)
    shown = race(database, *[job] * clients, sabotage=sabotage)
    return [[code for code in lap if code] for lap in zip(*shown, strict=True)]


def test_each_code_is_given_once(database, report):
    rounds = run(database, ROUNDS)
    shown = [code for codes in rounds for code in codes]
    [(posted, held)] = world.query(
        database, "SELECT sum(points), sum(points_held) FROM b2b2c_ledger_entry"
    )
    [(given, people)] = world.query(
        database,
        """SELECT count(*), count(DISTINCT v.redemption_id) FROM b2b2c_voucher v
             JOIN b2b2c_redemption r ON r.id = v.redemption_id
            WHERE r.state = 'fulfilled' AND v.state = 'shown'""",
    )
    report("the last certificates", clients=CLIENTS, rounds=len(rounds),
           given=len(shown), points=posted)  # fmt: skip
    assert [len(codes) for codes in rounds] == [CODES] * ROUNDS
    assert len({*shown}) == CODES * ROUNDS == given == people
    assert (posted, held) == (PRICE * ROUNDS * (CLIENTS - CODES), 0)
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: look for a code that is free, and take that."""
    vouchers, taken = registry["b2b2c.voucher"], []

    def reserve(self, pool, request, quantity):
        free = self.search([("pool_id", "=", pool.id), ("state", "=", "free")], limit=1)
        taken[:] = free.ids
        return free

    def show(self, user):
        codes = self.env["b2b2c.voucher"].browse(taken)._open_codes()
        return [SimpleNamespace(code=code) for code, _pin in codes]

    replace_methods(
        vouchers, _reserve=reserve, _give=lambda self, request: self.browse(taken)
    )
    replace_methods(registry["b2b2c.redemption"], _show_vouchers=show)


def test_control_looking_first_is_no_guard(database, report):
    rounds = run(database, 5, sabotage=look_first)
    twice = sum(len(codes) - len({*codes}) for codes in rounds)
    report("the last certificates, looked at first", given_twice=twice)
    assert twice > 0, rounds
