"""Owners order goods against points; the distributor is owed for what was shipped."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import RedemptionError
from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestOffer(SupplyCommon):
    """What it costs, and how much of it points pay."""

    def test_all_of_it_with_points(self):
        offer = self._offer()
        # 10 × 8.00 = 80.00 = 800 points of 0.10
        self.assertEqual((offer.total, offer.most, offer.paid), (80, 800, 80))
        self.assertEqual(offer.money, 0)

    def test_a_part_of_it(self):
        offer = self._offer(points="300")
        self.assertEqual((offer.paid, offer.money), (30, 50))

    def test_no_more_than_there_is(self):
        offer = self._offer({self.coffee: 20})
        self.assertEqual((offer.total, offer.most, offer.money), (160, 1000, 60))

    def test_no_more_than_the_distributor_takes(self):
        self.distributor.most_percent = 25
        self.assertEqual(self._offer().most, 200)
        self.assertCannot("points", points=201)

    def test_a_price_list(self):
        self.distributor.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Shops",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.coffee.id,
                            "compute_price": "fixed",
                            "fixed_price": 6,
                            "min_quantity": 10,
                        }
                    )
                ],
            }
        )
        self.assertEqual(self._offer({self.coffee: 10}).total, 60)
        self.assertEqual(self._offer({self.coffee: 9}).total, 72)

    def test_goods_pay_their_own_product_only(self):
        goods = self.env["b2b2c.unit"].create(
            {
                "name": "Free coffee",
                "symbol": "coffee",
                "kind": "goods",
                "product_id": self.coffee.id,
            }
        )
        self.owner._get_account(goods)._earn(3, source_key="earn/goods")
        offer = self._offer({self.coffee: 2, self.tea: 4}, unit=goods)
        # 2 × 8.00 + 4 × 5.00 = 36.00: two pieces pay the coffee
        self.assertEqual((offer.most, offer.paid, offer.money), (2, 16, 20))
        order = self._send({self.coffee: 2, self.tea: 4}, unit=goods)
        self.assertEqual(order.line_ids.mapped("amount_points"), [16, 0])
        self.assertCannot("not_spendable", {self.tea: 1}, unit=goods)

    def assertCannot(self, code, quantities=None, **values):
        with self.assertRaises(RedemptionError) as caught:
            self._offer(quantities, **values)
        self.assertEqual(caught.exception.code, code)

    def test_who_and_what_cannot_be(self):
        other = self._create_product("Not theirs", 5)
        free = self._create_product("Sample", 0)
        self.distributor.product_ids |= free
        for code, quantities, values in (
            ("not_offered", None, {"member": self.member}),  # no owner
            ("not_offered", {other: 1}, {}),
            ("not_offered", {free: 1}, {}),
            ("quantity", {self.coffee: 0}, {}),
            ("quantity", {self.coffee: -3}, {}),
            ("quantity", {self.coffee: 10_001}, {}),
            ("points", None, {"points": "0"}),
            ("points", None, {"points": "801"}),
            ("points", None, {"points": "-5"}),
            ("points", None, {"points": "1.5"}),
            ("points", None, {"points": "many"}),
        ):
            with self.subTest(code=code, values=values):
                self.assertCannot(code, quantities, **values)

    def test_a_unit_without_a_value_or_for_other_ways(self):
        self.unit.spending_way_ids = self.env["b2b2c.spending.way"].search(
            [("code", "=", "manual")]
        )
        self.assertCannot("not_spendable")
        self.unit.spending_way_ids = False
        self.unit.with_company(self.company).face_value = 0
        self.assertCannot("not_spendable")


@tagged("post_install", "-at_install")
class TestSupplyOrder(SupplyCommon):
    """The way of an order, in figures."""

    def test_sent_reserves_and_tells_the_distributor(self):
        order = self._send(points=300)
        self.assertEqual((order.state, order.points), ("sent", 300))
        self.assertEqual((order.amount_points, order.amount_money), (30, 50))
        self.assertEqual(self._figures(), (700, 1000, 300))
        message = self.env["b2b2c.notification"].search([("kind", "=", "supply_order")])
        self.assertEqual(message.contact_id, self.north)
        text = " ".join(message._get_kind().sentences(message))
        self.assertIn("10 × Coffee", text)
        self.assertIn("Corner Shop", text)

    def test_sent_twice_is_one_order(self):
        self.assertEqual(self._send(), self._send())
        self.assertEqual(self._figures(), (200, 1000, 800))

    def test_another_price_than_agreed(self):
        with self.assertRaises(RedemptionError):
            self._send(price="79.99")
        self.assertEqual(self._figures(), (1000, 1000, 0))
        self.assertTrue(self._send(price="80.00"))

    def test_shipped_in_two_parts(self):
        self.distributor.compensation_percent = 50
        order = self._send({self.coffee: 10, self.tea: 4}, points=500)
        # 100.00, half of it with points: 40.00 of the coffee, 10.00 of the tea
        self.assertEqual(order.line_ids.mapped("amount_points"), [40, 10])
        self._ship(order, 4, 0)
        # 4 of 10 pieces of 40.00 are 16.00 of 50.00: 160 points; half of it is owed
        self.assertEqual(order.state, "accepted")
        self.assertEqual(self._figures(), (500, 840, 340))
        self.assertEqual(self._owed(order), [8])
        self._ship(order, 4, 0)  # said twice
        self.assertEqual(self._owed(order), [8])
        self._ship(order, 10, 4)
        self.assertEqual((order.state, order.points_spent), ("done", 500))
        self.assertEqual(self._figures(), (500, 500, 0))
        self.assertEqual(self._owed(order), [8, 12, 5])
        self.assertEqual(order.compensation_ids.shop_id, self.shop)

    def test_the_rest_never_comes(self):
        order = self._send()
        self._ship(order, 3)
        order.with_user(self.officer).action_close()
        self.assertEqual(order.state, "done")
        # 3 of 10 pieces: 240 of 800 points
        self.assertEqual(self._figures(), (760, 760, 0))
        self.assertEqual(self._owed(order), [24])
        self._ship(order, 5)  # after the end the shop pays money
        self.assertEqual(self._figures(), (760, 760, 0))
        self.assertEqual(self._owed(order), [24])

    def test_goods_came_back_after_the_end(self):
        order = self._send()
        self._ship(order, 10)
        self._ship(order, 8)
        self.assertEqual(self._figures(), (360, 360, 0))
        self.assertEqual(self._owed(order), [80, -16])
        self._ship(order, 0)
        self.assertEqual(self._figures(), (1000, 1000, 0))
        self.assertEqual(sum(self._owed(order)), 0)

    def test_goods_came_back_while_it_is_open(self):
        order = self._send()
        self._ship(order, 6)
        self._ship(order, 5)
        self.assertEqual(self._figures(), (200, 520, 320))  # 480 stay spent
        self.assertEqual(self._owed(order), [48, -8])
        self._ship(order, 10)
        self.assertEqual(self._figures(), (200, 200, 0))
        self.assertEqual(sum(self._owed(order)), 80)

    def test_more_than_ordered(self):
        order = self._send()
        self._ship(order, 12)
        self.assertEqual(self._figures(), (200, 200, 0))
        self.assertEqual(self._owed(order), [80])

    def test_refused_and_cancelled_free_the_points(self):
        refused, cancelled = self._send(points=100), self._send(key="2", points=200)
        refused._refuse(self.officer, "Not in your town")
        cancelled._cancel(self.env.user)
        self.assertEqual(self._figures(), (1000, 1000, 0))
        for order in (refused, cancelled):
            with self.assertRaises(UserError):
                self._ship(order, 1)
            with self.assertRaises(UserError):
                order._accept(self.officer)
        self.assertEqual(self._figures(), (1000, 1000, 0))

    def test_the_owner_cancels_until_it_is_accepted(self):
        order = self._send()
        order.with_user(self.officer).action_accept()
        with self.assertRaises(UserError):
            order._cancel(self.env.user)
        self._ship(order, 1)
        with self.assertRaises(UserError):
            order._refuse(self.officer, "Too late")
        self.assertEqual(order.state, "accepted")

    def test_odd_points_add_up(self):
        order = self._send({self.coffee: 3}, points=100)
        # 10.00 of 24.00 with points, in three parts: 33, 66, 100
        spent = []
        for pieces in (1, 2, 3):
            self._ship(order, pieces)
            spent.append(order.points_spent)
        self.assertEqual(spent, [33, 66, 100])
        self.assertEqual(self._owed(order), [3.33, 3.33, 3.34])

    def test_the_officer_says_what_was_shipped(self):
        order = self._send()
        dialog = (
            self.env["b2b2c.supply.ship"]
            .with_user(self.officer)
            .with_context(default_order_id=order.id)
            .create({"reference": "N-77"})
        )
        self.assertEqual(dialog.line_ids.mapped("shipped"), [10])
        dialog.line_ids.shipped = 4
        dialog.action_ship()
        self.assertEqual((order.state, order.reference), ("accepted", "N-77"))
        self.assertEqual(order.points_spent, 320)

    def test_nobody_decides_on_his_own_order(self):
        officer = self._create_user("himself", "loyalty_b2b2c.group_officer")
        officer.partner_id.email = self.owner.email
        order = self._send()
        for button in ("action_accept", "action_ship", "action_refuse", "action_close"):
            with self.subTest(button), self.assertRaises(UserError):
                getattr(order.with_user(officer), button)()
        self.assertEqual(order.state, "sent")
        # the control: without the one guard he could
        guard = type(self.env["b2b2c.authority"])
        self.patch(guard, "_check", lambda *_args, **_kwargs: None)
        order.with_user(officer).action_accept()
        self.assertEqual(order.state, "accepted")

    def test_clients_write_nothing(self):
        order = self._send()
        with self.assertRaises(UserError):
            order.with_user(self.officer).write({"state": "done"})


@tagged("post_install", "-at_install")
class TestCompensationBill(SupplyCommon):
    """What is owed becomes a draft bill, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user(
            "billing", "loyalty_b2b2c.group_user", "account.group_account_invoice"
        )

    def _bill(self, rows):
        action = rows.with_user(self.accountant).action_bill()
        return self.env["account.move"].search(action["domain"])

    def test_one_bill_per_distributor(self):
        order = self._send({self.coffee: 10, self.tea: 4})
        self._ship(order, 10, 4)
        bill = self._bill(order.compensation_ids)
        self.assertEqual((bill.state, bill.move_type), ("draft", "in_invoice"))
        self.assertEqual(bill.partner_id, self.north)
        self.assertEqual(bill.invoice_line_ids.mapped("price_unit"), [80, 20])
        self.assertEqual(set(order.compensation_ids.mapped("state")), {"billed"})
        with self.assertRaises(UserError):
            self._bill(order.compensation_ids)

    def test_a_deleted_bill_opens_it_again(self):
        order = self._send()
        self._ship(order, 10)
        bill = self._bill(order.compensation_ids)
        bill.unlink()
        order.invalidate_recordset()
        self.assertEqual(order.compensation_ids.state, "open")
        bill = self._bill(order.compensation_ids)
        bill.button_cancel()
        self.assertEqual(order.compensation_ids.state, "open")
        rows = self.env["b2b2c.compensation"].search([("state", "=", "open")])
        self.assertEqual(rows, order.compensation_ids)
        self.assertEqual(self._bill(rows).amount_untaxed, 80)

    def test_more_came_back_than_was_shipped_since(self):
        order = self._send()
        self._ship(order, 10)
        self._bill(order.compensation_ids)
        self._ship(order, 7)
        order.invalidate_recordset()
        open_rows = order.compensation_ids.filtered(lambda row: row.state == "open")
        refund = self._bill(open_rows)
        self.assertEqual((refund.move_type, refund.amount_untaxed), ("in_refund", 24))

    def test_rows_never_change(self):
        order = self._send()
        self._ship(order, 10)
        for step in (
            lambda: order.compensation_ids.write({"amount": 1}),
            order.compensation_ids.unlink,
        ):
            with self.assertRaises(UserError):
                step()
