"""What the pages say."""

from datetime import datetime
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PASSWORD, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalPages(PortalCommon, HttpCase):
    def _counters(self, login):
        self.authenticate(login, PASSWORD)
        return self.make_jsonrpc_request(
            "/my/counters", {"counters": ["b2b2c_reward_count"]}
        )

    # === HOME === #

    def test_home_card_is_for_participants(self):
        self.assertEqual(self._counters("olena"), {"b2b2c_reward_count": 1})
        self._create_portal_user("guest")
        self.assertEqual(self._counters("guest"), {"b2b2c_reward_count": 0})

    def test_home_page_has_the_card(self):
        self.assertIn('href="/my/rewards"', self._get("/my").text)

    # === OVERVIEW === #

    def test_balances_in_plain_words(self):
        self.account._earn(100, source_key="pages/a", reason="Gift")
        self.account._reserve(40, source_key="pages/h")
        text = self._get("/my/rewards").text
        self.assertIn("60 pts", text)
        self.assertIn("40 pts</strong> reserved", text)

    def test_debt_is_explained(self):
        entry = self.account._earn(100, source_key="pages/a")
        self.account._redeem(70, source_key="pages/r")
        self.account._reverse(entry, reason="Goods returned")
        text = self._get("/my/rewards").text
        self.assertIn("0 pts", text)
        self.assertIn("You owe 70 pts: they will be taken from your next points.", text)

    def test_which_company_and_role(self):
        self.assertIn("employee, Office Client", self._get("/my/rewards").text)

    def test_membership_without_points(self):
        self._create_member(
            partner_id=self.member.partner_id.id,
            role="owner",
            employer_id=self.env["res.partner"]
            .create({"name": "Corner Shop", "is_company": True})
            .id,
        )
        text = self._get("/my/rewards").text
        self.assertIn("Shop owner, Corner Shop", text)
        self.assertIn("No points yet", text)

    # === HOSTILE DATA === #

    def test_names_are_text(self):
        evil = "<img src=x onerror=alert(1)>"
        self.client.name = evil + " client"
        self.member.partner_id.name = evil + " person"
        self.unit.write({"name": evil + " unit", "symbol": evil + " pts"})
        program = self._create_program({"name": evil + " rule"}, name=evil + " program")
        order = self._create_order(client_order_ref=evil)
        order.name = evil + " order"
        self._process()
        self.account._earn(1, source_key="pages/x", reason=evil + " reason")
        self.assertTrue(program)
        for url in ("/my/rewards", f"/my/rewards/{self.account.id}", "/my"):
            text = self._get(url).text
            self.assertNotIn("<img src=x", text, url)
        text = self._get(f"/my/rewards/{self.account.id}").text
        for name in ("client", "unit", "rule", "program", "order", "reason"):
            self.assertIn(f"&lt;img src=x onerror=alert(1)&gt; {name}", text)

    def test_no_internal_ids_or_links_to_documents(self):
        order = self._create_order()
        self._create_program()
        self._process()
        text = self._get(f"/my/rewards/{self.account.id}").text
        self.assertIn(order.name, text)
        self.assertNotIn("/my/orders", text.split('id="wrap"')[1])
        self.assertNotIn("sale.order", text)

    # === INVITATION === #

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_invited_participant_sees_the_card(self):
        member = self._create_member(
            name="Nina New", email="nina@example.com", role="salesperson"
        )
        with patch.object(self.env.registry["mail.mail"], "send", lambda *a, **k: True):
            member.action_invite()
        user = member.partner_id.user_ids
        self.assertTrue(user._is_portal())
        user.password = PASSWORD
        text = self._get("/my", login="nina@example.com").text
        self.assertIn('href="/my/rewards"', text)
        self.assertEqual(self._counters("nina@example.com"), {"b2b2c_reward_count": 1})
        self.assertIn(
            "salesperson, Office Client",
            self._get("/my/rewards", login="nina@example.com").text,
        )

    # === TIME ZONE === #

    def test_days_are_those_of_the_reader(self):
        self.account._earn(
            3,
            source_key="pages/tz",
            reason="Night shift",
            effective_at=datetime(2026, 3, 1, 23, 30),
        )
        self.assertIn("Mar 2, 2026", self._get("/my/rewards").text)
