"""Messages on the phone, against a browser and a server that speak web push."""

from unittest.mock import patch

from cryptography.exceptions import InvalidTag

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.models.webhooks import sending
from odoo.addons.loyalty_b2b2c.tests.common import SENDER
from odoo.addons.loyalty_b2b2c.tests.webhooks.test_webhooks import receiving

from ..models.b2b2c_push_device import ALLOWED
from .common import PASSWORD, PortalCommon
from .push_kit import Browser, is_signed

ROUTE = "/my/rewards/preferences/push"


class PushCommon(PortalCommon):
    """Olena's browser, and the server of its maker."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(receiving())
        self.env["ir.config_parameter"].set_param(ALLOWED, self.server.place)
        self.phone = self._get_browser("first")
        self.devices = self.env["b2b2c.push.device"]

    def _get_browser(self, name):
        return Browser(f"http://{self.server.place}/{name}")

    def _register(self, browser, member=None):
        partner = (member or self.member).partner_id
        self.assertTrue(self.devices._add(partner, browser.device))

    def _want(self, member=None):
        (member or self.member)._set_wishes({("push", ""): True, ("email", ""): False})

    def _tell(self):
        """Tell Olena of points; return what became of it over her phone.

        :return: list of (state, cause), one or none
        """
        self.member._set_wishes({("email", ""): False})
        self.env["b2b2c.program"].search([]).action_close()
        self._create_program({"trigger": "confirmed"})
        before = self.env["b2b2c.notification"].search([])
        self._create_order(quantity=77)
        self._process()
        message = self.env["b2b2c.notification"].search([]) - before
        self.assertEqual(message.kind, "credited")
        with mute_logger(SENDER):
            self._send_messages()
        rows = message.delivery_ids.filtered(lambda row: row.channel == "push")
        return [(row.state, row.reason_code) for row in rows]


@tagged("post_install", "-at_install")
class TestPush(PushCommon):
    def test_a_message_is_shown_and_says_no_amount(self):
        self._register(self.phone)
        self._want()
        self.assertEqual(self._tell(), [("sent", False)])
        [(headers, body)] = self.server.taken
        note = self.phone.read(body)
        self.assertEqual(note["title"], self.company.name)
        self.assertEqual(note["body"], "Points credited")
        self.assertEqual(note["data"], {"url": "/my/rewards"})
        self.assertEqual({*note} - {"icon", "tag", "lang"}, {"title", "body", "data"})
        self.assertTrue(is_signed(headers["Authorization"], self.devices._get_key()))
        self.assertEqual(headers["Content-Encoding"], "aes128gcm")
        with self.assertRaises(InvalidTag):
            self._get_browser("other").read(body)

    def test_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.member.partner_id.lang = "uk_UA"
        self._register(self.phone)
        self._want()
        self._tell()
        self.assertEqual(self.phone.read(self.server.taken[0][1])["lang"], "uk-UA")

    def test_only_who_wants_it(self):
        self._register(self.phone)
        self.assertEqual(self._tell(), [])
        self.assertFalse(self.server.taken)

    def test_who_has_no_phone_misses_nothing_else(self):
        self._want()
        self.assertEqual(self._tell(), [("skipped", "no_address")])

    def test_all_phones_of_a_person(self):
        second = self._get_browser("second")
        self._register(self.phone)
        self._register(second)
        self._want()
        self._tell()
        self.assertEqual(len(self.server.taken), 2)
        second.read(self.server.taken[0][1])
        self.phone.read(self.server.taken[1][1])

    def test_a_phone_that_is_gone_is_forgotten(self):
        for status in (404, 410, 403):
            with self.subTest(status=status):
                self._register(self.phone)
                self._want()
                self.server.status = status
                self.assertEqual(self._tell(), [("failed", "refused")])
                self.assertFalse(self.devices.search([]))

    def test_a_service_that_is_busy_is_asked_again(self):
        self._register(self.phone)
        self._want()
        self.server.status, self.server.headers = 429, {"Retry-After": "120"}
        self.assertEqual(self._tell(), [("waiting", "later")])
        self.assertEqual(len(self.devices.search([])), 1)

    def test_a_service_that_sends_us_elsewhere_is_not_followed(self):
        self._register(self.phone)
        self._want()
        place = f"http://{self.server.place}/inside"
        self.server.status, self.server.headers = 302, {"Location": place}
        self.assertEqual(self._tell(), [("failed", "refused")])
        self.assertEqual(len(self.server.taken), 1)

    def test_a_phone_of_two_people_is_the_last_ones(self):
        self._register(self.phone)
        self._register(self.phone, self.other_member)
        self._want()
        self.assertEqual(self._tell(), [("skipped", "no_address")])
        self.assertFalse(self.server.taken)

    def test_a_new_phone_replaces_the_oldest(self):
        for number in range(7):
            self._register(self._get_browser(f"phone-{number}"))
        names = [device.endpoint[-1] for device in self.devices.search([])]
        self.assertEqual(names, ["6", "5", "4", "3", "2"])

    def test_erasing_a_person_forgets_the_phones(self):
        self._register(self.phone)
        self.assertIn(self.phone.endpoint, str(self.member._get_personal_data()))
        wizard = self.env[self.member.action_erase()["res_model"]].create(
            {
                "member_id": self.member.id,
                "reason": "She asked for it",
                "confirmed": True,
            }
        )
        wizard.action_erase()
        self.assertFalse(self.devices.search([]))


@tagged("post_install", "-at_install")
class TestPushRoutes(PushCommon, HttpCase):
    def _call(self, path, login="olena", **params):
        self.authenticate(login, PASSWORD if login else None)
        return self.make_jsonrpc_request(ROUTE + path, params)

    def test_from_the_page_to_the_phone(self):
        key = self._call("/key")
        self.assertEqual(key, self.devices._get_key())
        self.assertTrue(self._call("", device=self.phone.device))
        self.assertTrue(self.member._get_wishes()["push", ""], "she said so")
        self._tell()
        self.phone.read(self.server.taken[0][1])
        self._call("/forget", "petro", endpoint=self.phone.endpoint)
        self.assertTrue(self.devices.search([]), "it is not his")
        self._call("/forget", endpoint=self.phone.endpoint)
        self.assertFalse(self.devices.search([]))

    def test_a_new_address_replaces_the_old(self):
        self._call("", device=self.phone.device)
        self.member._set_wishes({("push", ""): False})
        renewed = self._get_browser("renewed")
        before = self.phone.endpoint
        self.assertTrue(self._call("", device=renewed.device, before=before))
        self.assertEqual(self.devices.search([]).endpoint, renewed.endpoint)
        self.assertFalse(self.member._get_wishes()["push", ""], "nobody asked her")

    def test_what_is_no_browser_is_not_registered(self):
        good = self.phone.device
        keys = good["keys"]
        bad = [
            None, [], "x", {}, {"endpoint": good["endpoint"]},
            {**good, "keys": None}, {**good, "keys": {}},
            {**good, "keys": {**keys, "p256dh": "AAAA"}},
            {**good, "keys": {**keys, "p256dh": keys["p256dh"][:-4] + "AAAA"}},
            {**good, "keys": {**keys, "auth": "AAAA"}},
            {**good, "keys": {**keys, "auth": keys["auth"] + "\x00"}},
            {**good, "keys": {**keys, "auth": 7}},
            {**good, "endpoint": 7}, {**good, "endpoint": ""},
            {**good, "endpoint": "https://" + "a" * 2000},
            {**good, "endpoint": "ftp://push.example/x"},
            {**good, "endpoint": "http://push.example/x"},
            {**good, "endpoint": "https://me:secret@push.example/x"},
            {**good, "endpoint": "https://127.0.0.1/x"},
            {**good, "endpoint": "https://[::1]/x"},
            {**good, "endpoint": "https://10.0.0.7/x"},
            {**good, "endpoint": "https://169.254.169.254/latest"},
            {**good, "endpoint": "https://localhost:8069/x"},
            {**good, "endpoint": "https://пуш.example/x"},
        ]  # fmt: skip
        for device in bad:
            with self.subTest(device=device):
                self.assertFalse(self.devices._add(self.env.user.partner_id, device))
        inside = [(2, 1, 6, "", ("192.168.0.9", 443))]
        with patch.object(sending.socket, "getaddrinfo", return_value=inside):
            device = {**good, "endpoint": "https://push.example/x"}
            self.assertFalse(self.devices._add(self.env.user.partner_id, device))
        self.assertFalse(self._call("", device={"endpoint": "https://10.0.0.7/x"}))
        self.assertFalse(self.devices.search([]))

    def test_strangers_register_nothing(self):
        self._create_portal_user("nobody")
        self.assertFalse(self._call("", "nobody", device=self.phone.device))
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._call("", None, device=self.phone.device)

    def test_not_a_thousand_phones_an_hour(self):
        answers = [self._call("", device=self.phone.device) for _ in range(31)]
        self.assertEqual(answers, [True] * 30 + [False])

    def test_the_address_is_not_shown_to_anybody(self):
        self._register(self.phone)
        page = self._get("/my/rewards/preferences").text
        self.assertNotIn(self.phone.endpoint, page)
        self.assertIn('id="b2b2c_notify_push"', page)
