"""The office: the thread with a person, questions, health, figures."""

import hashlib
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..dialog.messages import Button, File, Reply
from ..messengers import Abilities, Blocked, Health, Refused
from .chat_common import ChatCommon
from .fake_messenger import Parrot

DAY = timedelta(days=1)


class OfficeCommon(ChatCommon):
    """An officer, a manager; the dialog says what it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("chat_officer", "loyalty_b2b2c.group_officer")
        cls.manager = cls._create_user("chat_manager", "loyalty_b2b2c.group_manager")
        cls.plain = cls._create_user("chat_user", "loyalty_b2b2c.group_user")

    @classmethod
    def _create_user(cls, login, group):
        return new_test_user(
            cls.env, login, group, name=login.title(), email=f"{login}@example.com"
        )

    def setUp(self):
        super().setUp()
        self.replies = []
        dialog = type(self.env["b2b2c.chat.dialog"])
        self.startPatcher(
            patch.object(dialog, "_handle", lambda model, link, incoming: self.replies)
        )

    def _link(self, user="77"):
        """Let somebody write; the chat is Olena's."""
        self._come_in("Hello", user=user)
        link = self._get_link(user)
        link._bind(self.member.partner_id, "test")
        self.member._set_wishes({("chat", ""): True})
        return link

    def _limit(self, **values):
        """Let parrots be as limited as a messenger with a window of a day."""
        values = {"per_second": 100_000, "chat_seconds": 0.00001, **values}
        self.patch(Parrot, "abilities", Abilities(window_hours=24, **values))


@tagged("post_install", "-at_install")
class TestThread(OfficeCommon):
    def test_both_sides_in_order(self):
        self.replies = [Reply("What now?", ((Button("Balance", "balance"),),))]
        link = self._link()
        said = self._come_in("Again")
        self.replies = [Reply("You have 12 points.")]
        self._press(said[-1], "Balance")
        link.with_user(self.officer).action_write_to("  Can I help?  ")
        self._sweep()
        rows = link.with_user(self.officer).thread
        self.assertEqual(
            [(row["side"], row["text"]) for row in rows],
            [
                ("person", "Hello"),
                ("bot", "What now?"),
                ("person", "Again"),
                ("bot", "What now?"),
                ("person", "Balance"),
                ("bot", "You have 12 points."),
                ("office", f"Chat_Officer · {self.company.name}\nCan I help?"),
            ],
        )
        self.assertTrue(rows[4]["is_button"])
        self.assertEqual(rows[1]["buttons"], ["Balance"])
        self.assertEqual(Parrot.said[-1].reply.text, rows[-1]["text"])

    def test_who_may(self):
        link = self._link()
        with self.assertRaises(UserError):
            link.with_user(self.plain).action_write_to("Hello")
        with self.assertRaises(AccessError):
            link.with_user(self.plain).read(["thread"])
        with self.assertRaises(UserError):
            link.with_user(self.plain).action_unlink_person()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.officer.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company}
        )
        with self.assertRaises(AccessError):
            link.with_user(self.officer).action_write_to("Hello")
        self.assertEqual(len(Parrot.said), 0)

    def test_what_cannot_be_written(self):
        link = self._link().with_user(self.officer)
        for text in ("", "   ", None, 7, "x" * 3501):
            with self.assertRaises(UserError):
                link.action_write_to(text)
        link.action_write_to("x" * 3500)
        link.sudo()._block()
        with self.assertRaisesRegex(UserError, "blocked us"):
            link.action_write_to("Hello")
        self.assertEqual(link.closed_text, "This person blocked us.")
        link.sudo()._unblock()
        self.channel.state = "paused"
        link.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "not active"):
            link.action_write_to("Hello")

    def test_window(self):
        """A day after the person wrote nobody writes freely; a word of his opens it."""
        self._limit()
        link = self._link().with_user(self.officer)
        link.action_write_to("Still open")
        with freeze_time(fields.Datetime.now() + DAY + timedelta(minutes=1)):
            link.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "more than 24 hours"):
                link.action_write_to("Too late")
            # what the messenger says about itself is no word of the person
            for kind in ("unblocked", "status"):
                self._come_in("delivered", kind=kind)
            with self.assertRaises(UserError):
                link.action_write_to("Too late")
            self._come_in("Here I am")
            link.invalidate_recordset()
            link.action_write_to("Open again")

    def test_who_wants_no_messages_gets_answers_to_questions(self):
        link = self._link()
        link.state = "stopped"
        with self.assertRaisesRegex(UserError, "wants no messages"):
            link.with_user(self.officer).action_write_to("Hello")
        link._ask_person("Where is my voucher?")
        link.invalidate_recordset()
        link.with_user(self.officer).action_write_to("On its way")

    def test_disconnect(self):
        link = self._link()
        link.with_user(self.officer).action_unlink_person()
        self.assertFalse(link.partner_id)
        self.assertEqual(link.state, "new")

    def test_open_person(self):
        link = self._link().with_user(self.officer)
        self.assertEqual(link.action_open_person()["res_id"], self.member.id)
        self.assertEqual(self.member.chat_link_count, 1)
        self.assertEqual(self.member.action_open_chats()["res_id"], link.id)

    def test_what_groups_say_is_not_kept(self):
        self._come_in("A secret of others", user="-100", is_private=False)
        row = self.env["b2b2c.chat.inbox"].search(
            [("channel_id", "=", self.channel.id)]
        )
        self.assertEqual((row.state, row.text, row.payload), ("ignored", False, False))


