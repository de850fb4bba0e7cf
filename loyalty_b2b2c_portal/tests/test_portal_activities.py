"""Tasks of photos and video on the participant's phone."""

import base64
import hashlib
import json
from datetime import date, timedelta

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.activities.b2b2c_activity_piece import PIECE
from odoo.addons.loyalty_b2b2c.tests.activities.activity_common import (
    ActivityCommon,
    photo,
    video,
)

from .common import PASSWORD, PortalCommon


class ActivityPortalCommon(ActivityCommon, PortalCommon):
    """A task that runs now, and Olena who does it."""

    days = {
        "first_day": date.today() - timedelta(days=20),
        "last_day": date.today() + timedelta(days=20),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._create_portal_task()
        cls.url = f"/my/rewards/tasks/{cls.task.id}/photos"

    @classmethod
    def _create_portal_task(cls, **values):
        return cls._create_task(criteria=[("Three rows", 5)], role_ids=False, **values)

    def _post(self, url=None, login="olena", files=(), **data):
        self.authenticate(login, PASSWORD)
        data.setdefault("csrf_token", Request.csrf_token(self))
        return self.url_open(
            url or self.url,
            data=data,
            files=[("photo", ("photo.jpg", content)) for content in files],
        )

    def _call(self, url, **params):
        """Call a JSON route as who is logged in."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        answer = self.url_open(
            url, data=body, headers={"Content-Type": "application/json"}
        )
        return answer.json()["result"]

    def _find(self, task=None, member=None):
        return self.submissions.search(
            [
                ("challenge_id", "=", (task or self.task).id),
                ("member_id", "=", (member or self.member).id),
            ]
        )


@tagged("post_install", "-at_install")
class TestPortalActivities(ActivityPortalCommon, HttpCase):
    # === PHOTOS === #

    def test_for_nobody_else(self):
        self.assertIn("/web/login", self._get(self.url, login=None).url)
        draft = self._create_portal_task(start=False)
        other = self._create_portal_task(shop_ids=[(6, 0, self.other_shop.ids)])
        target = self._create_challenge({5: 50}, **self.days)
        for task in (draft, other, target):
            url = f"/my/rewards/tasks/{task.id}/photos"
            self.assertEqual(self._get(url).status_code, 404)
        self.assertEqual(self._get("/my/rewards/tasks/0/photos").status_code, 404)

    def test_photo_handed_in_sent_back_accepted(self):
        page = self._post(files=[photo(1)], do="add", note="With the poster")
        self.assertIn("With the poster", page.text, "what was entered stays")
        one = self._find()
        self.assertEqual((one.state, one.photo_count), ("draft", 1))
        [shown] = one.photo_ids
        criterion = f"criterion_{self.task.criterion_ids.id}"
        page = self._post(
            files=[photo(2)], note="With the poster", taken_at="2020-01-02T10:00",
            **{criterion: "1"},
        )  # fmt: skip
        self.assertIn("Handed in: somebody looks at it", page.text)
        self.assertEqual(
            (one.state, one.photo_count, one.note, one.score_ids.is_ticked),
            ("handed_in", 2, "With the poster", True),
        )
        # ten o'clock in Kyiv, in winter
        self.assertEqual(str(one.taken_at), "2020-01-02 08:00:00")
        self._answer(one, "send_back", "blurred", "Nearer, please")
        page = self._get(self.url).text
        self.assertIn("Nearer, please", page)
        self._post(do=f"remove_{shown.id}")
        self.assertEqual(one.photo_count, 1)
        self._post(files=[photo(3)], **{criterion: "1"})
        self._as_officer(one).action_accept()
        self.assertIn("Accepted: 50", self._get(self.url).text)

    def test_bad_photos_say_why_and_lose_nothing(self):
        page = self._post(files=[photo(1), b"no picture"], note="Mine")
        self.assertEqual(page.status_code, 400)
        self.assertIn("This is no photo", page.text)
        self.assertIn("Mine", page.text)
        self.assertEqual((self._find().state, self._find().photo_count), ("draft", 1))

    def test_garbage(self):
        for data in (
            {"do": "remove_x"}, {"do": "remove_99999999999999999999"}, {"do": "\0"},
            {"taken_at": "yesterday"}, {"latitude": "nan", "longitude": "1e999"},
            {"latitude": "50", "longitude": "30", "accuracy": "inf"},
            {"member": "x" * 300}, {"note": "a\0b" * 9}, {"criterion_0": "1"},
        ):  # fmt: skip
            with self.subTest(data=data):
                self.assertIn(self._post(**data).status_code, (200, 400))
        self.assertEqual(self._post(csrf_token="x").status_code, 400)

    def test_pictures_of_others(self):
        self._post(files=[photo(1)], do="add")
        url = f"/my/rewards/tasks/photo/{self._find().photo_ids.id}"
        self.assertEqual(self._get(url).headers["Content-Type"], "image/jpeg")
        self.assertEqual(self._get(url, login="petro").status_code, 404)
        self.assertEqual(self._get("/my/rewards/tasks/photo/0").status_code, 404)

    def test_no_browser_keeps_what_a_person_took(self):
        self._post(files=[photo(1)], do="add")
        mine = f"/my/rewards/tasks/photo/{self._find().photo_ids.id}"
        for url in (mine, f"{mine}?small=1"):
            with self.subTest(url=url):
                self.assertIn("no-store", self._get(url).headers["Cache-Control"])
        # control: how it should be is about nobody, and may be kept
        sample = self.env["b2b2c.activity.sample"].create(
            {
                "challenge_id": self.task.id,
                "image": base64.b64encode(photo(2)),
                "name": "Tidy",
            }
        )
        shown = self._get(f"/my/rewards/tasks/sample/{sample.id}")
        self.assertEqual(shown.headers["Content-Type"], "image/jpeg")
        self.assertNotIn("no-store", shown.headers.get("Cache-Control", ""))

    def test_take_it_on_until_the_places_are_full(self):
        task = self._create_portal_task(is_opt_in=True, places=1)
        url = f"/my/rewards/tasks/{task.id}/photos"
        self.assertIn("Take it on", self._get(url).text)
        page = self._post(url, files=[photo(1)])
        self.assertIn("Take on the task first", page.text)
        self.assertIn("Hand in", self._post(url, do="join").text)
        self._post(url, files=[photo(1)])
        self.assertEqual(self._find(task).state, "handed_in")
        page = self._post(url, login="petro", do="join")
        self.assertIn("All 1 places are taken", page.text)

    # === VIDEO === #

    def _begin(self, data, task=None, token="clip-1"):
        task = task or self._create_portal_task(photo_min=0, video_use="required")
        self.authenticate("olena", PASSWORD)
        return self._call(
            f"/my/rewards/tasks/{task.id}/photos/video",
            token=token, name="clip.mp4", size=len(data), member=self.member.id,
        )  # fmt: skip

    def _send(self, clip, number, data, login="olena", **headers):
        self.authenticate(login, PASSWORD)
        return self.url_open(
            f"/my/rewards/tasks/video/{clip['id']}/{number}"
            f"?csrf_token={Request.csrf_token(self)}",
            data=data[number * PIECE : (number + 1) * PIECE],
            headers={"Content-Type": "application/octet-stream", **headers},
        )

    def test_a_video_arrives_and_is_played_in_parts(self):
        data = video(3 * PIECE + 17)
        clip = self._begin(data)
        self.assertEqual((clip["missing"], clip["piece"]), ([0, 1, 2, 3], PIECE))
        sum_ = hashlib.sha256(data[PIECE : 2 * PIECE]).hexdigest()
        self.assertEqual(self._send(clip, 1, data, **{"X-Piece-Sha256": sum_}).json(),
                         {"arrived": 1})  # fmt: skip
        wrong = self._send(clip, 2, data, **{"X-Piece-Sha256": sum_})
        self.assertEqual(
            (wrong.status_code, wrong.json()["code"]), (422, "piece_damaged")
        )
        finish = f"/my/rewards/tasks/video/{clip['id']}/finish"
        self.assertEqual(self._call(finish)["missing"], [0, 2, 3])
        for number in (3, 0, 2, 2):
            self.assertEqual(self._send(clip, number, data).status_code, 200)
        self.assertEqual(self._call(finish)["state"], "ready")
        url = f"/my/rewards/tasks/video/{clip['id']}"
        part = self._get(url, headers={"Range": f"bytes={PIECE - 3}-{PIECE + 4}"})
        self.assertEqual((part.status_code, part.content),
                         (206, data[PIECE - 3 : PIECE + 5]))  # fmt: skip
        self.assertEqual(part.headers["Content-Type"], "video/mp4")
        self.assertEqual(self._get(url, login="petro").status_code, 404)

    def test_pieces_of_others_and_garbage(self):
        data = video(100_000)
        clip = self._begin(data)
        self.assertEqual(self._send(clip, 0, data, login="petro").status_code, 404)
        no_video = self._send(clip, 0, bytes(100_000))
        self.assertIn("This is no video", no_video.json()["error"])
        too_long = self.url_open(
            f"/my/rewards/tasks/video/{clip['id']}/0"
            f"?csrf_token={Request.csrf_token(self)}",
            data=bytes(PIECE + 100_000),
            headers={"Content-Type": "application/octet-stream"},
        )
        self.assertEqual(too_long.status_code, 413)
        unsigned = self.url_open(
            f"/my/rewards/tasks/video/{clip['id']}/0", data=data,
            headers={"Content-Type": "application/octet-stream"},
        )  # fmt: skip
        self.assertEqual(unsigned.status_code, 400)
        for params in (
            {"token": 7, "name": None, "size": "x"},
            {"token": "a", "name": "b", "size": -1},
            {"token": "a", "name": "b", "size": True},
            {"token": "a", "name": "b", "size": 9e99},
        ):  # fmt: skip
            answer = self._call(self.url + "/video", member="x", **params)
            self.assertIn("error", answer)


@tagged("post_install", "-at_install")
class TestActivityTour(ActivityPortalCommon, HttpCase):
    """On a cheap phone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_sent_back_and_accepted(self):
        self.start_tour(self.url, "b2b2c_activity_hand_in", login="olena")
        one = self._find()
        self.assertEqual(
            (one.state, one.photo_count, one.note, one.score),
            ("handed_in", 2, "The new poster hangs", 5),
        )
        self._answer(one, "send_back", "blurred", "Nearer, please")
        self.start_tour(self.url, "b2b2c_activity_again", login="olena")
        one.invalidate_recordset()
        self.assertEqual((one.state, one.attempt, one.photo_count), ("handed_in", 2, 2))
        self._as_officer(one).action_accept()
        self.assertEqual(self.account.balance_available, 50)

    def test_a_video_across_a_lost_network(self):
        task = self._create_portal_task(photo_max=0, photo_min=0, video_use="required")
        url = f"/my/rewards/tasks/{task.id}/photos"
        self.start_tour(url, "b2b2c_activity_video", login="olena")
        clip = self._find(task)._get_video()
        self.assertEqual((clip.state, clip.size), ("ready", 9 * 1024 * 1024))
        content = clip.attachment_id.raw
        self.assertEqual((len(content), content[4:12]), (clip.size, b"ftypisom"))
