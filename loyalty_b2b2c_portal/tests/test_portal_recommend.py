"""The page with which a participant recommends."""

import re

import pypdfium2

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.sharing.test_sharing import SharingCommon

from .common import PASSWORD, PortalCommon

URL = "/my/rewards/recommend"


@tagged("post_install", "-at_install")
class TestPortalRecommend(SharingCommon, PortalCommon, HttpCase):
    """Olena takes part and has not recommended yet; Iryna is somebody else."""

    def _post(self, login="olena", **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(URL, data=data)

    def _begin(self):
        self._post(begin="1", member=self.member.id, campaign=self.campaign.id)
        return self.links.sudo().search([("member_id", "=", self.member.id)])

    def test_a_code_for_who_asks_for_one(self):
        self.assertIn("o_b2b2c_recommend_link", self._get("/my/rewards").text)
        page = self._get(URL).text
        self.assertIn("Get my code", page)
        self.assertFalse(self.links.sudo().search([("member_id", "=", self.member.id)]))
        link = self._begin()
        page = self._get(URL).text
        for words in (link.code, link.url, "wa.me", "viber://", "t.me/share", "sms:"):
            self.assertIn(words, page)
        self.assertIn("It costs nothing, and you need not buy anything.", page)
        self.assertEqual(self._begin(), link)

    def test_nobody_recommends_without_agreeing(self):
        terms = self.env["b2b2c.referral.terms"].create({"company_id": self.company.id})
        offer = {"begin": "1", "member": self.member.id, "campaign": self.campaign.id}
        for agreed in ("", "0", "x"):
            response = self._post(**offer, agreed=agreed)
            self.assertEqual(response.status_code, 400)
            self.assertIn("tick the box", response.text)
        self.assertFalse(self.links.sudo().search([("member_id", "=", self.member.id)]))
        self._post(**offer, agreed=terms.id)
        link = self.links.sudo().search([("member_id", "=", self.member.id)])
        self.assertEqual(link.terms_id, terms)
        newer = terms.create({"company_id": self.company.id, "body": "<p>Newer</p>"})
        self.assertIn("There are new terms", self._get(URL).text)
        self._post(**offer, agreed=newer.id)
        self.assertTrue(link._has_agreed())

    def test_what_came_of_it_without_names(self):
        link = self._begin()
        self.touches._touch(link, "page", visitor="one")
        order = self._buy(self.petro, link)
        page = self._get(URL).text
        figures = re.findall(r"o_b2b2c_kit_(seen|used|bought)[^>]*>(\d+)<", page)
        self.assertEqual(figures, [("seen", "1"), ("used", "1"), ("bought", "1")])
        self.assertIn("P. M.", page)
        for secret in ("Petro Melnyk", "Melnyk", self.petro.email, order.name):
            self.assertNotIn(secret, page)

    def test_papers_are_the_own_ones(self):
        link = self._begin()
        self._get(URL)
        for paper in ("a4", "a5", "table", "cards"):
            response = self.url_open(f"{URL}/{link.id}/{paper}.pdf")
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
            self.assertEqual(len(pypdfium2.PdfDocument(response.content)), 1)
        for path in (f"{self.link.id}/a4.pdf", f"{link.id}/a3.pdf", "0/a4.pdf"):
            self.assertEqual(self.url_open(f"{URL}/{path}").status_code, 404)

    def test_how_somebody_is_called(self):
        link = self._begin()
        self._post(link=link.id, shown_name="  Aunt   Olena ")
        self.assertEqual(link.shown_name, "Aunt Olena")
        response = self._post(link=link.id, shown_name="www.buy-here.example")
        self.assertEqual(response.status_code, 400)
        self.assertIn("no links in it", response.text)
        self.assertEqual(link.shown_name, "Aunt Olena")
        self._post(link=link.id, shown_name="")
        self.assertFalse(link.shown_name)

    def test_nobody_touches_the_link_of_another_one(self):
        name = self.link.shown_name
        response = self._post(link=self.link.id, shown_name="Mine")
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self.link.shown_name, name)
        for member, campaign in ((self.iryna.id, self.campaign.id), ("x", "0")):
            response = self._post(begin="1", member=member, campaign=campaign)
            self.assertEqual(response.status_code, 404)

    def test_an_sms_by_us(self):
        link = self._begin()
        response = self._post(link=link.id, sms="1", number="+380 50 999 88 77")
        self.assertIn("agreed to SMS about recommendations", response.text)
        response = self._post(link=link.id, sms="1", number="call me")
        self.assertEqual(response.status_code, 400)
        self.assertIn("is not a phone number", response.text)

    def test_sharing_on_a_phone(self):
        self.browser_size, self.touch_enabled = "375x667", True
        self.start_tour("/my/rewards", "b2b2c_portal_recommend", login="olena")
        link = self.links.sudo().search([("member_id", "=", self.member.id)])
        self.assertEqual(link.state, "active")
