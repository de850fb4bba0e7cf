"""What comes in is answered once, in order; what is said goes out once, in order."""

import json
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.tests.fakes import extended

from ..dialog.messages import Attachment, Button, GoOn, Reply
from ..messengers import Blocked, Refused, Wait
from ..models import pump
from .chat_common import ChatCommon
from .fake_messenger import Parrot

INBOX = "odoo.addons.loyalty_b2b2c_chat.models.b2b2c_chat_inbox"


class EchoDialog:
    """Says what was heard, and some things when it is asked to."""

    def _handle(self, link, incoming):
        heard = f"{incoming.kind} {incoming.text}".strip()
        if incoming.kind == "button":
            heard = f"{incoming.action}={incoming.value}"
            if incoming.is_repeated:
                heard += " again"
            return [Reply(heard, replaces=True)]
        if incoming.text == "raise":
            link.partner_id.name = "Changed before it failed"
            raise ZeroDivisionError("a secret is " + link.channel_id.sudo().secret)
        if incoming.text == "slow":
            if incoming.step:
                return [Reply(f"done: {incoming.step}")]
            return [Reply("I am at it…"), GoOn("work")]
        if incoming.text == "ask":
            once, often = Button("Pay", "pay", "5", once=True), Button("See", "see")
            return [Reply("What?", ((once,), (often,)))]
        return [Reply(heard)]


