"""Scanning on the phone: the routes, and the page in a real browser with a camera."""

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.engine.product_code import link, new_codes
from odoo.addons.loyalty_b2b2c.tests.camera import camera_sees, draw_code
from odoo.addons.loyalty_b2b2c.tests.test_scan import ScanCommon

from .common import PASSWORD, PortalCommon

#: Codes the tours know, with right check characters; the last one has a PIN.
KNOWN = (
    "SCANME0000000110",
    "SCANME000000029Z",
    "SCANME00000003J9",
    "SCANME00000004S4",
)


class PortalScanCommon(ScanCommon, PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller_user = cls._create_portal_user("nina", cls.seller.partner_id)
        cls.codes = cls._codes()
        for code, text in zip(cls.codes, KNOWN, strict=False):
            cls.env.cr.execute(
                "UPDATE b2b2c_code SET code = %s WHERE id = %s", (text, code.id)
            )
        cls.env.invalidate_all()

    def _take(self, code, login="nina", key="key-of-scan-1", **params):
        """Send a code as the page does."""
        self.authenticate(login, PASSWORD if login else None)
        params = {"code": code, "key": key, **params}
        return self.make_jsonrpc_request("/my/rewards/scan/take", params)


@tagged("post_install", "-at_install")
class TestPortalScan(PortalScanCommon, HttpCase):
    def test_a_scan_is_credited_in_the_same_request(self):
        answer = self._take(KNOWN[0])
        self.assertEqual(
            (answer["status"], answer["points"], answer["balances"]),
            ("credited", "3 pts", ["3 pts"]),
        )
        self.assertEqual(self._take(KNOWN[0]), answer)

    def test_the_address_in_the_code_leads_to_the_page(self):
        for address in (
            link("", KNOWN[0]),
            link("", KNOWN[0], "4006381333931"),
        ):
            response = self._get(address, login="nina")
            self.assertIn(f"/my/rewards/scan?code={KNOWN[0]}", response.url)
            self.assertIn(KNOWN[0], response.text)
        self.assertEqual(self.codes[0].state, "printed")

    def test_without_a_login_the_code_waits(self):
        """Opening the address tells nothing and changes nothing."""
        pages = []
        for code in (KNOWN[0], new_codes(1)[0]):
            response = self._get(link("", code), login=None)
            self.assertIn("This package brings you points", response.text)
            self.assertIn(
                f"/web/login?redirect=%2Fmy%2Frewards%2Fscan%3Fcode%3D{code}",
                response.text,
            )
            pages.append(len(response.text))
        self.assertEqual(*pages)
        self.assertEqual(self.codes[0].state, "printed")

    def test_strangers_do_not_scan(self):
        self._create_portal_user("nobody")
        self.assertIn(
            "You do not take part", self._get("/my/rewards/scan", "nobody").text
        )
        self.assertEqual(self._take(KNOWN[0], "nobody")["status"], "refused")
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._take(KNOWN[0], login=None)
        response = self._get("/my/rewards/scan", login=None, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertEqual(self.codes[0].state, "printed")

    def test_nobody_scans_for_somebody_else(self):
        """A membership of somebody else is not chosen."""
        self._take(KNOWN[0], member=self.colleague.id)
        self.assertEqual(self._last().submitter_id, self.seller)

    def test_garbage_is_answered(self):
        for number, (code, params) in enumerate(
            (
                (None, {}),
                ("", {}),
                ("\x00" * 50, {}),
                ("ü" * 5000, {}),
                (["x"], {}),
                ({"a": 1}, {}),
                (KNOWN[0][:-1] + "X", {"pin": ["1"]}),
                (KNOWN[1], {"at": "yesterday", "place": "here", "member": "me"}),
                (KNOWN[2], {"at": 1e300, "place": [1e9, None], "member": [1]}),
                (KNOWN[3], {"at": -5, "place": [True, 1], "member": {}}),
            )
        ):
            with self.subTest(code=code):
                answer = self._take(code, key=f"key-number-{number}", **params)
                self.assertIn(answer["status"], ("typo", "credited"))
                self.assertTrue(answer["message"])
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._take(KNOWN[0], key="short")

    def test_the_overview_has_a_button(self):
        self.assertIn("/my/rewards/scan", self._get("/my/rewards", "nina").text)


@tagged("post_install", "-at_install")
class TestPortalScanTour(PortalScanCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_typing(self):
        self.start_tour("/my/rewards/scan", "b2b2c_scan_typing", login="nina")
        self.assertEqual(self._available(self.seller), [3])

    def test_the_camera_reads_the_label(self):
        address = link(self.base_url(), KNOWN[0])
        with camera_sees(draw_code(address)):
            self.start_tour("/my/rewards/scan", "b2b2c_scan_camera", login="nina")
        self.assertEqual(self._available(self.seller), [3])

    def test_scans_wait_for_the_network(self):
        self.start_tour("/my/rewards/scan", "b2b2c_scan_offline", login="nina")
        self.assertEqual(self._available(self.seller), [9])


@tagged("post_install", "-at_install")
class TestPortalScanSmallPhone(TestPortalScanTour):
    browser_size = "320x568"
