"""WhatsApp and Viber through the real webhook and queues, against servers that speak
their protocols."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..dialog.messages import Attachment, Button, Reply
from .servers.messenger_server import Clock
from .servers.viber_server import ViberServer
from .servers.whatsapp_server import WhatsAppServer
from .test_chat_queues import QueueCommon

ANNA = "380671112233"


class MessengerCommon(QueueCommon, HttpCase):
    """A channel whose messenger is a server of ours."""

    server_class = None
    kind = bot = ""
    options = {}

    def setUp(self):
        super().setUp()
        self.clock = Clock(int(fields.Datetime.now().timestamp()))
        self.server = self.server_class(self.clock)
        self.addCleanup(self.server.close)
        # what the server brings to us goes through the test's own client
        self.server.post, self.server.get = self._bring, self._ask
        self.own = self.env["b2b2c.chat.channel"].create(
            {
                "name": self.kind,
                "kind": self.kind,
                "account": self.bot,
                "token": self.server.token,
                "api_base": self.server.base,
                "state": "active",
            }
        )
        for option in self.own.option_ids:
            option.value = self.options.get(option.code)
        # the pace of a chat is tried elsewhere
        messenger = self.own._get_messenger_class()
        abilities = replace(messenger.abilities, chat_seconds=0.00001)
        self.patch(messenger, "abilities", abilities)
        self.path = f"/b2b2c/chat/{self.own.hook_key}"
        self.server.webhook = self.path

    def _bring(self, url, body, headers):
        answer = self.url_open(urlsplit(url).path, data=body, headers=headers)
        return answer.status_code, answer.content

    def _ask(self, url):
        """Answer as our webhook does: the test's client is busy with the call."""
        parts = urlsplit(url)
        if parts.path.startswith("/web/content/"):
            return 200, self.env["ir.attachment"].browse(
                int(parts.path.rsplit("/", 1)[1])
            ).raw
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        challenge = self.own._get_messenger().get_challenge(query)
        return (200, challenge.encode()) if challenge else (404, b"")

    def _get_own_link(self, user):
        return self.env["b2b2c.chat.link"].search(
            [("channel_id", "=", self.own.id), ("external_user", "=", user)]
        )

    def _say(self, link, reply, **options):
        rows = link._say([reply], origin="message", **options)
        self._sweep()
        return rows


