"""An account everybody earns on: credits do not fight, transfers do not deadlock."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CREDITORS = 8
CREDITS = 250
TRANSFERS = 60


def credit(racer, account_id, count):
    """Earn one point after the other, repeating nothing.

    :return: (points credited, conflicts a client would have seen)
    """
    from psycopg2 import OperationalError

    conflicts = 0
    racer.wait()
    for number in range(count):
        try:
            with racer.environment() as env:
                env["b2b2c.account"].browse(account_id)._earn(
                    1, source_key=f"hot/{racer.number}/{number}"
                )
        except OperationalError:
            conflicts += 1
    return count - conflicts, conflicts


def spend(racer, account_id, count):
    """Fold and spend in between, as orders and the cron do."""
    from odoo.addons.loyalty_b2b2c.exceptions import InsufficientPoints

    spent = 0
    racer.wait()
    for number in range(count):

        def take(env, number=number):
            account = env["b2b2c.account"].browse(account_id)
            if number % 2:
                account._fold()
                return 0
            account._redeem(1, source_key=f"spend/{number}")
            return 1

        try:
            spent += racer.transact(take)
        except InsufficientPoints:
            continue
    return -spent, 0


def transfer(racer, accounts, count):
    """Move points to and fro; half of the racers the other way.

    :return: number of deadlocks
    """
    from psycopg2.errors import DeadlockDetected, SerializationFailure

    source, target = accounts if racer.number % 2 else reversed(accounts)
    deadlocks = 0
    for number in range(count):
        key = f"transfer/{racer.number}/{number}"
        racer.wait()
        while True:
            try:
                with racer.environment() as env:
                    account = env["b2b2c.account"].browse(source)
                    account._transfer(account.browse(target), 1, source_key=key)
                break
            except DeadlockDetected:
                deadlocks += 1
            except SerializationFailure:
                continue
    return deadlocks


def prepare(database, start):
    """Return the ids of two accounts with ``start`` points each."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=2)
        accounts = [member._get_account(made.unit) for member in made.members]
        for account in accounts:
            if start:
                account._earn(start, source_key=f"start/{account.id}")
        return [account.id for account in accounts]


def balances(database, accounts):
    with odoo_env.open_environment(database) as env:
        return [
            account.balance_posted for account in env["b2b2c.account"].browse(accounts)
        ]


def run_credits(database, count, sabotage=None):
    """Return (points that must be there, conflicts, id of the account)."""
    from race import race

    account_id, _other = prepare(database, 0)
    jobs = [partial(credit, account_id=account_id, count=count)] * CREDITORS
    jobs.append(partial(spend, account_id=account_id, count=count))
    results = race(database, *jobs, sabotage=sabotage)
    total = sum(points for points, _conflicts in results)
    return total, sum(conflicts for _points, conflicts in results), account_id


def test_credits_never_conflict(database, report):
    total, conflicts, account_id = run_credits(database, CREDITS)
    report(
        "hot account",
        creditors=CREDITORS,
        credits=CREDITORS * CREDITS,
        conflicts=conflicts,
        balance=total,
    )
    assert conflicts == 0
    assert balances(database, [account_id]) == [total]
    assert world.problems(database) == []


def credit_by_update(_registry):
    """Book credits like debits: on the account's row."""
    from odoo.addons.loyalty_b2b2c.models.ledger.ledger_door import LedgerDoor

    insert = LedgerDoor.credit

    def credit_(self, postings):
        postings = list(postings)
        for posting in postings:
            self.open(posting.account_id)
        return insert(self, postings)

    replace_methods(LedgerDoor, credit=credit_)


def test_control_credits_that_update_conflict(database, report):
    _total, conflicts, _account = run_credits(database, 20, sabotage=credit_by_update)
    report("hot account, credits update the row", conflicts=conflicts)
    assert conflicts, "the harness did not notice credits that fight each other"


def run_transfers(database, count, sabotage=None):
    """Return (number of deadlocks, ids of the accounts)."""
    from race import race

    accounts = prepare(database, CREDITORS * TRANSFERS)
    jobs = [partial(transfer, accounts=accounts, count=count)] * CREDITORS
    return sum(race(database, *jobs, sabotage=sabotage)), accounts


def test_transfers_both_ways_do_not_deadlock(database, report):
    deadlocks, accounts = run_transfers(database, TRANSFERS)
    report(
        "transfers both ways",
        transfers=CREDITORS * TRANSFERS,
        deadlocks=deadlocks,
    )
    assert deadlocks == 0
    # as many went to as fro
    assert balances(database, accounts) == [CREDITORS * TRANSFERS] * 2
    assert world.problems(database) == []


def lock_in_any_order(registry):
    """Open the giving account first, whichever it is."""
    transfer = registry["b2b2c.account"]._transfer
    assert "sorted" in transfer.__code__.co_names, "accounts are ordered elsewhere now"
    transfer.__globals__["sorted"] = list


def test_control_transfers_without_order_deadlock(database, report):
    deadlocks, _accounts = run_transfers(database, 5, sabotage=lock_in_any_order)
    report("transfers both ways, locks in any order", deadlocks=deadlocks)
    assert deadlocks, "the harness did not notice the deadlocks"
