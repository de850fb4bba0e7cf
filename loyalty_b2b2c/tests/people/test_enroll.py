"""Enrolment: a private contact, a standard phone number, a consent, an invitation."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

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

    def test_same_role_twice_opens_the_first(self):
        member = self._enroll()
        self.assertEqual(self._enroll(), member)
        with self.assertRaisesRegex(UserError, "takes part already as"):
            self._wizard()._enroll()

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


@tagged("post_install", "-at_install")
class TestEnrollAgain(LoyaltyCommon):
    """Olena takes part: +380671234567, olena@example.com.  Who is enrolled next?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user(
            "clerk", "loyalty_b2b2c.group_user", "base.group_partner_manager"
        )

    def _wizard(self, **values):
        """The wizard as an ordinary user fills it in: the same person."""
        return (
            self.env["b2b2c.enroll"]
            .with_user(self.clerk)
            .create(
                {
                    "employer_id": self.client.id,
                    "name": "Olena Kovalenko",
                    "phone": "0671234567",
                    "email": "olena@example.com",
                    "consent": True,
                    "invite": False,
                    **values,
                }
            )
        )

    def _enroll(self, **values):
        action = self._wizard(**values).action_enroll()
        return self.env["b2b2c.member"].browse(action["res_id"])

    def _count(self):
        return self.env["b2b2c.member"].with_context(active_test=False).search_count([])

    def assertAsks(self, *names, **values):
        """Check that the wizard asks whether it is somebody of these names."""
        wizard, before = self._wizard(**values), self._count()
        for name in names:
            self.assertIn(name, wizard.known_text)
        for function in (wizard.action_enroll, wizard._enroll):
            with self.assertRaisesRegex(UserError, "same person or somebody else"):
                function()
        self.assertEqual(self._count(), before)
        return wizard

    def test_the_same_phone_and_email_is_the_same_person(self):
        """However they are written, and whatever the name."""
        for values in (
            {},
            {"phone": "+380 (67) 123-45-67", "email": " OLENA@Example.com "},
            {"name": "O. Kovalenko"},
            {"phone": "00380671234567", "email": False},
            {"phone": False, "email": "Olena <olena@example.com>"},
        ):
            with self.subTest(values):
                wizard = self._wizard(**values)
                self.assertEqual(wizard.member_id, self.member)
                self.assertIn("takes part already as", wizard.known_text)
                self.assertEqual(self._enroll(**values), self.member)
                with self.assertRaisesRegex(UserError, "Olena Kovalenko takes part"):
                    wizard._enroll()
        self.assertEqual(self._count(), 1)

    def test_one_person_has_one_cap(self):
        self._create_program({"trigger": "confirmed", "pick": "each", "cap_member": 50})
        self._enroll()
        self._create_order(20)
        # 5 % of 2000 are 100, 50 at most
        self.assertEqual(self._balances(), (50, 0, 0))
        accounts = self.env["b2b2c.account"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sum(accounts.mapped("balance_available")), 50)

    def test_another_role_or_employer_is_the_same_contact(self):
        shop = self.client.copy({"name": "Shop"})
        for values in ({"role": "owner"}, {"employer_id": shop.id}):
            member = self._enroll(**values)
            self.assertNotEqual(member, self.member)
            self.assertEqual(member.partner_id, self.member.partner_id)

    def test_who_left_is_the_same_person_again(self):
        self.member.action_leave()
        member = self._enroll(name="Olena")
        self.assertNotEqual(member, self.member)
        self.assertEqual(member.partner_id, self.member.partner_id)

    def test_what_is_missing_is_added(self):
        self.member.partner_id.email = False
        self._enroll(role="owner")
        self.assertRecordValues(
            self.member.partner_id,
            [{"email": "olena@example.com", "phone": "+380 67 123 45 67"}],
        )

    def test_one_address_alone_is_asked_about(self):
        for values in (
            {"email": "other@example.com"},
            {"phone": "0501234567"},
            {"name": "Petro Shevchenko", "email": False},
            {"name": "Petro Shevchenko", "phone": False},
            {"role": "owner", "email": "other@example.com"},
        ):
            with self.subTest(values):
                self.assertAsks("Olena Kovalenko", **values)

    def test_the_answer_is_the_same_person(self):
        wizard = self.assertAsks("Olena", name="Petro", email=False)
        wizard.person_id = self.member.partner_id
        self.assertEqual(wizard.member_id, self.member)
        self.assertEqual(wizard.action_enroll()["res_id"], self.member.id)
        self.assertEqual(self._count(), 1)

    def test_the_answer_is_somebody_else(self):
        wizard = self.assertAsks("Olena", name="Petro", email=False)
        wizard.is_somebody_else = True
        member = self.env["b2b2c.member"].browse(wizard.action_enroll()["res_id"])
        self.assertNotEqual(member.partner_id, self.member.partner_id)
        self.assertEqual(member.name, "Petro")
        # from now on the phone is two people's
        self.assertAsks("Olena", "Petro", name="Petro", email=False)

    def test_another_name_with_another_address_is_another_person(self):
        member = self._enroll(name="Petro", email="petro@example.com")
        self.assertNotEqual(member.partner_id, self.member.partner_id)

    def test_the_same_person_under_a_second_contact(self):
        twin = self.member.partner_id.copy()
        action = twin.with_user(self.clerk).action_b2b2c_enroll()
        wizard = self.env["b2b2c.enroll"].browse(action["res_id"])
        wizard.write({"employer_id": self.client.id, "consent": True})
        self.assertEqual(wizard.action_enroll()["res_id"], self.member.id)

    def test_no_client_goes_around_the_wizard(self):
        """The form, an import, a script: all of them create."""
        Member = self.env["b2b2c.member"].with_user(self.clerk)
        twin = self.member.partner_id.copy()
        values = {"employer_id": self.client.id, "role": "employee"}
        with self.assertRaisesRegex(UserError, "Olena Kovalenko takes part already"):
            Member.create({"partner_id": twin.id, **values})
        other = twin.copy({"name": "Petro", "email": "petro@example.com"})
        Member.create({"partner_id": other.id, **values})
        Member.create({"partner_id": twin.id, **values, "role": "owner"})

    def test_the_form_says_so_while_it_is_filled_in(self):
        with Form(self.env["b2b2c.enroll"].with_user(self.clerk)) as form:
            form.employer_id = self.client
            form.name = "Olena Kovalenko"
            self.assertFalse(form.known_text)
            form.phone = "067 123 45 67"
            self.assertEqual(form.member_id, self.member)
            self.assertIn("takes part already", form.known_text)
            form.email = "other@example.com"
            self.assertFalse(form.member_id)
            self.assertIn("Choose whether", form.known_text)
            self.assertEqual(form.alike_ids[:], self.member.partner_id)
            form.person_id = self.member.partner_id
            self.assertEqual(form.member_id, self.member)


