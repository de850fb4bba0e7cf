"""Telegram from the phone to the answer and back, over the real webhook, and by asking
instead; what strangers and machines may try there."""

import json
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.tests.fakes import extended

from ..models import pump
from ..models.pump import sweep
from .chat_common import ChatCommon
from .servers.telegram_person import Person
from .servers.telegram_server import TelegramServer
from .test_chat_queues import EchoDialog

CHANNEL = "odoo.addons.loyalty_b2b2c_chat.models.b2b2c_chat_channel"


@tagged("post_install", "-at_install")
class TestChatTelegram(ChatCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(extended(cls.env, "b2b2c.chat.dialog", EchoDialog))

    def setUp(self):
        super().setUp()
        self.server = TelegramServer()
        self.addCleanup(self.server.close)
        # what the server brings to us goes through the test's own client
        self.server.post = self._bring
        self.telegram = self._create_channel(
            name="Telegram",
            kind="telegram",
            token="42:TEST",
            api_base=self.server.base,
            state="draft",
        )
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        self.telegram._set_up()
        self.olena = Person(self.server, "Olena", language="en")

    def _bring(self, url, body, headers):
        answer = self.url_open(urlsplit(url).path, data=body, headers=headers)
        return answer.status_code, answer.content

    def _sweep(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            sweep(self.env(cr=cr, su=True))
        self.env.invalidate_all()

    def test_begun_it_answers(self):
        self.assertEqual(self.telegram.state, "active")
        self.assertEqual(self.telegram.account, "demo_bot")
        self.olena.start("l_abc")
        self.assertEqual(self.olena.read(), "start l_abc")
        self.olena.write("ask")
        self.olena.press("Pay")
        [message] = self.olena.hear()
        self.assertEqual(message["text"], "pay=5")  # in the place of the question
        self.assertEqual(self.server.hook["problem"], "")
        self.assertEqual(len(self.server.answered), 1)

    def test_who_blocks_the_bot_is_left_alone_until_he_lets_it_in(self):
        self.olena.write("hello")
        link = self._get_link(str(self.olena.user["id"]))
        link._bind(self.member.partner_id, "test")
        self.olena.block()
        self.env.invalidate_all()
        self.assertEqual(link.state, "blocked")
        self.olena.unblock()
        self.env.invalidate_all()
        self.assertEqual(link.state, "active")

    def test_the_limits_of_telegram_are_kept_and_its_pauses_as_well(self):
        self.server.has_limits = True
        self.server.clock.pass_by(100)
        self.olena.write("hello")
        link = self._get_link(str(self.olena.user["id"]))
        for _number in range(5):  # somebody else wrote there: Telegram counts that too
            self.server._sent_at[self.olena.chat["id"]].append(self.server.clock())
        self.olena.hear()
        link._say(["news"])
        with patch.object(pump, "_SOON", 0):  # nobody waits for it here
            self._sweep()
        self.assertEqual(self.olena.read(), "")
        row = self.env["b2b2c.chat.outbox"].search([("text", "=", "news")])
        self.assertEqual(row.state, "waiting")
        self.assertIn("Too Many Requests", row.reason)
        self.assertGreater(self.env["b2b2c.chat.pace"]._take(self.telegram, "1"), 1)

    def test_asked_instead_it_answers_as_well(self):
        self.telegram.delivery = "polling"
        self.telegram._set_up()
        self.assertEqual(self.server.hook["url"], "")
        self.olena.write("hello")
        self.assertEqual(self.olena.read(), "")
        for _time in range(2):
            self.env.flush_all()
            with self.registry.cursor() as cr:
                self.telegram.with_env(self.env(cr=cr, su=True))._poll()
            self.env.invalidate_all()
        self.assertEqual(self.olena.read(), "text hello")
        self.assertFalse(any(self.server._queues.values()))  # confirmed

    @mute_logger(CHANNEL)
    def test_what_goes_wrong_is_told_without_the_token(self):
        self.telegram.delivery = "polling"
        self.server.failures.append(_get_garbage())
        with self.registry.cursor() as cr:
            self.telegram.with_env(self.env(cr=cr, su=True))._poll()
        self.env.invalidate_all()
        self.assertTrue(self.telegram.problem)
        self.assertNotIn("TEST", self.telegram.problem)

    def test_forged_calls(self):
        url = self.server.hook["url"]
        body = {"update_id": 1, "message": {"text": "give me points"}}
        name = "X-Telegram-Bot-Api-Secret-Token"
        for secret in ("", "x", self.server.hook["secret"] + "x"):
            told = self._bring(url, json.dumps(body), {name: secret})
            self.assertEqual(told[0], 404)
        self.assertFalse(self.env["b2b2c.chat.inbox"].search([]))


def _get_garbage():
    """Return an answer that no server of Telegram gives."""
    from .servers.messenger_server import Response

    return Response(b"<html>42:TEST</html>", 502, "text/html")
