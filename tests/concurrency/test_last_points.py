"""The last points of an account are spent once (R4)."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CLIENTS = 8
ACCOUNTS = 25
LAPS = world.length(full=40, gate=10)
POINTS = 10


def spend(racer, accounts, laps):
    """Spend all that each account has, against all others; say when it worked."""
    from odoo.addons.loyalty_b2b2c.exceptions import InsufficientPoints

    def top_up(env, lap):
        for account in env["b2b2c.account"].browse(accounts):
            account._earn(POINTS, source_key=f"top-up/{account.id}/{lap}")

    def take(env, account_id, key, method):
        account = env["b2b2c.account"].browse(account_id)
        return getattr(account, method)(POINTS, source_key=key).id

    won = []
    for lap in range(laps):
        racer.wait()  # nobody is still trying to spend
        if racer.number == 0:
            racer.transact(partial(top_up, lap=lap))
        racer.wait()
        for account_id in accounts:
            key = f"spend/{account_id}/{lap}/{racer.number}"
            # every other lap with two ways to spend at once
            method = "_reserve" if lap % 2 and racer.number % 2 else "_redeem"
            take_it = partial(take, account_id=account_id, key=key, method=method)
            try:
                won.append(bool(racer.transact(take_it, together=True)))
            except InsufficientPoints:
                won.append(False)
    return won, racer.retries


def run(database, laps, sabotage=None):
    """Return (winners of each round, number of repeated transactions)."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=ACCOUNTS)
        accounts = [member._get_account(made.unit).id for member in made.members]
    jobs = [partial(spend, accounts=accounts, laps=laps)] * CLIENTS
    results = race(database, *jobs, sabotage=sabotage)
    rounds = zip(*(won for won, _retries in results), strict=True)
    return [sum(won) for won in rounds], sum(retries for _won, retries in results)


def test_the_last_points_are_spent_once(database, report):
    winners, retries = run(database, LAPS)
    wrong = {number: count for number, count in enumerate(winners) if count != 1}
    report(
        "last points",
        rounds=len(winners),
        clients=CLIENTS,
        overspent=sum(count > 1 for count in winners),
        unspent=sum(count < 1 for count in winners),
        retries=retries,
    )
    assert len(winners) == ACCOUNTS * LAPS
    assert not wrong, f"round -> number of winners: {wrong}"
    assert world.problems(database) == []
    [(spendable, reserved)] = world.query(
        database,
        "SELECT sum(folded_posted - folded_held), sum(folded_held) FROM b2b2c_account",
    )
    assert spendable == 0
    assert reserved % POINTS == 0


def lock_without_update(_registry):
    """What looks safe and is not: lock the account, read its balance, insert."""
    from odoo.addons.loyalty_b2b2c.models.ledger.ledger_door import Balances, LedgerDoor

    def open_(self, account_id):
        self.cr.execute(
            "SELECT id FROM b2b2c_account WHERE id = %s FOR UPDATE", [account_id]
        )
        account = self.env["b2b2c.account"].browse(account_id)
        return Balances(**account._get_balances()[account_id])

    def apply(self, posting):
        return self._insert([posting], with_delta=True)[posting.source_key]

    def take(self, account_id, entry_id, points, prefer=()):
        return []

    replace_methods(LedgerDoor, open=open_, apply=apply, take=take)


def test_control_a_lock_is_no_guard(database, report):
    drop = "ALTER TABLE b2b2c_account DROP CONSTRAINT b2b2c_account_never_negative"
    world.query(database, drop)
    winners, _retries = run(database, laps=1, sabotage=lock_without_update)
    overspent = sum(count > 1 for count in winners)
    report("last points, guards removed", rounds=len(winners), overspent=overspent)
    assert overspent, "the harness did not notice that the guards were gone"
    assert world.problems(database), "the audit did not notice it either"
