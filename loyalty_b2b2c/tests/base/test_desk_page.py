"""The page the app opens on, in a real browser: nothing of it is hidden by a style."""

from odoo.tests import HttpCase, tagged

from ..common import LoyaltyCommon

_LOOK = """
const wait = setInterval(() => {
    const parts = [".o_b2b2c_line", ".o_b2b2c_tiles > *", ".o_b2b2c_bars canvas"];
    const seen = parts.every((part) => {
        const found = document.querySelector(part);
        return found && found.getBoundingClientRect().height > 20;
    });
    if (seen) {
        clearInterval(wait);
        console.log("test successful");
    }
}, 100);
"""


@tagged("post_install", "-at_install")
class TestDeskPage(LoyaltyCommon, HttpCase):
    browser_size = "1366x768"

    def test_what_waits_and_how_it_goes_are_seen(self):
        self._create_program()
        self._create_order()
        self._process()
        self.env["b2b2c.adjustment"].create(
            {
                "account_id": self.member._get_account(self.unit).id,
                "points": 5,
                "reason": "Forgotten",
                "state": "submitted",
            }
        )
        officer = self._create_user("desk.page", "loyalty_b2b2c.group_officer")
        officer.password = "desk.page"
        self.browser_js("/odoo/loyalty-today", _LOOK, login="desk.page")