@tagged("post_install", "-at_install")
class TestQuestions(OfficeCommon):
    def test_from_the_question_to_the_answer(self):
        self.channel.user_id = self.officer
        link = self._link()
        Parrot.files["p1"] = b"photo"
        with freeze_time("2026-05-04 09:00:00"):
            question = link._ask_person("Where is my voucher?", (File("p1"),))
        self.assertEqual((question.state, question.user_id), ("open", self.officer))
        self.assertEqual(question.partner_id, self.member.partner_id)
        self.assertEqual(question.activity_ids.user_id, self.officer)
        self.assertEqual(question.message_ids.attachment_ids.mapped("raw"), [b"photo"])
        with freeze_time("2026-05-04 09:30:00"):
            again = link._ask_person("It is urgent.")
        self.assertEqual(again, question)
        self.assertEqual(question.text, "Where is my voucher?\nIt is urgent.")
        self.assertEqual(len(question.activity_ids), 1)
        link.invalidate_recordset()
        with freeze_time("2026-05-04 11:00:00"):
            link.with_user(self.officer).action_write_to("In your mail.")
        self.assertEqual((question.state, question.waited_hours), ("answered", 2))
        self.assertFalse(question.activity_ids)
        link._ask_person("Thank you, but it is not there.")
        self.assertEqual(question.state, "open")
        question.with_user(self.officer).action_done()
        self.assertEqual(question.state, "done")
        other = link._ask_person("Another thing")
        self.assertNotEqual(other, question)
        with self.assertRaisesRegex(UserError, "another open question"):
            question.with_user(self.officer).action_reopen()
        other.with_user(self.officer).action_done()
        question.with_user(self.officer).action_reopen()
        self.assertEqual(question.state, "open")

    def test_take(self):
        question = self._link()._ask_person("Help")
        question.with_user(self.officer).action_take()
        self.assertEqual(question.user_id, self.officer)
        for action in ("action_take", "action_done", "action_reopen"):
            with self.assertRaises(UserError):
                getattr(question.with_user(self.plain), action)()

    def test_a_file_that_is_gone_keeps_no_question(self):
        question = self._link()._ask_person("", (File("gone"),))
        self.assertEqual(question.text, "(a file)")
        self.assertIn("It flew away.", question.message_ids[0].body)

    def test_form(self):
        question = self._link()._ask_person("Help")
        form = Form(question.with_user(self.officer))
        form.user_id = self.officer
        form.save()
        self.assertEqual(question.user_id, self.officer)


