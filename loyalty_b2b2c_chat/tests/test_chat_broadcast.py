"""Broadcasts: whom they reach, once each, by day, against nobody's wish; and news that
the chat cannot bring."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .fake_messenger import Parrot
from .test_chat_office import OfficeCommon

NOON = "2026-05-04 09:00:00"  # in Kyiv
NIGHT = "2026-05-04 21:00:00"  # midnight there


@tagged("post_install", "-at_install")
class TestBroadcast(OfficeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Kyiv"
        cls.people = cls.env["b2b2c.member"].concat(
            *(
                cls._create_member(name=name, email=f"{name}@example.com")
                for name in ("Anna", "Borys", "Vira")
            )
        )

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOON))
        cron = type(self.env["ir.cron"])
        self.patch(cron, "_commit_progress", lambda *args, **options: 60)
        self.links = self.env["b2b2c.chat.link"]
        for number, member in enumerate(self.people):
            user = f"person{number}"
            self._come_in("Hello", user=user)
            link = self._get_link(user)
            link._bind(member.partner_id, "test")
            self.links |= link
        self.people._set_wishes({("chat", ""): True})
        self.broadcast = (
            self.env["b2b2c.chat.broadcast"]
            .with_user(self.manager)
            .create(
                {
                    "name": "May",
                    "text": "{name}, in May every scan counts twice!",
                    "member_domain": f"[('id', 'in', {self.people.ids})]",
                }
            )
        )
        self.rows = self.env["b2b2c.chat.broadcast.row"]

    def _run(self):
        """Let the scheduled action run, and what it queued be sent."""
        before = len(Parrot.said)
        self.rows._cron_send()
        self._sweep()
        self.env.invalidate_all()
        return [(message.chat, message.reply.text) for message in Parrot.said[before:]]

    def _counts(self):
        self.broadcast.invalidate_recordset()
        return [
            self.broadcast[f"{name}_count"] for name in ("waiting", "sent", "skipped")
        ]

    def test_once_each(self):
        self.assertEqual(self.broadcast.reach_count, 3)
        self.assertEqual(self.broadcast.examples, "Anna, Borys, Vira")
        self.broadcast.action_start()
        self.assertEqual(self._counts(), [3, 0, 0])
        said = self._run()
        self.assertEqual(
            said,
            [
                (f"person{number}", f"{name}, in May every scan counts twice!")
                for number, name in enumerate(("Anna", "Borys", "Vira"))
            ],
        )
        self.assertEqual(self._counts(), [0, 3, 0])
        self.assertEqual(self.broadcast.state, "done")
        self.broadcast.action_start()  # too late: it was sent
        self.assertEqual(self._run(), [])
        row = self.broadcast.row_ids[0].sudo()
        row._say()  # whatever happens, the queue of the chat has it once
        self.assertEqual(self._sweep(), [])

    def test_two_memberships_are_one_person(self):
        shop = self.env["res.partner"].create({"name": "Second", "is_company": True})
        again = self._create_member(
            partner_id=self.people[0].partner_id.id, employer_id=shop.id
        )
        self.people |= again
        self.broadcast.member_domain = f"[('id', 'in', {self.people.ids})]"
        self.assertEqual(self.broadcast.reach_count, 3)

    def test_wishes(self):
        anna, borys, vira = self.people
        anna._set_wishes({("chat", "announcements"): False})
        self.broadcast.invalidate_recordset()
        self.assertEqual(
            (self.broadcast.reach_count, self.broadcast.declined_count), (2, 1)
        )
        self.broadcast.action_start()
        # what people choose after it was started counts as well
        borys._set_wishes({("chat", ""): False})
        self.links[2]._block()
        self.assertEqual(self._run(), [])
        rows = self.broadcast.row_ids
        self.assertEqual(
            [(row.state, row.reason) for row in rows],
            [("skipped", "declined"), ("skipped", "no_chat")],
        )
        self.assertEqual(self.broadcast.state, "done")

    def test_nobody_is_written_to_at_night(self):
        self.people[0].partner_id.tz = "America/New_York"  # five in the afternoon
        self.broadcast.action_start()
        with freeze_time(NIGHT):
            self.assertEqual([chat for chat, _text in self._run()], ["person0"])
            self.assertEqual(self.broadcast.state, "sending")
        with freeze_time("2026-05-05 05:59:00"):
            self.assertEqual(self._run(), [])
        with freeze_time("2026-05-05 06:00:00"):
            self.assertEqual(len(self._run()), 2)

    def test_not_before(self):
        self.broadcast.start_at = "2026-05-05 09:00:00"
        self.broadcast.action_start()
        self.assertEqual(self._run(), [])
        with freeze_time("2026-05-05 09:00:00"):
            self.assertEqual(len(self._run()), 3)

    def test_stop(self):
        self._limit(per_second=1 / 30)  # one in a run: the rest is for answers
        self.broadcast.action_start()
        self.assertEqual(self.broadcast.minutes, 3)
        self.rows._cron_send()
        self.assertEqual(self._counts(), [2, 1, 0])
        self.broadcast.action_stop()
        self.assertEqual(self._counts(), [0, 1, 2])
        self.assertEqual(self.broadcast.row_ids.outbox_id.state, "withdrawn")
        self.assertEqual(self._run(), [])

    def test_half_of_the_pace(self):
        """A messenger that takes 1/15 a second gets two in a minute."""
        self._limit(per_second=1 / 15)
        self.broadcast.invalidate_recordset()
        self.assertEqual(self.broadcast.minutes, 2)
        self.broadcast.action_start()
        self.rows._cron_send()
        self.assertEqual(self._counts(), [1, 2, 0])
        self.rows._cron_send()  # what was queued still waits
        self.assertEqual(self._counts(), [1, 2, 0])

    def test_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.people[1].partner_id.lang = "uk_UA"
        self.broadcast.with_context(lang="uk_UA").text = "{name}, подвійні бали!"
        self.broadcast.action_start()
        said = dict(self._run())
        self.assertEqual(said["person1"], "Borys, подвійні бали!")
        self.assertEqual(said["person0"], "Anna, in May every scan counts twice!")

    def test_window_and_price(self):
        """Who did not write lately gets it by a template, for a price, or not."""
        self._limit()
        self.channel.price = 0.5
        with freeze_time("2026-05-06 09:00:00"):
            self._come_in("Hello", user="person0")
            self.broadcast.invalidate_recordset()
            self.assertEqual(
                (self.broadcast.reach_count, self.broadcast.closed_count), (1, 2)
            )
            self.patch(Parrot, "get_template", lambda messenger, lang: "news:uk")
            self.broadcast.invalidate_recordset()
            self.assertEqual(
                (
                    self.broadcast.reach_count,
                    self.broadcast.paid_count,
                    self.broadcast.cost,
                ),
                (3, 2, 1.0),
            )
            self.broadcast.action_start()
            self._run()
        told = [(one.is_open, one.template) for one in Parrot.said[-3:]]
        self.assertEqual(
            told, [(True, "news:uk"), (False, "news:uk"), (False, "news:uk")]
        )
        self.assertEqual(
            Parrot.said[-1].template_values,
            ("Vira, in May every scan counts twice!",),
        )

    def test_who_may(self):
        for user in (self.officer, self.plain):
            with self.assertRaises(UserError):
                self.broadcast.with_user(user).action_start()
        with self.assertRaises(UserError):
            self.broadcast.with_user(self.officer).action_stop()

    def test_of_the_own_company_only(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.people[0].company_id = other
        self.manager.company_ids |= other
        self.broadcast.invalidate_recordset()
        self.assertEqual(self.broadcast.reach_count, 2)

    def test_what_cannot_be(self):
        for values in (
            {"member_domain": "[('nothing', '=', 1)]"},
            {"member_domain": "__import__('os').system('true')"},
            {"text": "x" * 3501},
            {"button_label": "Open"},
            {"button_label": "Open", "button_url": "javascript:alert(1)"},
        ):
            with self.assertRaises(ValidationError):
                self.broadcast.write(values)
        self.broadcast.member_domain = "[('id', '=', 0)]"
        with self.assertRaisesRegex(UserError, "nobody"):
            self.broadcast.action_start()

    def test_button_and_test(self):
        self.broadcast.write(
            {"button_label": "My page", "button_url": "https://shop.example/my"}
        )
        self.assertIn("[ My page ]", self.broadcast.preview)
        with self.assertRaisesRegex(UserError, "no chat of your own"):
            self.broadcast.action_test()
        self.links[0].partner_id = self.manager.partner_id
        self.broadcast.action_test()
        [message] = self._sweep()
        self.assertIn(self.manager.name, message.reply.text)
        self.assertEqual(message.reply.buttons[0][0].url, "https://shop.example/my")
        self.assertEqual(self.broadcast.state, "draft")


@tagged("post_install", "-at_install")
class TestStandIn(OfficeCommon):
    """News that the chat cannot bring now come over another channel."""

    def setUp(self):
        super().setUp()
        self._limit()
        self.link = self._link()
        self.member._set_wishes({("email", ""): False, ("sms", ""): False})

    def _tell(self, **values):
        [message] = self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "credited",
                    "key": f"test{fields.Datetime.now()}",
                    "member_id": self.member.id,
                    **values,
                }
            ]
        )
        message._deliver()
        return dict(
            zip(
                message.delivery_ids.mapped("channel"),
                message.delivery_ids.mapped("state"),
                strict=True,
            )
        )

    def test_in_the_window(self):
        self.assertEqual(self._tell(), {"chat": "sent"})
        self.assertEqual(len(self._sweep()), 1)

    def test_outside(self):
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._tell(), {"chat": "skipped", "email": "sent"})
        self.assertEqual(self._sweep(), [])

    def test_outside_by_a_template(self):
        self.patch(Parrot, "get_template", lambda messenger, lang: "news:uk")
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._tell(), {"chat": "sent"})
            [message] = self._sweep()
        self.assertEqual((message.template, message.is_open), ("news:uk", False))
        self.assertEqual(message.template_values, (message.reply.text,))

    def test_something_else_that_is_wanted_brings_it(self):
        self.member._set_wishes({("sms", ""): True})
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._tell(), {"chat": "skipped", "sms": "sent"})

    def test_without_an_address(self):
        self.member.partner_id.email = False
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._tell(), {"chat": "skipped", "sms": "sent"})

    def test_who_declined_it_gets_it_nowhere(self):
        topics = {("chat", "points"): False}
        self.member._set_wishes(topics)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._tell(), {"chat": "skipped"})

    def test_who_has_no_chat_there(self):
        self.link._unbind()
        self.assertEqual(self._tell(), {"chat": "skipped"})

    def test_the_page_says_so(self):
        chat = self.env["b2b2c.channel.chat"]
        self.assertIn("within 24 hours", chat._get_missing(self.member.partner_id))
        self.patch(Parrot, "get_template", lambda messenger, lang: "news:uk")
        self.assertEqual(chat._get_missing(self.member.partner_id), "")
