"""A round is closed once, and a task has as many takers as places, whoever comes."""

import uuid
from datetime import datetime
from functools import partial

import world
from controls import replace_methods
from freezegun import freeze_time

from tools import odoo_env

CLOSERS = 4
PRIZES = (100, 60, 30)
PEOPLE = 50
PLACES = 20


def create_challenges(made, count, prizes, **values):
    """Start challenges of one day, which was over long ago.

    :param prizes: list of values of prizes
    :return: their rounds
    """
    env = made.env
    program = made._create_program({"kind": "fixed", "value": 1, "amount_min": 1e9})
    with freeze_time("2026-03-10 12:00:00"):
        challenges = env["b2b2c.challenge"].create(
            [
                {
                    "name": f"Challenge {number}",
                    "program_id": program.id,
                    "first_day": "2026-03-10",
                    "last_day": "2026-03-10",
                    "grace_hours": 0,
                    "review_days": 0,
                    "prize_ids": [(0, 0, prize) for prize in prizes],
                    **values,
                }
                for number in range(count)
            ]
        )
        challenges.action_start()
    return challenges.round_ids


def score(round_, member, value):
    """Let somebody have a score."""
    env = round_.env
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO b2b2c_challenge_score (challenge_id, round_id, company_id,
               member_id, document_model, document_id, line_key, occurred_at,
               delta, learned_at, recorded_at, source_key)
        VALUES (%s, %s, %s, %s, 'sale.order', 0, %s, %s, %s, %s, %s, %s)
        """,
        (
            round_.challenge_id.id, round_.id, round_.company_id.id, member.id,
            f"{round_.id}/{member.id}", round_.date_from,
            value, datetime(2026, 3, 10, 12), datetime(2026, 3, 10, 12),
            f"{round_.id}/{member.id}",
        ),
    )  # fmt: skip


# === CLOSING === #


def prepare_contests(database, rounds):
    """Make contests that are over, with three people who scored in each."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=3)
        prizes = [
            {"place_from": place, "points": points}
            for place, points in enumerate(PRIZES, 1)
        ]
        found = create_challenges(made, rounds, prizes, kind="contest")
        for round_ in found:
            for value, member in enumerate(made.members, 1):
                score(round_, member, value)
        env.cr.commit()
        return sorted(found.ids)


def close_all(racer, round_ids):
    """Close each round when all others do."""
    for round_id in round_ids:
        racer.wait()
        racer.transact(
            lambda env, id_=round_id: (
                env["b2b2c.challenge.round"].browse(id_)._advance()
            ),
            together=True,
        )


def run_contests(database, rounds, sabotage=None):
    """Let all close all; return (results, prizes given, points booked)."""
    from race import race

    round_ids = prepare_contests(database, rounds)
    job = partial(close_all, round_ids=round_ids)
    race(database, *[job] * CLOSERS, sabotage=sabotage)
    return world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_challenge_result),
                  (SELECT count(*) FROM b2b2c_challenge_award WHERE state = 'given'),
                  (SELECT sum(points) FROM b2b2c_ledger_entry)""",
    )[0]


def test_a_round_is_closed_once(database, report):
    rounds = world.length(100, 6)
    results, prizes, points = run_contests(database, rounds)
    report("closing rounds", closers=CLOSERS, rounds=rounds, results=results,
           prizes=prizes, points=points)  # fmt: skip
    assert (results, prizes) == (3 * rounds, 3 * rounds)
    assert points == sum(PRIZES) * rounds
    [(final,)] = world.query(
        database,
        "SELECT count(*) FROM b2b2c_challenge_round WHERE state = 'final'"
        " AND digest IS NOT NULL",
    )
    assert final == rounds
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: see that it is not final, and give the prizes."""
    rounds = registry["b2b2c.challenge.round"]
    order = ("running", "counting", "provisional", "final")

    def move(self, before, after, **columns):
        if self.state != before:
            return False
        if after in order[:3]:
            rounds._plain_move(self, before, after, **columns)
        return True

    rounds._plain_move = rounds._move
    key = rounds._get_place_key
    replace_methods(
        rounds,
        _move=move,
        _get_place_key=lambda self, prize_id, member: (
            f"{key(self, prize_id, member)}/{uuid.uuid4()}"
        ),
        _get_place_awards=lambda self: {
            award.key: award
            for award in self.env["b2b2c.challenge.award"].search(
                [("round_id", "=", self.id), ("state", "=", "pending")]
            )
        },
    )


def test_control_looking_first_gives_prizes_twice(database, report):
    rounds = 2
    _results, prizes, points = run_contests(database, rounds, sabotage=look_first)
    report("closing rounds, looked at first", rounds=rounds, prizes=prizes)
    assert points > sum(PRIZES) * rounds, "nobody noticed that prizes were doubled"


# === TAKING ON === #


def prepare_places(database, people, places):
    """Make a task with a few places, and more people than that."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=people)
        prizes = [{"threshold": 1, "points": 5}]
        values = {"is_opt_in": True, "places": places, "last_day": "2099-12-31"}
        round_ = create_challenges(made, 1, prizes, **values)
        env.cr.commit()
        return round_.id, made.members.ids


def take_on(racer, round_id, members):
    """Take the task on together with everybody else; return whether it worked."""
    from odoo.exceptions import UserError

    def job(env):
        member = env["b2b2c.member"].browse(members[racer.number])
        env["b2b2c.challenge.round"].browse(round_id)._join(member)
        return True

    try:
        return racer.transact(job, together=True, pause=0.01)
    except UserError:
        return False


def run_places(database, people, places, sabotage=None):
    """Let everybody come at once; return (who got a place, entries, places taken)."""
    from race import race

    round_id, members = prepare_places(database, people, places)
    job = partial(take_on, round_id=round_id, members=members)
    got = race(database, *[job] * people, sabotage=sabotage)
    entries, taken = world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_challenge_entry WHERE state = 'joined'),
                  (SELECT places_taken FROM b2b2c_challenge_round)""",
    )[0]
    return got.count(True), entries, taken


def test_places_are_not_taken_twice(database, report):
    got, entries, taken = run_places(database, PEOPLE, PLACES)
    report("taking a task on", people=PEOPLE, places=PLACES, got=got)
    assert (got, entries, taken) == (PLACES, PLACES, PLACES)


def count_first(registry):
    """What looks safe and is not: count who takes part, then let one more in."""

    def take_place(self):
        joined = self.env["b2b2c.challenge.entry"].search_count(
            [("round_id", "=", self.id), ("state", "=", "joined")]
        )
        return joined < self.challenge_id.places

    replace_methods(registry["b2b2c.challenge.round"], _take_place=take_place)


def test_control_counting_is_no_guard(database, report):
    people, places = 12, 4
    got, entries, _taken = run_places(database, people, places, sabotage=count_first)
    report("taking a task on, counted instead", people=people, places=places, got=got)
    assert entries > places, "nobody noticed that too many took part"
