"""People join by themselves: once, proved, with a consent, and nobody learns who is
known."""

import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.joining.b2b2c_join_code import SENDS_FROM_IP, SENDS_TO_ADDRESS, TRIES
from ...models.joining.join_input import (
    JoinInput,
    masked_email,
    masked_phone,
    read_input,
)
from ...models.messages.b2b2c_channel import Later
from ...models.people.addresses import is_same_name
from ..claims.test_claims import ClaimCommon
from ..common import SENDER

PHONE = "+380501112233"


class JoinCommon(ClaimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.country_id = cls.env.ref("base.ua")
        cls.invitation = cls._create_invitation()

    @classmethod
    def _create_invitation(cls, **values):
        return cls.env["b2b2c.invitation"].create(
            {"employer_id": cls.shop.id, "approval": "none", **values}
        )

    def _start(self, name="Maria Bondar", email="", phone="", **values):
        """Begin to join and send the code."""
        request = self.env["b2b2c.join"]._start(
            values.pop("invitation", self.invitation),
            JoinInput(name, email, phone),
            lang="en_US",
            address=values.pop("address", "192.0.2.1"),
            **values,
        )
        self.assertFalse(request._send_code())
        return request

    def _sent_code(self, email="", phone=""):
        """Return the last code sent to an address, as its owner reads it."""
        if email:
            mail = self.env["mail.mail"].search(
                [("email_to", "=", email)], limit=1, order="id desc"
            )
            return re.search(r">\s*([0-9]{6})\s*<", mail.body_html).group(1)
        text = (
            self.env["sms.sms"]
            .search([("number", "=", phone)], limit=1, order="id desc")
            .body.split(": ", 1)[1]
        )
        return "".join(c for c in text if c.isdigit())[:6]

    def _join(self, name="Maria Bondar", email="", phone="", **values):
        """Join with one address."""
        request = self._start(name, email, phone, **values)
        self.assertFalse(request._check_code(self._sent_code(email, phone)))
        return request

    def _count_members(self):
        return self.env["b2b2c.member"].search_count(
            [("employer_id", "=", self.shop.id), ("role", "=", "salesperson")]
        )


@tagged("post_install", "-at_install")
class TestJoin(JoinCommon):
    def test_joining_by_email(self):
        before = fields.Datetime.now()
        request = self._join(email="maria@example.com")
        self.assertEqual(request.state, "joined")
        member = request.member_id
        self.assertEqual(
            (member.name, member.email, member.role, member.employer_id, member.state),
            (
                "Maria Bondar",
                "maria@example.com",
                "salesperson",
                self.shop,
                "enrolled",
            ),
        )
        user = member.partner_id.user_ids
        self.assertEqual(user.login, "maria@example.com")
        self.assertTrue(user._is_portal())
        self.assertIn("/web/signup?", request._get_next_path())
        # the consent: who, when, which version, from where
        self.assertGreaterEqual(member.consent_at, before - timedelta(seconds=1))
        self.assertEqual(member.consent_text_id.version, 1)
        self.assertEqual(request.address, "192.0.2.1")
        self.assertFalse(member.employer_consent)
        self.assertEqual(self.invitation.uses, 1)

    def test_joining_by_phone(self):
        request = self._join(phone=PHONE)
        member = request.member_id
        self.assertEqual(member.partner_id.phone_sanitized, PHONE)
        self.assertEqual(member.partner_id.user_ids.login, PHONE)
        self.assertTrue(member._get_wishes()["sms", ""])

    def test_both_addresses_are_proved_or_left_out(self):
        request = self._start(email="maria@example.com", phone=PHONE)
        self.assertFalse(request._check_code(self._sent_code("maria@example.com")))
        self.assertEqual((request.state, request.email_ok), ("code", True))
        # the e-mail's code is of no use for the phone
        self.assertTrue(request._check_code(self._sent_code("maria@example.com")))
        self.assertFalse(request._check_code(self._sent_code(phone=PHONE)))
        self.assertEqual(request.member_id.phone, PHONE)
        other = self._start("Taras Hnatiuk", "taras@example.com", "+380671110000")
        other._skip_address()
        self.assertEqual(other.state, "code")  # nothing is proved yet
        other._check_code(self._sent_code("taras@example.com"))
        other._skip_address()
        self.assertEqual(other.state, "joined")
        self.assertFalse(other.member_id.phone)

    def test_the_code_is_not_in_the_database(self):
        request = self._start(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT j::text FROM b2b2c_join j WHERE id=%s", [request.id]
        )
        self.assertNotIn(code, self.env.cr.fetchone()[0].replace("-", ""))

    def test_wrong_codes(self):
        request = self._start(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for text in ("", None, "12345", "abcdef", "\x00", "9" * 5000):
            with self.subTest(text=text):
                self.assertTrue(request._check_code(text))
        self.assertEqual(request.tries, TRIES)
        # after the last try the right code is worth nothing
        self.assertTrue(request._check_code(code))
        self.assertEqual(request.state, "code")
        self.assertFalse(request._send_code())
        self.assertTrue(request._check_code(wrong))
        self.assertFalse(request._check_code(self._sent_code("maria@example.com")))
        self.assertEqual(request.state, "joined")

    def test_a_code_expires(self):
        request = self._start(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=16)):
            self.assertTrue(request._check_code(code))
        self.assertEqual(request.state, "code")

    def test_an_old_code_is_void(self):
        request = self._start(email="maria@example.com")
        first = self._sent_code("maria@example.com")
        request._send_code()
        if self._sent_code("maria@example.com") != first:
            self.assertTrue(request._check_code(first))

    def test_a_code_belongs_to_one_request(self):
        self._start(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        other = self._start("Thief", email="thief@example.com")
        if self._sent_code("thief@example.com") != code:
            self.assertTrue(other._check_code(code))

    def test_replaying_changes_nothing(self):
        request = self._join(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        request._check_code(code)
        request._finish()
        again = self._join(email="maria@example.com")
        self.assertEqual(again.member_id, request.member_id)
        self.assertEqual((self._count_members(), self.invitation.uses), (3, 1))

    def test_limits_are_counted_for_the_address(self):
        """Whoever asks, in whatever request: an address gets so many codes an hour."""
        for _number in range(SENDS_TO_ADDRESS):
            self._start(email="victim@example.com")
        request = self.env["b2b2c.join"]._start(
            self.invitation,
            JoinInput("X Y Z", "victim@example.com"),
            lang="en_US",
            address="192.0.2.99",
        )
        self.assertIn("Too many", request._send_code())
        mails = self.env["mail.mail"].search_count(
            [("email_to", "=", "victim@example.com")]
        )
        self.assertEqual(mails, SENDS_TO_ADDRESS)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertFalse(request._send_code())

    def test_spellings_of_one_mailbox_are_counted_together(self):
        """Five messages an hour reach a person, however the address is written."""
        sent = [
            self.env["b2b2c.join"]
            ._start(
                self.invitation,
                JoinInput(f"Person {number}", address),
                lang="en_US",
                address=f"192.0.2.{number}",
            )
            ._send_code()
            == ""
            for number, address in enumerate(
                (
                    "victim@gmail.com",
                    "victim+1@gmail.com",
                    "v.ictim@gmail.com",
                    "vic.tim+x@googlemail.com",
                    "VICTIM@gmail.com",
                    "victim+6@gmail.com",
                    "other@gmail.com",
                )
            )
        ]
        self.assertEqual(sent, [True] * 5 + [False, True])

    def test_a_home_has_one_network(self):
        """Sixty messages an hour from a network of IPv6, whichever address it uses."""
        for number in range(SENDS_FROM_IP):
            self._start(
                email=f"p{number}@example.com", address=f"2001:db8:1:2::{number:x}"
            )
        request = self.env["b2b2c.join"]._start(
            self.invitation,
            JoinInput("One More", "more@example.com"),
            lang="en_US",
            address="2001:db8:1:2:ffff::1",
        )
        self.assertIn("Too many", request._send_code())
        self._start(email="else@example.com", address="2001:db8:1:3::1")

    def test_many_wrong_codes_lock_the_network_out(self):
        limits = self.env["b2b2c.hour.count"]
        for _number in range(100):
            limits._count(self.company, "join-wrong:192.0.2.7")
        request = self._start(email="maria@example.com", address="192.0.2.7")
        self.assertTrue(request._check_code(self._sent_code("maria@example.com")))
        other = self._join("Taras Hnatiuk", "taras@example.com", address="192.0.2.8")
        self.assertEqual(other.state, "joined")


@tagged("post_install", "-at_install")
class TestJoinMessages(JoinCommon):
    """Codes go to addresses of nobody: at once, and nobody reads them later."""

    def _message(self, request, kind="join_code"):
        return self.env["b2b2c.notification"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id),
             ("kind", "=", kind)]
        )  # fmt: skip

    def _rows(self, table, ids):
        """Return rows of a table as texts."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT t::text FROM %s t WHERE id = ANY(%s)",
                SQL.identifier(table),
                ids,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def test_it_is_sent_at_once_and_holds_no_code(self):
        request = self._start(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        message = self._message(request)
        self.assertRecordValues(
            message,
            [{"state": "sent", "address": "maria@example.com", "channel": "email"}],
        )
        [row] = message.delivery_ids
        self.assertEqual((row.state, row.res_model), ("sent", "mail.mail"))
        for table, ids in (
            ("b2b2c_notification", message.ids),
            ("b2b2c_notification_delivery", row.ids),
        ):
            [text] = self._rows(table, ids)
            self.assertNotIn(code, text)
        self.assertEqual(message.message_text, "A code to join")
        # who may read the request must not read the code
        self.assertFalse(request.message_ids.filtered(lambda m: code in m.body))

    def test_a_code_passes_on_nothing_a_stranger_wrote(self):
        """The address is nobody's yet, so the mail to it greets nobody."""
        self._start("Free Coffee Now", email="victim@example.com")
        mail = self.env["mail.mail"].search([("email_to", "=", "victim@example.com")])
        for text in (mail.subject, mail.body_html, mail.body):
            self.assertNotIn("Coffee", text or "")

    def test_the_owner_reads_a_name_without_links(self):
        """Names that were stored before such ones were refused."""
        owner_mails = [("subject", "like", "wants to join")]
        self.invitation = self._create_invitation(approval="owner")
        self._join("Win at evil.example/now " + "x" * 80, "maria@example.com")
        self._send_messages()
        [mail] = self.env["mail.mail"].search(owner_mails)
        for text in (mail.subject, mail.body_html):
            self.assertNotIn("evil.example", text)
            self.assertIn("Win at evil. example now", text)
            self.assertNotIn("x" * 40, text)

    def test_it_is_forgotten_when_it_is_void(self):
        """Sent or not: a mail server that is down for a day sends no void codes."""
        requests = [
            self._start(email="maria@example.com"),
            self._start("Petro Bondar", phone=PHONE),
        ]
        rows = [self._message(request).delivery_ids for request in requests]
        handed = [self.env[row.res_model].browse(row.res_id) for row in rows]
        for minutes, is_there in ((14, True), (16, False)):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
                self._send_messages()
            for record in handed:
                self.assertEqual(bool(record.exists()), is_there, minutes)
        self.assertFalse(any(row.res_id for row in rows))

    def test_each_code_is_a_message_and_none_is_repeated(self):
        request = self._start(phone=PHONE)
        request._send_code()
        messages = self._message(request)
        self.assertEqual(messages.mapped("state"), ["sent"] * 2)
        self.assertEqual(self.env["sms.sms"].search_count([("number", "=", PHONE)]), 2)
        self._send_messages()
        self.assertEqual(self.env["sms.sms"].search_count([("number", "=", PHONE)]), 2)

    def test_no_subject_tells_the_code(self):
        """Subjects are shown on locked screens; whatever somebody made of the
        template."""
        template = self.env.ref("loyalty_b2b2c.mail_template_join_code")
        self.assertNotIn("ctx", template.subject)
        for number, subject in enumerate(
            (template.subject, "{{ ctx.get('join_code') }}")
        ):
            template.subject = subject
            address = f"maria{number}@example.com"
            self._start(email=address)
            mail = self.env["mail.mail"].search([("email_to", "=", address)])
            with self.subTest(subject=subject):
                self.assertEqual(mail.subject, "A code to join")
                self.assertIn(self._sent_code(address), mail.body_html)

    def test_every_kind_with_a_secret_keeps_it_out_of_its_template_s_subject(self):
        kinds = self.env["b2b2c.notification.kind"]._get_kinds()
        secret = {code for code, kind in kinds.items() if kind.secret_minutes}
        by_mail = {"join_code", "payout_code", "spend_code"}
        self.assertEqual(secret, by_mail | {"card_code"})  # that one by SMS only
        for code in by_mail:
            template = self.env.ref(kinds[code].mail_template)
            self.assertNotIn("{{", template.subject)

    def test_what_could_not_be_sent_is_said(self):
        template = self.env.ref("loyalty_b2b2c.mail_template_join_code")
        template.body_html = '<t t-out="object.nonsense"/>'
        request = self.env["b2b2c.join"]._start(
            self.invitation,
            JoinInput("Maria Bondar", "maria@example.com"),
            lang="en_US",
            address="",
        )
        with mute_logger(SENDER):
            self.assertIn("could not be sent", request._send_code())
        self.assertEqual(request.state, "code")
        message = self._message(request)
        self.assertEqual(message.state, "failed")
        with self.assertRaisesRegex(UserError, "sent once only"):
            message.action_retry()

    def test_a_channel_that_wants_it_later_gets_it_never(self):
        """The code is stored nowhere, so there is nothing to send later."""
        channel = self.registry["b2b2c.channel.sms"]
        with patch.object(channel, "_send", side_effect=Later(60)):
            request = self.env["b2b2c.join"]._start(
                self.invitation, JoinInput("Petro", phone=PHONE), lang="", address=""
            )
            self.assertIn("could not be sent", request._send_code())
        self.assertEqual(self._message(request).delivery_ids.reason_code, "gave_up")

    def test_the_decision_reaches_the_proved_address_in_its_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.invitation.approval = "manager"
        request = self._join(phone=PHONE)
        request.lang = "uk_UA"
        request._approve(self.env.user)
        message = self._message(request, "join_decision")
        self.assertEqual((message.address, message.channel), (PHONE, "sms"))
        self.assertEqual(message._for_reader().env.lang, "uk_UA")
        request._approve(self.env.user)
        self._send_messages()
        texts = self.env["sms.sms"].search([("number", "=", PHONE)])
        self.assertEqual(len(texts), 2, "the code and the decision")

    def test_who_is_forgotten_leaves_no_address(self):
        request = self._start(email="maria@example.com")
        self.env.cr.execute(
            "UPDATE b2b2c_join SET create_date = '2020-01-01' WHERE id = %s",
            request.ids,
        )
        self.env["b2b2c.join"]._gc_unfinished()
        self.assertFalse(
            self.env["b2b2c.notification"].search(
                [("address", "=", "maria@example.com")]
            )
        )


@tagged("post_install", "-at_install")
class TestJoinPerson(JoinCommon):
    """Who has an address keeps what he has; nobody gets what another one has."""

    def test_a_known_person_keeps_contact_and_user(self):
        partner = self.colleague.partner_id
        other_shop = self.env["res.partner"].create(
            {"name": "Second Shop", "is_company": True}
        )
        invitation = self._create_invitation(employer_id=other_shop.id)
        request = self._join("Oleh", partner.email, invitation=invitation)
        self.assertEqual(request.member_id.partner_id, partner)
        self.assertEqual(request.member_id.employer_id, other_shop)
        users = partner.user_ids
        again = self._join("Oleh", partner.email, invitation=self.invitation)
        self.assertEqual(again.member_id, self.colleague)
        self.assertEqual(partner.user_ids, users)

    def test_two_people_with_one_phone(self):
        first = self._join("Maria Bondar", phone=PHONE)
        second = self._join("Petro Bondar", phone=PHONE)
        self.assertEqual((first.state, second.state), ("joined", "taken"))
        self.assertFalse(second.member_id)
        self.assertEqual(self.invitation.uses, 1)
        third = self._join("Petro Bondar", "petro@example.com")
        self.assertNotEqual(third.member_id.partner_id, first.member_id.partner_id)

    def test_of_two_people_of_one_name_and_phone_nobody_is_chosen(self):
        first, second = (
            self._create_member(
                name=name, email=email, phone=PHONE, employer_id=self.client.id
            )
            for name, email in (("Maria Bondar", "m1@x.example"), ("Maria B", False))
        )
        second.partner_id.name = "Bondar Maria"
        before = self._count_members()
        request = self._join("Maria Bondar", phone=PHONE)
        self.assertEqual((request.state, self._count_members()), ("taken", before))
        # a login is one person's
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": PHONE,
                "partner_id": second.partner_id.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        request = self._join("Maria Bondar", phone=PHONE)
        self.assertEqual(request.member_id.partner_id, second.partner_id)
        self.assertNotEqual(first.partner_id, second.partner_id)

    def test_an_address_that_was_not_proved_finds_nobody(self):
        self._join("Maria Bondar", phone=PHONE)
        request = self._start("Maria Bondar", "thief@example.com", PHONE)
        request._check_code(self._sent_code("thief@example.com"))
        request._skip_address()
        self.assertEqual(request.state, "joined")
        self.assertNotEqual(request.partner_id.phone, PHONE)

    def test_staff_of_ours_signs_in(self):
        user = self._create_user("boss@example.com", "base.group_user")
        request = self._join(user.name, "boss@example.com")
        self.assertEqual(request.state, "taken")

    def test_who_was_locked_out_stays_out(self):
        member = self._join(email="maria@example.com").member_id
        member._set_state("left", ("enrolled",), left_at=fields.Datetime.now())
        member.partner_id.user_ids.active = False
        self.assertEqual(self._join(email="maria@example.com").state, "taken")

    def test_who_left_can_come_back(self):
        member = self._join(email="maria@example.com").member_id
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            member.action_leave()
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            again = self._join(email="maria@example.com")
        self.assertEqual(again.state, "joined")
        self.assertNotEqual(again.member_id, member)
        self.assertEqual(again.member_id.partner_id, member.partner_id)

    def test_people_of_another_company_are_not_taken(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create(
            {
                "name": "Maria Bondar",
                "email": "maria@example.com",
                "company_id": other.id,
            }
        )
        request = self._join(email="maria@example.com")
        self.assertNotEqual(request.partner_id, partner)

    def test_contacts_of_companies_do_not_join_signed_in(self):
        known = JoinInput("Olena Kovalenko")
        request = self.env["b2b2c.join"]._start(
            self.invitation, known, lang="en_US", address="", partner=self.contact
        )
        request._finish()
        self.assertEqual(request.state, "taken")

    def test_erasing_forgets_how_somebody_joined(self):
        request = self._join(email="maria@example.com")
        action = request.member_id.action_erase()
        wizard = self.env["b2b2c.erase"].browse(action["res_id"])
        wizard.write({"reason": "Request 123", "confirmed": True})
        wizard.action_erase()
        self.assertFalse(request.exists())


@tagged("post_install", "-at_install")
class TestInvitation(JoinCommon):
    def test_unknown_expired_and_revoked_are_the_same(self):
        invitations = self.env["b2b2c.invitation"]
        self.assertEqual(invitations._find(self.invitation.token), self.invitation)
        yesterday = fields.Date.today() - timedelta(days=1)
        expired = self._create_invitation(valid_until=yesterday)
        revoked = self._create_invitation()
        revoked.action_revoke()
        for token in ("", None, "x" * 22, expired.token, revoked.token):
            with self.subTest(token=token):
                self.assertFalse(invitations._find(token))
        self.assertEqual((expired.state, revoked.state), ("expired", "revoked"))

    def test_tokens_are_long_and_not_chosen(self):
        self.assertGreaterEqual(len(self.invitation.token), 22)
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        invitations = self.env["b2b2c.invitation"].with_user(officer)
        for values in ({"token": "easy"}, {"uses": 0}, {"revoked_at": False}):
            with self.subTest(values=values):
                with self.assertRaises(UserError):
                    self.invitation.with_user(officer).write(values)
                with self.assertRaises(UserError):
                    invitations.create({"employer_id": self.shop.id, **values})
        token = self.invitation.token
        self.invitation.with_user(officer).action_new_link()
        self.assertNotEqual(self.invitation.token, token)

    def test_at_most(self):
        invitation = self._create_invitation(max_uses=1)
        self.assertEqual(
            self._join(email="a@example.com", invitation=invitation).state, "joined"
        )
        self.assertEqual(invitation.state, "full")
        late = self._join("Late Person", "b@example.com", invitation=invitation)
        self.assertEqual((late.state, invitation.uses), ("closed", 1))
        self.assertFalse(late.member_id)

    def test_it_ends_while_somebody_reads_the_code(self):
        request = self._start(email="maria@example.com")
        self.invitation.action_revoke()
        request._check_code(self._sent_code("maria@example.com"))
        self.assertEqual(request.state, "closed")

    def test_bad_settings_are_refused(self):
        for values in (
            {"employer_id": self.contact.id},
            {"role": "owner", "approval": "owner"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._create_invitation(**values)
        self._join(email="maria@example.com")
        with self.assertRaises(UserError):
            self.invitation.role = "owner"

    def test_what_people_agreed_to_stays(self):
        text = self._join(email="maria@example.com").consent_text_id
        with self.assertRaises(UserError):
            text.body = "Something else"
        with self.assertRaises(UserError):
            text.unlink()
        newer = self.env["b2b2c.consent.text"].create({"body": "New", "version": 1})
        self.assertEqual(newer.version, 2)
        request = self._join("Taras Hnatiuk", "taras@example.com")
        self.assertEqual(request.member_id.consent_text_id, newer)

    def test_input(self):
        country = self.env.ref("base.ua")
        for form, expected in (
            ({}, ""),
            ({"name": "Maria"}, ""),
            ({"name": "Maria", "email": "no address"}, ""),
            ({"name": "Maria", "phone": "12"}, ""),
            ({"name": "Maria", "phone": "9" * 500}, ""),
            ({"name": "1234", "email": "m@example.com"}, ""),
            ({"name": ["x"], "email": {"a": 1}}, ""),
            (
                {"name": " Maria\x00\n B ", "email": "M@Example.com"},
                ("Maria B", "m@example.com", ""),
            ),
            ({"name": "Maria", "phone": "050 111 22 33"}, ("Maria", "", PHONE)),
        ):
            with self.subTest(form=form):
                known = read_input(self.env, form, country)
                if expected:
                    self.assertFalse(known.problem)
                    self.assertEqual((known.name, known.email, known.phone), expected)
                else:
                    self.assertTrue(known.problem)

    def test_words(self):
        self.assertEqual(masked_phone(PHONE), "+380•••••33")
        self.assertEqual(masked_phone("123"), "•••")
        self.assertEqual(masked_email("maria@example.com"), "m•••@example.com")
        for one, other, same in (
            ("Olena Kovalenko", "kovalenko olena", True),
            ("Olena", "Olena Kovalenko", True),
            ("Ivan Kovalenko", "Olena Kovalenko", False),
            ("", "Olena", False),
            ("Al", "Al Bo", False),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(is_same_name(one, other), same)


@tagged("post_install", "-at_install")
class TestApproval(JoinCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation.approval = "owner"
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.helper = cls._create_user("helper", "loyalty_b2b2c.group_user")

    def test_waiting_is_not_taking_part(self):
        request = self._join(email="maria@example.com")
        self.assertEqual(request.state, "waiting")
        self.assertFalse(request.member_id)
        self.assertTrue(request._is_for_owner())
        self._send_messages()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "=", self.owner.partner_id.id)]
        )
        self.assertIn("Maria Bondar wants to join", mail.subject)

    def test_waiting_twice_is_one_request(self):
        self._join(email="maria@example.com")
        self._join(email="maria@example.com")
        self.assertEqual(self.invitation.uses, 1)

    def test_approving(self):
        request = self._join(email="maria@example.com", scan_code="SCAN&ME")
        request.with_user(self.officer).action_approve()
        request.with_user(self.officer).action_approve()  # a double click
        self.assertEqual(request.state, "joined")
        self.assertEqual(request.decided_by_id, self.officer)
        self.assertTrue(request.member_id.employer_consent)
        self.assertEqual(self._count_members(), 3)
        self._send_messages()
        mail = self.env["mail.mail"].search(
            [("email_to", "=", "maria@example.com")], limit=1, order="id desc"
        )
        self.assertIn("/web/signup?", mail.body_html)
        self.assertIn("%2Fmy%2Frewards%2Fscan%3Fcode%3DSCAN%2526ME", mail.body_html)

    def test_refusing_makes_place(self):
        invitation = self._create_invitation(approval="manager", max_uses=1)
        request = self._join(email="maria@example.com", invitation=invitation)
        request.with_user(self.officer).action_refuse()
        self.assertEqual((request.state, invitation.uses), ("refused", 0))
        with self.assertRaises(UserError):
            request.with_user(self.officer).action_approve()

    def test_who_may_decide(self):
        request = self._join(email="maria@example.com")
        with self.assertRaises(UserError):
            request.with_user(self.helper).action_approve()
        with self.assertRaises(UserError):
            request.with_user(self.officer).write({"state": "joined"})
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = self._create_user("foreigner", "loyalty_b2b2c.group_manager")
        foreigner.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(UserError):
            request.with_user(foreigner).action_approve()

    def test_the_address_was_taken_meanwhile(self):
        request = self._join(phone=PHONE)
        at_once = self._create_invitation()
        self._join("Petro Bondar", phone=PHONE, invitation=at_once)
        with self.assertRaises(UserError):
            request.with_user(self.officer).action_approve()

    def test_phone_people_hear_by_sms(self):
        request = self._join(phone=PHONE)
        request.with_user(self.officer).action_approve()
        self._send_messages()
        sms = self.env["sms.sms"].search(
            [("number", "=", PHONE)], limit=1, order="id desc"
        )
        self.assertIn("/web/signup?", sms.body)

    def test_the_manager_gets_a_todo(self):
        self.company.b2b2c_manager_id = self.officer
        self.invitation.approval = "manager"
        request = self._join(email="maria@example.com")
        self.assertEqual(request.activity_ids.user_id, self.officer)
        request.with_user(self.officer).action_approve()
        self.assertFalse(request.activity_ids)

    def test_what_was_begun_is_forgotten(self):
        begun = self._start(email="maria@example.com")
        waiting = self._join("Taras Hnatiuk", "taras@example.com")
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.env["b2b2c.join"]._gc_unfinished()
        self.assertFalse(begun.exists())
        self.assertTrue(waiting.exists())


@tagged("post_install", "-at_install")
class TestNobodyAgreesToHimself(JoinCommon):
    """Joining that needs somebody who agrees: whom, is read when it is decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation.approval = "owner"
        cls.company.b2b2c_join_approval = "owner"
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.second = cls._create_user("second", "loyalty_b2b2c.group_officer")
        cls.owner_user = cls._create_portal_user(cls.owner)

    @classmethod
    def _create_portal_user(cls, member):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": member.email,
                    "partner_id": member.partner_id.id,
                    "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    def _sign_in_and_join(self, user, **values):
        request = self.env["b2b2c.join"]._start(
            values.pop("invitation", self.invitation),
            JoinInput(user.name),
            lang="en_US",
            address="",
            partner=user.partner_id,
        )
        request._finish()
        return request

    def test_an_owner_agrees_to_others(self):
        request = self._join(email="maria@example.com")
        request._approve(self.owner_user, as_owner=True)
        self.assertEqual(request.state, "joined")

    def test_an_owner_does_not_agree_to_himself(self):
        """Neither signed in, nor as a guest with his own address."""
        mine = self._sign_in_and_join(self.owner_user)
        guest = self._join("Ihor", email="ihor@shop.example")
        for request in mine | guest:
            self.assertEqual(request.state, "waiting")
            self.assertFalse(request._is_for_owner())
            for decide in (request._approve, request._refuse):
                with self.assertRaises(UserError):
                    decide(self.owner_user, as_owner=True)
        mine.with_user(self.officer).action_approve()
        self.assertEqual(mine.member_id.role, "salesperson")

    def test_control_the_owner_could(self):
        request = self._sign_in_and_join(self.owner_user)
        joins = type(request)
        with patch.object(joins, "_check_decider", lambda *_args: None):
            request._approve(self.owner_user, as_owner=True)
        self.assertEqual(request.state, "joined")

    def test_the_companys_rule_is_read_when_deciding(self):
        """Who was invited while owners agreed waits for an officer now."""
        waits = self._join(email="maria@example.com")
        self.assertTrue(waits._is_for_owner())
        self.company.b2b2c_join_approval = "manager"
        self.assertFalse(waits._is_for_owner())
        with self.assertRaisesRegex(UserError, "officer"):
            waits._approve(self.owner_user, as_owner=True)
        for approval in ("owner", "none"):
            invitation = self._create_invitation(approval=approval)
            self.assertEqual(invitation._get_approval(), "manager")
        at_once = self._join("Taras", email="t@example.com", invitation=invitation)
        self.assertEqual(at_once.state, "waiting")
        waits.with_user(self.officer).action_approve()
        self.assertEqual(waits.state, "joined")

    def test_people_with_rights_are_for_another_officer(self):
        """Who handles points joins nowhere at once, and agrees to nobody's joining at
        the own shop."""
        at_once = self._create_invitation()
        mine = self._sign_in_and_join(self.officer, invitation=at_once)
        self.assertEqual(mine.state, "waiting")
        with self.assertRaisesRegex(UserError, "concerns you"):
            mine.with_user(self.officer).action_approve()
        with self.assertRaises(UserError):
            mine._approve(self.owner_user, as_owner=True)
        mine.with_user(self.second).action_approve()
        self.assertEqual(mine.state, "joined")
        colleague = self._join(email="maria@example.com")
        with self.assertRaisesRegex(UserError, "concerns you"):
            colleague.with_user(self.officer).action_approve()
        colleague.with_user(self.second).action_approve()

    def test_people_with_rights_under_their_phone(self):
        """A guest who proves the phone of an officer is the officer."""
        self.officer.partner_id.phone = PHONE
        request = self._join(
            "Somebody", phone=PHONE, invitation=self._create_invitation()
        )
        self.assertEqual(request.state, "waiting")
        with self.assertRaisesRegex(UserError, "concerns you"):
            request.with_user(self.officer).action_approve()


@tagged("post_install", "-at_install")
class TestInvitedPrograms(JoinCommon):
    """An invitation that names programs is to these programs only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # each gives 3 points a unit to who scans and 2 to the owner
        cls.invited = cls._create_scan_program(name="Invited")
        cls.other = cls._create_scan_program(name="Other")

    def _scan(self, member, quantity=1):
        """Scan; return what the member has then."""
        self._submit(f"scan-{fields.Datetime.now()}-{quantity}", member, quantity)
        claim = self.env["b2b2c.claim"].search([], limit=1)
        claim._accept()
        return self._available(member)[0]

    def _invite(self, *programs, **values):
        ids = [program.id for program in programs]
        return self._create_invitation(program_ids=[(6, 0, ids)], **values)

    def test_who_joins_takes_part_in_the_named_programs_only(self):
        invitation = self._invite(self.invited)
        member = self._join(email="maria@example.com", invitation=invitation).member_id
        self.assertEqual(member.program_ids, self.invited)
        self.assertEqual(self._scan(member), 3)
        # the owner was not invited to one program: both count for him
        self.assertEqual(self._available(self.owner), [4])
        # who joins without names takes part in all
        free = self._join("Oleh Free", "free@example.com").member_id
        self.assertFalse(free.program_ids)
        self.assertEqual(self._scan(free), 6)
        self.assertBooksRight()

    def test_a_manager_changes_it_and_what_was_booked_stays(self):
        manager = self._create_user("chief", "loyalty_b2b2c.group_manager")
        invitation = self._invite(self.invited)
        member = self._join(email="maria@example.com", invitation=invitation).member_id
        self.assertEqual(self._scan(member), 3)
        member.with_user(manager).program_ids = self._create_program(name="Third")
        claim = self.env["b2b2c.claim"].search([], limit=1)
        self.env["b2b2c.event"]._record(claim)
        self.env["b2b2c.event"]._settle(claim)
        self.assertEqual(self._available(member), [3])
        self.assertEqual(self._scan(member, 2), 3)
        member.with_user(manager).program_ids = False
        self.assertEqual(self._scan(member, 3), 3 + 2 * 9)

    def test_another_invitation_adds_its_programs(self):
        person = {"email": "maria@example.com"}
        member = self._join(invitation=self._invite(self.invited), **person).member_id
        asked = self._invite(self.other, approval="manager")
        self._join(invitation=asked, **person)
        self.assertEqual(member.program_ids, self.invited, "nobody approved that")
        self._join(invitation=self._invite(self.other), **person)
        self.assertEqual(member.program_ids, self.invited | self.other)
        self._join(invitation=self._invite(), **person)
        self.assertFalse(member.program_ids)
        self._join(invitation=self._invite(self.invited), **person)
        self.assertFalse(member.program_ids, "who is in all stays in all")

    def test_programs_of_another_company_are_refused(self):
        theirs = self.invited.copy(
            {"company_id": self.env["res.company"].create({"name": "Theirs"}).id}
        )
        with self.assertRaises(ValidationError):
            self.seller.program_ids = theirs

    def test_it_costs_no_query(self):
        members = self.seller | self.colleague | self.owner
        self.seller.program_ids = self.invited
        self.env.flush_all()
        self.env.invalidate_all()
        self.shop.fetch(["commercial_partner_id"])
        with self.assertQueryCount(1):
            found = self.env["b2b2c.member"]._get_candidates(self.company, self.shop)
            scopes = [set(member.program_scope or ()) for member in found]
        self.assertEqual(found, members.sorted(lambda m: (m.enrolled_at, m.id)))
        self.assertIn({self.invited.id}, scopes)