@tagged("post_install", "-at_install")
class TestKnownContact(LoyaltyCommon):
    """Who is a contact already does not become a second one."""

    def setUp(self):
        super().setUp()
        self.known = self.env["res.partner"].create(
            {"name": "Petro Koval", "phone": "+380 50 111 22 33"}
        )

    def _fill_in(self, **values):
        with Form(self.env["b2b2c.enroll"]) as form:
            form.employer_id = self.client
            form.consent = True
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def test_a_private_contact_is_used(self):
        before = self.env["res.partner"].search_count([])
        wizard = self._fill_in(name="Petro Koval", phone="050 111 22 33")
        self.assertIn("Petro Koval is a contact already", wizard.contact_text)
        member = self.env["b2b2c.member"].browse(wizard.action_enroll()["res_id"])
        self.assertEqual(member.partner_id, self.known)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_the_contact_of_the_company_is_linked(self):
        self.known.parent_id = self.client
        wizard = self._fill_in(name="Petro Koval", phone="050 111 22 33")
        member = self.env["b2b2c.member"].browse(wizard.action_enroll()["res_id"])
        self.assertEqual(member.contact_id, self.known)
        self.assertNotEqual(member.partner_id, self.known)

    def test_another_name_with_the_phone_is_somebody_else(self):
        wizard = self._fill_in(name="Ivan Bondar", phone="050 111 22 33")
        self.assertFalse(wizard.contact_text)
        member = self.env["b2b2c.member"].browse(wizard.action_enroll()["res_id"])
        self.assertNotEqual(member.partner_id, self.known)

    def test_errors_stand_at_their_field(self):
        wizard = self._fill_in(name="Petro", phone="12", email="petro@")
        self.assertIn("no phone number", wizard.phone_problem)
        self.assertIn("no e-mail", wizard.email_problem)
