"""A partner looks at settlements, agrees, disputes; people find its shops."""

import re

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.settlements.common import SettlementCommon

from .common import PASSWORD, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalSettlements(SettlementCommon, PortalCommon, HttpCase):
    """A settlement of 5.50 with the jeweller, two receipts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books = cls.env["res.partner"].create(
            {
                "name": "Books of Jeweller",
                "parent_id": cls.jeweller.id,
                "email": "anna@jeweller.example.com",
            }
        )
        cls.agreement.contact_id = cls.books
        cls._create_portal_user("anna", cls.books)
        seller = cls.env["res.partner"].create(
            {"name": "Seller", "parent_id": cls.jeweller.id}
        )
        cls._create_portal_user("seller", seller)

    def _get_sent(self):
        self._sell(100, "2026-10-02")
        self._sell(100, "2026-10-20", self.other_shop)
        return self._send(self._settle())

    def _post(self, url, login="anna", files=None, **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data, files=files)

    def _see(self, url, login="anna"):
        return re.sub(r"\s+", " ", self._get(url, login=login).text)

    def test_the_partner_reads_and_agrees(self):
        settlement = self._get_sent()
        self.assertIn(settlement.name, self._see("/my/settlements"))
        self.assertIn('href="/my/settlements"', self._see("/my/rewards"))
        url = f"/my/settlements/{settlement.id}"
        text = self._see(url)
        self.assertIn("5.50", text)
        self.assertIn("100 points × $ 0.05 × 60 %", text)
        for what in ("paper", "table"):
            self.assertEqual(self._get(f"{url}/{what}", login="anna").status_code, 200)
        self.assertEqual(self._post(f"{url}/agree").status_code, 200)
        self.assertEqual(
            (settlement.state, settlement.agreed_how), ("agreed", "partner")
        )
        again = self._post(f"{url}/agree")
        self.assertEqual(again.status_code, 400)
        self.assertIn("any more", again.text)

    def test_a_line_is_disputed_with_a_file(self):
        settlement = self._get_sent()
        url = f"/my/settlements/{settlement.id}"
        line = settlement.line_ids.sorted("id")[0]
        files = {"file": ("copy.txt", b"our copy says 50", "text/plain")}
        self._post(f"{url}/dispute", files=files, line=line.id, reason="It was 50")
        dispute = settlement.dispute_ids
        self.assertEqual((dispute.line_id, dispute.reason), (line, "It was 50"))
        self.assertEqual(dispute.message_attachment_count, 1)
        text = self._see(url)
        self.assertIn("You said: It was 50", text)
        self.assertIn("3.00", text)
        bad = {"file": ("page.html", b"<script>alert(1)</script>", "text/html")}
        other = settlement.line_ids.sorted("id")[-1]
        response = self._post(f"{url}/dispute", files=bad, line=other.id, reason="look")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(other.is_disputed)
        self._post(f"{url}/write", dispute=dispute.id, text="<b>Please</b> answer")
        text = self._see(url)
        self.assertIn("&lt;b&gt;Please&lt;/b&gt; answer", text)

    def test_nobody_else_sees_it(self):
        settlement = self._get_sent()
        url = f"/my/settlements/{settlement.id}"
        for login in ("olena", "petro", "seller"):
            for page in ("/my/settlements", url, f"{url}/paper", f"{url}/table"):
                self.assertEqual(self._get(page, login=login).status_code, 404, page)
            for action in ("agree", "dispute", "write"):
                self.assertEqual(
                    self._post(f"{url}/{action}", login=login).status_code, 404
                )
        self.assertEqual(settlement.state, "sent")

    def test_a_draft_is_nobodys_yet(self):
        self._sell(100, "2026-10-02")
        draft = self._settle()
        response = self._get(f"/my/settlements/{draft.id}", login="anna")
        self.assertEqual(response.status_code, 404)

    def test_people_find_the_shops(self):
        self.shop.write(
            {
                "street": "Main 1",
                "city": "Lviv",
                "partner_latitude": 49.84,
                "partner_longitude": 24.03,
                "b2b2c_opening_hours": "Mon–Fri 9–18",
            }
        )
        self.other_shop.city = "Kyiv"
        self.assertIn("/my/rewards/places", self._see("/my/rewards", "olena"))
        text = self._see("/my/rewards/places", "olena")
        self.assertIn("geo:49.840000,24.030000", text)
        self.assertIn("Mon–Fri 9–18", text)
        found = self._see("/my/rewards/places?query=kyiv", "olena")
        self.assertIn("Jeweller, South", found)
        self.assertNotIn("Jeweller, North", found)
        self.agreement.can_spend = False
        self.assertIn(
            "No shop was found", self._see("/my/rewards/places?what=spend", "olena")
        )
        self.agreement.action_pause()
        self.assertNotIn("/my/rewards/places", self._see("/my/rewards", "olena"))
