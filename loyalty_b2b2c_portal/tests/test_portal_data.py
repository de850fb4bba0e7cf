"""A person ends, is forgotten, or takes that back; nobody does so for another."""

import io
import json
import zipfile

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PASSWORD, PortalCommon

PAGE = "/my/rewards/data"


@tagged("post_install", "-at_install")
class TestPortalData(PortalCommon, HttpCase):
    def _post(self, action, login="olena", **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(f"{PAGE}/{action}", data=data)

    def _activities(self):
        return self.member.activity_ids.filtered(
            lambda activity: activity.summary == "Erase the personal data"
        )

    # === A COPY === #

    def test_a_copy_is_of_the_own_data(self):
        answer = self._post("copy")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        person = json.loads(archive.read("person.json"))
        self.assertIn(self.member.email, json.dumps(person))
        self.assertNotIn(self.other_member.email, json.dumps(person))

    # === LEAVING === #

    def test_one_ends_at_once_and_keeps_the_points(self):
        self.account._earn(40, source_key="data/earn")
        page = self._post("leave", member=self.member.id)
        self.assertEqual(page.status_code, 400)
        self.assertIn("Tick the box", page.text)
        self.assertEqual(self.member.state, "enrolled")
        page = self._post("leave", member=self.member.id, sure="1")
        self.assertIn("Your participation ended", page.text)
        self.assertEqual(self.member.state, "left")
        self.assertEqual(self.account.balance_available, 40)

    def test_nobody_ends_for_another(self):
        self._post("leave", member=self.other_member.id, sure="1")
        self.assertEqual(self.other_member.state, "enrolled")
        self.assertEqual(self.member.state, "enrolled")

    # === BEING FORGOTTEN === #

    def test_the_password_is_asked(self):
        with mute_logger("odoo.addons.base.models.res_users"):
            page = self._post("erase", password="wrong")
        self.assertEqual(page.status_code, 400)
        self.assertIn("This is not your password.", page.text)
        self.assertFalse(self.member.erasure_asked_at)
        self.assertEqual(self.member.state, "enrolled")

    def test_a_manager_is_told_and_nothing_is_earned_meanwhile(self):
        self.company.b2b2c_manager_id = self.env.user
        page = self._post("erase", password=PASSWORD)
        self.assertIn("You asked for it on", page.text)
        self.assertTrue(self.member.erasure_asked_at)
        self.assertEqual(self.member.state, "left")
        self.assertEqual(self._activities().user_id, self.env.user)
        self._post("erase", password=PASSWORD)
        self.assertEqual(len(self._activities()), 1, "asked once")

    def test_it_can_be_taken_back(self):
        self.company.b2b2c_manager_id = self.env.user
        self._post("erase", password=PASSWORD)
        page = self._post("erase", keep="1")
        self.assertIn("Your data stay", page.text)
        self.assertFalse(self.member.erasure_asked_at)
        self.assertFalse(self._activities())

    def test_after_the_erasure_nothing_is_asked_any_more(self):
        self._post("erase", password=PASSWORD)
        self.member._erase("asked on the portal")
        self.assertTrue(self.member.erased_at)
        self.assertFalse(self.member.erasure_asked_at)

    def test_passwords_are_tried_five_times_an_hour(self):
        user = self.user
        with mute_logger("odoo.addons.base.models.res_users"):
            for _try in range(5):
                with self.assertRaisesRegex(UserError, "not your password"):
                    self.member._ask_for_erasure(user, "wrong")
            with self.assertRaisesRegex(UserError, "Too many"):
                self.member._ask_for_erasure(user, PASSWORD)
        self.assertEqual(self.member.state, "enrolled")

    def test_it_is_for_participants(self):
        self._create_portal_user("guest")
        self.assertEqual(self._get(PAGE, login="guest").status_code, 404)
