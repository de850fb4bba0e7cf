"""The goods book of a shop's owner."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.fakes import add_models
from odoo.addons.loyalty_b2b2c.tests.processing import fake_source

from ..pages.goods import GoodsBook
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalGoods(PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "PAPER"
        cls.program = cls._create_program(
            {"role": "owner", "trigger": "delivered", "kind": "per_unit", "value": 2}
        )
        cls.distributor = cls.env["res.partner"].create(
            {"name": "Big Distributor", "is_company": True}
        )

    def _ship(self, reference="WB-1", partner=None, **values):
        """A distributor reports a shipment of 3 packs to the owner's shop."""
        document, _created = self.env["b2b2c.intake"]._record(
            {
                "type": "shipment",
                "reference": reference,
                "occurred_at": "2026-03-02T10:00:00Z",
                "partner": {"id": (partner or self.client).id},
                "lines": [{"product": "PAPER", "quantity": 3}],
                **values,
            },
            company=self.company,
            channel="api",
            reporter=self.distributor,
        )
        self._process()
        return document

    def _text(self, **kw):
        return self._get("/my/rewards/goods", login="petro", **kw).text

    def test_public_is_sent_to_the_login(self):
        response = self._get("/my/rewards/goods", login=None, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_only_an_owner_has_a_goods_book(self):
        self._ship()
        # Olena works for the same company and owns nothing
        response = self._get("/my/rewards/goods", login="olena")
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("WB-1", response.text)
        self.assertNotIn("/my/rewards/goods", self._get("/my/rewards", "olena").text)

    def test_what_a_distributor_shipped(self):
        self._ship()
        text = self._text()
        self.assertIn("WB-1", text)
        self.assertIn("Big Distributor", text)
        self.assertIn("Paper A4", text)
        # 3 packs at 2 points
        self.assertIn("6 pts", text)
        self.assertIn("/my/rewards/goods", self._get("/my/rewards", "petro").text)

    def test_what_we_delivered_ourselves(self):
        order = self._create_order(quantity=10)
        self.assertNotIn(order.name, self._text())
        self._deliver(order, 4)
        self._process()
        text = self._text()
        self.assertIn(order.name, text)
        self.assertIn("4 Units", text)
        self.assertIn("8 pts", text)

    def test_what_somebody_else_ordered_for_the_shop(self):
        self._create_program(
            {
                "role": "owner",
                "trigger": "delivered",
                "kind": "per_unit",
                "value": 3,
                "party": "receiver",
            },
            name="Receivers",
        )
        chain = self.env["res.partner"].create({"name": "Chain", "is_company": True})
        order = self._create_order(
            partner_id=chain.id, partner_shipping_id=self.client.id
        )
        self._deliver(order, 4)
        self._process()
        text = self._text()
        self.assertIn(order.name, text)
        self.assertIn("12 pts", text)
        self.assertNotIn("Chain", text)

    def test_what_another_company_of_the_group_delivered(self):
        distributor = self.env["res.company"].create({"name": "Group Distributor"})
        self.env.user.company_ids |= distributor
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", distributor.id)], limit=1
        )
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        move = {"product_id": self.product.id, "product_uom_qty": 4, **places}
        pickings = self.env["stock.picking"].with_company(distributor)
        picking = pickings.create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.client.id,
                "move_ids": [Command.create(move)],
                **places,
            }
        )
        self.assertEqual(picking.company_id, distributor)
        self.program.source_company_ids = distributor
        picking.action_confirm()
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.button_validate()
        self._process()
        text = self._text()
        self.assertIn(picking.name, text)
        self.assertIn("Group Distributor", text)
        self.assertIn("8 pts", text)
        self.program.source_company_ids = False
        self.assertNotIn(picking.name, self._text())

    def test_other_shops_cancelled_and_earlier_deliveries_are_not_there(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._ship("WB-OTHER", partner=other)
        cancelled = self._ship("WB-CANCELLED")
        self.env["b2b2c.intake"]._cancel(cancelled, reason="Mistake")
        self._process()
        self._ship("WB-EARLY", occurred_at="2019-12-31T10:00:00Z")
        text = self._text()
        self.assertIn("Nothing was delivered yet", text)
        for reference in ("WB-OTHER", "WB-CANCELLED", "WB-EARLY"):
            self.assertNotIn(reference, text)

    def test_an_owner_who_left_sees_nothing_more(self):
        self._ship()
        self.other_member.action_leave()
        response = self._get("/my/rewards/goods", login="petro")
        self.assertEqual(response.status_code, 404)

    def test_pages(self):
        for number in range(21):
            self._ship(f"WB-{number:02}", occurred_at=f"2026-03-{number + 1:02}")
        self.assertNotIn("WB-00", self._text())
        second = self._get("/my/rewards/goods/page/2", login="petro").text
        self.assertIn("WB-00", second)
        self.assertNotIn("WB-20", second)
        beyond = self._get("/my/rewards/goods/page/99999", login="petro")
        self.assertEqual(beyond.status_code, 200)


@tagged("post_install", "-at_install")
class TestPortalGoodsSource(PortalCommon):
    """What an add-on's documents bring is in the book; no page knows the add-on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_models(
            cls,
            fake_source.FakeVisit,
            fake_source.FakeVisitPart,
            fake_source.FakeSourceVisit,
            fake_source.FakeSource,
        )
        visits = cls.env["b2b2c.document.kind"].create(
            {"name": "Visit", "code": "b2b2c.fake.visit"}
        )
        cls._create_program(
            {
                "role": "owner",
                "trigger": "delivered",
                "kind": "per_unit",
                "value": 2,
                "document_kind_ids": [Command.set(visits.ids)],
            }
        )

    def test_a_visit_that_used_two_parts(self):
        visit = self.env["b2b2c.fake.visit"].create(
            {
                "name": "VISIT/1",
                "state": "plan",
                "company_id": self.company.id,
                "partner_id": self.client.id,
                "visited_at": "2026-03-10 10:00:00",
                "part_ids": [
                    Command.create(
                        {"product_id": self.product.id, "quantity": 2, "price": 100}
                    )
                ],
            }
        )
        book = GoodsBook(self.other_member)
        self.assertEqual((book.count(), book.rows()), (0, []))
        visit.state = "done"
        self._process()
        self.assertEqual(book.count(), 1)
        self.assertEqual(
            book.rows(),
            [
                {
                    "day": "Mar 10, 2026",
                    "reference": "VISIT/1",
                    "points": ["4 pts"],  # two parts at 2 points
                    "supplier": self.company.name,
                    "shop": "Office Client",
                    "lines": [("Paper A4", "2 Units")],
                }
            ],
        )
        self.assertEqual(book.received(), {self.product.id: 2})
