"""Who was shown at a counter: by a card, by a code from an SMS, by a phone number."""

import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import hash_sign

from ...engine.keyboards import LAYOUTS
from ...exceptions import LoyaltyError, ShownTooLongAgo
from ...models.cards import b2b2c_member as cards
from ...models.people.member_code import new_code, read_code, to_digits
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCards(LoyaltyCommon):
    """Olena works for the client and buys for herself with the same phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["b2b2c.member"]
        cls.buyer = cls._create_member(
            partner_id=cls.member.partner_id.id, role="customer"
        )
        cls.phone = cls.member.partner_id._get_loyalty_phone()

    def _show(self, text, company=None, asker="u1"):
        shown = self.members._find_shown(text, company or self.company, asker)
        return shown.member, shown.way

    # === THE CODE OF A CARD === #

    def test_all_forms_of_a_code_are_one(self):
        code = self.buyer.code
        for text in (code, f"M:{code}", f"m:{code.lower()}", to_digits(code)):
            with self.subTest(text=text):
                self.assertEqual(self._show(text), (self.buyer, "card"))

    def test_a_scanner_on_a_keyboard_of_another_layout(self):
        """Each layout turns what is scanned into what its keys say."""
        for layout, keys in LAYOUTS.items():
            types = {scanned: typed for typed, scanned in keys.items()}
            for text in (f"M:{self.buyer.code}", to_digits(self.buyer.code)):
                typed = "".join(types.get(one, one) for one in text)
                with self.subTest(layout=layout, typed=typed):
                    self.assertEqual(self._show(typed), (self.buyer, "card"))

    def test_digits_are_read_back(self):
        for code in (*(new_code() for _round in range(50)), "0" * 16, "Z" * 16):
            digits = to_digits(code)
            self.assertEqual((len(digits), digits[:3]), (29, "049"))
            self.assertEqual(read_code(digits), code)
            wrong = digits[:5] + str((int(digits[5]) + 1) % 10) + digits[6:]
            self.assertIsNone(read_code(wrong), "its check digit is of another number")

    def test_foreign_barcodes_name_nobody(self):
        for text in (
            None, 7, "", "M:", "4820000000017", "049000050103", "\x00", "9" * 400,
            f"049{'9' * 26}", "(01)09501101020917", new_code(), "H:" + new_code(),
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertFalse(self._show(text)[0])

    def test_a_card_that_was_replaced(self):
        old = self.buyer.code
        self.buyer.action_renew_code()
        self.assertFalse(self._show(old)[0])
        self.assertEqual(self._show(self.buyer.code)[0], self.buyer)

    def test_who_is_paused_is_nobody(self):
        code = self.buyer.code
        self.buyer.action_suspend()
        self.assertFalse(self._show(code)[0])
        self.member.action_leave()
        self.assertFalse(self._show(self.phone)[0])

    def test_a_buyer_is_an_end_customer_first(self):
        self.assertEqual(self._show(self.member.code)[0], self.buyer)
        self.buyer.action_leave()
        self.assertEqual(self._show(self.member.code)[0], self.member)

    def test_a_card_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(self._show(self.buyer.code, company)[0])
        program = self._create_program()
        program.source_company_ids = self.company | company
        self.assertEqual(self._show(self.buyer.code, company)[0], self.buyer)

    def test_the_card_on_paper(self):
        html = self.env["ir.actions.report"]._render_qweb_html(
            "loyalty_b2b2c.b2b2c_member_card_report", self.buyer.ids
        )[0]
        self.assertEqual(html.count(b"data:image/png;base64,"), 2)
        self.assertIn(self.buyer._get_card_text().encode(), html)
        self.assertIn(b"Olena Kovalenko", html)

    # === PHONE NUMBER AND CODE BY SMS === #

    def test_a_phone_number_proves_nothing(self):
        shown = self.members._find_shown(self.phone, self.company, "u1")
        self.assertEqual((shown.member, shown.way), (self.buyer, "phone"))
        self.assertFalse(shown.is_proved)
        self.assertEqual(self._show("+380 (67) 123-45-67")[0], self.buyer)

    def test_a_phone_number_that_was_not_proved(self):
        self.env.cr.execute("DELETE FROM b2b2c_address_proof")
        self.assertFalse(self._show(self.phone)[0])

    def test_a_phone_number_of_two_people(self):
        self._create_member(name="Ivan Kovalenko", email="ivan@example.com")
        self.assertFalse(self._show(self.phone)[0])

    def _send(self, text=None):
        """Let a code be sent by phone number; return it as the SMS says, or nothing."""
        before = self.env["sms.sms"].search([])
        self.members._send_card_code(text or self.phone, self.company, "u1")
        sent = self.env["sms.sms"].search([]) - before
        return re.search(r"\d{8}", sent.body).group() if sent else ""

    def test_a_code_names_once(self):
        code = self._send()
        spoken = f"{code[:4]} {code[4:]}"
        self.assertEqual(self._show(spoken), (self.buyer, "code"))
        self.assertFalse(self._show(spoken)[0])

    def test_a_new_code_voids_the_one_before(self):
        first, second = self._send(), self._send()
        self.assertFalse(self._show(first)[0])
        self.assertEqual(self._show(second)[0], self.buyer)

    def test_a_code_is_of_no_use_after_ten_minutes(self):
        code = self._send()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertFalse(self._show(code)[0])

    def test_a_code_is_stored_nowhere(self):
        code = self._send()
        self.env.cr.execute("SELECT code_hash FROM b2b2c_card_code")
        [(stored,)] = self.env.cr.fetchall()
        self.assertNotIn(code, stored)
        messages = self.env["b2b2c.notification"].search([("kind", "=", "card_code")])
        self.assertNotIn(code, str(messages.read()))

    def test_nobody_hears_of_a_number_that_nobody_has(self):
        self.assertEqual(self._send("+380 50 000 00 00"), "")

    def test_five_codes_an_hour(self):
        codes = [self._send() for _time in range(7)]
        self.assertEqual(list(map(bool, codes)), [True] * 5 + [False] * 2)

    def test_who_guesses_is_stopped_and_scans_on(self):
        with patch.object(cards, "GUESSES", 3):
            for number in range(3):
                self.assertFalse(self._show(f"+38050000000{number}")[0])
            with self.assertRaisesRegex(LoyaltyError, "Too many searches"):
                self._show(self.phone)
            self.assertEqual(self._show(self.buyer.code)[0], self.buyer)
            self.assertEqual(self._show(self.phone, asker="u2")[0], self.buyer)

    # === WHAT A TILL HOLDS === #

    def test_a_ticket_is_of_its_company_and_no_other(self):
        ticket = self.buyer._sign_shown("card", self.company)
        shown = self.members._read_shown(ticket, self.company)
        self.assertEqual((shown.member, shown.is_proved), (self.buyer, True))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        for text, company in (
            (ticket, other), (ticket[:-2], self.company), (None, self.company),
            ("", self.company), (self.buyer.code, self.company), ("é", self.company),
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertFalse(self.members._read_shown(text, company).member)

    def test_a_ticket_pays_while_the_person_is_there(self):
        """Who bought is told whenever there is a network; points leave at once."""
        with freeze_time("2026-03-10 10:00:00"):
            ticket = self.buyer._sign_shown("card", self.company)
        for moment, pays in (
            ("2026-03-10 10:00:00", True),
            ("2026-03-10 12:00:00", True),
            ("2026-03-10 12:00:01", False),
            ("2026-04-10 10:00:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                shown = self.members._read_shown(ticket, self.company)
                self.assertEqual(shown.member, self.buyer)
                if pays:
                    shown = self.members._read_shown(ticket, self.company, pays=True)
                    self.assertEqual(shown.member, self.buyer)
                    continue
                with self.assertRaisesRegex(ShownTooLongAgo, "scan it again"):
                    self.members._read_shown(ticket, self.company, pays=True)

    def test_a_ticket_is_of_its_counter(self):
        ticket = self.buyer._sign_shown("card", self.company, "api/7")
        for place, found in (("api/7", True), ("api/8", False), ("", False)):
            shown = self.members._read_shown(ticket, self.company, place)
            self.assertEqual(bool(shown.member), found, place)

    def test_a_ticket_of_before_names_who_bought_and_pays_nothing(self):
        """A till without a network holds it over an update."""
        values = [self.buyer.id, self.company.id, "card"]
        ticket = hash_sign(self.env(su=True), "b2b2c_shown", values)
        shown = self.members._read_shown(ticket, self.company)
        self.assertEqual(shown.member, self.buyer)
        with self.assertRaises(ShownTooLongAgo):
            self.members._read_shown(ticket, self.company, pays=True)

    def test_a_masked_name(self):
        self.assertEqual(self.buyer._get_masked_name(), "Olena K.")

    def test_who_is_forgotten_has_no_code(self):
        self._send()
        self.buyer._erase("asked")
        self.env.cr.execute("SELECT count(*) FROM b2b2c_card_code")
        self.assertEqual(self.env.cr.fetchone(), (0,))
