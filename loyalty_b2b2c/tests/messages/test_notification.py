"""Messages: queued with the entries, sent after, once, in the reader's language."""

from contextlib import ExitStack
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.messages.b2b2c_notification import Change
from ...models.messages.b2b2c_notification_queue import WAKE_SECONDS
from ..common import SENDER, LoyaltyCommon

QUEUE = "odoo.addons.loyalty_b2b2c.models.messages.b2b2c_notification_queue"


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
            ["pending", "usable", "reversed", "voided"],
        )

    def test_silent_program(self):
        self.program.notify = False
        self._order()
        self.assertFalse(self._messages())

    def test_email_is_sent_once(self):
        self._order()
        self._send_messages()
        self._send_messages()
        self.assertEqual(self._messages().state, "sent")
        self.assertEqual(len(self._mails()), 1)

    def test_email_tells_the_figures(self):
        order = self._order()
        self._send_messages()
        self.assertIn("50", self._mails().subject)
        self.assertIn(order.name, self._mails().body_html)

    def test_email_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.person.lang = "uk_UA"
        template = self.env.ref("loyalty_b2b2c.mail_template_message")
        template.with_context(lang="uk_UA").subject = "Бонуси: {{object.points_text}}"
        self._order()
        self._send_messages()
        self.assertIn("Бонуси: 50", self._mails().subject)

    def test_sms_when_wanted(self):
        self.member.channel_wishes = {"sms": True}
        self._order()
        self._send_messages()
        self.assertEqual(self._texts().number, "+380671234567")
        self.assertIn("50", self._texts().body)

    def test_no_sms_by_default(self):
        self._order()
        self._send_messages()
        self.assertFalse(self._texts())

    def test_nothing_wanted_is_skipped(self):
        self.member.channel_wishes = {"email": False}
        self._order()
        self._send_messages()
        self.assertEqual(self._messages().state, "skipped")
        self.assertFalse(self._mails())

    def test_failure_is_recorded_and_stops_no_other(self):
        petro = self._create_member(name="Petro", email="p@example.com")
        self.program.rule_ids.pick = "each"
        self._order()
        with self._failing("email"):
            self._send_messages()
        self.assertRecordValues(
            self._messages(), [{"state": "failed", "reason": "No mail server"}]
        )
        other = self.env["b2b2c.notification"].search([("member_id", "=", petro.id)])
        self.assertEqual(other.state, "sent")

    def _failing(self, channel):
        """A context in which a channel does not work for this participant."""
        model = self.registry[f"b2b2c.channel.{channel}"]
        original = model._send

        def send(channel, message):
            if message.member_id == self.member.with_env(message.env):
                raise ValueError("No mail server")
            return original(channel, message)

        stack = ExitStack()
        stack.enter_context(patch.object(model, "_send", send))
        stack.enter_context(mute_logger(SENDER))
        return stack

    def _deliveries(self):
        """What became of the messages: [(channel, state, cause)]."""
        return [
            (row.channel, row.state, row.reason_code)
            for row in self._messages().delivery_ids
        ]

    # === WORDS === #

    def test_points_usable_at_once(self):
        self.program.rule_ids.hold = "none"
        self._order()
        message = self._messages()
        self.assertEqual(message.kind, "credited")
        self.assertRegex(message.headline, r"^\+50 pts for S\d+$")

    def test_pending_says_what_it_waits_for(self):
        """No day is promised: without terms of payment nobody knows one."""
        with freeze_time("2026-03-01 12:00:00"):
            self._order()
        self.assertEqual(
            self._messages().sentences,
            ["You can use them as soon as the invoice is paid."],
        )

    def test_pending_says_when_it_is_due(self):
        terms = self.env.ref("account.account_payment_term_30days")
        self.contact.property_payment_term_id = terms
        with freeze_time("2026-03-01 12:00:00"):
            self._order()
        self.assertEqual(self._messages().sentences[1:], ["Expected on Mar 31, 2026."])

    def test_pending_names_the_expected_day(self):
        self.program.rule_ids.write(
            {"hold": "days", "hold_days": 10, "trigger": "confirmed"}
        )
        with freeze_time("2026-03-01 12:00:00"):
            order = self._create_order()
            order.date_order = "2026-03-01 12:00:00"
            self._process()
        self.assertEqual(self._messages().sentences, ["Expected on Mar 11, 2026."])

    def test_reversal_names_its_cause(self):
        order = self._order()
        order._action_cancel()
        self._process()
        self.assertEqual(
            self._messages()[-1].sentences, [f"{order.name} was cancelled."]
        )

    def test_a_cut_is_told(self):
        self.program.budget_points = 20
        self._order()
        message = self._messages()
        self.assertEqual(message.points, 20)
        self.assertIn(
            "Reduced by the program budget of 20: 20 left, 50 deserved.",
            message.sentences,
        )

    def test_reward_fulfilled_is_told_once(self):
        for _repeat in range(2):
            self.env["b2b2c.notification"]._queue_fulfilled(
                self._account(), reward="Coffee mug", reference="x,1", points=30
            )
        message = self._messages()
        self.assertEqual(message.headline, "Your reward is ready: Coffee mug")
        self.assertEqual(message.sentences, ["You spent 30 pts on it."])
        self._send_messages()
        self.assertIn("Coffee mug", self._mails().subject)

    def test_mail_is_of_the_company_and_shows_balance_and_pending(self):
        self._pay(self._invoice(self._order()))
        self._process()
        self._order()
        self._send_messages()
        body = self._mails()[0].body_html
        self.assertIn(self.company.name, body)
        self.assertIn("50 pts", body)
        self.assertIn("Still pending", body)
        self.assertIn(f'"{self.company._get_rewards_url("preferences")}"', body)

    # === PREFERENCES === #

    def test_unwanted_kind_is_skipped(self):
        self.member.topic_wishes = {"pending": False}
        order = self._order()
        self._pay(self._invoice(order))
        self._process()
        self._send_messages()
        self.assertRecordValues(
            self._messages(),
            [
                {"kind": "pending", "state": "skipped"},
                {"kind": "usable", "state": "sent"},
            ],
        )
        self.assertEqual(len(self._mails()), 1)

    def test_every_topic_of_a_kind_can_be_declined(self):
        kinds = self.env["b2b2c.notification.kind"]
        topics = {kind.topic for kind in kinds._get_kinds().values() if kind.topic}
        self.assertFalse(topics - set(kinds._get_topics()))

    def test_the_sender_is_woken_once_in_some_seconds(self):
        """A run at once, one for who comes within these seconds, none in between."""
        triggers = self.env["ir.cron.trigger"].search
        job = [("cron_id", "=", self.env.ref("loyalty_b2b2c.cron_notify").id)]
        clock = self.startPatcher(patch(f"{QUEUE}.time.monotonic"))
        notify = self.startPatcher(patch.object(type(self.env["ir.cron"]), "_notifydb"))
        triggers(job).unlink()
        documents = iter(range(1, 10))
        for seconds, number in ((10**6, 2), (10**6 + 4.9, 2), (10**6 + 5, 4)):
            clock.return_value = seconds
            for _message in range(2):
                change = Change(self._account().id, "x", next(documents), "", 1, 0)
                self.env["b2b2c.notification"]._queue([change])
            self.env.cr.postcommit.run()
            self.assertEqual(len(triggers(job)), number)
        self.assertEqual(notify.call_count, 2)
        first, *_rest, last = triggers(job, order="call_at")
        self.assertEqual(
            round((last.call_at - first.call_at).total_seconds()), WAKE_SECONDS
        )

    # === DIGEST === #

    def _news(self, number, moment="2026-03-04 12:00:00"):
        """Queue ``number`` messages at a moment (a Wednesday, 14:00 in Kyiv)."""
        self.person.tz = "Europe/Kyiv"
        with freeze_time(moment):
            for _number in range(number):
                self._account()._earn(
                    1, source_key=f"news/{len(self._account().entry_ids)}"
                )
                self._account().invalidate_recordset()
                self.env["b2b2c.notification"]._queue(
                    [Change(self._account().id, "x", 1, "", posted=1, pending=0)]
                )

    def test_digest_times(self):
        for often, day in (("daily", 5), ("weekly", 9)):
            with self.subTest(often=often):
                self.member.notify_digest = often
                self._news(1)
                self.assertEqual(
                    self._messages()[-1].send_at, datetime(2026, 3, day, 6)
                )

    def test_digest_before_eight_goes_out_the_same_day(self):
        self.member.notify_digest = "daily"
        self._news(1, "2026-03-04 05:59:00")
        self.assertEqual(self._messages().send_at, datetime(2026, 3, 4, 6))

    def test_daily_digest_is_one_mail(self):
        self.member.notify_digest = "daily"
        self._news(30)
        with freeze_time("2026-03-05 05:59:59"):
            self._send_messages()
        self.assertFalse(self._mails())
        with freeze_time("2026-03-05 06:00:00"):
            self._send_messages()
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(self._mails().subject, "Your points: 30 news")
        self.assertEqual(set(self._messages().mapped("state")), {"sent"})
        self.assertEqual(len(self._messages()[0].part_ids), 30)

    def test_a_thousand_news_at_once_are_one_mail(self):
        self._news(1)
        self.env.cr.execute(
            """
            INSERT INTO b2b2c_notification (account_id, member_id, company_id, kind,
                   points, dedupe_key, state, send_at)
            SELECT account_id, member_id, company_id, kind, points, 'many/' || n, state,
                   send_at
              FROM b2b2c_notification, generate_series(1, 999) n
             WHERE account_id = %s
            """,
            [self._account().id],
        )
        self._send_messages()
        self.assertEqual(len(self._mails()), 1)
        self.assertIn("900 more", " ".join(self._mails().body_html.split()))

    def test_a_few_news_at_once_are_single_mails(self):
        self._news(5)
        self._send_messages()
        self.assertEqual(len(self._mails()), 5)

    def test_digest_by_sms_is_one_text(self):
        self.member.write(
            {"notify_digest": "daily", "channel_wishes": {"sms": True, "email": False}}
        )
        self._news(3)
        self._send_messages()
        self.assertEqual(len(self._texts()), 1)
        self.assertIn("3 news", self._texts().body)

    def test_choosing_at_once_sends_what_waits(self):
        self.member.notify_digest = "weekly"
        with freeze_time("2026-03-04 12:00:00"):
            self._news(2)
            self._send_messages()
            self.assertFalse(self._mails())
            self.member.notify_digest = "now"
            self._send_messages()
        self.assertEqual(len(self._mails()), 2)

    # === FAILURES === #

    def test_retry_sends_only_what_failed(self):
        self.member.channel_wishes = {"sms": True}
        self._order()
        with self._failing("email"):
            self._send_messages()
        self.assertEqual(self._messages().state, "failed")
        self.assertEqual(
            self._deliveries(), [("email", "failed", "error"), ("sms", "sent", False)]
        )
        self._messages().action_retry()
        self._send_messages()
        self.assertEqual(self._messages().state, "sent")
        self.assertEqual(
            self._deliveries(), [("email", "sent", False), ("sms", "sent", False)]
        )
        self.assertEqual((len(self._mails()), len(self._texts())), (1, 1))

    def test_failed_delivery_is_visible_and_retried(self):
        """Odoo's mail server refuses long after the message was queued."""
        self._order()
        self._send_messages()
        mail = self._mails()
        mail.state = "exception"
        mail._postprocess_sent_message(
            [], [], failure_reason="Connection refused", failure_type="mail_smtp"
        )
        words = dict(mail._fields["failure_type"]._description_selection(self.env))
        self.assertRecordValues(
            self._messages(),
            [
                {
                    "state": "failed",
                    "shown_state": "failed",
                    "reason": f"{words['mail_smtp']}: Connection refused",
                }
            ],
        )
        self._messages().action_retry()
        self._send_messages()
        self.assertFalse(mail.exists())
        self.assertEqual(len(self._mails()), 1)

    def test_sent_is_what_left(self):
        """What waits in Odoo's own queue of e-mails is on its way, no more."""
        self._order()
        self._send_messages()
        message = self._messages()
        self.assertEqual((message.state, message.shown_state), ("sent", "queued"))
        self._mails().state = "sent"
        message.invalidate_recordset(["shown_state"])
        self.assertEqual(message.shown_state, "sent")
        self._mails().unlink()  # Odoo deletes what has left
        message.invalidate_recordset(["shown_state"])
        self.assertEqual(message.shown_state, "sent")

    def test_a_code_of_the_mail_server_is_worded(self):
        """Without a sentence of the server: in the language of who looks."""
        self._order()
        self._send_messages()
        mail = self._mails()
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        message = self._messages()
        words = dict(mail._fields["failure_type"]._description_selection(self.env))
        self.assertEqual(message.reason, words["mail_smtp"])
        self.assertNotIn("mail_smtp", message.reason)
        self.assertEqual(message.delivery_ids[0].reason_text, words["mail_smtp"])
        message.action_retry()
        self._send_messages()
        self.assertEqual((message.state, message.reason), ("sent", ""))

    def test_failed_sms_is_visible(self):
        self.member.write({"channel_wishes": {"sms": True, "email": False}})
        self._order()
        self._send_messages()
        text = self._texts()
        text.write({"state": "error", "failure_type": "sms_credit"})
        text._handle_call_result_hook([])
        self.assertRecordValues(
            self._messages(), [{"state": "failed", "reason": "Insufficient Credit"}]
        )

    def test_failed_digest_is_retried_as_one(self):
        self.member.notify_digest = "daily"
        self._news(4)
        with self._failing("email"):
            self._send_messages()
        self.assertEqual(set(self._messages().mapped("state")), {"failed"})
        self._messages()[2].action_retry()
        self._send_messages()
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(set(self._messages().mapped("state")), {"sent"})

    def test_retry_is_for_officers(self):
        self._order()
        user = self._create_user("reader", "loyalty_b2b2c.group_user")
        with self.assertRaises(UserError):
            self._messages().with_user(user).action_retry()

    def test_old_messages_are_forgotten(self):
        self._order()
        self._send_messages()
        message = self._messages()
        self.env.cr.execute(
            "UPDATE b2b2c_notification SET create_date = '2020-01-01' WHERE id = %s",
            message.ids,
        )
        self.env.invalidate_all()
        self.env["b2b2c.notification"]._gc_sent()
        self.assertFalse(message.exists())
