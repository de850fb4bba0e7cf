"""The desk in a real browser: a country the reader has never seen, taught once."""

from odoo.tests import HttpCase, tagged

from .receipt_kit import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceiptLessonTour(ReceiptCommon, HttpCase):
    browser_size = "1366x768"

    def test_taught_once_on_the_desk_and_read_the_second_time(self):
        self.officer.password = "officer"
        self._create_receipt_program()
        self.company.b2b2c_receipt_auto = "never"
        first = self._receive(number="77001", count=2)
        self.assertEqual((first.number, first.amount_total), (False, 0))
        self._walk("b2b2c_receipt_lesson")
        self.assertEqual((first.state, first.number), ("accepted", "77001"))
        self.assertEqual(first.amount_total, 100)
        # 3 lamps at 50.00, of the same shop: read by what was taught
        second = self._receive(number="77002", count=3)
        self.assertEqual((second.number, second.amount_total), ("77002", 150))
        self._walk("b2b2c_receipt_learned")
        self.assertEqual(second.state, "accepted")
        self.assertFalse(second.is_corrected)
        self.assertEqual(self._available(self.seller), [(2 + 3) * 3])

    def _walk(self, tour):
        action = "loyalty_b2b2c.b2b2c_receipt_action"
        self.start_tour(f"/odoo/action-{action}", tour, login="officer")
        self.env.invalidate_all()
