"""What was granted is given once, whoever comes by at the same time (S1.27)."""

import world
from controls import replace_methods

from tools import odoo_env

WORKERS = 6
GRANTS = 30


def prepare(database, number):
    """Grant a participant ``number`` tickets; nobody gave them yet.

    The participant has as many points again: what is given twice is not refused for
    want of points.
    """
    from odoo.addons.loyalty_b2b2c.tests import fakes
    from odoo.addons.loyalty_b2b2c.tests.rewards.fake_voucher import (
        FAKES,
        FakeVoucherHandler,
    )

    kind = FakeVoucherHandler._name.rpartition(".")[2]
    with odoo_env.open_environment(database) as env:
        fakes.load(env, *FAKES)  # the processes that race are forked from this one
        made = world.make(env)
        reward = env["b2b2c.reward"].create(
            {"name": "Ticket", "points": 1, "kind": kind, "unit_id": made.unit.id}
        )
        env["b2b2c.fake.voucher"].create(
            [
                {"reward_id": reward.id, "code": f"T-{one}"}
                for one in range(WORKERS * number)
            ]
        )
        program = made._create_program(grant_reward_id=reward.id, notify=False)
        account = made.members._get_account(made.unit)
        account._earn(number, source_key="gift")
        for one in range(number):
            account._earn(1, source_key=f"sale/{one}", program_id=program.id)
        grants = env["b2b2c.grant"].search([], order="id")
        env.cr.postcommit.clear()  # the workers give them
        return grants.ids


def give_all(racer, ids):
    """Give each grant when all others do."""
    for grant_id in ids:
        racer.wait()
        racer.transact(
            lambda env, i=grant_id: env["b2b2c.grant"].browse(i)._give(), together=True
        )


def run(database, number, sabotage=None):
    """Return (tickets given, points left, grants that are given)."""
    from race import race

    ids = prepare(database, number)
    race(database, *[lambda racer: give_all(racer, ids)] * WORKERS, sabotage=sabotage)
    [(given,)] = world.query(
        database,
        "SELECT count(*) FROM b2b2c_fake_voucher WHERE redemption_id IS NOT NULL",
    )
    [(points,)] = world.query(database, "SELECT sum(points) FROM b2b2c_ledger_entry")
    [(done,)] = world.query(
        database, "SELECT count(*) FROM b2b2c_grant WHERE state = 'given'"
    )
    return given, points, done


def test_what_is_granted_is_given_once(database, report):
    given, points, done = run(database, GRANTS)
    report("granted rewards", workers=WORKERS, grants=GRANTS, given=given)
    assert (given, points, done) == (GRANTS, GRANTS, GRANTS)
    assert world.problems(database) == []


def forget_what_was_given(registry):
    """Each row is taken by whoever comes, and the request names nothing it is for."""
    import uuid

    def request(self, offer):
        return self.env["b2b2c.redemption"]._request(
            offer.member, offer.reward, request_key=str(uuid.uuid4())
        )

    grant = registry["b2b2c.grant"]
    replace_methods(grant, _take=lambda self: True, _request=request)


def test_control_what_nobody_remembers_is_given_twice(database, report):
    given, _points, _done = run(database, 5, sabotage=forget_what_was_given)
    report("granted rewards, nobody remembers", grants=5, given=given)
    assert given > 5, "nobody noticed that a ticket was given twice"