@tagged("post_install", "-at_install")
class TestWhatsAppChannel(MessengerCommon):
    server_class = WhatsAppServer
    kind, bot = "whatsapp", "+380440000001"
    options = {
        "phone_id": WhatsAppServer.phone_id,
        "account_id": WhatsAppServer.account_id,
        "app_secret": WhatsAppServer.app_secret,
        "template": "points_news:en",
    }

    def _write(self, text="hello", person=ANNA):
        self.server.write_text(person, text)
        return self.server.deliver()

    def _told(self):
        """Return the texts that were taken."""
        return [
            (call["to"], call["text"]["body"])
            for call in self.server.sent
            if call["type"] == "text"
        ]

    def test_two_people_in_one_call_each_answered_once(self):
        self.server.write_text(ANNA, "hello")
        self.server.write_text("380500000002", "good morning")
        rows = list(self.server.waiting)
        self.assertEqual(self.server.deliver(), 200)
        self.assertEqual(
            self._told(),
            [(ANNA, "text hello"), ("380500000002", "text good morning")],
        )
        # the same again, alone and turned around
        for again in (rows, rows[::-1], rows[:1]):
            status, _body = self.server.bring(self.server.get_payload(again))
            self.assertEqual(status, 200)
        self.assertEqual(len(self.server.sent), 2)

    def test_a_stranger_is_told_nothing(self):
        self.server.write_text(ANNA, "hello")
        payload = self.server.get_payload(self.server.waiting)
        for secret in ("wrong", self.own.sudo().secret, self.server.token):
            self.assertEqual(self.server.bring(payload, secret=secret)[0], 404)
        body = json.dumps(payload).encode()
        self.assertEqual(self._bring(self.path, body, {})[0], 404)
        self.assertFalse(self._get_own_link(ANNA))

    def test_buttons_and_a_list(self):
        self._write("ask")
        buttons = self.server.sent[-1]["interactive"]["action"]["buttons"]
        pay = buttons[0]["reply"]
        for _time in range(2):
            self.server.press(ANNA, pay["id"], pay["title"])
            self.server.deliver()
        self.server.press(ANNA, pay["id"].replace("b.", "b.1"), "Pay")
        self.server.deliver()
        self.assertEqual(
            [text for _to, text in self._told()], ["pay=5", "pay=5 again", "="]
        )
        rows = tuple((Button(f"Reward {n}", "see", str(n)),) for n in range(23))
        self._say(self._get_own_link(ANNA), Reply("Which?", rows))
        *lists, last = [call["interactive"] for call in self.server.sent[-3:]]
        self.assertEqual(
            [len(one["action"]["sections"][0]["rows"]) for one in lists], [10, 10]
        )
        self.assertEqual(len(last["action"]["buttons"]), 3)

    def test_set_up(self):
        self.own.state = "draft"
        secret = self.own.sudo().secret
        query = "hub.mode=subscribe&hub.challenge=4711&hub.verify_token="
        answer = self.url_open(f"{self.path}?{query}{secret}")
        self.assertEqual((answer.status_code, answer.text), (200, "4711"))
        self.assertEqual(self.url_open(f"{self.path}?{query}x").status_code, 404)
        self.own.action_set_up()
        self.assertEqual(self.own.state, "active")
        self.assertEqual(self.server.webhook, self.own._get_hook_url())
        self.own.option_ids.filtered(lambda o: o.code == "account_id").value = "1"
        with self.assertRaisesRegex(UserError, "WhatsApp did not accept it"):
            self.own.action_set_up()

    def test_nothing_is_taken_while_it_is_set_up(self):
        self.own.state = "draft"
        self.assertEqual(self._write(), 200)
        self.assertFalse(self._get_own_link(ANNA))
        self.own.state = "paused"
        self.assertEqual(self._write(), 404)  # it comes again

    def test_after_a_day_by_a_template_or_not_at_all(self):
        self.server.templates["points_news", "en"] = 1
        self._write()
        link = self._get_own_link(ANNA)
        self.clock.pass_by(25 * 3600)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertFalse(link._is_open())
            row = self._say(link, Reply("Too late"))
            self.assertEqual(row.state, "failed")
            self.assertIn("24 hours", row.reason)
            template = (link._get_template(), ("You have 12 points.\nSee you",))
            row = self._say(link, Reply("You have 12 points."), template=template)
            self.assertEqual(row.state, "sent")
        sent = self.server.sent[-1]
        self.assertEqual(sent["type"], "template")
        [body] = sent["template"]["components"]
        self.assertEqual(body["parameters"][0]["text"], "You have 12 points. See you")

    def test_a_message_that_fails_later_is_noted(self):
        self._write()
        link = self._get_own_link(ANNA)
        row = self._say(link, Reply("Hello"))
        self.assertEqual(row.state, "sent")
        for status in ("delivered", "read"):
            self.server.add_status(ANNA, row.external_id, status)
        self.server.deliver()
        self.assertTrue(row.delivered_at and row.read_at)
        heard = link.last_in_at
        self.server.absent.add(ANNA)
        row = self._say(link, Reply("Hello again"))
        self.server.deliver()
        self.assertEqual(row.state, "failed")
        self.assertEqual(row.reason, "131026 Message undeliverable")
        self.assertEqual(link.last_in_at, heard)

    def test_pair_limit_keeps_others_going(self):
        self.server.burst = 1
        self._write()
        self._write("again")
        self._write(person="380500000002")
        self.assertEqual(
            self._told(), [(ANNA, "text hello"), ("380500000002", "text hello")]
        )
        rows = self.env["b2b2c.chat.outbox"].search(
            [("link_id", "=", self._get_own_link(ANNA).id), ("state", "=", "waiting")]
        )
        self.assertEqual(rows.text, "text again")
        self.assertIn("Pair rate limit", rows.reason)

    def test_photo_both_ways(self):
        link = self.env["b2b2c.chat.link"]
        self.server.show(ANNA, b"\xff\xd8 photo")
        self.server.deliver()
        link = self._get_own_link(ANNA)
        file = (
            self.own._get_messenger()
            .parse(self.server.get_payload([("messages", self._photo_row(), None)]))[0]
            .files[0]
        )
        self.assertEqual(self.own._fetch(file), b"\xff\xd8 photo")
        code = Attachment("code.png", "image/png", b"png", key="code-1")
        for _time in range(2):
            self._say(link, Reply("Your code", attachment=code))
        ids = [call["image"]["id"] for call in self.server.sent[-2:]]
        # Meta forgets files: each is uploaded, none is taken for known
        self.assertEqual(len(set(ids)), 2)
        self.assertEqual(self.server.files[ids[1]][0], b"png")

    def _photo_row(self):
        [number] = self.server.files
        image = {"id": number, "mime_type": "image/jpeg"}
        return {"from": ANNA, "id": "wamid.x", "type": "image", "image": image}


