"""A video arrives once from however many phones, and a prize is given once.

Four phones begin the same video, send the same pieces and join them at the same
moment; four officers accept the same photos.  What guards a piece is a unique key, what
guards a decision the state it starts from; each control goes without.
"""

import hashlib
import uuid
from datetime import date, timedelta
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CREW = 4
LAPS = world.length(50, 5)
POINTS = 50


def make(env, **values):
    """Make a task, a seller for each lap and officers; return (task, sellers, ids)."""
    from odoo.addons.loyalty_b2b2c.tests.activities.activity_common import (
        ActivityCommon,
    )

    today = date.today()
    days = {
        "first_day": today - timedelta(days=1),
        "last_day": today + timedelta(days=9),
    }
    env = env(context=dict(env.context, tracking_disable=True))
    made = type(
        "World", (ActivityCommon,), {"env": env, "company": env.company, "days": days}
    )
    made._ensure_chart()
    made.unit = env.ref("loyalty_b2b2c.unit_points")
    made.client = made._create_shop("Client")
    made.program = made._create_program({}, name="Prizes", notify=False)
    shop = made._create_shop("North Shop")
    sellers = [made._create_seller(f"Seller{one}", shop) for one in range(LAPS)]
    officers = [made._create_officer(f"officer{one}").id for one in range(CREW)]
    task = made._create_task({0: POINTS}, **values)
    return task, sellers, officers


# === A VIDEO === #


def get_video():
    """Return the bytes of a video of three pieces."""
    from odoo.addons.loyalty_b2b2c.tests.activities.activity_common import video

    return video(5_000_000)


def prepare_videos(database, laps):
    """Let somebody begin the task for each lap; return the ids of the submissions."""
    with odoo_env.open_environment(database) as env:
        task, sellers, _officers = make(env, photo_min=0, video_use="required")
        submissions = env["b2b2c.activity.submission"]
        ids = [submissions._begin(task, one).id for one in sellers[:laps]]
        env.cr.commit()
        return ids


def begin(env, submission_id, size):
    submission = env["b2b2c.activity.submission"].browse(submission_id)
    return submission._begin_video("clip", "clip.mp4", size).id


def take(env, clip_id, number, data):
    env["b2b2c.activity.video"].browse(clip_id)._take(number, data)


def join(env, clip_id):
    return env["b2b2c.activity.video"].browse(clip_id)._finish()


def send(racer, submission_ids, data):
    """Send a video for each submission, step by step with all others.

    :return: what was said when it was joined
    """
    from odoo.addons.loyalty_b2b2c.models.activities.b2b2c_activity_piece import PIECE

    said = []
    for submission_id in submission_ids:
        racer.wait()
        job = partial(begin, submission_id=submission_id, size=len(data))
        clip_id = racer.transact(job, together=True)
        for number, start in enumerate(range(0, len(data), PIECE)):
            piece = data[start : start + PIECE]
            job = partial(take, clip_id=clip_id, number=number, data=piece)
            racer.wait()
            racer.transact(job, together=True)
        racer.wait()
        said.append(racer.transact(partial(join, clip_id=clip_id), together=True))
    return said


def run_videos(database, laps, drop=False):
    """Let all phones send; return (what was said, rows of videos, pieces left)."""
    from race import race

    ids, data = prepare_videos(database, laps), get_video()
    if drop:
        drop_key(database)
    said = race(database, *[partial(send, submission_ids=ids, data=data)] * CREW)
    videos = world.query(
        database,
        "SELECT v.state, v.digest, a.file_size FROM b2b2c_activity_video v"
        " LEFT JOIN ir_attachment a ON a.id = v.attachment_id",
    )
    [(left,)] = world.query(database, "SELECT count(*) FROM b2b2c_activity_piece")
    return said, videos, left


def drop_key(database):
    """Let nothing keep a piece from being stored as often as it arrives."""
    [(name,)] = world.query(
        database,
        "SELECT indexname FROM pg_indexes WHERE tablename = 'b2b2c_activity_piece'"
        " AND indexdef LIKE 'CREATE UNIQUE%%number%%'",
        [],
    )
    world.query(database, f"DROP INDEX {name}")


