"""Figures stay exact while entries commit in another order than their ids."""

import random
import time
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CREDITORS = 6
FOLDERS = 2
CREDITS = 120


def credit(racer, account_ids, count):
    """Earn one point after the other; hold some transactions open, undo others.

    :return: points credited
    """
    dice = random.Random(racer.number)
    racer.wait()
    done = 0
    for number in range(count):
        with racer.environment() as env:
            account = env["b2b2c.account"].browse(dice.choice(account_ids))
            account._earn(1, source_key=f"stat/{racer.number}/{number}")
            time.sleep(dice.choice((0, 0, 0.002, 0.02)))  # others overtake
            if dice.random() < 0.1:
                env.cr.rollback()  # its id is never used
                continue
        done += 1
    return done


def fold(racer, seconds):
    """Fold all the time, as overlapping crons would.

    :return: 0, it earns nothing
    """
    end = time.monotonic() + seconds
    racer.wait()
    while time.monotonic() < end:
        racer.transact(lambda env: env["b2b2c.stat.range"]._fold())
    return 0


def run(database, sabotage=None):
    """Return (points credited, what the books' audit says at the end)."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=3)
        accounts = [member._get_account(made.unit).id for member in made.members]
    jobs = [partial(credit, account_ids=accounts, count=CREDITS)] * CREDITORS
    jobs += [partial(fold, seconds=4)] * FOLDERS
    done = sum(race(database, *jobs, sabotage=sabotage))
    with odoo_env.open_environment(database) as env:
        while env["b2b2c.stat.range"]._fold():
            pass
    return done, world.problems(database)


def figures(database):
    """Points issued by the day and by the account."""
    [sums] = world.query(
        database,
        """
        SELECT (SELECT sum(issued) FROM b2b2c_stat_day),
               (SELECT sum(issued) FROM b2b2c_stat_account)
        """,
    )
    return sums


def test_every_entry_is_counted_once(database, report):
    done, problems = run(database)
    report("figures", credited=done, clients=CREDITORS, folders=FOLDERS)
    assert problems == []
    assert figures(database) == (done, done)


def high_water_mark(_registry):
    """What looks enough and is not: go on after the largest id seen."""
    from odoo.addons.loyalty_b2b2c.models.figures.b2b2c_stat_range import (
        LAST,
        B2b2cStatRange,
    )

    fold_part = B2b2cStatRange._fold_part

    def forgetful(self, *part):
        fold_part(self, *part)
        self.env.cr.execute("DELETE FROM b2b2c_stat_range WHERE high < %s", [LAST])

    replace_methods(B2b2cStatRange, _fold_part=forgetful)


def test_control_a_high_water_mark_loses_entries(database, report):
    done, problems = run(database, sabotage=high_water_mark)
    counted = figures(database)[0]
    report("figures, only a high-water mark", credited=done, counted=int(counted))
    assert counted < done, "the harness did not make ids commit out of order"
    assert problems, "the audit did not notice it"
