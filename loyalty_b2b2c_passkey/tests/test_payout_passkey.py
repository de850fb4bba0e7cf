"""A passkey proves who asks for money; an authenticator of the test's own signs."""

import base64
import hashlib
import json
import re

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c_portal.tests.common import PASSWORD, PortalCommon

IDENTIFIER = "b2b2c-test-passkey"


def _text(data):
    """Return bytes as WebAuthn writes them."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """A device with one key, as the WebAuthn specification describes it."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0

    @property
    def public_key(self):
        """The public key as Odoo keeps it: COSE, base64."""
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y
        return base64.urlsafe_b64encode(cose).decode()

    def sign(self, challenge, origin, is_verified=True):
        """Return what a browser sends: JSON of an assertion.

        :param is_verified: whether the person unlocked the device
        """
        self.count += 1
        host = re.sub(r"^https?://|:\d+$", "", origin)
        data = hashlib.sha256(host.encode()).digest()
        data += bytes([0b101 if is_verified else 0b001]) + self.count.to_bytes(4, "big")
        client = json.dumps(
            {"type": "webauthn.get", "challenge": challenge, "origin": origin}
        ).encode()
        signed = self.key.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return json.dumps(
            {
                "id": _text(IDENTIFIER.encode()),
                "rawId": _text(IDENTIFIER.encode()),
                "type": "public-key",
                "response": {
                    "authenticatorData": _text(data),
                    "clientDataJSON": _text(client),
                    "signature": _text(signed),
                },
            }
        )


class PasskeyCommon(PortalCommon):
    """1,000 points of 0.10; each payout is confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"b2b2c_payout_proof_above": 0, "b2b2c_payout_trusted": False}
        )
        cls.unit.with_company(cls.company).face_value = 0.1
        cls.account._earn(1000, source_key="passkey/olena")
        money = cls.env["b2b2c.reward"].create(
            {
                "name": "Money",
                "kind": "payout",
                "points": 100,
                "price_kind": "chosen",
                "company_id": cls.company.id,
            }
        )
        cls.payout, cls.other = (
            cls.env["b2b2c.redemption"]
            .with_user(cls.user)
            ._request(
                cls.member,
                money,
                request_key=f"passkey-{number}",
                amount=200,
                answers={"holder": "Olena", "iban": "DE89370400440532013000"},
            )
            .payout_ids
            for number in (1, 2)
        )

    @classmethod
    def _register(cls, device, user):
        cls.env.cr.execute(
            SQL(
                """INSERT INTO auth_passkey_key
                       (name, credential_identifier, public_key, create_uid, sign_count)
                   VALUES ('Phone', %s, %s, %s, 0)""",
                _text(IDENTIFIER.encode()),
                device.public_key,
                user.id,
            )
        )
        cls.env.invalidate_all()
        cls.env.registry.clear_cache()


@tagged("post_install", "-at_install")
class TestPayoutPasskey(PasskeyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.device = Authenticator()
        cls._register(cls.device, cls.user)

    def setUp(self):
        super().setUp()
        origin = self.base_url().rstrip("/")
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", origin)
        self.origin = origin
        self.authenticate("olena", PASSWORD)

    def _page(self, payout=None):
        return f"/my/rewards/payouts/{(payout or self.payout).id}/proof"

    def _challenge(self):
        """Ask for a challenge, as the page does."""
        return self.make_jsonrpc_request("/auth/passkey/start-auth")["challenge"]

    def _send(self, answer, payout=None):
        page = self.url_open(self._page(payout)).text
        token = re.search(r'csrf_token" value="([^"]+)"', page)[1]
        answer = self.url_open(
            self._page(payout), data={"csrf_token": token, "answer": answer}
        )
        self.env.invalidate_all()
        return answer

    def test_it_confirms_the_payout(self):
        page = self.url_open(self._page()).text
        self.assertIn("o_b2b2c_payout_passkey", page)
        self.assertNotIn('id="b2b2c_answer"', page)
        answer = self._send(self.device.sign(self._challenge(), self.origin))
        self.assertTrue(answer.url.endswith("/my/rewards/requests"))
        self.assertEqual(
            (self.payout.state, self.payout.proof_way), ("proved", "passkey")
        )
        self.assertEqual(self.other.state, "requested")

    def test_what_was_signed_proves_nothing_twice(self):
        signed = self.device.sign(self._challenge(), self.origin)
        self._send(signed)
        for fresh in (False, True):
            if fresh:
                self._challenge()
            answer = self._send(signed, self.other)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("That was not your passkey", answer.text)
        self.assertEqual(self.other.state, "requested")

    def test_what_is_no_answer_of_the_device(self):
        stranger = Authenticator()
        for name, answer in (
            ("another device", lambda c: stranger.sign(c, self.origin)),
            ("another page", lambda c: self.device.sign(c, "https://evil.example")),
            ("nobody unlocked it", lambda c: self.device.sign(c, self.origin, False)),
            ("the password", lambda c: PASSWORD),
            ("nothing", lambda c: ""),
            ("garbage", lambda c: "[]"),
            ("garbage", lambda c: '{"id": null}'),
            ("garbage", lambda c: '{"id": "x", "response": {"signature": 1}}'),
        ):
            with self.subTest(name):
                page = self._send(answer(self._challenge()))
                self.assertEqual(page.status_code, 400)
                self.assertEqual(self.payout.state, "requested")

    def test_who_has_none_is_asked_as_before(self):
        self.env.cr.execute("DELETE FROM auth_passkey_key")
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.authenticate("olena", PASSWORD)
        page = self.url_open(self._page()).text
        self.assertNotIn("o_b2b2c_payout_passkey", page)
        self.assertIn("o_b2b2c_payout_code", page)
