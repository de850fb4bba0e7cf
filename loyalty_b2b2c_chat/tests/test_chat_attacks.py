"""A chat is its person's: nobody presses, asks or scans for somebody else.

Tried over HTTP, as messengers deliver, by who is not Olena: a stranger, another
participant, a group she is in, a program with her number, and whoever knows the address
of the channel but not its secret.
"""

import hashlib
import hmac
import itertools
import json
import time
from urllib.parse import urlencode

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.tests.attacks.attack_kit import SUCCEEDED, AttackKit

from ..messengers.telegram_page import read_page
from .dialog_common import DialogCommon
from .fake_messenger import Parrot

SECRETS = ("Olena Kovalenko", "100 pts", "40 pts", "Coffee mug", "600,111")


class ChatAttackCommon(DialogCommon, AttackKit, HttpCase):
    """Olena (chat 77) has 100 points and may have a mug for 60; Petro (99) nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="chat/olena")
        cls.mug = cls.env["b2b2c.reward"].create(
            {"name": "Coffee mug", "points": 60, "company_id": cls.company.id}
        )
        #: role -> what is different from a message of the stranger's own
        cls.roles = {
            "a stranger": {"user": "88", "chat": "88"},
            "another participant": {"user": "99", "chat": "99"},
            "a group": {"user": "77", "chat": "-100", "is_private": False},
            "a program": {"user": "77", "chat": "88", "is_bot": True},
            "who knows the address": {"user": "77", "chat": "88", "secret": "guess"},
        }
        cls.herself = {"user": "77", "chat": "77"}
        cls.calls = itertools.count(1000)

    def setUp(self):
        super().setUp()
        Parrot.rest()
        self.heard_from = 0
        self._connect(self.member)
        self._connect(self.other_member, user="99")

    def _get_stake(self, _role):
        env = self.env
        requests = env["b2b2c.redemption"].search([])
        links = env["b2b2c.chat.link"].search([])
        account = self.account
        account.invalidate_recordset()
        told = {
            secret
            for message in Parrot.said[self.heard_from :]
            if message.chat != "77" or self.is_control
            for secret in SECRETS
            if secret in message.reply.text
        }
        return (
            [(one.id, one.state, one.member_id.id) for one in requests],
            {(one.external_user, one.state) for one in links
             if one.partner_id == self.member.partner_id},
            (account.balance_available, account.balance_held),
            env["b2b2c.receipt"].search_count([]),
            env["b2b2c.claim"].search_count([]),
            frozenset(told),
        )  # fmt: skip

    is_control = False

    # === ACTS === #

    def _deliver(self, role, kind, external_id=None, **values):
        """Deliver something as a messenger does."""
        values = {
            "external_id": external_id or str(next(self.calls)),
            "kind": kind,
            "name": "Olena",
            "language": "en",
            **values,
            **{name: one for name, one in role.items() if name != "secret"},
        }
        secret = role.get("secret", self.channel.sudo().secret)
        return self.url_open(
            f"/b2b2c/chat/{self.channel.hook_key}",
            data=json.dumps(values),
            headers={"X-Parrot": secret, "Content-Type": "application/json"},
        )

    def _act(self, role, kind, **values):
        self.heard_from = len(Parrot.said)
        return lambda: self._deliver(role, kind, **values)

    def _find(self, message, label):
        """Return what a button of a message carries."""
        [button] = [
            button
            for row in message.reply.buttons
            for button in row
            if button.label == label
        ]
        return button.data

    def _ask_for_mug(self):
        said = self._press(self._come_in("/rewards")[-1], "Coffee mug")
        said = self._press(said[-1], "🎁 I want this")
        return self._press(said[-1], "Leave it empty")[-1]

    def _get_mug(self):
        self._press(self._ask_for_mug(), "✅ Yes, request it")
        return self._come_in("/requests")[-1]

    def _click(self, role, data, **values):
        return self._act(role, "button", data=data, press_id="p", **values)

    # === WAYS: HER BUTTONS === #

    def way_her_yes_pressed(self, role):
        return self._click(role, self._find(self._ask_for_mug(), "✅ Yes, request it"))

    def way_her_request_taken_back(self, role):
        return self._click(role, self._find(self._get_mug(), "↩ Take it back"))

    def way_her_statement_asked_for(self, role):
        message = self._come_in("/balance")[-1]
        label = next(one for one in self._get_labels(message) if "🧾" in one)
        self.account._earn(600111, source_key="chat/told")
        return self._click(role, self._find(message, label))

    def way_her_chat_disconnected(self, role):
        message = self._come_in("/stop")[-1]
        return self._click(role, self._find(message, "Disconnect this chat"))

    def way_her_yes_typed(self, role):
        self._ask_for_mug()
        return self._act(role, "text", text="✅ Yes, request it")

    def way_her_answer_delivered_again(self, role):
        """With the number under which her own message came."""
        data = self._find(self._ask_for_mug(), "✅ Yes, request it")
        values = {"external_id": "hers", "data": data, "press_id": "p"}
        if not self.is_control:
            self._come_in(kind="text", text="hello", external_id="hers")
        return self._act(role, "button", **values)

    # === WAYS: FORGED BUTTONS === #

    def way_number_of_her_message_on_a_button(self, role):
        """The own signature, and her message before it."""
        hers = self._find(self._ask_for_mug(), "✅ Yes, request it")
        theirs = self._come_in("/menu", user="99")[-1]
        own = next(iter(theirs.reply.buttons[0])).data
        forged = hers.rpartition(".")[0] + "." + own.rpartition(".")[2]
        return self._click(role, hers if self.is_control else forged)

    def way_action_in_a_button(self, role):
        """What a button asks for, in clear."""
        data = self._find(self._get_mug(), "↩ Take it back")
        request = self.env["b2b2c.redemption"].search([]).id
        clear = json.dumps({"action": "rewards.take_back", "value": str(request)})
        return self._click(role, data if self.is_control else clear)

    def way_action_beside_a_button(self, role):
        """A delivery that brings what only we fill in."""
        data = self._find(self._get_mug(), "↩ Take it back")
        request = self.env["b2b2c.redemption"].search([]).id
        if self.is_control:
            return self._click(role, data)
        return self._click(role, "", action="rewards.take_back", value=str(request))

    # === WAYS: WHAT SHE HAS === #

    def way_her_balance_asked_for(self, role):
        return self._act(role, "text", text="/balance")

    def way_her_requests_asked_for(self, role):
        self._get_mug()
        return self._act(role, "text", text="/requests")

    def way_slow_work_gone_on_with(self, role):
        """A step that only our queue names."""
        self._ask_for_mug()
        if self.is_control:
            return self._act(role, "text", text="/rewards")
        return self._act(role, "text", text="", step="receipt.read")

    # === WAYS: LINKS === #

    def way_link_that_was_used(self, role):
        start = self._get_start(self.member)
        if self.is_control:
            self.env["b2b2c.chat.link"].search([])._unbind()
            return self._bind_by(role, start)
        said = self._come_in(kind="start", text=start, user="77")
        self._press(said[-1], "✅ Yes, this is me", user="77")
        return self._bind_by(role, start)

    def way_link_that_is_over(self, role):
        start = self._get_start(self.member)
        if self.is_control:
            self.env["b2b2c.chat.link"].search([])._unbind()
        else:
            self.env["b2b2c.chat.key"].search([]).valid_until = "2020-01-01"
        return self._bind_by(role, start)

    def way_link_of_another_channel(self, role):
        start = self._get_start(self.member)
        if self.is_control:
            self.env["b2b2c.chat.link"].search([])._unbind()
        else:
            other = self._create_channel(name="Others")
            self.env["b2b2c.chat.key"].search([]).channel_id = other
        return self._bind_by(role, start)

    def _bind_by(self, role, start):
        """Open a link in a chat and say yes."""

        def act():
            before = len(Parrot.said)
            self._deliver(role, "start", text=start)
            for message in Parrot.said[before:]:
                if "✅ Yes, this is me" in self._get_labels(message):
                    data = self._find(message, "✅ Yes, this is me")
                    self._deliver(role, "button", data=data, press_id="p")

        self.heard_from = len(Parrot.said)
        return act

    def way_chat_blocked_for_her(self, role):
        return self._act(role, "blocked")


@tagged("post_install", "-at_install")
class TestChatAttacks(ChatAttackCommon):
    maxDiff = None

    def test_nobody_does_anything_in_her_chat(self):
        with mute_logger("odoo.http"):
            found = self._try_all(self.roles)
        self.assertEqual(self._list_succeeded(found), [])
        self.assertGreaterEqual(len(self._ways), 12)

    def test_control_she_does_all_of_it(self):
        self.is_control = True
        failed = [
            name
            for name, way in self._ways.items()
            if self._try(way, self.herself)[0] != SUCCEEDED
        ]
        self.assertEqual(failed, [])

    def test_who_looks_at_the_page_is_signed(self):
        """Twelve ways to tell the scan page that one is Olena."""
        token, now = "12345:secret", int(time.time())
        values = {
            "auth_date": str(now),
            "user": json.dumps({"id": 77}),
            "query_id": "q",
        }

        def sign(values, token=token):
            lines = "\n".join(f"{name}={values[name]}" for name in sorted(values))
            key = hmac.digest(b"WebAppData", token.encode(), "sha256")
            code = hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()
            return urlencode({**values, "hash": code})

        signed = sign(values)
        self.assertEqual(read_page(token, signed), "77")  # the control
        other = sign({**values, "user": json.dumps({"id": 88})})
        forged = {
            "unsigned": urlencode(values),
            "empty signature": urlencode({**values, "hash": ""}),
            "signed by another bot": sign(values, "999:other"),
            "signed without a token": sign(values, ""),
            "another person": signed.replace("77", "78"),
            "her put after": f"{other}&user={json.dumps({'id': 77})}",
            "her put before": f"user={json.dumps({'id': 77})}&{other}x",
            "long ago": sign({**values, "auth_date": str(now - 3601)}),
            "of tomorrow": sign({**values, "auth_date": str(now + 86400)}),
            "without a day": sign({"user": values["user"]}),
            "a list": sign({**values, "user": json.dumps([77])}),
            "a text": sign({**values, "user": json.dumps("77")}),
            "too long": sign({**values, "more": "x" * 5000}),
            "no text": {"user": 77},
        }
        for name, told in forged.items():
            with self.subTest(name):
                self.assertNotEqual(read_page(token, told), "77")
