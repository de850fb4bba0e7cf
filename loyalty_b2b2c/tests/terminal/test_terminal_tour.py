"""The counter in a real browser of a phone's size, with a real camera picture."""

import itertools
import json

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ...models.terminal.terminal_input import read_number
from ..codes.camera import camera_sees, draw_code
from .test_terminal import TerminalCommon


@tagged("post_install", "-at_install")
class TestTerminalTour(TerminalCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_an_operator_serves_a_customer(self):
        self.start_tour("/odoo", "b2b2c_terminal", login="cashier")
        self.assertRecordValues(
            self._operations(),
            [
                {
                    "reference": "A-17",
                    "amount": 100,
                    "state": "cancelled",
                    "cancel_reason": "Wrong amount",
                }
            ],
        )
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_a_lost_answer_records_once(self):
        self.start_tour("/odoo", "b2b2c_terminal_lost_answer", login="cashier")
        self.assertEqual(len(self._operations()), 1)
        self.assertEqual(self._balances(), (5, 0, 0))

    def test_the_camera_reads_a_code(self):
        with camera_sees(draw_code(f"M:{self.member.code}")):
            self.start_tour("/odoo", "b2b2c_terminal_camera", login="cashier")


_CHECK = """
    const { isUsable } = odoo.loader.modules.get("@loyalty_b2b2c/terminal/amount");
    const wrong = %s.filter(([text, decimals, usable]) => {
        return isUsable(text, decimals) !== usable;
    });
    if (wrong.length) {
        console.error(`${wrong.length} differ: ${JSON.stringify(wrong.slice(0, 5))}`);
    } else {
        console.log("test successful");
    }
"""


@tagged("post_install", "-at_install")
class TestTerminalFigures(TerminalCommon, HttpCase):
    def test_the_page_takes_the_figures_the_server_takes(self):
        """Every text of up to three digits before and four behind a separator, and the
        odd ones: usable on the page means accepted by the server, and the other way."""
        whole = ("", "0", "1", "12", "123", "012", "000", "1234", "9" * 13)
        part = ("", "0", "5", "50", "000", "500", "125", "1250", "12345")
        texts = [f"{a}{sign}{b}" for a, sign, b in itertools.product(whole, ",.", part)]
        texts += [*whole, "1 000", "1'000,5", "1’000", "1,000.5", "-5", "1e3", "12a"]
        cases = []
        for text, decimals in itertools.product(texts, (0, 2, 3)):
            try:
                usable = bool(read_number(self.env, text, decimals))
            except UserError:
                usable = False
            cases.append([text, decimals, usable])
        self.assertGreater(sum(usable for _text, _decimals, usable in cases), 100)
        self.browser_js(
            "/odoo",
            _CHECK % json.dumps(cases),
            "odoo.loader.modules.has('@loyalty_b2b2c/terminal/amount')",
            login="cashier",
        )


@tagged("post_install", "-at_install")
class TestTerminalSmallPhone(TestTerminalTour):
    browser_size = "320x568"