@tagged("post_install", "-at_install")
class TestHealth(OfficeCommon):
    def test_queues_and_people(self):
        link = self._link()
        Parrot.answers[:] = [Blocked("gone")]
        link._say(["Hello"], origin="message")
        self._sweep()
        self.assertEqual(link.state, "blocked")
        self.assertEqual(self.channel.failed_out, 1)
        link._unblock()
        link._say(["Waits"], origin="message")
        link._ask_person("Help")
        self.channel.invalidate_recordset()
        self.assertEqual(
            (
                self.channel.waiting_out,
                self.channel.waiting_in,
                self.channel.linked_count,
                self.channel.active_count,
                self.channel.question_count,
                self.channel.is_late,
            ),
            (1, 0, 1, 1, 1, False),
        )
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self.channel.invalidate_recordset()
            self.assertTrue(self.channel.is_late)
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.channel.invalidate_recordset()
            self.assertEqual(self.channel.active_count, 0)

    def test_ask_the_messenger(self):
        admin = self.env.ref("base.user_admin")
        channel = self.channel.with_user(admin)
        told = Health(
            False, hook_url="https://else.example", problem="401: no such bot"
        )
        self.patch(Parrot, "get_health", lambda messenger: told)
        action = channel.action_check()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(action["params"]["message"], "401: no such bot")
        self.assertEqual(
            (channel.is_healthy, channel.problem, channel.hook_seen),
            (False, "401: no such bot", "https://else.example"),
        )
        with self.assertRaises(UserError):
            self.channel.with_user(self.manager).action_check()

    def test_somebody_looks_when_it_does_not_work(self):
        self.company.b2b2c_manager_id = self.manager
        url = self.channel._get_hook_url()
        healths = [
            Health(True, hook_url=url),
            Health(True, hook_url="https://else.example"),
        ]
        for health, expected in zip(healths, (0, 1), strict=True):
            self.patch(Parrot, "get_health", lambda messenger, told=health: told)
            self.channel._check()
            self.channel._alarm()
            self.assertEqual(len(self.channel.activity_ids), expected)
        self.assertEqual(self.channel.activity_ids.user_id, self.manager)
        self.channel._alarm()
        self.assertEqual(len(self.channel.activity_ids), 1)

    # === THE DESK OF THE DAY === #

    def _get_waiting(self, user):
        """Return key -> number and age of the lines of the desk for somebody."""
        day = self.env["b2b2c.desk"].with_user(user).get_day()
        lines = [line for section in day["sections"] for line in section["lines"]]
        return {line["key"]: (line["count"], line["age"]) for line in lines}

    def test_a_broken_chat_is_on_the_desk_until_it_works(self):
        url = self.channel._get_hook_url()
        works, elsewhere = (
            Health(True, hook_url=url),
            Health(True, hook_url="https://else.example"),
        )
        now = fields.Datetime.now()
        for hours, health, expected in (
            (0, works, None),
            (1, elsewhere, (1, "0 seconds")),
            (3, elsewhere, (1, "2 hours")),
            (4, works, None),
        ):
            self.patch(Parrot, "get_health", lambda messenger, told=health: told)
            with self.subTest(hours), freeze_time(now + timedelta(hours=hours)):
                self.channel._check()
                self.channel._alarm()
                waiting = self._get_waiting(self.manager)
                self.assertEqual(waiting.get("chat_channels"), expected)
        self.assertNotIn("chat_channels", self._get_waiting(self.officer))

    def test_a_question_waits_until_it_is_answered(self):
        link = self._link()
        question = link._ask_person("Where are my points?")
        question = question or self.env["b2b2c.chat.question"]._find_open(link)
        self.assertEqual(self._get_waiting(self.officer)["chat_questions"][0], 1)
        question.with_user(self.officer).action_done()
        self.assertNotIn("chat_questions", self._get_waiting(self.officer))

    def test_whom_a_broadcast_did_not_reach_waits_for_a_week(self):
        """One is reached, one is not, and of one it failed before it was queued."""
        now = fields.Datetime.now()
        broadcast = self.env["b2b2c.chat.broadcast"].create(
            {"name": "News", "text": "News"}
        )
        outbox = self.env["b2b2c.chat.outbox"]
        for user, state, reason in (
            ("81", "sent", False),
            ("82", "failed", False),
            ("83", False, "error"),
        ):
            self._come_in("Hello", user=user)
            link = self._get_link(user)
            message = outbox.browse()
            if state:
                message = outbox.create(
                    {
                        "link_id": link.id,
                        "channel_id": self.channel.id,
                        "origin": "broadcast",
                        "text": "News",
                        "state": state,
                        "queued_at": now,
                    }
                )
            self.env["b2b2c.chat.broadcast.row"].create(
                {
                    "broadcast_id": broadcast.id,
                    "company_id": self.company.id,
                    "link_id": link.id,
                    "state": "skipped" if reason else "sent",
                    "reason": reason,
                    "outbox_id": message.id,
                }
            )
        self.assertEqual(self._get_waiting(self.officer)["broadcasts"][0], 2)
        with freeze_time(now + timedelta(days=9)):
            self.assertNotIn("broadcasts", self._get_waiting(self.officer))

    # === THE GALLERY === #

    def test_scanning_in_a_chat_is_set_up_from_its_card(self):
        """Its checklist asks for a messenger, which is there; one that waits is not."""
        manager = self.env["b2b2c.mechanic"].with_user(self.manager)
        action = manager.open_mechanic("chat_scan")
        dialogs = manager.env[action["res_model"]].with_context(**action["context"])
        made = dialogs.create({"value": 7}).action_begin()
        program = manager.env["b2b2c.program"].browse(made["res_id"])
        self.assertEqual(program.rule_ids.document_kind_ids.mapped("code"), ["scan"])
        self.assertEqual(
            (program.rule_ids.role, program.rule_ids.value), ("salesperson", 7)
        )

        def get_step():
            program.invalidate_recordset(["checklist"])
            return {step["code"]: step for step in program.checklist}["chat"]

        self.assertTrue(get_step()["done"])
        self.channel.state = "draft"
        step = get_step()
        self.assertFalse(step["done"])
        self.assertEqual(step["button"], "Open the Chats")
        action = program.action_take_step("chat")
        self.assertEqual(action["res_model"], "b2b2c.chat.channel")
        other = dialogs.with_context(default_mechanic="scan").create({})
        scan = manager.env["b2b2c.program"].browse(other.action_begin()["res_id"])
        self.assertNotIn("chat", {step["code"] for step in scan.checklist})

    def test_a_token_is_nowhere(self):
        """Not in problems, reasons, logs or what others than administrators read."""
        token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
        self.channel.sudo().token = token
        link = self._link()
        with self.assertLogs("odoo", "DEBUG") as logs:
            Parrot.answers[:] = [
                Refused(f"https://api/bot{token}/sendMessage is bad"),
                OSError(f"bot{token}: reset"),
            ]
            link._say(["One", "Two"], origin="message")
            self._sweep()
            self.patch(Parrot, "get_health", _fail_with(token))
            health = self.channel._check()
        told = [
            self.channel.problem,
            health.problem,
            *self.env["b2b2c.chat.outbox"].search([]).mapped("reason"),
            *logs.output,
        ]
        self.assertNotIn(token, " ".join(filter(None, told)))
        self.assertIn("…", self.channel.problem)
        with self.assertRaises(AccessError):
            self.channel.with_user(self.manager).read(["token"])
        with self.assertRaises(AccessError):
            self.channel.with_user(self.manager).read(["secret"])

    def test_settings_of_a_messenger(self):
        values = {"name": "WhatsApp", "kind": "whatsapp", "account": "+380440000001"}
        channel = self.env["b2b2c.chat.channel"].create(values)
        self.assertEqual(
            channel.option_ids.mapped("code"),
            ["phone_id", "account_id", "app_secret", "template"],
        )
        self.assertEqual(channel.option_ids[0].label, "Phone Number ID")
        self.assertIn("free", channel.prices)
        channel.kind = "viber"
        self.assertIn("welcome", channel.option_ids.mapped("code"))
        self.assertIn("chatURI=", channel.chat_url)

    def test_form(self):
        with Form(self.env["b2b2c.chat.channel"]) as form:
            form.name = "New"
            form.kind = "whatsapp"
            self.assertEqual(len(form.option_ids), 4)
            self.assertIn("developers.facebook.com", form.guide)
            with form.option_ids.edit(0) as option:
                option.value = "106540352242922"
        channel = form.record
        self.assertEqual(channel.option_ids[0].value, "106540352242922")
        self.assertEqual(len(channel.option_ids), 4)

    def test_test(self):
        with self.assertRaisesRegex(UserError, "Link your own chat"):
            self.channel.with_user(self.officer).action_test()
        link = self._link()
        link.partner_id = self.officer.partner_id
        self.channel.invalidate_recordset()
        self.channel.with_user(self.officer).action_test()
        self._sweep()
        self.assertIn("This is a test", Parrot.said[-1].reply.text)


