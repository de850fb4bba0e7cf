"""A distributor outside asks for its orders and says what it shipped."""

from odoo.tests import tagged

from ..api.test_api import ApiCommon
from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestSupplyApi(SupplyCommon, ApiCommon):
    """North has a key that reports shipments; 10 × Coffee for 800 points wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north_token = cls._create_key(
            name="North", reporter_id=cls.north.id, reports_shipment=True
        )[1]
        cls.order = cls.env["b2b2c.supply.order"]._send(
            cls.owner, cls.unit, {cls.coffee.id: 10}, request_key="api"
        )

    def _tell(self, status, token=None, **values):
        body = {"order": self.order.name, "status": status, **values}
        return self._post(
            "/supply-orders/status", body, token=token or self.north_token
        )

    def test_ask_and_ship(self):
        answer = self._get("/supply-orders", token=self.north_token).json()
        [order] = answer["orders"]
        self.assertEqual((order["order"], order["total"]), (self.order.name, 80))
        self.assertEqual(order["lines"][0]["quantity"], 10)
        self.assertNotIn("Ivan", str(answer))
        self.assertAnswer(
            self._tell("accepted", reference="N-1"), 200, status="accepted"
        )
        shipped = self._tell("shipped", lines=[{"line": 1, "shipped": 4}])
        self.assertAnswer(shipped, 200, status="accepted")
        self.assertEqual(self.order.points_spent, 320)
        self.assertAnswer(self._tell("complete"), 200, status="done")
        self.assertEqual(self._figures(), (680, 680, 0))
        self.assertEqual(self._owed(self.order), [32])
        answer = self._get("/supply-orders", token=self.north_token).json()
        self.assertEqual((answer["orders"], answer["has_more"]), ([], False))

    def test_refused_with_a_reason(self):
        self.assertRefused(self._tell("refused"), 422, "refused", "status")
        self.assertAnswer(
            self._tell("refused", reason="Out of stock"), 200, status="refused"
        )
        self.assertEqual(self.order.note, "Out of stock")
        self.assertRefused(self._tell("accepted"), 422, "refused", "status")
        shipped = self._tell("shipped", lines=[{"line": 1, "shipped": 1}])
        self.assertRefused(shipped, 422, "refused", "status")
        self.assertEqual(self._figures(), (1000, 1000, 0))

    def test_orders_of_others_do_not_exist(self):
        south = self.env["res.partner"].create({"name": "South", "is_company": True})
        token = self._create_key(
            name="South", reporter_id=south.id, reports_shipment=True
        )[1]
        self.assertEqual(self._get("/supply-orders", token=token).json()["orders"], [])
        refused = self._tell("accepted", token=token)
        self.assertRefused(refused, 404, "unknown_document", "order")
        self.assertEqual(self.order.state, "sent")

    def test_only_who_reports_shipments(self):
        token = self._create_key(
            name="Till", reporter_id=self.north.id, reports_sale=True
        )[1]
        self.assertRefused(self._tell("accepted", token=token), 403, "type_not_allowed")

    def test_a_line_the_order_has_not(self):
        refused = self._tell("shipped", lines=[{"line": 2, "shipped": 1}])
        self.assertRefused(refused, 422, "invalid_value", "lines.0.line")

    def test_page_by_page(self):
        second = self._send({self.tea: 2}, key="second")
        page = self._get("/supply-orders?limit=1", token=self.north_token).json()
        self.assertEqual((len(page["orders"]), page["has_more"]), (1, True))
        page = self._get(
            f"/supply-orders?limit=1&after={page['next']}", token=self.north_token
        ).json()
        self.assertEqual(page["orders"][0]["order"], second.name)
        self.assertFalse(page["has_more"])
