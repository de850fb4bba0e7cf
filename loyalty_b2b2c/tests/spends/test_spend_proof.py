"""Who spends much proves that it is he: a PIN, or a code that is sent."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import ProofNeeded
from ...models.spends.b2b2c_spend_proof import PIN_WRONG, WRONG
from .common import SpendCommon


@tagged("post_install", "-at_install")
class TestSpendProof(SpendCommon):
    """1,000 points are 50.00; more than 20.00 within a day is confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.b2b2c_spend_proof_above = 20
        cls.proofs = cls.env["b2b2c.spend.proof"]
        cls.proof = cls.proofs._get(cls.member)

    def _choose(self, pin="2580", repeated=None):
        self.proofs._choose_pin(self.member, pin, pin if repeated is None else repeated)

    def _try(self, text, key="till:1", amount=30):
        """Type something; return the way it proves, or nothing."""
        return self.proof._prove(text, key, Decimal(amount))[0]

    # === WHEN === #

    def test_large_payments_are_confirmed(self):
        self._hold(20)
        with self.assertRaises(ProofNeeded):
            self._hold("20.05")
        self._hold("20.05", details={"proof": "pin"})
        self._hold("20.05")  # asked again: what was proved stays proved
        with self.assertRaises(ProofNeeded):
            self._hold(21)
        self.assertEqual(self.spends._find("till:1").proved_by, "pin")

    def test_what_was_not_confirmed_adds_up_for_a_day(self):
        self._hold(15)._capture()
        self._hold(10, "till:big", details={"proof": "code"})
        with self.assertRaises(ProofNeeded):
            self._hold(6, "till:2")
        self._hold(5, "till:2")
        self.spends._find("till:1").held_at -= timedelta(days=2)
        self._hold(6, "till:2")

    def test_nobody_is_asked_without_a_limit(self):
        self.company.b2b2c_spend_proof_above = 0
        self._hold(50)
        with self.assertRaisesRegex(UserError, "negative"):
            self.company.b2b2c_spend_proof_above = -1

    # === PIN === #

    def test_a_pin(self):
        self.assertFalse(self._try("2580"))
        self._choose()
        self.assertEqual(self._try(" 25-80 "), "pin")
        self.assertFalse(self._try("2581"))
        self.assertFalse(self._try(""))
        self.assertFalse(self._try(None))
        self.assertNotIn("2580", self.proof.pin_hash)

    def test_pins_that_are_refused(self):
        for pin, sentence in (
            ("123", "4 to 8"),
            ("123456789", "4 to 8"),
            ("abcd", "4 to 8"),
            ("7777", "guesses"),
            ("1234", "guesses"),
            ("9876", "guesses"),
            ("8901", "guesses"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._choose(pin)
        with self.assertRaisesRegex(UserError, "not the same"):
            self._choose("2580", "2581")
        self.assertFalse(self.proof.pin_hash)

    def test_waiting_gives_nobody_another_try(self):
        self._choose()
        for _number in range(PIN_WRONG):
            self.assertFalse(self._try("0000"))
        self.env.cr.execute(
            "UPDATE b2b2c_spend_proof SET write_date = write_date - interval '1 year'"
        )
        self.assertFalse(self._try("2580"))  # right, and too late
        self.assertFalse(self.proof._has_pin())
        self._choose("1379")
        self.assertEqual(self._try("1379"), "pin")

    def test_a_right_answer_forgets_the_wrong_ones(self):
        self._choose()
        for _number in range(PIN_WRONG - 1):
            self._try("0000")
        self.assertEqual(self._try("2580"), "pin")
        self.assertEqual(self.proof.wrong, 0)

    def test_a_hash_is_of_no_use_for_somebody_else(self):
        self._choose()
        other = self._create_member(name="Ivan", email="ivan@example.com", phone=None)
        theirs = self.proofs._get(other)
        theirs.pin_hash = self.proof.pin_hash
        self.assertFalse(theirs._is_pin("2580"))

    def test_the_person_hears_of_a_new_pin(self):
        self._choose()
        message = self.env["b2b2c.notification"].search([("kind", "=", "spend_pin")])
        self.assertEqual(message.member_id, self.member)

    # === CODE === #

    def _send(self, key="till:1", amount=30):
        """Send a code; return it."""
        person = self.member.partner_id
        self.env["b2b2c.address.proof"]._keep(person, [person.email_normalized], "code")
        sent = []
        notifications = type(self.env["b2b2c.notification"])
        tell = notifications._tell

        def listen(records, rows, **words):
            sent.append(words.get("spend_code"))
            return tell(records, rows, **words)

        self.patch(notifications, "_tell", listen)
        address = self.proof._send_code(
            key, Decimal(amount), self.company.currency_id, "Shop"
        )
        self.assertNotIn(person.email, address)
        return sent[-1]

    def test_a_code_confirms_one_payment_once(self):
        code = self._send()
        self.assertRegex(code, r"^\d{6}$")
        self.assertFalse(self._try(code, key="till:2"))
        self.assertFalse(self._try(code, amount=31))
        self.assertEqual(self._try(code), "code")
        self.assertFalse(self._try(code))

    def test_a_code_is_valid_for_minutes(self):
        code = self._send()
        self.proof.code_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(self._try(code))

    def test_a_newer_code_voids_the_older(self):
        first, second = self._send(), self._send()
        if first != second:
            self.assertFalse(self._try(first))
        self.assertEqual(self._try(second), "code")

    def test_guessing_ends(self):
        code = self._send()
        for number in range(WRONG):
            self._try(f"{(int(code) + 1 + number) % 10**6:06}")
        self.assertFalse(self._try(code))
        with self.assertRaises(UserError):
            self._send()

    def test_not_too_many_codes(self):
        for _number in range(5):
            self._send()
        with self.assertRaisesRegex(UserError, "in an hour"):
            self._send()

    def test_who_can_confirm_nothing_is_told_how(self):
        self.member.partner_id.write({"email": False, "phone": False})
        with self.assertRaisesRegex(UserError, "a PIN is chosen"):
            self.proof._send_code("k", Decimal(1), self.company.currency_id, "Shop")
