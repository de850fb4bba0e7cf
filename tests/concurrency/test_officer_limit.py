"""Corrections at once: what one person moves alone never passes the day's limit."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

PEOPLE = 8  # browsers of one officer
POINTS = 40
LIMIT = 100
LAPS = 5


def prepare(database):
    """Make an officer, and a draft for each browser and lap.

    :return: id of the user, ids of the drafts by lap
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        env.company.b2b2c_adjust_limit = LIMIT
        officers = made._create_user("officer", "loyalty_b2b2c.group_officer")
        laps = []
        for lap in range(LAPS):
            unit = env["b2b2c.unit"].create({"name": f"Stars {lap}", "symbol": "st"})
            account = made.members._get_account(unit)
            drafts = env["b2b2c.adjustment"].create(
                [
                    {"account_id": account.id, "points": POINTS, "reason": "Forgotten"}
                    for _one in range(PEOPLE)
                ]
            )
            laps.append(drafts.ids)
        return officers.id, laps


def submit(racer, user, laps):
    """Submit one draft of each lap, all browsers at the same moment."""
    for drafts in laps:
        racer.wait()
        job = partial(send, user=user, draft=drafts[racer.number])
        racer.transact(job, together=True)
    return racer.retries


def send(env, user, draft):
    env(user=user)["b2b2c.adjustment"].browse(draft).action_submit()


def run(database, sabotage=None):
    """Return (most points booked in a lap, requests that wait, failures)."""
    from race import race

    user, laps = prepare(database)
    job = partial(submit, user=user, laps=laps)
    retries = sum(race(database, *[job] * PEOPLE, sabotage=sabotage))
    booked = [
        world.query(
            database,
            "SELECT coalesce(sum(points), 0) FROM b2b2c_adjustment"
            " WHERE id = ANY(%s) AND state = 'posted'",
            [drafts],
        )[0][0]
        for drafts in laps
    ]
    [(waiting,)] = world.query(
        database, "SELECT count(*) FROM b2b2c_adjustment WHERE state = 'submitted'"
    )
    return booked, waiting, retries


def test_corrections_at_once_do_not_pass_the_limit(database, report):
    booked, waiting, retries = run(database)
    report("officer's limit", at_once=PEOPLE, limit=LIMIT, most=max(booked),
           waiting=waiting, retries=retries)  # fmt: skip
    assert booked == [2 * POINTS] * LAPS
    assert waiting == LAPS * (PEOPLE - 2)
    assert world.problems(database) == []


def read_first(registry):
    """What looks safe and is not: add up what was booked, then book."""

    def count(self, user, account, points):
        moved = self.env["b2b2c.adjustment"].search(
            [
                ("requested_by_id", "=", user.id),
                ("account_id", "=", account.id),
                ("state", "=", "posted"),
            ]
        )
        return sum(moved.mapped("points")) + float(points) <= LIMIT

    replace_methods(registry["b2b2c.officer.day"], _count=count)


def test_control_reading_first_passes_the_limit(database, report):
    booked, _waiting, _retries = run(database, sabotage=read_first)
    report("officer's limit, read first", limit=LIMIT, most=max(booked))
    assert max(booked) > LIMIT, booked
