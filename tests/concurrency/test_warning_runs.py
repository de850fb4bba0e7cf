"""Warning runs that overlap tell each participant once about points that expire."""

from datetime import datetime, timedelta
from functools import partial

import world

from tools import odoo_env

MEMBERS = 20
ROUNDS = 5
RUNS = 4


def make(database):
    """Create the participants; return the ids of their accounts."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=MEMBERS)
        made.unit.warning_days = 7
        return [member._get_account(made.unit).id for member in made.members]


def earn(env, account_ids, number):
    """Give every account a lot that expires soon, later than those before it."""
    until = datetime.utcnow() + timedelta(days=1, hours=12 * number)
    for account in env["b2b2c.account"].browse(account_ids):
        account._earn(10, source_key=f"lot/{account.id}/{number}", expires_at=until)


def warn(racer, account_ids, rounds):
    """Look for who must be warned, all at once, then warn them."""
    for number in range(rounds):
        if racer.number == 0:
            racer.transact(partial(earn, account_ids=account_ids, number=number))
        racer.wait()
        with racer.environment() as env:
            accounts = env["b2b2c.account"]
            ids = accounts._get_accounts_to_warn(1000)
            racer.wait()
            accounts._in_batches(ids, "_warn")
            env.cr.commit()
        racer.wait()


def told(database):
    """Return (messages, accounts they are about, points they name)."""
    [row] = world.query(
        database,
        "SELECT count(*), count(DISTINCT account_id), coalesce(sum(points), 0)::int"
        " FROM b2b2c_notification WHERE kind = 'expiring'",
    )
    return row


def test_overlapping_runs_warn_once(database, report):
    from race import race

    job = partial(warn, account_ids=make(database), rounds=ROUNDS)
    race(database, *[job] * RUNS)
    messages, accounts, points = told(database)
    report("warning runs", runs=RUNS, rounds=ROUNDS, messages=messages, points=points)
    assert accounts == MEMBERS
    assert messages == MEMBERS * ROUNDS
    assert points == MEMBERS * ROUNDS * 10


def test_control_without_the_key_they_are_told_again(database, report):
    from race import race

    account_ids = make(database)
    with odoo_env.open_environment(database) as env:
        env.cr.execute(
            "CREATE OR REPLACE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN NEW.dedupe_key := NEW.dedupe_key || random(); RETURN NEW; END $$;"
            " CREATE TRIGGER forget BEFORE INSERT ON b2b2c_notification"
            " FOR EACH ROW EXECUTE FUNCTION forget()"
        )
    race(database, *[partial(warn, account_ids=account_ids, rounds=1)] * RUNS)
    messages, _accounts, _points = told(database)
    report("warning runs, no key", accounts=MEMBERS, messages=messages)
    assert messages > MEMBERS, "the harness did not notice"
