"""Who asks for much money proves who he is: this payout, and no other."""

import base64
from datetime import timedelta
from unittest import SkipTest
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessDenied, UserError
from odoo.tests import tagged

from .payout_kit import OTHER_IBAN, PayoutCommon


class ProofCommon(PayoutCommon):
    """600 points are 60.00, above the limit of 50.00."""

    def _want_much(self, amount=600, **values):
        payout = self._want(amount, **values)
        self.assertEqual(payout.state, "requested")
        return payout

    def _send(self, payout):
        """Let a code be sent; return it, as the person reads it."""
        codes = []
        model = type(self.env["b2b2c.notification"])
        tell = model._tell

        def listen(notification, rows, **secrets):
            codes.append(secrets["payout_code"])
            return tell(notification, rows, **secrets)

        with patch.object(model, "_tell", listen):
            self.assertEqual(payout._send_code(), "")
        return codes[-1]


@tagged("post_install", "-at_install")
class TestProof(ProofCommon):
    def test_a_small_amount_is_not_asked_about(self):
        self.assertEqual(self._want(500).state, "proved")  # 50.00, not more

    def test_a_little_more_is(self):
        self.assertEqual(self._want_much(501).amount, 50.1)

    def test_always_when_there_is_no_limit(self):
        self.company.b2b2c_payout_proof_above = 0
        self._want_much(100)

    def test_nobody_approves_what_was_not_confirmed(self):
        payout = self._want_much()
        self.assertFalse(payout.activity_ids)
        with self.assertRaises(UserError):
            self._approve(payout)
        self.assertEqual(self._figures(), (400, 1000, 600, 0))

    def test_a_code(self):
        payout = self._want_much()
        self.assertEqual(payout._get_proof(self.user), "code")
        self.assertEqual(payout._get_shown_address(), "o•••@example.com")
        code = self._send(payout)
        self.assertRegex(code, r"^\d{6}$")
        self.assertEqual(payout._prove(self.user, f" {code[:3]} {code[3:]} "), "")
        self.assertEqual((payout.state, payout.proof_way), ("proved", "code"))
        self.assertTrue(payout.activity_ids)
        self._approve(payout)

    def test_the_code_is_stored_nowhere(self):
        payout = self._want_much()
        code = self._send(payout)
        message = self.env["b2b2c.notification"].search([("kind", "=", "payout_code")])
        self.assertEqual(message.channel, "email")
        stored = str([payout.read(), message.read()])
        self.assertNotIn(code, stored.replace(payout.code_hash, ""))
        mail = self.env["mail.mail"].search([("email_to", "=", "olena@example.com")])
        self.assertIn(code, mail.body_html)
        self.assertTrue(mail.auto_delete)
        self.assertFalse(mail.model)

    def test_wrong_codes(self):
        payout = self._want_much()
        code = self._send(payout)
        wrong = "000000" if code != "000000" else "111111"
        for text in ("", wrong, "abc", code[:5], f"{code}7", None):
            with self.subTest(text=text):
                self.assertTrue(payout._prove(self.user, text))
        # five tries were counted: the right one comes too late
        self.assertTrue(payout._prove(self.user, code))
        self.assertEqual(payout.state, "requested")
        self.assertEqual(payout._prove(self.user, self._send(payout)), "")

    def test_a_code_that_is_old_or_replaced(self):
        payout = self._want_much()
        old = self._send(payout)
        new = self._send(payout)
        if old != new:
            self.assertTrue(payout._prove(self.user, old))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self.assertTrue(payout._prove(self.user, new))

    def test_a_code_is_for_one_payout(self):
        self.company.b2b2c_payout_proof_above = 10
        first = self._want_much(501)
        second = self._want_much(400, key="k-2", iban=OTHER_IBAN)
        code = self._send(first)
        self._send(second)
        self.assertNotEqual(first._hash(code), second._hash(code))
        self.assertEqual(first._prove(self.user, code), "")
        self.assertEqual(second.state, "requested")

    def test_so_many_codes_and_wrong_answers(self):
        payout = self._want_much()
        for _time in range(5):
            self._send(payout)
        self.assertIn("Too many", payout._send_code())
        for _time in range(10):
            payout._prove(self.user, "000")
        self.assertIn("Too many", payout._prove(self.user, "000"))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertEqual(payout._prove(self.user, self._send(payout)), "")

    def test_an_address_that_is_not_proved_gets_no_code(self):
        """Who took over the login wrote his own address: it proves nothing."""
        self.person.write({"email": "thief@example.com", "phone": False})
        payout = self._want_much()
        self.assertEqual(payout._get_proof_address(), "")
        self.assertEqual(payout._send_code(), "")
        self.assertFalse(payout.code_hash)
        self.assertEqual(payout._get_proof(self.user), "password")

    def test_the_phone_where_there_is_no_mail(self):
        self.person.email = False
        payout = self._want_much()
        self.assertEqual(payout._get_shown_address(), "+380•••••67")
        code = self._send(payout)
        message = self.env["b2b2c.notification"].search([("kind", "=", "payout_code")])
        self.assertEqual(message.channel, "sms")
        texts = self.env["sms.sms"].search([]).mapped("body")
        self.assertTrue(any(code in text and "60.00" in text for text in texts))

    def test_the_password_where_there_is_no_address(self):
        self.person.write({"email": False, "phone": False})
        payout = self._want_much()
        self.assertEqual(payout._get_proof(self.user), "password")
        for text in ("", "wrong", "a long password "):
            self.assertTrue(payout._prove(self.user, text))
        self.assertEqual(payout._prove(self.user, "a long password"), "")
        self.assertEqual(payout.proof_way, "password")

    def test_a_second_factor(self):
        if "totp_secret" not in self.user._fields:
            raise SkipTest("needs auth_totp")
        self.user.sudo().totp_secret = base64.b32encode(b"0123456789abcdef").decode()
        payout = self._want_much()
        self.assertEqual(payout._get_proof(self.user), "totp")
        model, given = type(self.env["res.users"]), []

        def check(user, credential, env):
            given.append(credential)
            if credential["token"] != 123456:
                raise AccessDenied()
            return {}

        with patch.object(model, "_check_credentials", check):
            self.assertIn("wait", payout._prove(self.user, "654321"))
            self.assertTrue(payout._prove(self.user, "12"))
            self.assertEqual(payout._prove(self.user, "123 456"), "")
        self.assertEqual([c["token"] for c in given], [654321, 123456])
        self.assertEqual(payout.proof_way, "totp")

    def test_proving_what_is_over(self):
        payout = self._want_much()
        code = self._send(payout)
        payout.redemption_id._cancel(self.user)
        self.assertEqual(payout._prove(self.user, code), "")
        self.assertEqual(payout._send_code(), "")
        self.assertEqual(payout.state, "cancelled")
