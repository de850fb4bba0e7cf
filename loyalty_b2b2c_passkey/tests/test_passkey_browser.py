"""A payout confirmed in a real browser, whose device makes the passkey and signs.

The device is Chromium's own virtual authenticator; nothing of WebAuthn is replaced.
"""

from unittest.mock import patch

from odoo.tests import HttpCase, common, tagged

from .test_payout_passkey import Authenticator, PasskeyCommon

#: What Chromium is told about the device: one that is part of the phone, whose owner
#: unlocks it each time.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class BrowserWithDevice(common.ChromeBrowser):
    """A browser on a device that keeps passkeys, empty at first."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._websocket_request("WebAuthn.enable")
        self._websocket_request(
            "WebAuthn.addVirtualAuthenticator", params={"options": DEVICE}
        )


@tagged("post_install", "-at_install")
class TestPasskeyBrowser(PasskeyCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        # a passkey belongs to a name; browsers make none for an address of numbers
        for name, value in {
            "HOST": "localhost",
            "ChromeBrowser": BrowserWithDevice,
        }.items():
            patcher = patch.object(common, name, value)
            patcher.start()
            cls.addClassCleanup(patcher.stop)
        super().setUpClass()

    def _walk(self, name, url):
        self.start_tour(url, name, login="olena", timeout=120)
        self.env.invalidate_all()

    def test_a_passkey_is_made_and_confirms(self):
        self._walk("b2b2c_payout_passkey", "/my/security")
        self.assertEqual(self.user.auth_passkey_key_ids.mapped("name"), ["Phone"])
        payouts = (self.payout | self.other).sorted("state")
        self.assertEqual(payouts.mapped("state"), ["proved", "requested"])
        self.assertEqual(payouts[:1].proof_way, "passkey")

    def test_the_passkey_is_on_another_device(self):
        self._register(Authenticator(), self.user)
        self._walk("b2b2c_payout_passkey_elsewhere", "/my/rewards/requests")
        self.assertEqual((self.payout | self.other).mapped("state"), ["requested"] * 2)
