"""Who serves whom, and the distributor that is a company of this database."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestDistributor(SupplyCommon):
    def _create(self, name, **values):
        partner = self.env["res.partner"].create({"name": name, "is_company": True})
        return self.env["b2b2c.distributor"].create(
            {"partner_id": partner.id, "company_id": self.company.id, **values}
        )

    def test_named_shops_first_then_who_serves_everybody(self):
        find = self.env["b2b2c.distributor"]._get_of
        self.assertEqual(find(self.owner), self.distributor)
        south = self._create("South", shop_ids=[Command.set(self.shop.ids)])
        self.assertEqual(find(self.owner), south)
        south.active = False
        self.assertEqual(find(self.owner), self.distributor)

    def test_compensation_by_a_price_list(self):
        lists = self.env["product.pricelist"].create(
            {
                "name": "What we pay",
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": 5})
                ],
            }
        )
        with self.assertRaises(ValidationError):
            self.distributor.compensation_kind = "pricelist"
        self.distributor.write(
            {"compensation_kind": "pricelist", "compensation_pricelist_id": lists.id}
        )
        order = self._send(points=400)
        # half of each piece is paid with points: 10 × 5.00 × 1/2
        self.assertEqual(order.line_ids.amount_owed, 25)


@tagged("post_install", "-at_install")
class TestOwnCompany(SupplyCommon):
    """The distributor's quotation tells what becomes of the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.company"].create(
            {"name": "North Ltd", "currency_id": cls.company.currency_id.id}
        )
        cls.distributor.partner_id = cls.supplier.partner_id
        cls.env.user.company_ids |= cls.supplier

    def _sent(self, **values):
        order = self._send({self.coffee: 10}, **values)
        return order, order.sale_order_id

    def _follow(self):
        orders = self.env["b2b2c.supply.order"].sudo()._find_moved()
        for order in orders:
            order._follow_sale()
        return orders

    def test_a_quotation_there(self):
        order, sale = self._sent(points=300)
        self.assertEqual(sale.company_id, self.supplier)
        self.assertEqual(sale.partner_id, self.shop)
        self.assertEqual(sale.order_line.mapped("price_unit"), [8, -30])
        self.assertEqual(sale.amount_untaxed, 50)
        self.assertFalse(self._follow())

    def test_confirmed_shipped_returned(self):
        order, sale = self._sent()
        sale.action_confirm()
        self.assertEqual(self._follow(), order)
        self.assertEqual((order.state, order.reference), ("accepted", sale.name))
        line = order.line_ids.sale_line_id
        line.qty_delivered = 4
        self._follow()
        self.assertEqual(order.points_spent, 320)
        line.qty_delivered = 10
        self._follow()
        self.assertEqual((order.state, order.points_spent), ("done", 800))
        line.qty_delivered = 9
        self._follow()
        self.assertEqual(order.points_spent, 720)
        self.assertEqual(self._owed(order), [32, 48, -8])
        self.assertFalse(self._follow())

    def test_cancelled_there(self):
        order, sale = self._sent()
        sale._action_cancel()
        self._follow()
        self.assertEqual(order.state, "refused")
        self.assertEqual(self._figures(), (1000, 1000, 0))
        self.assertFalse(self._follow())

    def test_cancelled_here(self):
        order, sale = self._sent()
        order._cancel(self.env.user)
        self.assertEqual(sale.state, "cancel")
        self.assertFalse(self._follow())

    def test_another_currency_cannot_go_there(self):
        foreign = self.env["res.company"].create(
            {"name": "Far Ltd", "currency_id": self._create_currency_rate("PLN").id}
        )
        with self.assertRaises(ValidationError):
            self.env["b2b2c.distributor"].create({"partner_id": foreign.partner_id.id})
