"""The desk in a real browser: three submissions, worked off with keys only."""

import base64
from datetime import date, timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged

from .activity_common import ActivityCommon, photo


@tagged("post_install", "-at_install")
class TestActivityDeskTour(ActivityCommon, HttpCase):
    browser_size = "1366x768"
    days = {
        "first_day": date.today() - timedelta(days=2),
        "last_day": date.today() + timedelta(days=9),
    }

    def test_keys_are_enough(self):
        self.desk_user.password = "desk"
        sample = {"name": "Three rows", "image": base64.b64encode(photo(9))}
        task = self._create_task(
            criteria=[("Three rows", 5)], sample_ids=[Command.create(sample)]
        )
        anna, bohdan, clara = (
            self._hand_in(member, photo(number), task=task)
            for number, member in enumerate(self.sellers)
        )
        clara.photo_ids.write(
            {"alike_id": anna.photo_ids.id, "signs": ["alike"], "look_state": "done"}
        )
        for minutes, one in enumerate((anna, bohdan, clara)):
            one.handed_in_at -= timedelta(minutes=9 - minutes)
        action = "loyalty_b2b2c.b2b2c_activity_submission_action"
        self.start_tour(f"/odoo/action-{action}", "b2b2c_activity_desk", login="desk")
        self.env.invalidate_all()
        self.assertEqual(
            [(one.state, one.reason_code) for one in (anna, bohdan, clara)],
            [("accepted", False), ("sent_back", "blurred"), ("refused", "again")],
        )
