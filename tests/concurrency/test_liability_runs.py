"""What is owed is posted once, whoever posts which day at the same moment."""

from datetime import date, datetime, time, timedelta
from functools import partial

import world
from psycopg2.errors import UniqueViolation

from tools import odoo_env

CLERKS = 4
ROUNDS = 10
POINTS = 100  # earned before each round, 0.10 each
BEGIN = date(2026, 1, 1)
CHAIN = "b2b2c_liability_run_one_after_another"


def prepare(database, rounds, guarded=True):
    """Let a company owe points of each round, and show them in its general ledger.

    :param bool guarded: whether a run names the one before, as only one may
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        account = made.members._get_account(made.unit)
        made.unit.point_value = 0.1
        for number in range(rounds):
            at = datetime.combine(_day(number, 0), time(12))
            account._earn(
                POINTS, source_key=f"r/{number}", effective_at=at - timedelta(days=1)
            )
        accounts = env["account.account"].create(
            [
                {"name": "Owed", "code": "289999", "account_type": "liability_current"},
                {"name": "Cost", "code": "689999", "account_type": "expense"},
            ]
        )
        company = env.company
        company.b2b2c_timezone = "UTC"
        company.b2b2c_liability_account_id, company.b2b2c_liability_cost_account_id = (
            accounts
        )
        # one journal for all: who creates it is no matter of this race
        company.b2b2c_liability_journal_id = env["account.journal"].create(
            {"name": "Owed", "code": "OWED", "type": "general"}
        )
        if not guarded:
            env.cr.execute(f"DROP INDEX {CHAIN}")
        env.cr.commit()


def _day(number, which):
    """Return a day of a round; each has two."""
    return BEGIN + timedelta(days=10 * number + which)


def post_one(env, number, which):
    """Look at a day and post it; return whether this did it."""
    from odoo.exceptions import UserError

    runs = env["b2b2c.liability.run"]
    try:
        runs._prepare(env.company, _day(number, which))._post()
        env.flush_all()
    except (UserError, UniqueViolation):
        env.cr.rollback()
        return False
    return True


def post_all(racer, rounds):
    """Post one of two days of each round when all others do."""
    posted = 0
    for number in range(rounds):
        racer.wait()
        job = partial(post_one, number=number, which=racer.number % 2)
        posted += racer.transact(job, together=True)
    return posted


def run(database, rounds, guarded=True):
    """Let all post all.

    :return: how many runs were posted, and the differences of the general ledger
    """
    from race import race

    prepare(database, rounds, guarded)
    posted = race(database, *[partial(post_all, rounds=rounds)] * CLERKS)
    with odoo_env.open_environment(database) as env:
        checks = env["b2b2c.liability.check"].search([("state", "=", "posted")])
        assert checks
        return sum(posted), [check.difference for check in checks if check.difference]


def test_what_is_owed_is_posted_once(database, report):
    posted, differences = run(database, ROUNDS)
    [(runs, owed)] = world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_liability_run WHERE state = 'posted'),
                  (SELECT -sum(l.balance) FROM account_move_line l
                     JOIN account_account a ON a.id = l.account_id
                    WHERE a.name ->> 'en_US' = 'Owed' AND l.parent_state = 'posted')""",
    )
    report("points owed", clerks=CLERKS, rounds=ROUNDS, runs=runs, owed=owed)
    assert ROUNDS <= posted == runs <= 2 * ROUNDS
    assert differences == []
    assert owed == ROUNDS * POINTS * 0.1
    assert world.problems(database) == []


def test_control_two_days_at_once_without_a_chain(database, report):
    _posted, differences = run(database, 3, guarded=False)
    report("points owed, posted side by side", differences=len(differences))
    assert differences
