"""The voucher on the phone: who sees its code, after what, and who does not."""

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.models.vouchers.b2b2c_redemption import SHOWN_PER_HOUR
from odoo.addons.loyalty_b2b2c.tests.vouchers.voucher_kit import VoucherCommon, use_key

from .common import PASSWORD, PortalCommon

REQUESTS = "/my/rewards/requests"
CONTROLLER = "odoo.addons.loyalty_b2b2c_portal.controllers.vouchers"


@tagged("post_install", "-at_install")
class TestPortalVouchers(VoucherCommon, PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.write(
            {
                "instructions": "At the box office\nnot on Mondays",
                "link": "https://cinema.example/?c={code}",
            }
        )
        content = b"Code;PIN;Valid until\nAAAA-1111-CCCC;0042;31.12.2099\n"
        cls._import(content=content)
        cls.request = cls.env["b2b2c.redemption"]._request(
            cls.member, cls.ticket, request_key="portal"
        )
        cls.page = f"{REQUESTS}/{cls.request.id}/voucher"

    def _show(self, login="olena", token=True):
        self.authenticate(login, PASSWORD)
        data = {"csrf_token": Request.csrf_token(self) if token else "none"}
        return self.url_open(f"{self.page}/show", data=data)

    def _count_showings(self):
        self.env.invalidate_all()
        return len(self.request.voucher_showing_ids)

    def test_the_way_from_the_requests(self):
        text = self._get(REQUESTS).text
        self.assertIn(f'href="{self.page}"', text)
        self.assertIn("Open the voucher", text)
        self.assertNotIn("AAAA-1111", text)

    def test_opening_the_page_shows_no_code(self):
        answer = self._get(self.page)
        for words in ("Cinema Kyiv", "Show the code", "not on Mondays", "Dec 31, 2099"):
            self.assertIn(words, answer.text)
        self.assertNotIn("AAAA-1111", answer.text)
        self.assertEqual(self._count_showings(), 0)

    def test_a_tap_shows_it_and_is_written_down(self):
        answer = self._show()
        self.assertEqual(answer.status_code, 200)
        for words in ("AAAA-1111-CCCC", "0042", "data:image/png;base64,",
                      'href="https://cinema.example/?c=AAAA-1111-CCCC"'):  # fmt: skip
            self.assertIn(words, answer.text)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self._count_showings(), 1)
        self.assertEqual(self.request.voucher_showing_ids.user_id, self.user)

    def test_nobody_else_sees_it(self):
        for login in ("petro", "pooling"):
            with self.subTest(login):
                self._set_password()
                self.assertEqual(self._get(self.page, login).status_code, 404)
                self.assertEqual(self._show(login).status_code, 404)
        self.assertIn("/web/login", self._get(self.page, None).url)
        self.assertEqual(self._count_showings(), 0)

    def _set_password(self):
        self.manager.password = PASSWORD

    def test_a_link_of_somebody_else_shows_nothing(self):
        """The code is there for a form of ours only, not for a link."""
        with mute_logger("odoo.http"):
            self.assertEqual(self._show(token=False).status_code, 400)
            self.assertEqual(self._get(f"{self.page}/show").status_code, 405)
        self.assertEqual(self._count_showings(), 0)

    def test_too_often(self):
        for _look in range(SHOWN_PER_HOUR):
            self.env["b2b2c.hour.count"]._count(
                self.company, f"voucher_shown/m{self.member.id}"
            )
        answer = self._show()
        self.assertEqual(answer.status_code, 429)
        self.assertIn("try again in an hour", answer.text)
        self.assertNotIn("AAAA-1111", answer.text)
        self.assertEqual(self._count_showings(), 0)

    def test_without_the_key(self):
        with use_key(), self.assertLogs(CONTROLLER, "WARNING") as logs:
            answer = self._show()
        self.assertEqual(answer.status_code, 503)
        self.assertIn("nothing is lost", answer.text)
        self.assertNotIn("B2B2C_VOUCHER_KEY", answer.text)
        self.assertIn("B2B2C_VOUCHER_KEY", logs.output[0])
        self.assertEqual(self._count_showings(), 0)

    def test_what_is_no_voucher_has_no_page(self):
        mug = self.env["b2b2c.redemption"]._request(
            self.member, self.mug, request_key="mug"
        )
        mug._fulfil(self.officer)
        answer = self._get(f"{REQUESTS}/{mug.id}/voucher")
        self.assertEqual(answer.status_code, 404)