def _fail_with(token):
    def fail(messenger):
        raise OSError(f"https://api/bot{token}/getMe")

    return fail


@tagged("post_install", "-at_install")
class TestFigures(OfficeCommon):
    def test_a_day(self):
        """Counted on the clock of the company, again and again with the same result."""
        self.company.partner_id.tz = "Europe/Kyiv"  # three hours ahead in May
        self.replies = [Reply("Hello")]
        with freeze_time("2026-05-04 21:30:00"):
            link = self._link()
            self._come_in("Hi", user="78")
            self._come_in("Hi again", user="78")
            link._ask_person("Help")
        with freeze_time("2026-05-06 08:00:00"):
            self._come_in("Later")
            days = self.env["b2b2c.chat.day"]
            days._cron_count()
            days._cron_count()
        rows = days.search([("channel_id", "=", self.channel.id)])
        self.assertEqual(
            [
                (
                    str(row.day), row.people, row.written, row.answered, row.linked,
                    row.questions,
                )
                for row in rows
            ],
            [("2026-05-06", 1, 1, 1, 0, 0), ("2026-05-05", 2, 3, 3, 1, 1)],
        )  # fmt: skip

    def test_scans(self):
        """A scan of the chat is known by the key its claim was made with."""
        link = self._link()
        row = self.env["b2b2c.chat.inbox"].search([("link_id", "=", link.id)])
        text = f"{self.channel.id}/{row.external_id}"
        key = f"chat-{hashlib.sha256(text.encode()).hexdigest()[:40]}-0"
        self.env["b2b2c.claim"]._submit(
            self.member,
            {"kind": "scan", "reference": "R-1", "request_key": key},
            [{"product_id": self.product.id, "quantity": 1}],
        )
        days = self.env["b2b2c.chat.day"]
        days._cron_count()
        row = days.search([("channel_id", "=", self.channel.id)])
        self.assertEqual((row.scans, row.receipts), (1, 0))
