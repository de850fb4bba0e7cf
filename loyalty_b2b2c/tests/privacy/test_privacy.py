"""A person can be forgotten, and have a copy; the books still balance (R26)."""
# what people write by hand is in no language
# pylint: disable=translation-required

import base64
import csv
import io
import json
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon
from .traces import TracesCommon

NAME = "Zoriana Prytula"
EMAIL = "zoriana.prytula@example.net"
PHONE = "+380 50 765 43 21"


@tagged("post_install", "-at_install")
class TestPrivacy(TracesCommon, LoyaltyCommon):
    """Zoriana leaves traces wherever people write; then she asks to be forgotten."""

    markers = (
        NAME, EMAIL, PHONE, "+380507654321", "Secret Lane 7", "UA1234567890",
    )  # fmt: skip
    traced_tables = (
        "res_partner", "res_users", "mail_message", "mail_mail", "sms_sms",
        "mail_activity", "ir_attachment", "b2b2c_member", "b2b2c_enroll",
        "portal_wizard_user", "res_partner_bank",
    )  # fmt: skip
    # the invoices of the employer, and of the person
    legal_hold = ("account_move",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.manager = cls._create_user(
            "privacy", "loyalty_b2b2c.group_manager", "base.group_partner_manager"
        )
        cls.zoriana_contact = cls.env["res.partner"].create(
            {"name": NAME, "email": EMAIL, "phone": PHONE, "parent_id": cls.client.id}
        )
        cls._create_program({"value": 5, "pick": "contact"})
        action = cls.zoriana_contact.action_b2b2c_enroll()
        wizard = cls.env["b2b2c.enroll"].browse(action["res_id"])
        wizard.write({"consent": True, "invite": True, "channel_wishes": {"sms": True}})
        member_id = wizard.action_enroll()["res_id"]
        cls.zoriana = cls.env["b2b2c.member"].browse(member_id)
        cls.zoriana.enrolled_at = "2020-01-01"
        cls.person = cls.zoriana.partner_id
        cls.account = cls.zoriana._get_account(cls.unit)
        cls._leave_traces()

    @classmethod
    def _leave_traces(cls):
        env, person = cls.env, cls.person
        person.write(
            {
                "street": "Secret Lane 7",
                "comment": f"<p>{NAME} prefers tea</p>",
                "image_1920": base64.b64encode(cls._picture()),
                "bank_ids": [
                    (0, 0, {"acc_number": "UA1234567890", "acc_holder_name": NAME})
                ],
            }
        )
        cls.order = cls._create_order(partner_id=cls.zoriana_contact.id)
        env["b2b2c.event"]._process_now()
        env["b2b2c.notification"].search([])._deliver()
        user = person.user_ids
        cls.order.message_post(
            body=f"Call me at {PHONE}", author_id=person.id, email_from=EMAIL
        )
        cls.order.message_post(body=f"{NAME} called; mail to {EMAIL.upper()}")
        cls.zoriana.message_post(body=f"{NAME} asked for a brochure")
        cls.zoriana.activity_schedule(
            "mail.mail_activity_data_todo", summary=f"Call {NAME}"
        )
        person.message_post(body=f"{NAME} moved to Secret Lane 7")
        env["ir.attachment"].create(
            {
                "name": f"{NAME}.txt",
                "raw": NAME.encode(),
                "res_model": "b2b2c.member",
                "res_id": cls.zoriana.id,
            }
        )
        env["mail.mail"].create({"email_to": EMAIL, "body_html": f"Dear {NAME}"})
        env["sms.sms"].create({"number": PHONE, "body": NAME, "partner_id": person.id})
        adjustment = env["b2b2c.adjustment"].create(
            {"account_id": cls.account.id, "points": 7, "reason": "Birthday"}
        )
        adjustment.message_post(body=f"For {NAME}")
        adjustment.action_submit()
        env["res.users.log"].with_user(user).sudo().create({})
        person.write({"name": NAME + " Junior"})  # tracked somewhere
        person.write({"name": NAME})
        env.cr.flush()  # writes what is tracked, as a commit does

    @classmethod
    def _picture(cls):
        from PIL import Image

        stream = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(stream, "PNG")
        return stream.getvalue()

    def _erase(self, **values):
        member = self.zoriana.with_user(self.manager)
        action = member.action_erase()
        wizard = self.env["b2b2c.erase"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"reason": "Request 123", "confirmed": True, **values})
        wizard.action_erase()
        self.env.invalidate_all()

    # === ERASING === #

    def test_nothing_is_found_afterwards(self):
        self._erase()
        self.assertEqual(self._find_traces(), {})

    def test_books_are_untouched(self):
        digest = self.env["b2b2c.account"]._ledger_digest()
        self._erase(points_policy="keep")
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)
        self.assertEqual(self._balances(self.zoriana), (57, 0, 0))

    def test_membership_ends(self):
        self._erase()
        self.assertEqual(self.zoriana.state, "left")
        self.assertTrue(self.zoriana.erased_at)
        self.assertFalse(self.zoriana.contact_id)
        self.assertFalse(self.zoriana.has_portal_user)
        self._create_order(partner_id=self.zoriana_contact.id)
        self.assertEqual(self._balances(self.zoriana), (0, 0, 0))

    def test_portal_user_is_closed(self):
        user = self.person.user_ids
        self._erase()
        self.assertFalse(user.active)
        self.assertEqual(user.login, f"erased-{user.id}")

    def test_remaining_points_lapse(self):
        self._erase()
        self.assertEqual(self._balances(self.zoriana), (0, 0, 0))
        lapsed = self.account.entry_ids.filtered(lambda e: e.entry_type == "expire")
        self.assertEqual(sum(lapsed.mapped("points")), -57)

    def test_an_order_undone_later_makes_no_debt(self):
        self._erase()
        self.order._action_cancel()
        self.assertEqual(self._balances(self.zoriana), (0, 0, 0))

    def test_what_comes_in_later_lapses(self):
        self._erase()
        self.account._earn(5, source_key="late/1")
        self.account._fold()
        self.assertEqual(self._balances(self.zoriana), (0, 0, 0))

    def test_a_reservation_released_later_lapses(self):
        reservation = self.account._reserve(10, source_key="hold/1")
        self._erase()
        self.account._release(reservation)
        self.assertEqual(self._balances(self.zoriana), (0, 0, 0))

    def test_every_membership_of_the_person_is_erased(self):
        other = self._create_member(partner_id=self.person.id, role="owner")
        self._erase()
        self.assertEqual((other.state, bool(other.erased_at)), ("left", True))

    def test_contact_on_invoices_is_kept_and_named(self):
        self._invoice(self.order)
        action = self.zoriana.with_user(self.manager).action_erase()
        wizard = self.env["b2b2c.erase"].browse(action["res_id"])
        self.assertFalse(wizard.contact_ids)
        self.assertIn(NAME, wizard.kept_text)
        wizard.write({"reason": "Request 123", "confirmed": True})
        wizard.action_erase()
        self.assertEqual(self.zoriana_contact.name, NAME)
        self.assertNotEqual(self.person.name, NAME)

    def test_somebody_of_the_same_name_is_kept(self):
        other = self._create_member(name=NAME, email="other@example.net")
        other.message_post(body=f"{NAME} likes coffee")
        self._erase()
        self.assertEqual(other.partner_id.name, NAME)
        self.assertIn(NAME, other.message_ids[0].body)

    # === WHO MAY === #

    def test_only_a_manager_erases(self):
        officer = self._create_user("officer2", "loyalty_b2b2c.group_officer")
        member = self.zoriana.with_user(officer)
        for call in (member.action_erase, member.action_export_personal_data):
            with self.subTest(call=call.__name__), self.assertRaises(AccessError):
                call()

    def test_it_must_be_confirmed_and_explained(self):
        for values in (
            {"confirmed": False},
            {"reason": " "},
            {"reason": f"{NAME} asked"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._erase(**values)
        self.assertEqual(self.person.name, NAME)

    def test_a_person_is_erased_in_all_companies_or_not_at_all(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_member(
            partner_id=self.person.id, company_id=other.id, role="owner"
        )
        with self.assertRaises(UserError):
            self.zoriana.with_user(self.manager).action_erase()

    def test_an_internal_user_is_not_erased(self):
        member = self._create_member(partner_id=self.manager.partner_id.id)
        self.manager.partner_id.phone = PHONE
        with self.assertRaises(UserError):
            member._erase("Request 123")

    # === EXPORT === #

    def _export(self):
        action = self.zoriana.with_user(self.manager).action_export_personal_data()
        attachment_id = int(action["url"].split("/")[3].split("?")[0])
        content = self.env["ir.attachment"].browse(attachment_id).raw
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return (
                json.loads(archive.read("person.json")),
                archive.read("entries.csv").decode("utf-8-sig"),
            )

    def test_export_holds_everything(self):
        person, table = self._export()
        self.assertEqual(person["person"][0]["name"], NAME)
        self.assertEqual(person["person"][0]["email"], EMAIL)
        self.assertEqual(person["portal_logins"], [EMAIL])
        self.assertEqual(person["balances"][0]["balance_available"], 57)
        self.assertEqual(len(person["entries"]), 2)
        text = json.dumps(person, ensure_ascii=False)
        for trace in ("asked for a brochure", "Secret Lane 7", f"{NAME}.txt"):
            self.assertIn(trace, text)
        self.assertEqual(len(list(csv.reader(io.StringIO(table)))), 3)

    def test_a_formula_in_a_reason_is_inert(self):
        self.account._adjust(1, source_key="x/1", reason="=HYPERLINK(1)")
        _person, table = self._export()
        self.assertIn("'=HYPERLINK(1)", table)
