"""S1.19 in the browser: a seller is chosen, sells, and somebody else takes it back."""

from odoo.tests import HttpCase, tagged

from .seller_common import SellerCommon


@tagged("post_install", "-at_install")
class TestSellerTour(SellerCommon, HttpCase):
    def test_chosen_sold_and_refunded_by_another_cashier(self):
        url = f"/pos/ui/{self.till.id}"
        self.start_tour(url, "b2b2c_pos_seller_sells", login="till-petro")
        self.assertPoints(0, 5)
        self.start_tour(url, "b2b2c_pos_seller_refunds", login="till-nina")
        self.assertPoints(0, 0)
        sold, back = self.till.current_session_id.order_ids.sorted("id")
        self.assertEqual(
            (sold.user_id, back.user_id), (self.petro_user, self.nina_user)
        )
        self.assertFalse(back.b2b2c_seller_token)
