"""The desk in a real browser: five receipts, worked off with keys only."""

from odoo.tests import HttpCase, tagged

from .receipt_kit import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceiptDeskTour(ReceiptCommon, HttpCase):
    browser_size = "1366x768"

    def test_keys_are_enough(self):
        self.officer.password = "officer"
        self._create_receipt_program()
        self.company.write({"b2b2c_receipt_auto": "never", "b2b2c_receipt_limit": 400})
        lamps = [2, 3, 1, 1, 9]  # of 50.00; the last is above the limit
        receipts = [
            self._hand_in(
                fiscal=f"800000000{number}",
                number=f"10000{number}",
                lines=[("LED lamp 10W", "4820000000017", quantity, "50.00")],
            )
            for number, quantity in enumerate(lamps, start=1)
        ]
        action = "loyalty_b2b2c.b2b2c_receipt_action"
        self.start_tour(f"/odoo/action-{action}", "b2b2c_receipt_desk", login="officer")
        self.env.invalidate_all()
        self.assertEqual(
            [receipt.state for receipt in receipts],
            ["accepted", "accepted", "refused", "accepted", "review"],
        )
        self.assertEqual(receipts[1].number, "445566")
        self.assertTrue(receipts[1].is_corrected)
        self.assertEqual(receipts[2].reason_text, "The receipt was altered.")
        self.assertEqual(receipts[4].first_reviewer_id, self.officer)
        self.assertEqual(self._available(self.seller), [(2 + 3 + 1) * 3])
