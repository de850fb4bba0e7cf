"""Messages of the version before keep what became of them, and who wants what."""

from psycopg2.extras import Json

from odoo.tests import tagged

from ..common import LoyaltyCommon
from ..migrating import migrate

FOLDER = "loyalty_b2b2c/migrations/19.0.1.1.0"


@tagged("post_install", "-at_install")
class TestMessagesMigration(LoyaltyCommon):
    def _migrate(self, script):
        """Run a script as Odoo does between two versions."""
        migrate(self.env, f"{FOLDER}/{script}.py", "19.0.1.0.0")

    def _create_messages(self, *states):
        """Insert messages as they were; return them.

        :param states: (state, of the e-mail, of the SMS, cause)
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            ALTER TABLE b2b2c_notification
                ADD COLUMN IF NOT EXISTS email_state varchar,
                ADD COLUMN IF NOT EXISTS sms_state varchar,
                ADD COLUMN IF NOT EXISTS reason varchar;
            ALTER TABLE sms_sms
                ADD COLUMN IF NOT EXISTS b2b2c_notification_id integer
            """
        )
        ids = []
        for number, values in enumerate(states):
            self.env.cr.execute(
                """
                INSERT INTO b2b2c_notification (account_id, member_id, company_id, kind,
                       points, dedupe_key, state, email_state, sms_state, reason,
                       send_at, write_date)
                VALUES (%s, %s, %s, 'credited', 5, %s, %s, %s, %s, %s,
                        '2026-03-01 08:00', '2026-03-01 08:01')
             RETURNING id
                """,
                [self._account().id, self.member.id, self.company.id, f"old/{number}"]
                + list(values),
            )
            ids.append(self.env.cr.fetchone()[0])
        return self.env["b2b2c.notification"].browse(ids)

    def _rows(self, message):
        return [
            (row.channel, row.state, row.reason_code, row.reason, row.res_model)
            for row in message.delivery_ids
        ]

    def test_what_became_of_messages(self):
        messages = self._create_messages(
            ("new", None, None, None),
            ("sent", "sent", None, None),
            ("failed", "failed", "sent", "Connection refused"),
            ("skipped", None, None, None),
        )
        waiting, sent, failed, skipped = messages
        text = self.env["sms.sms"].create({"body": "x", "number": "+380671234567"})
        mail = self.env["mail.mail"].create(
            {"model": messages._name, "res_id": failed.id, "subject": "x"}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sms_sms SET b2b2c_notification_id = %s WHERE id = %s",
            [failed.id, text.id],
        )
        self._migrate("post-messages")
        self.assertFalse((waiting | skipped).delivery_ids)
        self.assertEqual(self._rows(sent), [("email", "sent", False, False, False)])
        self.assertEqual(
            self._rows(failed),
            [
                ("email", "failed", "refused", "Connection refused", "mail.mail"),
                ("sms", "sent", False, False, "sms.sms"),
            ],
        )
        self.assertEqual(failed.delivery_ids.mapped("res_id"), [mail.id, text.id])
        self.assertEqual(failed.reason, "Connection refused")
        self.assertEqual(str(sent.delivery_ids.sent_at), "2026-03-01 08:01:00")

    def test_a_digest_fails_as_one(self):
        """Everything that went out with an e-mail is found by that e-mail."""
        messages = self._create_messages(*[("sent", "sent", None, None)] * 3)
        self.env.cr.execute(
            "UPDATE b2b2c_notification SET digest_id = %s WHERE id = ANY(%s)",
            [messages[0].id, messages.ids],
        )
        mail = self.env["mail.mail"].create(
            {"model": messages._name, "res_id": messages[0].id, "subject": "x"}
        )
        self._migrate("post-messages")
        self.env["b2b2c.notification.delivery"]._not_delivered(mail, "No such user")
        self.assertEqual(messages.mapped("state"), ["failed"] * 3)
        self.assertEqual(messages.mapped("reason"), ["No such user"] * 3)

    def test_messages_get_their_participant(self):
        [message] = self._create_messages(("new", None, None, None))
        self.env.cr.execute(
            "ALTER TABLE b2b2c_notification"
            " DROP CONSTRAINT b2b2c_notification_has_recipient"
        )
        self.env.cr.execute("UPDATE b2b2c_notification SET member_id = NULL")
        self._migrate("pre-messages")
        self.assertEqual(message.member_id, self.member)

    def test_wishes(self):
        """Rows are made for what was chosen otherwise than usual."""
        quiet = self._create_member(name="Quiet", email="q@example.com")
        phone = self._create_member(name="Phone", email="p@example.com")
        names = "email sms points pending reversed expiry rewards".split()
        columns = ", ".join(f"ADD COLUMN notify_{name} boolean" for name in names)
        self.env.cr.execute(f"ALTER TABLE b2b2c_member {columns}")
        for member, off in (
            (self.member, {"sms"}),  # what everybody begins with
            (quiet, {"email", "sms"}),
            (phone, {"pending"}),
        ):
            values = ", ".join(f"notify_{name} = {name not in off}" for name in names)
            self.env.cr.execute(
                f"UPDATE b2b2c_member SET {values} WHERE id = %s", member.ids
            )
        self._migrate("post-wishes")
        self.assertFalse(self.member.wish_ids)
        self.assertRecordValues(
            quiet.wish_ids, [{"channel": "email", "topic": False, "wanted": False}]
        )
        self.assertRecordValues(
            phone.wish_ids.sorted(lambda wish: (wish.channel, wish.topic or "")),
            [
                {"channel": "email", "topic": "pending", "wanted": False},
                {"channel": "sms", "topic": False, "wanted": True},
                {"channel": "sms", "topic": "pending", "wanted": False},
            ],
        )
        wishes = phone._get_wishes()
        self.assertEqual(
            [wishes["sms", "pending"], wishes["email", "pending"]], [False, False]
        )
        self.assertTrue(wishes["sms", "points"])

    def test_templates_keep_their_words(self):
        """In every language: the expressions change, the words stay."""
        self.env["res.lang"]._activate_lang("uk_UA")
        template = self.env.ref("loyalty_b2b2c.mail_template_dealer_change")
        old = (
            '<p>%s <t t-out="object.told_tier_id.name or \'\'"></t> <a t-att-href="'
            "object.company_id.get_base_url() + '/my/rewards/dealer'\">→</a></p>"
            '<p style="margin: 16px 0; padding: 12px 16px; background-color: #F6F6F6;">'
            "</p>"
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            [Json({"en_US": old % "was", "uk_UA": old % "був"}), template.id],
        )
        self._migrate("post-templates")
        new = (
            "<p>%s <t t-out=\"object._get_letter_words()['before'] or ''\"></t> <a "
            "t-att-href=\"object.company_id._get_rewards_url('dealer')\">→</a></p>"
            '<p t-if="object.balance_text" style="margin: 16px 0; padding: 12px 16px; '
            'background-color: #F6F6F6;"></p>'
        )
        for lang, word in (("en_US", "was"), ("uk_UA", "був")):
            self.assertEqual(template.with_context(lang=lang).body_html, new % word)