def test_a_video_arrives_once(database, report):
    said, videos, left = run_videos(database, LAPS)
    report("a video from many phones", phones=CREW, laps=LAPS, videos=len(videos))
    data = get_video()
    whole = ("ready", hashlib.sha256(data).hexdigest(), len(data))
    assert videos == [whole] * LAPS
    assert left == 0
    assert said == [[True] * LAPS] * CREW


def test_control_pieces_without_a_key(database, report):
    laps = 2
    _said, videos, _left = run_videos(database, laps, drop=True)
    size = len(get_video())
    report("a video, its pieces without a key", sizes=[one[2] for one in videos])
    assert any(one[2] > size for one in videos), "nobody noticed pieces stored twice"


# === A DECISION === #


def prepare_photos(database, laps, **values):
    """Let somebody hand in a photo for each lap; return (submissions, officers)."""
    from odoo.addons.loyalty_b2b2c.tests.activities.activity_common import photo

    with odoo_env.open_environment(database) as env:
        task, sellers, officers = make(env, **values)
        ids = []
        for number, seller in enumerate(sellers[:laps]):
            one = env["b2b2c.activity.submission"]._begin(task, seller)
            one._add_photo(photo(number))
            one._hand_in({})
            ids.append(one.id)
        env.cr.commit()
        return ids, officers


def accept(env, submission_id, user_id):
    """Press *Accept*; return whether the answer was no refusal."""
    from odoo.exceptions import UserError

    try:
        env = env(user=user_id)
        env["b2b2c.activity.submission"].browse(submission_id).action_accept()
    except UserError:
        return False
    return True


def decide(racer, submission_ids, officers):
    """Accept each submission when all others do; return which were not refused."""
    said = []
    for submission_id in submission_ids:
        job = partial(
            accept, submission_id=submission_id, user_id=officers[racer.number]
        )
        racer.wait()
        said.append(racer.transact(job, together=True))
    return said


def run_decisions(database, laps, crew=CREW, sabotage=None, **values):
    """Let officers decide; return (how many pressed with success, given, points)."""
    from race import race

    ids, officers = prepare_photos(database, laps, **values)
    job = partial(decide, submission_ids=ids, officers=officers)
    said = race(database, *[job] * crew, sabotage=sabotage)
    [(given, points)] = world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_challenge_award WHERE state = 'given'),
                  (SELECT sum(points) FROM b2b2c_ledger_entry)""",
    )
    return sum(one.count(True) for one in said), given, points


def test_a_prize_is_given_once(database, report):
    pressed, given, points = run_decisions(database, LAPS)
    report("officers who accept", officers=CREW, laps=LAPS, given=given, points=points)
    assert (pressed, given, points) == (LAPS, LAPS, POINTS * LAPS)
    assert world.problems(database) == []


def test_two_people_are_two(database, report):
    """Above the limit both press at once: one is the first, the other the second."""
    pressed, given, points = run_decisions(database, LAPS, crew=2, two_above=10)
    people = world.query(
        database,
        "SELECT first_reviewer_id != decided_by_id FROM b2b2c_activity_submission",
    )
    report("two officers above the limit", laps=LAPS, given=given)
    assert (pressed, given, points) == (2 * LAPS, LAPS, POINTS * LAPS)
    assert people == [(True,)] * LAPS


def look_first(registry):
    """What looks safe and is not: see that it waits, and give the prize."""
    from odoo.exceptions import UserError

    submissions = registry["b2b2c.activity.submission"]

    def move(self, before, user, **columns):
        if self.state != before:
            raise UserError("It was decided meanwhile.")

    def award(self):
        prize, points = self._get_prize()
        self.challenge_id._award(
            self.member_id,
            f"{self._get_key()}/{uuid.uuid4()}",
            prize,
            "Accepted",
            round_id=self.round_id,
            points=points,
        )

    replace_methods(submissions, _move=move, _award=award)


def test_control_looking_first_gives_the_prize_twice(database, report):
    laps = 2
    _pressed, given, points = run_decisions(database, laps, sabotage=look_first)
    report("officers, looked at first", laps=laps, given=given, points=points)
    assert points > POINTS * laps, "nobody noticed that prizes were doubled"
