"""Webhooks against a server that takes, fails, sends elsewhere and answers late."""

import hashlib
import hmac
import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ...engine.signature import sign
from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ...models.webhooks import sending
from ...models.webhooks.b2b2c_webhook import TRIES
from ..reported.test_intake import IntakeCommon


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent, and answers as the test says."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.headers, self.seconds = 200, {}, 0
        self.taken = []
        self.go_on = threading.Event()

    @property
    def place(self):
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.seconds:
            self.server.go_on.wait(self.server.seconds)
        self.server.taken.append((dict(self.headers), body))
        with suppress(OSError):  # who sent it may not have waited
            self.send_response(self.server.status)
            for name, value in self.server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing on the console."""


@contextmanager
def receiving():
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


@tagged("post_install", "-at_install")
class TestWebhooks(IntakeCommon):
    """A program gives 5 % of what is paid; a shop reports with a key of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"trigger": "paid", "pick": "contact"})
        cls.shop = cls.env["res.partner"].create({"name": "Shop", "is_company": True})
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)

    def setUp(self):
        super().setUp()
        context = receiving()
        self.server = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.env["ir.config_parameter"].set_param(
            "loyalty_b2b2c.webhook_hosts", self.server.place
        )
        self.webhook = self._create_webhook()

    def _create_webhook(self, reporter=None, kinds=("entries",), cursor="0-0"):
        key = self.env["b2b2c.api.key"].create(
            {
                "name": "System",
                "can_read": True,
                "reporter_id": reporter.id if reporter else False,
            }
        )
        key._renew()
        webhook = self.env["b2b2c.webhook"].create(
            {
                "name": "Accounting",
                "key_id": key.id,
                "url": f"http://{self.server.place}/points",
                "stream_ids": [Command.create({"kind": kind}) for kind in kinds],
            }
        )
        webhook.stream_ids.cursor = cursor
        webhook.action_new_secret()
        webhook.action_activate()
        return webhook

    def _sell(self, reference, reporter=None):
        self._record({"reference": reference}, reporter=reporter)
        self._process()

    def _tell(self, webhook=None):
        webhook = webhook or self.webhook
        webhook.next_try_at = False
        more = webhook._tell()
        webhook.invalidate_recordset()
        return more

    def _get_told(self):
        return [json.loads(body) for _headers, body in self.server.taken]

    def test_entries_are_told_in_order_once_and_signed(self):
        for number in range(3):
            self._sell(f"W-{number}")
        self.assertFalse(self._tell())
        self.assertFalse(self._tell())
        [told] = self._get_told()
        self.assertEqual(told["kind"], "entries")
        self.assertEqual(
            [event["document"]["reference"] for event in told["events"]],
            ["W-0", "W-1", "W-2"],
        )
        headers, body = self.server.taken[0]
        at, signature = (
            part.partition("=")[2] for part in headers["Loyalty-Signature"].split(",")
        )
        right = hmac.new(
            self.webhook._get_secret().encode(), f"{at}.".encode() + body,
            hashlib.sha256,
        )  # fmt: skip
        self.assertEqual(signature, right.hexdigest())
        self.assertNotEqual(
            sign("another", int(at), body).partition("v1=")[2], signature
        )

    def test_nothing_is_told_when_nothing_happened(self):
        self._tell()
        self.assertFalse(self.server.taken)

    def test_a_copy_of_the_database_tells_nobody(self):
        self._sell("W-1")
        for query in get_neutralization_queries(["loyalty_b2b2c"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(self.webhook.state, "paused")
        self.assertFalse(self.env["b2b2c.webhook"].search([("state", "=", "active")]))

    def test_what_was_not_taken_comes_again_later(self):
        self._sell("W-1")
        self.server.status = 500
        now = fields.Datetime.now()
        self._tell()
        waits = []
        for _failure in range(3):
            waits.append((self.webhook.next_try_at - now).total_seconds())
            self.assertFalse(self.webhook._tell())  # it is not due
            self._tell()
        self.assertLess(waits[0], 70)
        self.assertGreater(waits[2], waits[1])
        self.assertIn("HTTP 500", self.webhook.problem)
        self.server.status = 200
        self._tell()
        self.assertEqual((self.webhook.failures, self.webhook.problem), (0, False))
        self.assertEqual(self._get_told()[0], self._get_told()[-1])

    def test_it_pauses_and_a_manager_sees_it(self):
        self._sell("W-1")
        self.server.status = 503
        self.server.headers = {"Retry-After": "7200"}
        now = fields.Datetime.now()
        self._tell()
        self.assertGreaterEqual((self.webhook.next_try_at - now).total_seconds(), 7190)
        for _failure in range(TRIES - 1):
            self.assertEqual(self.webhook.state, "active")
            self._tell()
        self.assertEqual(self.webhook.state, "paused")
        self._tell()
        self.assertEqual(len(self.server.taken), TRIES)
        self.server.status = 200
        self.webhook.action_activate()
        self._tell()
        self.assertEqual(len(self._get_told()[-1]["events"]), 1)

    def test_gone_is_gone(self):
        self._sell("W-1")
        self.server.status = 410
        self._tell()
        self.assertEqual(self.webhook.state, "paused")

    def test_redirects_are_not_followed(self):
        self._sell("W-1")
        self.server.status = 302
        self.server.headers = {"Location": f"http://{self.server.place}/other"}
        self._tell()
        self.assertEqual(len(self.server.taken), 1)
        self.assertIn("elsewhere", self.webhook.problem)

    def test_an_answer_that_is_late_is_none(self):
        self._sell("W-1")
        self.server.seconds = 20
        with patch.object(sending, "READ_SECONDS", 0.3):
            self._tell()
        self.assertIn("in time", self.webhook.problem)

    def test_a_server_that_is_not_there(self):
        self._sell("W-1")
        self.server.shutdown()
        self.server.server_close()
        self._tell()
        self.assertIn("cannot be reached", self.webhook.problem)

    def test_a_partner_hears_what_its_key_may_read(self):
        self._sell("OURS")
        self._sell("THEIRS", reporter=self.shop)
        webhook = self._create_webhook(reporter=self.shop)
        self._tell(webhook)
        [told] = self._get_told()
        self.assertEqual(
            [event["document"]["reference"] for event in told["events"]], ["THEIRS"]
        )
        webhook.key_id.can_read = False
        self._sell("MORE", reporter=self.shop)
        self._tell(webhook)
        self.assertEqual(len(self.server.taken), 1)
        self.assertEqual(webhook.state, "paused")

    def test_requests_and_tiers_are_told_to_whom_they_concern(self):
        facts = self.env["b2b2c.webhook.fact"]
        ours = self._create_webhook(kinds=("requests", "tiers"))
        theirs = self._create_webhook(reporter=self.shop, kinds=("requests",))
        facts._publish("requests", self.company, self.client, {"request": "R1"})
        facts._publish("requests", self.company, self.shop, {"request": "R2"})
        facts._publish("settlements", self.company, self.shop, {"nobody": "listens"})
        self._tell(ours)
        self._tell(theirs)
        told = [[event["request"] for event in one["events"]] for one in
                self._get_told()]  # fmt: skip
        self.assertEqual(told, [["R1", "R2"], ["R2"]])
        self.assertFalse(facts.search([("kind", "=", "settlements")]))

    def test_it_is_told_again_from_a_place_in_the_feed(self):
        self._sell("W-1")
        self._tell()
        place = self._get_told()[0]["next"]
        self._sell("W-2")
        replay = self.env["b2b2c.webhook.replay"].create(
            {
                "webhook_id": self.webhook.id,
                "stream_id": self.webhook.stream_ids.id,
                "cursor": "0-0",
            }
        )
        replay.action_replay()
        self._tell()
        self.assertEqual(len(self._get_told()[-1]["events"]), 2)
        self.assertTrue(place)
        for wrong in ("now", "1-2-3", "-", "1-x", "9" * 30 + "-1"):
            with self.assertRaises(ValidationError):
                self.webhook.stream_ids._replay(wrong)

    def test_addresses_inside_our_network_are_refused(self):
        for url in (
            "http://example.com/x", "https://user@example.com/", "ftp://example.com",
            "https://", "nonsense", "https://[::1",
        ):  # fmt: skip
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.webhook.url = url
        self._sell("W-1")
        for host in ("127.0.0.1", "localhost", "10.0.0.7", "169.254.169.254", "[::1]",
                     "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):  # fmt: skip
            with self.subTest(host=host), self.assertRaises(sending.NotSent) as caught:
                sending.post(f"https://{host}/x", b"{}", {})
            self.assertIn(caught.exception.code, ("private", "unreachable"))

    def test_a_new_address_is_told_when_somebody_says_so(self):
        officer = new_test_user(
            self.env, "hook_manager", groups="loyalty_b2b2c.group_manager"
        )
        webhook = self.webhook.with_user(officer)
        webhook.url = f"http://{self.server.place}/elsewhere"
        self.assertEqual(webhook.state, "draft")
        with self.assertRaises(AccessError):
            webhook.read(["salt"])

    def test_only_managers_do_this(self):
        user = new_test_user(self.env, "hook_officer",
                             groups="loyalty_b2b2c.group_officer")  # fmt: skip
        with self.assertRaises(UserError):
            self.webhook.with_user(user).action_new_secret()
