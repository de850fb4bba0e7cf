"""Enrolment: a private contact, a standard phone number, a consent, an invitation."""

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestEnroll(LoyaltyCommon):
    """Petro is a contact of the client, with a number as people write it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petro = cls.env["res.partner"].create(
            {
                "name": "Petro Shevchenko",
                "parent_id": cls.client.id,
                "email": "petro@client.example.com",
                "phone": "067 765-43-21",
                "country_id": cls.env.ref("base.ua").id,
            }
        )
        cls.clerk = cls._create_user(
            "clerk", "loyalty_b2b2c.group_user", "base.group_partner_manager"
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _wizard(self, contact=None, **values):
        """Open the wizard on a contact as an ordinary user."""
        contact = (contact or self.petro).with_user(self.clerk)
        action = contact.action_b2b2c_enroll()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"consent": True, "invite": False, **values})
        return wizard

    def _enroll(self, contact=None, **values):
        action = self._wizard(contact, **values).action_enroll()
        return self.env["b2b2c.member"].browse(action["res_id"])

    def test_a_participant_stays_a_private_contact(self):
        with self.assertRaises(ValidationError):
            self.member.partner_id.parent_id = self.client

    def test_contact_of_a_company_gets_a_private_contact(self):
        member = self._enroll()
        self.assertFalse(member.partner_id.parent_id)
        self.assertNotEqual(member.partner_id, self.petro)
        self.assertRecordValues(
            member,
            [
                {
                    "contact_id": self.petro.id,
                    "employer_id": self.client.id,
                    "name": "Petro Shevchenko",
                    "state": "enrolled",
                }
            ],
        )

    def test_phone_is_normalised(self):
        self.assertEqual(self._enroll().partner_id.phone_sanitized, "+380677654321")

    def test_private_contact_is_taken_as_it_is(self):
        private = self.env["res.partner"].create(
            {"name": "Ivan", "email": "ivan@example.com"}
        )
        member = self._enroll(private, employer_id=self.client.id)
        self.assertEqual(member.partner_id, private)
        self.assertFalse(member.contact_id)

    def test_on_a_company_the_name_is_asked(self):
        with self.assertRaises(UserError):
            self._wizard(self.client).action_enroll()
        member = self._enroll(self.client, name="Ivan", email="ivan@example.com")
        self.assertEqual(member.employer_id, self.client)

    def test_second_role_is_the_same_person(self):
        first, second = self._enroll(), self._enroll(role="owner")
        self.assertEqual(first.partner_id, second.partner_id)

    def test_same_role_twice_is_refused(self):
        self._enroll()
        with mute_logger("odoo.sql_db"):
            with self.assertRaises(psycopg2.errors.UniqueViolation):
                self._enroll()

    def test_consent_is_required(self):
        with self.assertRaises(UserError):
            self._wizard(consent=False).action_enroll()

    def test_consent_is_kept(self):
        member = self._enroll(employer_consent=True)
        self.assertTrue(member.consent_at)
        self.assertTrue(member.employer_consent)

    def test_wrong_phone_is_refused(self):
        with self.assertRaises(ValidationError):
            self._enroll(phone="067")

    def test_wrong_phone_leaves_no_contact_behind(self):
        before = self.env["res.partner"].search_count([])
        with self.assertRaises(ValidationError):
            self._enroll(phone="067")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_invitation_creates_a_portal_user(self):
        member = self._enroll(invite=True)
        self.assertTrue(member.has_portal_user)
        user = member.partner_id.user_ids
        self.assertTrue(user._is_portal())
        self.assertEqual(user.login, "petro@client.example.com")

    def test_invitation_needs_an_address(self):
        member = self._enroll(email=False)
        with self.assertRaises(UserError):
            member.action_invite()

    def test_enrolled_person_earns_from_now_on(self):
        self.member.action_leave()
        self._create_program({"pick": "contact", "value": 5})
        old = self._create_order(partner_id=self.petro.id)
        old.date_order = "2024-01-01"
        member = self._enroll()
        self._create_order(partner_id=self.petro.id)
        self.assertEqual(self._balances(member), (50, 0, 0))
