"""Cards at the till, in a browser: scanned, typed, without network, on the receipt."""

from odoo.tests import HttpCase, tagged

from .test_pos_cards import PosCardsCommon


@tagged("post_install", "-at_install")
class TestPosCardsTour(PosCardsCommon, HttpCase):
    browser_size = "1180x820"  # a tablet

    def test_cards_at_the_till(self):
        """2, 1 without network and 1 × 100.00 with a card; 1 without."""
        self.buyer.code = "7K3M9PQ2WZ5A8XYD"
        self.till.b2b2c_invitation_id = self.env["b2b2c.invitation"].create(
            {"employer_id": self.shop.id, "role": "customer", "approval": "none"}
        )
        self.cashier.password = "till-cashier"
        self.start_tour(
            f"/pos/ui/{self.till.id}",
            "b2b2c_pos_cards",
            login="till-cashier",
            timeout=240,
        )
        sold = self.at_till.order_ids.sorted("id")
        self.assertFalse(sold.partner_id)
        kept = self.env["b2b2c.till.buyer"].search([]).pos_order_id
        self.assertEqual(sorted(kept.mapped("amount_total")), [100, 100, 200])
        self.assertEqual(self._points(), [20, 0])
