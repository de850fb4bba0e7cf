"""Odoo's own look-up of personal data finds ours, and breaks no books."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPrivacyLookup(LoyaltyCommon):
    """Olena has points, joined by herself, and bought outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.member.partner_id
        cls.account = cls.member._get_account(cls.unit)
        cls._create_program({"trigger": "paid"})
        cls.account._earn(10, source_key="x/1")
        cls.document, _new = cls.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "reference": "R-1",
                "occurred_at": "2026-03-01T10:00:00Z",
                "partner": {"id": cls.client.id},
                "member": {"email": cls.person.email},
                "lines": [{"name": "Paper", "amount": 60}],
            },
            company=cls.company,
            channel="api",
        )
        cls.env["b2b2c.event"]._process_now()
        invitation = cls.env["b2b2c.invitation"].create(
            {"employer_id": cls.client.id, "role": "employee"}
        )
        text = cls.env["b2b2c.consent.text"].create({"body": "<p>Yes</p>"})
        cls.join = cls.env["b2b2c.join"].create(
            {
                "invitation_id": invitation.id,
                "company_id": cls.company.id,
                "employer_id": cls.client.id,
                "role": "employee",
                "name": cls.person.name,
                "email": cls.person.email,
                "consent_text_id": text.id,
                "consent_at": "2026-03-01",
                "member_id": cls.member.id,
            }
        )

    def tearDown(self):
        self.assertBooksRight()
        self.assertEqual(self.account.balance_available, 13)
        super().tearDown()

    def _look_up(self):
        """Return the lines of a look-up of the person."""
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.person.name, "email": self.person.email}
        )
        wizard.action_lookup()
        return wizard.line_ids

    def _line(self, record):
        return self._look_up().filtered(
            lambda line: (line.res_model, line.res_id) == (record._name, record.id)
        )

    def test_it_finds_our_rows(self):
        found = {(line.res_model, line.res_id) for line in self._look_up()}
        for record in (self.person, self.member, self.join):
            self.assertIn((record._name, record.id), found)

    def test_nothing_of_the_books_is_deleted(self):
        digest = self.env["b2b2c.account"]._ledger_digest()
        refused = set()
        for line in self._look_up():
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    line.action_unlink()
                    self.env.flush_all()
            except UserError:
                refused.add(line.res_model)
        expected = {"res.partner", "b2b2c.member"}
        self.assertLessEqual(expected, refused)
        self.assertTrue(self.member.exists() and self.document.exists())
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)

    def test_deleting_a_participants_contact_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Erase Personal Data"):
            self._line(self.person).action_unlink()
        with self.assertRaisesRegex(UserError, "Erase Personal Data"):
            self._line(self.member).action_unlink()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.document.unlink()

    def test_archiving_everything_keeps_the_books(self):
        self._look_up().action_archive_all()
        self.env.flush_all()
        self.assertFalse(self.person.active)
        self.assertFalse(self.member.active)
        self.account._fold()

    def test_after_erasing_it_finds_nothing_of_ours(self):
        name, email = self.person.name, self.person.email
        self.member._erase("Request 123", forfeit=False)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": name, "email": email}
        )
        wizard.action_lookup()
        ours = wizard.line_ids.filtered(lambda line: "b2b2c" in line.res_model)
        self.assertFalse(ours.mapped("res_model"))
