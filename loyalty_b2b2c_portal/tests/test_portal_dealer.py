"""The page of a dealer's own people."""

import re

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.dealers.test_ladder import LadderCommon

from .common import PortalCommon

URL = "/my/rewards/dealer"


@tagged("post_install", "-at_install")
class TestPortalDealer(PortalCommon, LadderCommon, HttpCase):
    """The client is a dealer; its buyer has a login, so has the shop's owner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_portal_user(
            "buyer",
            cls.env["res.partner"].create(
                {"name": "Buyer", "parent_id": cls.client.id}
            ),
        )

    def _text(self, login="buyer"):
        response = self._get(URL, login=login)
        self.assertEqual(response.status_code, 200)
        page = re.sub(r"<[^>]+>", " ", response.text.split("o_b2b2c_dealer")[1])
        return re.sub(r"\s+", " ", page.replace("\N{NO-BREAK SPACE}", " "))

    def test_public_is_sent_to_the_login(self):
        response = self._get(URL, login=None, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_for_others_it_does_not_exist(self):
        for login in ("buyer", "olena", "petro"):
            self.assertEqual(self._get(URL, login=login).status_code, 404, "no dealer")
        self._create_dealer(self._create_ladder())
        # Olena works at the dealer's, but is no owner: prices are not her business
        self.assertEqual(self._get(URL, login="olena").status_code, 404)

    def test_why_what_is_missing_what_comes_and_what_happened(self):
        with freeze_time("2026-01-15 10:00:00"):
            self._create_dealer(self._create_ladder())
            self._sell(9876)
            for login in ("buyer", "petro"):
                text = self._text(login)
                self.assertIn("5 % since Jan 15, 2026", text)
                self.assertIn("$ 987,600 ordered", text)
                self.assertIn("$ 12,400 more until Apr 14 → 10 %", text)
                self.assertIn("On Apr 15 $ 987,600 stop counting", text)
                self.assertIn("Volume grew", text)
                self.assertIn("from $ 1,000,000", text)
            self.assertIn("<svg", self._get(URL, login="buyer").text)

    def test_what_the_discount_was_worth_this_year(self):
        with freeze_time("2025-12-10 10:00:00"):
            self._create_dealer(self._create_ladder())
            self._sell(1000)
            self._sell(100)  # 500.00 less, last year
        with freeze_time("2026-01-15 10:00:00"):
            self.assertNotIn("You saved", self._text())
            self._sell(10)  # 950.00 instead of 1,000.00
            self.assertIn("You saved $ 50.00 by it in 2026.", self._text())

    def test_time_that_passed_is_seen_without_anybody(self):
        with freeze_time("2026-01-15 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(10000)
            self.assertIn("10 % because of $ 1,000,000", self._text())
        with freeze_time("2026-04-15 00:00:00"):
            self.assertIn("0 % because of $ 0 ordered", self._text())
        self.env.invalidate_all()
        self.assertEqual(dealer.tier_id.discount, 0)

    def test_the_rewards_page_leads_a_dealers_people_there(self):
        self.assertNotIn(URL, self._get("/my/rewards", login="buyer").text)
        self._create_dealer(self._create_ladder())
        for login, leads in (("petro", True), ("olena", False)):
            text = self._get("/my/rewards", login=login).text
            self.assertEqual(f'href="{URL}"' in text, leads, login)
        # the buyer takes part in no program: a page with this one button is left out
        response = self._get("/my/rewards", login="buyer")
        self.assertTrue(response.url.endswith(URL), response.url)

    def test_the_home_page_leads_there(self):
        self._create_dealer(self._create_ladder())
        self.assertIn(URL, self._get("/my", login="buyer").text)
        self.assertEqual(
            self.make_jsonrpc_request(
                "/my/counters", {"counters": ["b2b2c_dealer_count"]}
            ),
            {"b2b2c_dealer_count": 1},
        )

    def test_who_is_let_go_sees_nothing_any_more(self):
        dealer = self._create_dealer(self._create_ladder())
        dealer.action_end()
        self.assertEqual(self._get(URL, login="buyer").status_code, 404)
