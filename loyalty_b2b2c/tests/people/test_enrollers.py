"""Who enrolls whom: nobody himself, and people with rights are enrolled by officers."""

from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestEnrollers(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rights = ("loyalty_b2b2c.group_user", "base.group_partner_manager")
        cls.clerk = cls._create_user("clerk", *rights)
        cls.mate = cls._create_user("mate", "loyalty_b2b2c.group_user")
        cls.operator = cls._create_user("operator", "loyalty_b2b2c.group_terminal")
        cls.salesman = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.company.b2b2c_manager_id = cls.officer

    @contextmanager
    def assertRefused(self, sentence):
        """Fail unless it is refused, and undo what a request would undo."""
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            yield

    def _enroll(self, person, by, **values):
        members = self.env["b2b2c.member"].with_user(by)
        return members.create(
            {"partner_id": person.id, "employer_id": self.client.id, **values}
        )

    def _wizard(self, by, **values):
        wizard = self.env["b2b2c.enroll"].with_user(by)
        values = {"consent": True, "invite": False, **values}
        return wizard.create({"employer_id": self.client.id, **values})

    def test_nobody_enrolls_himself(self):
        for user in (self.clerk, self.officer):
            with self.subTest(user=user.login):
                with self.assertRefused("Nobody enrolls himself"):
                    self._enroll(user.partner_id, user)

    def test_nor_with_a_second_contact(self):
        """A new contact with the own e-mail, or with the own phone, is the same."""
        self.clerk.partner_id.phone = "+380 67 222 33 44"
        for values in (
            {"name": "Somebody", "email": "clerk@example.com"},
            {"name": "Somebody", "phone": "067 222 33 44"},
            {"name": "Somebody", "email": "clerk+points@example.com"},
        ):
            wizard = self._wizard(self.clerk, **values)
            with self.subTest(values=values):
                with self.assertRefused("Nobody enrolls himself"):
                    wizard.action_enroll()

    def test_nor_as_the_contact_on_documents(self):
        desk = self.contact.copy({"email": "clerk@example.com", "phone": False})
        person = self.env["res.partner"].create({"name": "Q", "email": "q@example.com"})
        with self.assertRefused("Nobody enrolls himself"):
            self._enroll(person, self.clerk, contact_id=desk.id)

    def test_people_with_rights_are_enrolled_by_an_officer(self):
        for user in (self.mate, self.operator):
            with self.subTest(user=user.login):
                with self.assertRefused("handles points"):
                    self._enroll(user.partner_id, self.clerk)
                member = self._enroll(user.partner_id, self.officer)
                self.assertEqual(member.state, "enrolled")
        # who has other rights is nobody special
        self.assertTrue(self._enroll(self.salesman.partner_id, self.clerk))

    def test_nobody_enrolls_people_where_he_works(self):
        self._enroll(self.mate.partner_id, self.officer)
        person = self.env["res.partner"].create({"name": "Q", "email": "q@example.com"})
        with self.assertRefused("concerns you"):
            self._enroll(person, self.mate)
        # nor ends the participant who stands in the way
        with self.assertRefused("concerns you"):
            self.member.with_user(self.mate).action_leave()

    def _activities(self, member):
        return member.activity_ids.filtered(lambda a: "left" in (a.note or ""))

    def test_who_comes_when_another_left_is_looked_at(self):
        person = self.env["res.partner"].create({"name": "Q", "email": "q@example.com"})
        self.member.with_user(self.officer).action_leave()
        self.assertFalse(self._activities(self.member))
        came = self._enroll(person, self.clerk)
        [activity] = self._activities(came)
        self.assertEqual(activity.user_id, self.officer)
        self.assertIn("Olena Kovalenko left and Q was enrolled", activity.note)

    def test_and_the_other_way_round(self):
        person = self.env["res.partner"].create({"name": "Q", "email": "q@example.com"})
        self._enroll(person, self.clerk)
        self.member.with_user(self.officer).action_leave()
        [activity] = self._activities(self.member)
        self.assertIn("Olena Kovalenko left and Q was enrolled", activity.note)

    def test_what_is_no_swap_is_not(self):
        """Another role, another shop, the same person, two days later."""
        other = self.client.copy({"name": "Other"})
        people = self.env["res.partner"].create(
            [{"name": f"Q{n}", "email": f"q{n}@example.com"} for n in range(4)]
        )
        self.member.action_leave()
        came = self._enroll(people[0], self.clerk, role="owner")
        came |= self._enroll(people[1], self.clerk, employer_id=other.id)
        came |= self._enroll(self.member.partner_id, self.clerk)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            came |= self._enroll(people[2], self.clerk)
        self.assertFalse(self._activities(came))