class QueueCommon(ChatCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(extended(cls.env, "b2b2c.chat.dialog", EchoDialog))


@tagged("post_install", "-at_install")
class TestChatIn(QueueCommon):
    def test_a_message_is_answered_once_however_often_it_is_delivered(self):
        said = self._come_in("hello", external_id="5")
        self.assertEqual(self._get_texts(said), ["text hello"])
        self.assertEqual(self._come_in("hello", external_id="5"), [])
        self.assertEqual(len(Parrot.said), 1)
        rows = self.env["b2b2c.chat.inbox"].search([("external_id", "=", "5")])
        self.assertEqual((len(rows), rows.state, rows.payload), (1, "done", False))

    def test_numbers_may_come_in_any_order(self):
        self.assertTrue(self._come_in("late", external_id="900"))
        self.assertTrue(self._come_in("early", external_id="3"))

    @mute_logger(INBOX)
    def test_a_failure_is_undone_told_and_stops_nothing(self):
        self._get_or_make_link()
        for text in ("raise", "next"):
            self._come_in_unanswered(text)
        said = self._sweep()
        self.assertEqual(
            self._get_texts(said),
            ["Something went wrong here. Please try it again.", "text next"],
        )
        self.assertEqual(self.member.partner_id.name, "Olena Kovalenko")
        failed = self.env["b2b2c.chat.inbox"].search([("text", "=", "raise")])
        self.assertEqual(failed.state, "failed")
        self.assertEqual(failed.reason, "ZeroDivisionError: a secret is …")

    def test_others_do_not_wait_for_who_writes_a_lot(self):
        for number in range(30):
            self._come_in_unanswered(f"flood {number}", user="77")
        self._come_in_unanswered("hello", user="78")
        texts = self._get_texts(self._sweep())
        self.assertLess(texts.index("text hello"), 5)

    def test_a_round_that_takes_long_ends_before_the_last(self):
        """A turn takes 0.2 s; the messenger takes nothing for chat 1 yet.  After 0.5 s
        who waits longest is looked for again, and one of what is slow had its turn."""
        seen, clock = [], [0.0]

        def take_turn(_registry, link_id, _is_slow):
            seen.append(link_id)
            clock[0] += 0.2
            return pump.Turn(int(link_id != 1))

        due = [(number, False) for number in range(1, 9)] + [(20, True), (21, True)]
        with (
            patch.object(pump, "_take_turn", take_turn),
            patch.object(pump.time, "monotonic", lambda: clock[0]),
        ):
            pump._go_round(None, due)
        self.assertEqual(seen, [1, 2, 3, 20])

    def test_somebody_unknown_who_writes_a_lot_is_answered_now_and_then(self):
        for number in range(30):
            self._come_in_unanswered(f"flood {number}")
        self.assertEqual(len(self._sweep()), 10)
        rows = self.env["b2b2c.chat.inbox"].search([("state", "=", "ignored")])
        self.assertEqual(len(rows), 20)

    def test_groups_and_programs_get_no_answer(self):
        self.assertEqual(self._come_in("hello", is_private=False), [])
        self.assertEqual(self._come_in("hello", is_bot=True), [])
        self.assertFalse(self._get_link())

    def test_slow_work_is_announced_and_left_to_the_scheduled_action(self):
        said = self._come_in("slow")
        self.assertEqual(self._get_texts(said), ["I am at it…"])
        self.assertEqual(self._get_texts(self._sweep()), ["done: work"])

    def test_what_stops_the_program_is_given_up_after_some_tries(self):
        self._come_in("slow")
        self.env["b2b2c.chat.inbox"].search([("text", "=", "slow")]).tries = 4
        said = self._get_texts(self._sweep())
        self.assertEqual(said, ["Something went wrong here. Please try it again."])

    def test_what_nobody_understands_is_taken(self):
        inbox = self.env["b2b2c.chat.inbox"]
        for payload in (None, [], {"user": {}}, "\0", 5):
            links, incoming = inbox._receive(self.channel, payload)
            self.assertEqual((links.ids, incoming), ([], []))
        self.assertTrue(inbox.search([("kind", "=", "unreadable")]))

    def test_what_no_text_can_hold_has_a_sign_in_its_place(self):
        for number, odd in enumerate(("\0", "\ud800")):
            file = {"reference": f"r{odd}", "name": f"n{odd}.jpg"}
            payload = {
                "external_id": f"{number}{odd}", "user": "odd", "kind": "text",
                "text": f"a{odd}b", "name": f"Anna{odd}", "files": [file],
            }  # fmt: skip
            inbox = self.env["b2b2c.chat.inbox"]
            _links, [item] = inbox._receive(self.channel, payload)
            self.assertEqual(item.text, "a\N{REPLACEMENT CHARACTER}b")
            self.assertTrue(inbox.search([("external_id", "=", item.external_id)]))

    def test_a_number_that_got_a_new_owner_is_nobodys(self):
        """Where a phone number says who somebody is, it is linked anew after a long
        silence."""
        self._get_or_make_link()
        link = self._get_link()
        link._say(["news"])
        for days, partner in ((89, self.member.partner_id), (91, link.partner_id[:0])):
            link.last_in_at = fields.Datetime.now() - timedelta(days=days)
            abilities = replace(Parrot.abilities, reproof_days=90)
            with patch.object(Parrot, "abilities", abilities):
                said = self._come_in("hello")
            self.assertEqual(link.partner_id, partner)
        self.assertEqual(self._get_texts(said), ["text hello"])
        self.assertEqual((link.state, link.dialog), ("new", False))

    def _get_or_make_link(self):
        self._come_in("hello")
        self._get_link()._bind(self.member.partner_id, "test")
        self.env.flush_all()

    def _come_in_unanswered(self, text, user="77"):
        payload = {
            "external_id": str(next(self.numbers)),
            "user": user,
            "kind": "text",
            "text": text,
        }
        self.env["b2b2c.chat.inbox"]._receive(self.channel, payload)


@tagged("post_install", "-at_install")
class TestChatButtons(QueueCommon):
    def test_a_button_that_counts_once(self):
        [asked] = self._come_in("ask")
        [paid] = self._press(asked, "Pay")
        self.assertEqual((paid.reply.text, paid.edited), ("pay=5", "1"))
        [again] = self._press(asked, "Pay")
        self.assertEqual(again.reply.text, "pay=5 again")
        for _time in range(2):
            [seen] = self._press(asked, "See")
            self.assertEqual(seen.reply.text, "see=")

    def test_forged_buttons_ask_for_nothing(self):
        [asked] = self._come_in("ask")
        data = asked.reply.buttons[0][0].data
        self.assertLessEqual(len(data), 64)
        others = data.replace(".0.", ".1.")
        for forged in (others, data[:-1], "b.1.0.", "b.ffffffffff.0.x", "b", "", "ї"):
            [said] = self._come_in(kind="button", data=forged)
            self.assertEqual(said.reply.text, "=")

    def test_a_button_is_its_chats_own(self):
        [asked] = self._come_in("ask")
        [said] = self._press(asked, "Pay", user="78")
        self.assertEqual(said.reply.text, "=")


@tagged("post_install", "-at_install")
class TestChatOut(QueueCommon):
    def setUp(self):
        super().setUp()
        self._come_in("hello")
        self.link = self._get_link()
        self.link._bind(self.member.partner_id, "test")
        Parrot.rest()

    def test_in_order_and_once_per_key(self):
        self.link._say(["one", "two"], key="x")
        self.assertFalse(self.link._say(["one", "two"], key="x"))
        self.assertEqual(self._get_texts(self._sweep()), ["one", "two"])
        rows = self.env["b2b2c.chat.outbox"].search([("key", "like", "x-%")])
        self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertFalse(any(rows.mapped("payload")))

    def test_a_busy_messenger_is_left_alone(self):
        Parrot.answers.append(Wait(30, "slow down"))
        [row] = self.link._say(["one"])
        self.assertEqual(self._sweep(), [])
        self.assertEqual((row.state, row.reason), ("waiting", "slow down"))
        self.assertIn("slow down", self.channel.problem)
        self.assertGreater(row.next_at, fields.Datetime.now() + timedelta(seconds=25))
        self.assertGreater(self.env["b2b2c.chat.pace"]._take(self.channel, "1"), 25)

    def test_who_blocked_us_hears_nothing_more(self):
        Parrot.answers.append(Blocked("bot was blocked by the user"))
        rows = self.link._say(["one", "two"])
        self.assertEqual(self._sweep(), [])
        self.assertEqual(rows.sorted("id").mapped("state"), ["failed", "withdrawn"])
        self.assertEqual(self.link.state, "blocked")
        self._come_in(kind="unblocked")
        self.assertEqual(self.link.state, "active")

    def test_a_refused_message_stops_none_after_it(self):
        Parrot.answers.append(Refused("message text is empty"))
        self.link._say(["one", "two"])
        self.assertEqual(self._get_texts(self._sweep()), ["two"])

    def test_of_unknown_fate_it_is_repeated_once(self):
        Parrot.answers += [OSError("read timed out"), OSError("read timed out")]
        [row] = self.link._say(["one"])
        self._sweep()
        self.assertEqual((row.state, row.is_repeated), ("failed", True))
        self.assertEqual(Parrot.answers, [])

    def test_what_a_dead_process_was_sending_is_repeated_once(self):
        [row] = self.link._say(["one"])
        row._mark()
        self.assertEqual(self._get_texts(self._sweep()), ["one"])
        self.assertTrue(row.is_repeated)
        [row] = self.link._say(["two"])
        row.write({"state": "sending", "is_repeated": True})
        self.assertEqual(self._sweep(), [])
        self.assertEqual((row.state, row.reason), ("failed", "unknown: stopped"))

    def test_a_day_later_it_is_not_sent(self):
        [row] = self.link._say(["one"])
        row.queued_at -= timedelta(hours=25)
        self.assertEqual(self._sweep(), [])
        self.assertEqual((row.state, row.reason), ("failed", "too late"))

    def test_long_texts_and_many_buttons_go_out_in_parts(self):
        words = ("word " * 1000).strip()
        rows = tuple((Button(f"B{n}", "see", str(n)),) for n in range(150))
        self.link._say([Reply(words, rows)])
        said = self._sweep()
        self.assertEqual([len(m.reply.text) for m in said], [4094, 904, 1])
        self.assertEqual([len(m.reply.buttons) for m in said], [0, 100, 50])

    def test_a_file_is_uploaded_once(self):
        code = Attachment("code.png", "image/png", b"png", key="code of 5")
        for _time in range(2):
            self.link._say([Reply("Yours", attachment=code)])
        first, second = self._sweep()
        self.assertEqual(first.reply.attachment.content, b"png")
        self.assertEqual(second.reply.attachment.reference, "file1")


@tagged("post_install", "-at_install")
class TestChatWebhook(QueueCommon, HttpCase):
    def _post(self, body, key=None, secret=None):
        key = key or self.channel.hook_key
        secret = self.channel.sudo().secret if secret is None else secret
        headers = {"X-Parrot": secret, "Content-Type": "application/json"}
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.url_open(f"/b2b2c/chat/{key}", data=data, headers=headers)

    def test_answered_at_once_and_then_handled(self):
        body = {"external_id": "1", "user": "77", "kind": "text", "text": "hi"}
        answer = self._post(body)
        self.assertEqual((answer.status_code, answer.json()), (200, {"nods": []}))
        self.assertFalse(answer.cookies)
        self.assertEqual(self._get_texts(Parrot.said), ["text hi"])
        self._post(body)
        self.assertEqual(len(Parrot.said), 1)

    def test_strangers_hear_the_same_whatever_they_try(self):
        body = {"external_id": "1", "user": "77", "kind": "text", "text": "hi"}
        answers = [
            self._post(body, secret="wrong"),
            self._post(body, secret=""),
            self._post(body, key="nobody"),
            self.url_open(f"/b2b2c/chat/{self.channel.hook_key}"),
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)
        self.assertFalse(self.env["b2b2c.chat.inbox"].search([]))

    def test_a_body_that_nobody_understands_is_taken(self):
        for body in (b" ", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": 1}'):
            self.assertEqual(self._post(body).status_code, 200, body[:10])
        self.assertEqual(self._post(b"x" * (1 << 20) + b"x").status_code, 413)
