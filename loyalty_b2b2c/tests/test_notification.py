"""Messages: queued with the entries, sent after, once, in the reader's language."""

from unittest.mock import patch

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestNotification(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"hold": "until_paid"})
        cls.person = cls.member.partner_id

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _messages(self):
        return self.env["b2b2c.notification"].search(
            [("account_id", "=", self._account().id)], order="id"
        )

    def _mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.person.ids)])

    def _texts(self):
        return self.env["sms.sms"].search([("partner_id", "=", self.person.id)])

    def _send(self):
        """Run the cron, as often as it likes."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.ref("base.user_root").id, {})
            env["b2b2c.notification"]._cron_send()

    def _order(self):
        order = self._create_order()
        self._process()
        return order

    def test_one_message_for_many_lines(self):
        self._create_lines_order((self.product, 1, 100.0), (self.product, 2, 100.0))
        self._process()
        self.assertRecordValues(
            self._messages(), [{"kind": "pending", "points": 15, "state": "new"}]
        )

    def test_processing_again_queues_nothing(self):
        order = self._order()
        self.env["b2b2c.event"]._record(order)
        self._process()
        self.assertEqual(len(self._messages()), 1)

    def test_every_change_has_its_words(self):
        order = self._order()
        invoice = self._invoice(order)
        payment = self._pay(invoice)
        self._process()
        payment.action_cancel()
        self._process()
        order._action_cancel()
        self._process()
        self.assertEqual(
            self._messages().mapped("kind"),
            ["pending", "credited", "reversed", "voided"],
        )

    def test_silent_program(self):
        self.program.notify = False
        self._order()
        self.assertFalse(self._messages())

    def test_email_is_sent_once(self):
        self._order()
        self._send()
        self._send()
        self.assertEqual(self._messages().state, "sent")
        self.assertEqual(len(self._mails()), 1)

    def test_email_tells_the_figures(self):
        order = self._order()
        self._send()
        self.assertIn("50", self._mails().subject)
        self.assertIn(order.name, self._mails().body_html)

    def test_email_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.person.lang = "uk_UA"
        template = self.env.ref("loyalty_b2b2c.mail_template_notification")
        template.with_context(lang="uk_UA").subject = "Бонуси: {{object.points_text}}"
        self._order()
        self._send()
        self.assertIn("Бонуси: 50", self._mails().subject)

    def test_sms_when_wanted(self):
        self.member.notify_sms = True
        self._order()
        self._send()
        self.assertEqual(self._texts().number, "+380671234567")
        self.assertIn("50", self._texts().body)

    def test_no_sms_by_default(self):
        self._order()
        self._send()
        self.assertFalse(self._texts())

    def test_nothing_wanted_is_skipped(self):
        self.member.notify_email = False
        self._order()
        self._send()
        self.assertEqual(self._messages().state, "skipped")
        self.assertFalse(self._mails())

    def test_failure_is_recorded_and_stops_no_other(self):
        petro = self._create_member(name="Petro", email="p@example.com")
        self.program.rule_ids.pick = "each"
        self._order()
        model = type(self._messages())
        original = model._send_email

        def send(message):
            if message.member_id == self.member.with_env(message.env):
                raise ValueError("No mail server")
            return original(message)

        with patch.object(model, "_send_email", send):
            with mute_logger("odoo.addons.loyalty_b2b2c.models.b2b2c_notification"):
                self._send()
        self.assertRecordValues(
            self._messages(), [{"state": "failed", "reason": "No mail server"}]
        )
        other = self.env["b2b2c.notification"].search([("member_id", "=", petro.id)])
        self.assertEqual(other.state, "sent")
