"""The counter in a real browser of a phone's size, with a real camera picture."""

from odoo.tests import HttpCase, tagged

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


@tagged("post_install", "-at_install")
class TestTerminalSmallPhone(TestTerminalTour):
    browser_size = "320x568"
