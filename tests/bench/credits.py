"""Credits for the benches, in a worker process: accounts, loops, bulk."""

import resource
import time
from decimal import Decimal

import shop
from psycopg2.errors import SerializationFailure

BATCH = 1000


def open_accounts(registry, number):
    """Open accounts of `number` members of one client company; their ids."""
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        contact = shop.create_client(env, "Office Client")
        unit = env.ref("loyalty_b2b2c.unit_points")
        members = shop.create_members(env, contact, number)
        accounts = env["b2b2c.account"]._get_or_create(
            (member.id, unit.id) for member in members
        )
        return sorted(account.id for account in accounts.values())


def single(registry, account_id, seconds, tag, pooled=False):
    """Book one credit per transaction for some time.

    :param pooled: take a cursor from Odoo's pool for each, as a request does (the pool
        empties the session, so plans are made anew); else keep one, as pgbench does
    :return: number of transactions, and of serialization failures a caller would see
    """
    credit = _pooled_credit if pooled else _credit
    done = failures = 0
    with registry.cursor() as cursor:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                credit(registry, cursor, account_id, f"bench/{tag}/{done}")
                done += 1
            except SerializationFailure:
                cursor.rollback()
                failures += 1
    return {"done": done, "failures": failures}


def _credit(_registry, cursor, account_id, key):
    account = shop.clerk(cursor)["b2b2c.account"].browse(account_id)
    account._earn(Decimal(1), source_key=key)
    cursor.commit()


def _pooled_credit(registry, _cursor, account_id, key):
    with registry.cursor() as cursor:
        account = shop.clerk(cursor)["b2b2c.account"].browse(account_id)
        account._earn(Decimal(1), source_key=key)


def bulk(registry, account_ids, number, tag):
    """Import `number` entries, spread over the accounts; the seconds it took."""
    from odoo.addons.loyalty_b2b2c.models.ledger.ledger_door import LedgerDoor, Posting

    begin = time.perf_counter()
    for start in range(0, number, BATCH):
        with registry.cursor() as cursor:
            LedgerDoor(shop.superuser(cursor)).credit(
                Posting(
                    account_ids[index % len(account_ids)],
                    "earn",
                    f"bulk/{tag}/{index}",
                    points=Decimal(index % 50 + 1),
                    reason="Imported",
                )
                for index in range(start, min(start + BATCH, number))
            )
    return time.perf_counter() - begin


def fold(registry):
    """What the hourly cron does."""
    with registry.cursor() as cursor:
        accounts = shop.superuser(cursor)["b2b2c.account"]
        accounts.search([])._fold()


def seal(registry):
    """Seal all that is booked, a transaction for each block; the seconds it took."""
    begin = time.perf_counter()
    sealed = True
    while sealed:
        with registry.cursor() as cursor:
            env = shop.superuser(cursor)
            sealed = env["b2b2c.seal"]._seal(env.company)
    return time.perf_counter() - begin


def verify_seals(registry):
    """Compare all entries with their seals.

    :return: seconds, entries without a seal, what is wrong, and by how many MB the
        process grew
    """
    with registry.cursor() as cursor:
        accounts = shop.superuser(cursor)["b2b2c.account"]
        unsealed = accounts._get_seal_tail().count
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.perf_counter()
        problems = accounts._verify_seals()
        return {
            "seconds": time.perf_counter() - begin,
            "grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
            / 1024,
            "unsealed": unsealed,
            "problems": [str(problem) for problem in problems],
        }


def verify(registry):
    """Verify every account; the seconds it took, and what was wrong."""
    with registry.cursor() as cursor:
        begin = time.perf_counter()
        problems = shop.superuser(cursor)["b2b2c.account"]._verify_all()
        return {
            "seconds": time.perf_counter() - begin,
            "problems": [str(problem) for problem in problems],
        }
