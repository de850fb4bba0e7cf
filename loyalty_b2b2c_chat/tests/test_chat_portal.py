"""Chats on the portal, and the page that scans within a messenger, over HTTP."""

import re
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c_portal.tests.common import PASSWORD
from odoo.addons.loyalty_b2b2c_portal.tests.test_portal_scan import (
    KNOWN,
    PortalScanCommon,
)

from ..commands.scan_commands import SCAN_PAGE, ScanCommands
from .dialog_common import DialogCommon
from .fake_messenger import Parrot

PREFERENCES = "/my/rewards/preferences"
CHATS = "/my/rewards/chats"


@tagged("post_install", "-at_install")
class TestChatPortal(PortalScanCommon, DialogCommon, HttpCase):
    def _post(self, path, login="nina", **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(f"{CHATS}/{path}", data=data)

    def _begin(self):
        """Press *Connect* and return what the link carries."""
        page = self._post("connect", channel=self.channel.id).text
        return re.search(r"start=(l_[\w-]{22})", page).group(1)

    def test_connect_and_remove(self):
        page = self._get(PREFERENCES, login="nina").text
        self.assertIn("Parrots", page)
        response = self._post("connect", channel=self.channel.id)
        self.assertIn("works once and for", response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        said = self._come_in(kind="start", text=self._begin())
        self._press(said[-1], "✅ Yes, this is me")
        self.assertIn("Connected", self._get(PREFERENCES, login="nina").text)
        link = self._get_link()
        self._post("remove", login="olena", link=link.id)  # somebody else's
        self.assertEqual(link.partner_id, self.seller.partner_id)
        self._post("remove", link=link.id)
        self.env.invalidate_all()
        self.assertFalse(link.partner_id)
        self.assertIn("I do not know yet who you are", self._say("/balance"))

    def test_a_new_link_makes_the_one_before_void(self):
        first = self._begin()
        self._begin()
        self.assertIn("not valid any more", self._say(kind="start", text=first))

    def test_only_channels_of_the_own_companies_and_only_for_who_takes_part(self):
        self.channel.state = "paused"
        self.assertEqual(
            self._post("connect", channel=self.channel.id).status_code, 400
        )
        self.channel.state = "active"
        self._create_portal_user("nobody")
        response = self._post("connect", login="nobody", channel=self.channel.id)
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self.env["b2b2c.chat.key"].search([]))

    def test_an_invitation_offers_to_join_in_the_chat(self):
        invitation = self.env["b2b2c.invitation"].create(
            {"employer_id": self.shop.id, "approval": "none"}
        )
        self.authenticate(None, None)
        page = self.url_open(f"/rewards/join/{invitation.token}").text
        self.assertIn(f"start=j_{invitation.token}", page)
        self.channel.state = "paused"
        page = self.url_open(f"/rewards/join/{invitation.token}").text
        self.assertNotIn("Join in the chat", page)


@tagged("post_install", "-at_install")
class TestChatScanPage(PortalScanCommon, DialogCommon, HttpCase):
    """The parrot says who looks, in plain words."""

    def setUp(self):
        super().setUp()
        self._connect(self.seller)
        self.enterContext(
            patch.object(Parrot, "read_page", lambda parrot, told: str(told))
        )
        self.url = f"{SCAN_PAGE}{self.channel.id}"

    def _take(self, told="77", key="a-key-of-a-page", **params):
        params = {"told": told, "codes": [KNOWN[0]], "key": key, **params}
        return self.make_jsonrpc_request(f"{self.url}/take", params)

    def test_the_page_tells_nothing_about_anybody(self):
        page = self.url_open(self.url).text
        self.assertIn("Scan a code", page)
        self.assertNotIn("Nina", page)
        for address in (f"{SCAN_PAGE}0", f"{SCAN_PAGE}999999"):
            self.assertEqual(self.url_open(address).status_code, 404)

    def test_a_code_counts_once_for_who_looks(self):
        [answer] = self._take()["answers"]
        self.assertEqual((answer["status"], answer["points"]), ("credited", "3 pts"))
        self.assertEqual(self._take()["answers"], [answer])
        self.assertEqual(self._last().submitter_id, self.seller)

    def test_nobody_scans_who_is_not_signed_or_not_connected(self):
        for told in ("", "78", None, 7):
            self.assertIn("error", self._take(told=told))
        self._get_link()._unbind()
        self.assertIn("error", self._take())
        self.assertEqual(self.codes[0].state, "printed")

    @mute_logger("odoo.http")
    def test_garbage_is_refused(self):
        bad = (
            {"codes": []}, {"codes": "x"}, {"codes": [1]}, {"codes": ["x"] * 21},
            {"key": "short"}, {"key": None},
        )  # fmt: skip
        for params in bad:
            with self.assertRaises(JsonRpcException):
                self._take(**params)

    def test_the_chat_opens_it_where_the_messenger_has_pages(self):
        self.assertTrue(self._give(ScanCommands).page().endswith("/my/rewards/scan"))
        abilities = Parrot.abilities
        with patch.object(Parrot, "abilities", type(abilities)(can_web_page=True)):
            self.assertTrue(self._give(ScanCommands).page().endswith(self.url))
