"""The page a recommendation opens: for people and robots, kept, joined, refused."""

import re
from html import unescape

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.sharing.referral_visit import (
    COOKIE,
    write_visit,
)
from odoo.addons.loyalty_b2b2c.tests.sharing.test_sharing import SharingCommon

_META = re.compile(r'<meta property="(og:[a-z:]+)" content="([^"]*)"')
#: What is counted, or would be, when somebody opens a link.
_WRITTEN = ("b2b2c_referral_touch", "b2b2c_referral_use", "b2b2c_hour_count")


@tagged("post_install", "-at_install")
class TestRecommended(SharingCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.path = f"/rewards/r/{self.link.code}"

    def _count_rows(self):
        self.env.flush_all()
        counts = {}
        for table in _WRITTEN:
            self.env.cr.execute(f"SELECT count(*) FROM {table}")
            counts[table] = self.env.cr.fetchone()[0]
        return counts

    def _use(self, path=None, **data):
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(f"{path or self.path}/use", data=data)

    def _open_from(self, text):
        """Open the page with a cookie."""
        self.opener.cookies.set(COOKIE, text, domain="127.0.0.1")
        return self.url_open(self.path).text

    # === LOOKING === #

    def test_what_is_offered_and_by_whom(self):
        page = self.url_open(self.path).text
        for words in (
            "10 % off your first purchase",
            "Iryna recommends us",
            "For new customers.",
            "remembers the code for 30 days",
            self.link.code,
        ):
            self.assertIn(words, page)
        self.assertNotIn("Bondar", page)  # the first name, as she chose
        self.assertNotIn(self.iryna.email, page)

    def test_a_robot_writes_nothing_and_sees_a_preview(self):
        before = self._count_rows()
        robot = {"User-Agent": "WhatsApp/2.23.20.0", "Accept-Language": "uk"}
        for _time in range(3):
            response = self.url_open(f"{self.path}?c=whatsapp", headers=robot)
            self.assertEqual((response.status_code, response.history), (200, []))
        self.assertEqual(self._count_rows(), before)
        shown = dict(_META.findall(response.text))
        self.assertEqual(shown["og:title"], "10 % off your first purchase")
        self.assertEqual(shown["og:url"], self.link.url)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        picture = self.url_open(shown["og:image"].replace(self.base_url(), ""))
        self.assertEqual(picture.headers["Content-Type"], "image/jpeg")
        self.assertLess(len(picture.content), 300_000)
        self.assertEqual(self._count_rows(), before)

    def test_a_scanned_code_is_upper_case(self):
        response = self.url_open(self.path.upper())
        self.assertIn("Iryna recommends us", response.text)

    def test_a_person_counts_once_a_day(self):
        self.url_open(self.path)
        for _time in range(2):
            self.make_jsonrpc_request(f"{self.path}/opened", {"way": "viber"})
        [touch] = self.touches.sudo().search([("link_id", "=", self.link.id)])
        self.assertEqual((touch.channel, touch.way), ("page", "viber"))

    # === USING === #

    def test_kept_on_the_phone_when_the_person_says_so(self):
        self.assertNotIn(COOKIE, self.opener.cookies)
        self.assertNotIn("Show this at the till", self.url_open(self.path).text)
        page = self._use(way="telegram").text
        self.assertIn("Show this at the till", page)
        self.assertIn("data:image/svg+xml", page)
        self.assertEqual(self.touches.sudo().search([]).way, "telegram")
        self.assertIn("Show this at the till", self.url_open(self.path).text)

    def test_a_cookie_is_the_one_of_this_link_and_in_time(self):
        other = self._get_link(self._create_recommender("Taras Bulba"))
        self.assertNotIn("Show this", self._open_from(write_visit(other)))
        self.assertNotIn("Show this", self._open_from("forged"))
        self.assertIn("Show this", self._open_from(write_visit(self.link)))

    def test_who_joins_is_bound(self):
        invitation = self.env["b2b2c.invitation"].create(
            {
                "role": "customer",
                "employer_id": self.company.partner_id.id,
                "company_id": self.company.id,
                "program_ids": [fields.Command.set(self.program.ids)],
                "approval": "none",
            }
        )
        self.campaign.invitation_id = invitation
        page = self._use().text
        self.assertIn(f"/rewards/join/{invitation.token}", page)
        joins = self.env["b2b2c.join"]
        before = joins.search([])
        self.url_open(
            f"/rewards/join/{invitation.token}",
            data={
                "name": "Nadia New",
                "email": "nadia@example.com",
                "consent": "1",
                "csrf_token": Request.csrf_token(self),
            },
        )
        joining = joins.search([]) - before
        self.assertEqual(joining.referral_link_id, self.link)
        joining.email_ok = True
        joining._finish()
        self.assertEqual(joining.state, "joined")
        person = joining.member_id.partner_id
        self.assertEqual(self._get_brought(person), [(self.iryna, "active")])

    # === BAD INPUT === #

    def test_one_clear_sentence(self):
        taras = self._get_link(self._create_recommender("Taras Bulba"))
        taras.valid_until = fields.Date.subtract(fields.Date.today(), days=2)
        paused = self._get_link(self._create_recommender("Pavlo Paused"))
        paused.member_id.action_suspend()
        for code, status, words in (
            ("IRYNA-", 404, "the link was cut on its way"),
            ("IRYNA", 404, "the link was cut on its way"),
            ("%F0%9F%8E%81", 404, "This is no code of a recommendation"),
            (taras.code, 410, "This recommendation has ended"),
            (paused.code, 410, "not valid at the moment"),
        ):
            with self.subTest(words=words, code=code):
                response = self.url_open(f"/rewards/r/{code}")
                self.assertEqual(response.status_code, status)
                self.assertIn(words, unescape(response.text))
                self.assertNotIn("o_b2b2c_recommended_use", response.text)
                used = self._use(f"/rewards/r/{code}")
                self.assertEqual(used.status_code, status)
        self.assertEqual(self.touches.sudo().search_count([]), 0)

    def test_who_guesses_gets_no_answer_not_even_to_a_right_code(self):
        for number in range(30):
            self.url_open(f"/rewards/r/GUESS-{number:04}-2222")
        response = self.url_open(self.path)
        self.assertEqual(response.status_code, 429)
        self.assertIn("Try again in an hour", response.text)
