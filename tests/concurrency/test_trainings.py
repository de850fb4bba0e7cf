"""A training is passed once, and a person is at a presentation once.

Four workers judge four papers of one person, and take four taps on *I am there*, at
the same moment.  What guards them is a unique key each; the control drops both.
"""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CREW = 4
LAPS = world.length(100, 12)
KEYS = ("b2b2c_training_proof", "b2b2c_presentation_attendee")


def prepare(database, laps):
    """Make an exam, a presentation and a person with four papers for each lap.

    Whoever passes waits for an officer, so that nothing is booked: no balance is there
    to keep two workers apart.

    :return: list of (member id, presentation id, attempt ids), one per lap
    """
    from odoo import Command, fields

    from odoo.addons.loyalty_b2b2c.tests import fakes
    from odoo.addons.loyalty_b2b2c.tests.training.fake_exam import FAKES

    with odoo_env.open_environment(database) as env:
        fakes.load(env, *FAKES)  # the processes that race are forked from this one
        made = world.make(env, members=laps + 1)
        program = made._create_program({"kind": "fixed", "value": 1})
        usual = {
            "kind": "training",
            "program_id": program.id,
            "first_day": fields.Date.today(),
            "review_above": 1,
            "prize_ids": [Command.create({"points": 50})],
        }
        exams = env["b2b2c.fake.exam"].create([{"name": "Exam"}] * laps)
        trainings = env["b2b2c.challenge"].create(
            [
                *(
                    {
                        **usual,
                        "name": "Exam",
                        "training_way": "fake_exam",
                        "exam_id": exam.id,
                    }
                    for exam in exams
                ),
                {**usual, "name": "Presented", "training_way": "presentation"},
            ]
        )
        trainings.action_start()
        presenter, *people = made.members
        env.cr.postcommit.data["b2b2c_training"] = True  # nothing is judged yet
        rows = []
        for exam, member in zip(exams, people, strict=True):
            presentation = env["b2b2c.presentation"].create(
                {
                    "name": "The catalogue",
                    "place": "Office",
                    "starts_at": fields.Datetime.now(),
                    "ends_at": fields.Datetime.add(fields.Datetime.now(), hours=1),
                    "challenge_id": trainings[-1].id,
                    "member_id": presenter.id,
                    "employer_id": presenter.employer_id.id,
                }
            )
            papers = [
                env["b2b2c.fake.paper"]._hand_in(exam, member.partner_id, 70).id
                for _racer in range(CREW)
            ]
            attempts = env["b2b2c.training.attempt"].search(
                [("res_model", "=", "b2b2c.fake.paper"), ("res_id", "in", papers)]
            )
            rows.append((member.id, presentation.id, attempts.ids))
        return rows


def judge(env, attempt_id):
    env["b2b2c.training.attempt"].browse(attempt_id)._process()


def confirm(env, member_id, presentation_id):
    presentation = env["b2b2c.presentation"].browse(presentation_id)
    member = env["b2b2c.member"].browse(member_id)
    code, _seconds = presentation._get_code()
    return env["b2b2c.presentation.attendee"]._confirm(member, code).status


def work(racer, rows):
    """Judge a paper, and confirm, in each lap when all others do."""
    statuses = []
    for member_id, presentation_id, attempt_ids in rows:
        racer.wait()
        job = partial(judge, attempt_id=attempt_ids[racer.number])
        racer.transact(job, together=True)
        racer.wait()
        job = partial(confirm, member_id=member_id, presentation_id=presentation_id)
        statuses.append(racer.transact(job, together=True))
    return statuses


def run(database, laps, sabotage=None):
    """Let all work; return how many proofs, and how many attendees, each lap has."""
    from race import race

    rows = prepare(database, laps)
    if sabotage:
        drop_keys(database)
    job = partial(work, rows=rows)
    statuses = race(database, *[job] * CREW, sabotage=sabotage)
    proofs = world.query(
        database, "SELECT count(*) FROM b2b2c_training_proof GROUP BY member_id"
    )
    attendees = world.query(
        database,
        "SELECT count(*) FROM b2b2c_presentation_attendee GROUP BY presentation_id",
    )
    return [n for (n,) in proofs], [n for (n,) in attendees], statuses


def drop_keys(database):
    """Let nothing but looking first keep two rows of one thing apart."""
    for table in KEYS:
        [(name,)] = world.query(
            database,
            "SELECT indexname FROM pg_indexes WHERE tablename = %s"
            " AND indexdef LIKE 'CREATE UNIQUE%%' AND indexname NOT LIKE '%%pkey'",
            [table],
        )
        world.query(database, f"DROP INDEX {name}")


def test_once_each(database, report):
    proofs, attendees, statuses = run(database, LAPS)
    said = [status for racer in statuses for status in racer]
    report("trainings and attendees", workers=CREW, laps=LAPS, proofs=sum(proofs))
    assert proofs == [1] * LAPS
    assert attendees == [1] * LAPS
    assert (said.count("there"), said.count("again")) == (LAPS, LAPS * (CREW - 1))
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: both look whether there is a row already."""
    attendees = registry["b2b2c.presentation.attendee"]
    replace_methods(attendees, _count_try=lambda self, members: True)


def test_control_looking_first_is_no_guard(database, report):
    proofs, attendees, _statuses = run(database, 4, sabotage=look_first)
    report("trainings, looked at first", proofs=sum(proofs), attendees=sum(attendees))
    assert sum(proofs) > 4 and sum(attendees) > 4