@tagged("post_install", "-at_install")
class TestViberChannel(MessengerCommon):
    server_class = ViberServer
    kind, bot = "viber", ViberServer.uri
    options = {"welcome": "Here your points live.", "welcome_button": "Start"}

    def test_from_the_link_to_the_answer(self):
        self.server.open_chat("anna=", "l_abc")
        [welcome] = self.server.sent
        self.assertEqual(welcome["text"], "Here your points live.")
        self.assertEqual(self._get_own_link("anna=").state, "new")
        [button] = welcome["keyboard"]["Buttons"]
        self.server.write_text("anna=", button["ActionBody"])
        self.assertEqual(set(self.server.deliver()), {200})
        self.assertEqual(self.server.sent[-1]["text"], "start l_abc")

    def test_messages_once_and_in_order(self):
        self.server.write_text("anna=", "One")
        self.server.write_text("anna=", "Two")
        first = self.server.waiting[0]
        self.server.deliver()
        self.server.bring(first)
        told = [call["text"] for call in self.server.sent]
        self.assertEqual(told, ["text One", "text Two"])
        self.assertEqual(self.server.bring(first, token="wrong")[0], 404)

    def test_unsubscribed_and_back(self):
        self.server.write_text("anna=", "Hello")
        self.server.deliver()
        link = self._get_own_link("anna=")
        self.server.unsubscribe("anna=")
        self.server.deliver()
        self.assertEqual(link.state, "blocked")
        heard = link.last_in_at
        self.server.subscribe("anna=")
        self.server.deliver()
        self.assertEqual((link.state, link.last_in_at), ("new", heard))

    def test_picture_is_found_by_its_address(self):
        self.server.write_text("anna=", "Hello")
        self.server.deliver()
        code = Attachment("code.png", "image/png", b"png", key="code-1")
        link = self._get_own_link("anna=")
        row = self._say(link, Reply("Your code", attachment=code))
        sent = self.server.sent[-1]
        self.assertEqual((sent["type"], sent["text"]), ("picture", "Your code"))
        self.assertEqual(self.server.fetched, [(200, b"png")])
        parts = urlsplit(sent["media"])
        answer = self.url_open(f"{parts.path}?{parts.query}")
        self.assertEqual((answer.status_code, answer.content), (200, b"png"))
        self.assertEqual(self.url_open(parts.path).status_code, 404)
        row.unlink()
        self.assertEqual(self.url_open(f"{parts.path}?{parts.query}").status_code, 404)

    def test_price(self):
        """After a day nothing is sent, unless somebody said that it may cost."""
        self.server.write_text("anna=", "Hello")
        self.server.deliver()
        link = self._get_own_link("anna=")
        self.clock.pass_by(25 * 3600)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertIsNone(link._get_template())
            self.assertEqual(self._say(link, Reply("News")).state, "failed")
            pays = self.own.option_ids.filtered(lambda option: option.code == "pays")
            pays.value = "yes"
            template = (link._get_template(), ())
            row = self._say(link, Reply("News"), template=template)
        self.assertEqual((row.state, self.server.paid), ("sent", 1))

    def test_set_up(self):
        self.own.state = "draft"
        event = {"event": "webhook", "timestamp": 1, "message_token": 2}
        self.assertEqual(self.server.bring(event)[0], 200)
        self.server.post = lambda url, body, headers: (200, b"")
        self.own.action_set_up()
        self.assertEqual(self.own.state, "active")
        self.assertEqual(self.server.webhook, self.own._get_hook_url())
        self.own.action_check()
        self.assertTrue(self.own.is_healthy)
        self.assertEqual(self.own.hook_seen, self.own._get_hook_url())
