"""Tasks of photos and video: handing in, looking at it, the prize."""

import base64
import hashlib
import io

from freezegun import freeze_time
from PIL import Image

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...exceptions import ActivityError
from ...models.activities.b2b2c_activity_piece import PIECE
from .activity_common import ActivityCommon, photo, video


class _Looks:
    """Stands for the process that compares photos: likeness by a table."""

    def __init__(self, alike=(), pattern=0.0):
        self.alike, self.pattern = dict(alike), pattern

    def look(self, image):
        first = Image.open(io.BytesIO(image)).getpixel((5, 5))
        mark = bytes(first)
        print_ = hashlib.sha256(image).hexdigest()
        return {"fingerprint": print_, "pattern": self.pattern}, [mark, mark]

    def compare(self, views, others):
        return [self.alike.get((views[0], other), 0.0) for other in others]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestActivity(ActivityCommon):
    """A participant hands in, an officer decides."""

    # === HANDING IN === #

    def test_accepted_once(self):
        one = self._hand_in(self.anna, place="Door 3", note="With the new poster")
        self.assertEqual(
            (one.state, one.attempt, one.place, one.photo_count),
            ("handed_in", 1, "Door 3", 1),
        )
        desk = self._as_officer(one)
        desk.action_accept()
        self.assertEqual(
            (one.state, one.points, one.award_id.points), ("accepted", 50, 50)
        )
        self.assertEqual(self.anna._get_account(self.unit).balance_available, 50)
        with self.assertRaisesRegex(UserError, "does not wait for this decision"):
            desk.action_accept()
        self.assertEqual(self.anna._get_account(self.unit).balance_available, 50)

    def test_sent_back_put_right_accepted(self):
        one = self._hand_in(self.anna, photo(1))
        self._answer(one, "send_back", "blurred", "Show the price as well")
        self.assertEqual(one.state, "sent_back")
        self.assertIn("Show the price as well", one.reason_text)
        message = self.env["b2b2c.notification"].search(
            [("kind", "=", "activity_sent_back"), ("member_id", "=", self.anna.id)]
        )
        self.assertEqual(message.details["reason"], one.reason_text)
        one._remove_photo(one.photo_ids.id)
        with self.assertRaisesRegex(ActivityError, "1 at least"):
            one._hand_in({})
        one._add_photo(photo(2))
        one._hand_in({})
        self.assertEqual((one.state, one.attempt), ("handed_in", 2))
        self._as_officer(one).action_accept()
        self.assertEqual(one.award_id.points, 50)

    def test_refused_for_good(self):
        one = self._hand_in(self.anna)
        self._answer(one, "refuse", "again")
        self.assertEqual(one.state, "refused")
        with self.assertRaisesRegex(ActivityError, "cannot be changed"):
            one._add_photo(photo(5))
        self.assertEqual(self.submissions._begin(self.task, self.anna), one)

    def test_taken_back(self):
        one = self._hand_in(self.anna)
        self._as_officer(one).action_accept()
        self._answer(one, "take_back", "other", "The shelf was another shop's.")
        self.assertEqual((one.state, one.award_id.state), ("cancelled", "taken"))
        self.assertEqual(self.anna._get_account(self.unit).balance_available, 0)

    def test_the_same_photo_twice_is_there_once(self):
        one = self.submissions._begin(self.task, self.anna)
        first, second = (one._add_photo(photo(7)) for _press in range(2))
        self.assertEqual(first, second)
        stored = Image.open(io.BytesIO(base64.b64decode(first.image)))
        self.assertEqual((stored.format, stored.size), ("JPEG", (640, 480)))

    def test_more_photos_than_asked_for(self):
        task = self._create_task(photo_max=1)
        one = self.submissions._begin(task, self.anna)
        one._add_photo(photo(1))
        with self.assertRaisesRegex(ActivityError, "You have 1 photos"):
            one._add_photo(photo(2))

    def test_no_photo_at_all(self):
        one = self.submissions._begin(self.task, self.anna)
        for data, code in (
            (b"", "empty"),
            (b"%PDF-1.4 a paper", "not_image"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "vector"),
            (photo()[:300], "damaged"),
        ):
            with self.subTest(code=code), self.assertRaises(ActivityError) as caught:
                one._add_photo(data)
            self.assertEqual(caught.exception.code, code)
        self.assertFalse(one.photo_ids)

    def test_where_is_asked(self):
        task = self._create_task(is_place_asked=True)
        one = self.submissions._begin(task, self.anna)
        one._add_photo(photo(1))
        with self.assertRaisesRegex(ActivityError, "Say where it is"):
            one._hand_in({"place": "  "})
        one._hand_in({"position": (50.45, 30.52, 20)})
        self.assertEqual(
            (one.has_position, one.latitude, one.accuracy), (True, 50.45, 20)
        )

    # === WHO AND WHEN === #

    def test_only_for_its_audience(self):
        task = self._create_task(shop_ids=[(6, 0, self.other_shop.ids)])
        with self.assertRaisesRegex(ActivityError, "not for you"):
            self.submissions._begin(task, self.anna)
        self.assertTrue(self.submissions._begin(task, self.clara))
        self.clara.action_suspend()
        one = self.submissions._begin(task, self.clara)
        with self.assertRaisesRegex(ActivityError, "not for you"):
            one._add_photo(photo())

    def test_what_has_to_be_taken_on(self):
        task = self._create_task(is_opt_in=True, places=1)
        with self.assertRaisesRegex(ActivityError, "Take on the task first"):
            self.submissions._begin(task, self.anna)

    def test_begun_in_time_is_handed_in_in_the_hours_of_grace(self):
        one = self.submissions._begin(self.task, self.anna)
        one._add_photo(photo(1))
        # March ends at 22:00 UTC where the program is in UTC: 00:00 of April 1
        end = one.round_id.date_to
        with freeze_time(end):
            with self.assertRaisesRegex(ActivityError, "time for this task is over"):
                self.submissions._begin(self.task, self.bohdan)
            one._add_photo(photo(2))
            one._hand_in({})
        self.assertEqual((one.state, one.photo_count), ("handed_in", 2))

    def test_too_late_loses_nothing(self):
        one = self.submissions._begin(self.task, self.anna)
        one._add_photo(photo(1))
        with freeze_time("2026-04-03 00:00:00"):  # 48 hours of grace are over
            with self.assertRaisesRegex(ActivityError, "is kept"):
                one._hand_in({})
        self.assertEqual((one.state, one.photo_count), ("draft", 1))

    def test_sent_back_late_has_three_days(self):
        one = self._hand_in(self.anna)
        with freeze_time("2026-04-10 12:00:00"):
            self._answer(one, "send_back")
        with freeze_time("2026-04-13 11:59:00"):
            one._check_open()
        with freeze_time("2026-04-13 12:00:00"):
            with self.assertRaisesRegex(ActivityError, "is over"):
                one._check_open()

    # === SCORES === #

    def test_prize_by_score(self):
        task = self._create_task(
            {0: 50},
            criteria=[("Three rows", 6), ("Prices", 3), ("Clean", 0)],
            is_by_score=True,
        )
        rows, prices, _clean = task.criterion_ids
        one = self._hand_in(self.anna, task=task, ticked=[rows.id])
        self.assertEqual((one.score, one.max_score), (6, 9))
        # 50 × 6/9 = 33.3, rounded down as the unit has no decimals
        self.assertEqual(one.prize_points, 33)
        line = one.score_ids.filtered(lambda line: line.criterion_id == prices)
        self.assertFalse(line.is_ticked)
        self._as_officer(one).write({"score_ids": [(1, line.id, {"score": 3})]})
        self.assertEqual(one.prize_points, 50)
        self._as_officer(one).write({"score_ids": [(1, line.id, {"score": 0})]})
        self._as_officer(one).action_accept()
        self.assertEqual(one.award_id.points, 33)

    def test_prize_of_the_highest_threshold(self):
        task = self._create_task({4: 20, 8: 60}, criteria=[("Rows", 5), ("Prices", 4)])
        rows, prices = task.criterion_ids
        all_of_it = self._hand_in(self.anna, task=task, ticked=task.criterion_ids.ids)
        self.assertEqual(all_of_it.prize_points, 60)
        some = self._hand_in(self.bohdan, task=task, ticked=rows.ids)
        self.assertEqual(some.prize_points, 20)
        none = self._hand_in(self.clara, task=task)
        self._as_officer(none).action_accept()
        self.assertFalse(none.award_id)
        self.assertTrue(
            self.env["b2b2c.notification"].search(
                [("kind", "=", "activity_accepted"), ("member_id", "=", self.clara.id)]
            )
        )
        # one prize for each person: 3 people × 60, not × 80
        self.assertEqual(task.round_ids.reserved_points, 180)

    def test_a_score_has_limits(self):
        task = self._create_task(criteria=[("Rows", 5)])
        one = self._hand_in(self.anna, task=task)
        with self.assertRaisesRegex(ValidationError, "from 0 to 5"):
            one.score_ids.score = 6

    # === WHO DECIDES === #

    def test_two_people_above_the_limit(self):
        task = self._create_task({0: 500}, two_above=100, criteria=[("Rows", 5)])
        one = self._hand_in(self.anna, task=task, ticked=task.criterion_ids.ids)
        second = self._create_officer("second")
        self._as_officer(one).action_accept()
        self.assertEqual(
            (one.state, one.first_reviewer_id), ("handed_in", self.desk_user)
        )
        with self.assertRaisesRegex(UserError, "You accepted it already"):
            self._as_officer(one).action_accept()
        # other scores are something else than was accepted
        self._as_officer(one, second).write(
            {"score_ids": [(1, one.score_ids.id, {"score": 4})]}
        )
        self.assertFalse(one.first_reviewer_id)
        self._as_officer(one).action_accept()
        self._as_officer(one, second).action_accept()
        self.assertEqual((one.state, one.award_id.points), ("accepted", 500))

    def test_nobody_decides_for_himself(self):
        one = self._hand_in(self.anna)
        self.desk_user.partner_id = self.anna.partner_id
        for action in ("action_accept", "action_send_back", "action_refuse"):
            with self.assertRaisesRegex(UserError, "concerns you"):
                getattr(self._as_officer(one), action)()

    def test_one_todo_for_each_reviewer(self):
        second = self._create_officer("second")
        self.task.reviewer_ids = self.desk_user | second
        for member in self.sellers:
            self._hand_in(member, photo(member.id))
        self.submissions._cron_review()
        self.submissions._cron_review()
        todos = self.task.activity_ids
        self.assertEqual(
            sorted(todos.mapped(lambda todo: (todo.user_id.login, todo.summary))),
            [("desk", "3 submissions wait"), ("second", "3 submissions wait")],
        )
        for one in self.task.submission_ids:
            self._as_officer(one).action_accept()
        self.submissions._cron_review()
        self.assertFalse(self.task.activity_ids)

    def test_a_prize_without_budget_is_given_later(self):
        one = self._hand_in(self.anna)
        # somebody closed the budget meanwhile
        self.env.cr.execute("DELETE FROM b2b2c_cap_use")
        self.env.cr.execute("DELETE FROM b2b2c_cap_scope")
        self.program.budget_points = 10
        self._as_officer(one).action_accept()
        self.assertEqual((one.state, one.award_id.points), ("accepted", 0))
        self.program.budget_points = 1000
        self.submissions._cron_review()
        self.assertEqual(one.award_id.points, 50)

    # === THE SAME AGAIN === #

    def _look(self, **looks):
        """Let all photos that wait be looked at."""
        photos = self.env["b2b2c.activity.photo"]
        while photos._look_at_next(_Looks(**looks)):
            pass

    def test_the_same_file_is_noticed(self):
        first = self._hand_in(self.anna, photo(1))
        second = self._hand_in(self.clara, photo(1))
        self._look()
        self.assertFalse(first.is_unusual)
        self.assertTrue(second.is_unusual)
        self.assertEqual(second.photo_ids.alike_id, first.photo_ids)
        self.assertIn("same photo was handed in before", second.signs_text)
        self.assertIn("Anna", second.photo_ids.alike_text)
        # nothing is refused by a machine
        self.assertEqual(second.state, "handed_in")

    def test_a_part_is_noticed_from_the_limit_on(self):
        first = self._hand_in(self.anna, photo(1))
        second = self._hand_in(self.clara, photo(2))
        third = self._hand_in(self.bohdan, photo(3))
        looks = _Looks()
        marks = [
            looks.look(base64.b64decode(one.photo_ids.image))[1][0]
            for one in (first, second, third)
        ]
        self._look(
            alike={(marks[1], marks[0]): 0.92, (marks[2], marks[0]): 0.93}, pattern=2.3
        )
        self.assertEqual(
            [one.photo_ids.alike_id for one in (second, third)],
            [self.env["b2b2c.activity.photo"], first.photo_ids],
        )
        self.assertEqual(third.photo_ids.signs, ["alike", "screen"])

    def test_far_from_the_shop(self):
        self.shop.write({"partner_latitude": 50.45, "partner_longitude": 30.52})
        near = self._hand_in(self.anna, position=(50.46, 30.52, 0))  # 1.1 km
        far = self._hand_in(self.bohdan, photo(2), position=(50.49, 30.52, 0))  # 4.4 km
        self.assertEqual((near.is_unusual, far.is_unusual), (False, True))

    # === VIDEO === #

    def _upload(self, one, data, token="clip"):
        """Send a video, the last piece first and each twice."""
        clip = one._begin_video(token, "clip.mp4", len(data))
        for number in reversed(clip._get_missing()):
            for _time in range(2):
                clip._take(number, data[number * PIECE : (number + 1) * PIECE])
        return clip

    def test_a_video_arrives_whole(self):
        task = self._create_task(photo_min=0, video_use="required")
        one = self.submissions._begin(task, self.anna)
        with self.assertRaisesRegex(ActivityError, "Add the video first"):
            one._hand_in({})
        data = video(5_000_000, seconds=12)
        clip = one._begin_video("clip", "clip.mp4", len(data))
        self.assertEqual(clip._get_missing(), [0, 1, 2])
        clip._take(1, data[PIECE : 2 * PIECE])
        self.assertEqual(clip._get_missing(), [0, 2])
        with self.assertRaisesRegex(ActivityError, "still on its way"):
            one._hand_in({})
        self.assertFalse(clip._finish())
        # chosen again after the page was left: it goes on where it was
        self.assertEqual(self._upload(one, data), clip)
        self.assertTrue(clip._finish())
        self.assertTrue(clip._finish())
        self.assertEqual((clip.state, clip.kind, clip.seconds), ("ready", "mp4", 12))
        self.assertEqual(clip.attachment_id.raw, data)
        self.assertEqual(clip.attachment_id.mimetype, "video/mp4")
        self.assertFalse(
            self.env["b2b2c.activity.piece"].search([("video_id", "=", clip.id)])
        )
        one._hand_in({})
        self.assertEqual(one.state, "handed_in")

    def test_bad_videos(self):
        task = self._create_task(photo_min=0, video_use="optional", video_megabytes=1)
        one = self.submissions._begin(task, self.anna)
        with self.assertRaisesRegex(ActivityError, "1 MB at most"):
            one._begin_video("large", "a.mp4", 1024 * 1024 + 1)
        clip = one._begin_video("none", "a.mp4", 1000)
        with self.assertRaises(ActivityError) as caught:
            clip._take(0, b"PK\3\4" + bytes(996))
        self.assertEqual(caught.exception.code, "not_video")
        for number, piece, digest in (
            (0, video(999), None), (1, b"", None), (-1, b"", None),
            (0, video(1000), "0" * 64),
        ):  # fmt: skip
            with self.assertRaises(ActivityError) as caught:
                clip._take(number, piece, digest)
            self.assertEqual(caught.exception.code, "piece_damaged")
        self.assertEqual(clip._get_missing(), [0])

    def test_another_video_takes_the_place(self):
        task = self._create_task(video_use="optional")
        one = self.submissions._begin(task, self.anna)
        first = self._upload(one, video(100_000), "first")
        first._finish()
        second = self._upload(one, video(120_000), "second")
        self.assertEqual(first.state, "dropped")
        self.assertFalse(first.attachment_id)
        second._finish()
        self.assertEqual(one._get_video(), second)
        one._remove_video()
        self.assertFalse(one._get_video())

    def test_the_same_video_is_noticed(self):
        task = self._create_task(photo_min=0, video_use="required")
        for member in (self.anna, self.clara):
            one = self.submissions._begin(task, member)
            self._upload(one, video(100_000))._finish()
            one._hand_in({})
        self.assertEqual(task.submission_ids.mapped("is_unusual"), [False, True])

    def test_so_much_video_a_day(self):
        self.company.b2b2c_activity_day_megabytes = 1
        task = self._create_task(video_use="optional")
        one = self.submissions._begin(task, self.anna)
        one._begin_video("a", "a.mp4", 800_000)
        one._remove_video()
        with self.assertRaisesRegex(ActivityError, "very many videos today"):
            one._begin_video("b", "b.mp4", 300_000)

    # === FORGETTING === #

    def test_pictures_are_forgotten_after_the_days(self):
        self.company.b2b2c_activity_keep_days = 30
        task = self._create_task(video_use="optional")
        one = self.submissions._begin(task, self.anna)
        one._add_photo(photo(1))
        self._upload(one, video(100_000))._finish()
        one._hand_in({})
        self._as_officer(one).action_accept()
        with freeze_time("2026-04-08 12:00:00"):
            self.submissions._gc_pictures()
        self.assertTrue(one.photo_ids.image)
        with freeze_time("2026-04-10 12:00:00"):
            self.submissions._gc_pictures()
        self.assertFalse(one.photo_ids.image or one.video_ids.attachment_id)
        self.assertEqual((one.state, one.award_id.points), ("accepted", 50))

    def test_an_abandoned_video_leaves_no_pieces(self):
        task = self._create_task(video_use="optional")
        one = self.submissions._begin(task, self.anna)
        data = video(5_000_000)
        clip = one._begin_video("a", "a.mp4", len(data))
        clip._take(0, data[:PIECE])
        pieces = self.env["b2b2c.activity.piece"]
        self.env.cr.execute(
            "UPDATE b2b2c_activity_video SET create_date = '2026-03-01'"
        )
        self.env.cr.execute(
            "UPDATE b2b2c_activity_piece SET create_date = '2026-03-09'"
        )
        self.env["b2b2c.activity.video"]._gc_abandoned()
        self.assertEqual(pieces._get_numbers(clip), [0])
        self.env.cr.execute(
            "UPDATE b2b2c_activity_piece SET create_date = '2026-03-02'"
        )
        self.env["b2b2c.activity.video"]._gc_abandoned()
        self.assertEqual((clip.state, pieces._get_numbers(clip)), ("dropped", []))
