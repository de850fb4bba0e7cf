"""The own card on the phone: shown, replaced, and a code by SMS instead."""

import re
from base64 import b64decode
from datetime import date
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.people.member_code import read_code, shown_code

from .common import PASSWORD, PortalCommon
from .test_portal_join import PortalJoinCommon

URL, TICKETS = "/my/rewards/card", "/my/rewards/tickets"
_PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


class CardPortalCommon(PortalCommon, HttpCase):
    def _post(self, url, login="olena", **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data)


@tagged("post_install", "-at_install")
class TestPortalCard(CardPortalCommon):
    def test_the_card_needs_no_network_once_it_is_open(self):
        page = self._get(URL).text
        self.assertIn(shown_code(self.member.code), page)
        self.assertNotIn(shown_code(self.other_member.code), page)
        pictures = [b64decode(data) for data in _PICTURE.findall(page)]
        self.assertEqual([picture[:4] for picture in pictures], [b"\x89PNG"] * 2)
        self.assertEqual(read_code(self.member._get_card_digits()), self.member.code)

    def test_a_card_is_replaced_by_who_has_it(self):
        old, others = self.member.code, self.other_member.code
        response = self._post(URL, member=self.other_member.id, renew="1")
        self.assertEqual(self.other_member.code, others)
        response = self._post(URL, member=self.member.id, renew="1")
        self.assertIn("This is your new card", response.text)
        self.assertNotEqual(self.member.code, old)
        self.assertIn(shown_code(self.member.code), response.text)
        for _again in range(5):
            response = self._post(URL, member=self.member.id, renew="1")
        self.assertEqual(response.status_code, 400)

    def test_a_code_by_sms_stands_for_the_card(self):
        before = self.env["sms.sms"].search([])
        response = self._post(URL, member=self.member.id, sms="1")
        self.assertIn("An SMS with a code is on its way", response.text)
        sms = self.env["sms.sms"].search([]) - before
        code = re.search(r"\d{8}", sms.body).group()
        self.assertNotIn(code, response.text)
        shown = self.member._find_shown(code, self.company, "u1")
        self.assertEqual((shown.member, shown.way), (self.member, "code"))
        self.env.cr.execute("DELETE FROM b2b2c_address_proof")
        response = self._post(URL, member=self.member.id, sms="1")
        self.assertIn("No code was sent", response.text)

    def test_who_left_has_no_card(self):
        self.member.action_leave()
        self.assertNotIn('<img class="o_b2b2c_card', self._get(URL).text)
        self.assertFalse(_PICTURE.findall(self._get(URL).text))


@tagged("post_install", "-at_install")
class TestPortalTickets(CardPortalCommon):
    """What a ticket is, an add-on of tills knows; the page asks it."""

    def setUp(self):
        super().setUp()
        self.asked = []

        def name(tickets, members, number, day, total):
            self.asked.append((members, number, day, str(total)))
            return ("Nothing there", False) if number == "1" else ("", True)

        for method, answer in (
            ("_is_offered", lambda *args: True),
            ("_name_ticket", name),
        ):
            tickets = self.registry["b2b2c.late.ticket"]
            patcher = patch.object(tickets, method, answer)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_what_stands_on_the_ticket_is_asked(self):
        self.assertIn(TICKETS, self._get("/my/rewards").text)
        response = self._post(TICKETS, number="26A-1-7", day="2026-11-30", total="9,90")
        self.assertIn("The points of this ticket are yours", response.text)
        response = self._post(TICKETS, number="1", day="2026-11-30", total="10.00")
        self.assertEqual(response.status_code, 400)
        self.assertIn("Nothing there", response.text)
        self.assertIn('value="10.00"', response.text)
        day = date(2026, 11, 30)
        self.assertEqual(
            self.asked,
            [(self.member, "26A-1-7", day, "9.90"), (self.member, "1", day, "10.00")],
        )

    def test_what_cannot_be_read_is_said(self):
        for facts, words in (
            ({"day": "yesterday", "total": "9.90"}, "Enter the day"),
            ({"day": "2026-11-30", "total": "1.234"}, "1.234"),
            ({"day": "2026-11-30", "total": ""}, "Enter the amount"),
        ):
            response = self._post(TICKETS, number="26A-1-7", **facts)
            self.assertEqual(response.status_code, 400)
            self.assertIn(words, response.text)
        self.assertFalse(self.asked)


@tagged("post_install", "-at_install")
class TestJoinedAtTheTill(PortalJoinCommon, HttpCase):
    def test_who_joins_at_a_till_shows_the_card_there_at_once(self):
        self.invitation = self.invitation.copy(
            {"role": "customer", "approval": "none", "program_ids": []}
        )
        self.path = f"/rewards/join/{self.invitation.token}"
        self.authenticate(None, None)
        self._fill(email="maria@example.com")
        page = self._type_code(self._sent_code("maria@example.com"))
        member = self._last_request().member_id
        self.assertEqual(member.state, "enrolled")
        self.assertIn(shown_code(member.code), page.text)
        shown = member._find_shown(f"M:{member.code}", self.company, "u1")
        self.assertEqual(shown.member, member)
