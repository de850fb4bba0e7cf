"""The owner of a shop orders goods on the phone and pays with points."""

import re

from odoo import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import PASSWORD, PortalCommon

PAGE = "/my/rewards/order"


@tagged("post_install", "-at_install")
class TestPortalSupply(PortalCommon, HttpCase):
    """Petro owns the client's shop and has 1,000 points of 0.10; paper is 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.with_company(cls.company).face_value = 0.1
        cls.other_account._earn(1000, source_key="supply/petro")
        cls.north = cls.env["res.partner"].create(
            {"name": "North Distribution", "is_company": True}
        )
        cls.distributor = cls.env["b2b2c.distributor"].create(
            {
                "partner_id": cls.north.id,
                "company_id": cls.company.id,
                "product_ids": [Command.set(cls.product.ids)],
            }
        )
        cls.pieces = f"pieces_{cls.product.id}"

    def _see(self, url, login="petro"):
        return re.sub(r"\s+", " ", self._get(url, login=login).text)

    def _post(self, url, login="petro", **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data)

    def _send(self, **values):
        data = {
            self.pieces: "2",
            "unit": str(self.unit.id),
            "points": "500",
            "price": "200.00",
            "key": "k-1",
            **values,
        }
        return self._post(f"{PAGE}/send", **data)

    def _orders(self):
        return self.env["b2b2c.supply.order"].search(
            [("member_id", "=", self.other_member.id)]
        )

    def test_from_the_goods_to_the_reservation(self):
        self.assertIn(f'href="{PAGE}"', self._see("/my/rewards"))
        text = self._see(PAGE)
        self.assertIn("North Distribution", text)
        self.assertIn("Paper A4", text)
        text = self._see(f"{PAGE}/confirm?{self.pieces}=2&points=500")
        self.assertIn("500 pts pay", text)
        self.assertIn("150.00", text)  # 200.00 less 500 × 0.10
        self.assertFalse(self._orders())
        for _click in range(2):
            response = self._send()
            self.assertIn(
                "500 pts are reserved for it", re.sub(r"\s+", " ", response.text)
            )
        order = self._orders()
        self.assertEqual((order.points, order.amount_money), (500, 150))
        self.assertEqual(self.other_account.balance_available, 500)

    def test_cancelled_while_nobody_accepted_it(self):
        self._send()
        order = self._orders()
        response = self._post(f"{PAGE}/{order.id}/cancel")
        self.assertIn("Cancelled.", response.text)
        self.assertEqual(self.other_account.balance_available, 1000)
        self._send(key="k-2")
        order = self._orders()[0]
        order._accept(self.env.user)
        self.assertNotIn("Cancel…", self._see(PAGE))
        response = self._post(f"{PAGE}/{order.id}/cancel")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(order.state, "accepted")

    def test_a_wrong_number_shows_the_right_one(self):
        for points in ("1001", "0", "many", "1.5"):
            response = self._get(
                f"{PAGE}/confirm?{self.pieces}=2&points={points}", login="petro"
            )
            self.assertEqual(response.status_code, 400, points)
            self.assertIn("Your order", response.text)
        self.assertEqual(self._send(points="1001").status_code, 400)
        self.assertEqual(self._send(price="199.00").status_code, 400)
        self.assertFalse(self._orders())

    def test_garbage(self):
        for query in (
            "",
            f"{self.pieces}=-1",
            f"{self.pieces}=1.5",
            f"{self.pieces}=99999999999",
            "pieces_999999999=1",
            "pieces_x=1",
            f"{self.pieces}=%00",
        ):
            response = self._get(f"{PAGE}/confirm?{query}", login="petro")
            self.assertEqual(response.status_code, 400, query)

    def test_for_owners_only(self):
        self._send()
        order = self._orders()
        for url in (PAGE, f"{PAGE}/confirm?{self.pieces}=1"):
            self.assertEqual(self._get(url).status_code, 404)
        self.assertEqual(
            self._post(f"{PAGE}/{order.id}/cancel", login="olena").status_code, 404
        )
        self.assertEqual(order.state, "sent")
        self.assertNotIn(f'href="{PAGE}"', self._see("/my/rewards", login="olena"))

    def test_pictures_of_these_goods_only(self):
        strange = self._create_product("Strange", 1)
        for product, status in ((self.product, 200), (strange, 404)):
            response = self._get(f"{PAGE}/{product.id}/image", login="petro")
            self.assertEqual(response.status_code, status)
        response = self._get(f"{PAGE}/{self.product.id}/image", login="olena")
        self.assertEqual(response.status_code, 404)
