"""Goods: of orders in every way Odoo moves them, and without an order."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import LoyaltyCommon


class DeliveriesCommon(LoyaltyCommon):
    """Five points for each unit that reached the client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"trigger": "delivered", "kind": "per_unit", "value": 5})
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _ship(self, picking, quantity=None):
        """Validate a picking."""
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking


@tagged("post_install", "-at_install")
class TestOfOrders(DeliveriesCommon):
    def test_backorder(self):
        order = self._create_order()
        self._deliver(order, 4)
        self.assertEqual(self._balances(), (20, 0, 0))
        self.assertEqual(len(order.picking_ids), 2)
        self._deliver(order)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_return_with_and_without_refund(self):
        picking = self._deliver(self._create_order())
        self._return(picking, 3)
        self.assertEqual(self._balances(), (35, 0, 0))
        # replaced, not refunded: what was sold stays sold
        self._return(picking, 2, to_refund=False)
        self.assertEqual(self._balances(), (35, 0, 0))
        self._return(picking, 1)
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_edited_done_quantity(self):
        picking = self._deliver(self._create_order(), 4)
        self.assertEqual(self._balances(), (20, 0, 0))
        picking.move_ids.move_line_ids.quantity = 6
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_goods_added_to_a_done_delivery(self):
        """A line, or a whole product, entered after the delivery was validated."""
        picking = self._deliver(self._create_order(), 4)
        self.assertEqual(self._balances(), (20, 0, 0))
        move = picking.move_ids
        line = {
            "move_id": move.id,
            "picking_id": picking.id,
            "product_id": self.product.id,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "quantity": 2,
        }
        self.env["stock.move.line"].create(line)
        self.assertEqual(self._balances(), (30, 0, 0))
        move.quantity = 9
        self.assertEqual(self._balances(), (45, 0, 0))

    def test_steps_of_a_route_count_once(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._create_order()
        earned = []
        for _step in range(3):
            picking = order.picking_ids.filtered(
                lambda one: one.state not in ("done", "cancel")
            )
            self._ship(picking[:1])
            earned.append(self._balances()[0])
        self.assertEqual(earned, [0, 0, 50])


@tagged("post_install", "-at_install")
class TestReceivingShop(LoyaltyCommon):
    """A distributor orders, the goods go straight to a shop: its owner is rewarded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = {"role": "owner", "trigger": "delivered", "kind": "per_unit"}
        cls.program = cls._create_program({**cls.rule, "value": 5, "party": "receiver"})
        cls.shop = cls.env["res.partner"].create({"name": "Shop", "is_company": True})
        cls.door = cls.env["res.partner"].create(
            {"name": "Back door", "parent_id": cls.shop.id, "type": "delivery"}
        )
        cls.owner = cls._create_owner("Shop Owner", cls.shop)
        cls.buyer = cls._create_owner("Distributor's Owner", cls.client)

    @classmethod
    def _create_owner(cls, name, employer):
        return cls._create_member(
            name=name,
            email=f"{employer.id}@example.com",
            phone=None,
            role="owner",
            employer_id=employer.id,
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_the_shop_that_gets_the_goods(self):
        order = self._create_order(partner_shipping_id=self.door.id)
        self.assertEqual(self._balances(self.owner), (0, 0, 0))
        picking = self._deliver(order)
        self.assertEqual(self._balances(self.owner), (50, 0, 0))
        self.assertEqual(self._balances(self.buyer), (0, 0, 0))
        self._return(picking, 4)
        self.assertEqual(self._balances(self.owner), (30, 0, 0))

    def test_who_orders_for_himself_gets_the_goods(self):
        self._deliver(self._create_order())
        self.assertEqual(self._balances(self.buyer), (50, 0, 0))
        self.assertEqual(self._balances(self.owner), (0, 0, 0))

    def test_each_party_by_a_rule_of_its_own(self):
        self._create_program({**self.rule, "value": 1}, name="Buyers")
        self._deliver(self._create_order(partner_shipping_id=self.shop.id))
        self.assertEqual(self._balances(self.owner), (50, 0, 0))
        self.assertEqual(self._balances(self.buyer), (10, 0, 0))

    def test_another_address_before_the_goods_leave(self):
        order = self._create_order(partner_shipping_id=self.shop.id)
        order.partner_shipping_id = self.client
        self._deliver(order)
        self.assertEqual(self._balances(self.owner), (0, 0, 0))
        self.assertEqual(self._balances(self.buyer), (50, 0, 0))

    def test_another_address_afterwards_moves_nothing(self):
        order = self._create_order(partner_shipping_id=self.shop.id)
        self._deliver(order)
        self.assertEqual(self._balances(self.owner), (50, 0, 0))
        order.partner_shipping_id = self.client
        self.assertEqual(self._balances(self.owner), (50, 0, 0))
        self.assertEqual(self._balances(self.buyer), (0, 0, 0))

    def test_everybody_is_told_why(self):
        order = self._create_order(partner_shipping_id=self.shop.id)
        preview = self.env["b2b2c.preview"]._build(order)
        self.assertEqual(
            preview.refusal_ids.mapped(lambda one: (one.member_id, one.why)),
            [(self.owner, "Not reached yet: Goods delivered.")],
        )
        why = self.env["b2b2c.why"].create(
            {"member_id": self.buyer.id, "document_ref": f"sale.order,{order.id}"}
        )
        self.assertEqual(why.verdict_kind, "no")
        with freeze_time(order.date_order - timedelta(hours=1)):
            self.owner.action_leave()
        self.assertIn(
            "The rule is for people of the shop that gets the goods.",
            why.create(
                {"member_id": self.buyer.id, "document_ref": f"sale.order,{order.id}"}
            ).refusal_ids.mapped("why"),
        )


@tagged("post_install", "-at_install")
class TestWithoutOrder(DeliveriesCommon):
    def _send(self, quantity=10, location=None, done=None, **values):
        """Deliver without an order, from stock to the client."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.client.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": (
                    location or self.env.ref("stock.stock_location_customers")
                ).id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": (
                                location
                                or self.env.ref("stock.stock_location_customers")
                            ).id,
                        }
                    )
                ],
                **values,
            }
        )
        picking.action_confirm()
        return self._ship(picking, done)

    def test_goods_reach_the_client(self):
        picking = self._send(10, done=6)
        self.assertEqual(self._balances(), (30, 0, 0))
        self._ship(picking.backorder_ids)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_nothing_is_earned_before_it_leaves(self):
        self.product.is_storable = True
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_return_and_return_of_the_return(self):
        picking = self._send()
        self.assertEqual(self._balances(), (50, 0, 0))
        back = self._return(picking, 3)
        self.assertEqual(self._balances(), (35, 0, 0))
        self._return(back, 1)
        self.assertEqual(self._balances(), (40, 0, 0))
        entry = self._entries("reverse")
        self.assertEqual(entry.document_id, picking.id)
        self.assertIn("returned", entry.explanation_text)

    def test_edited_done_quantity(self):
        picking = self._send(10)
        picking.move_ids.move_line_ids.quantity = 4
        self.assertEqual(self._balances(), (20, 0, 0))

    def test_the_shop_is_said_afterwards(self):
        picking = self._send(10, partner_id=False)
        self.assertEqual(self._balances(), (0, 0, 0))
        picking.partner_id = self.client
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_other_places_are_no_customers(self):
        inside = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        self._send(location=inside)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_amounts_are_sales_prices(self):
        """3 × 100.00, 5 %: 15 points, beside 3 × 5 for the units."""
        self._create_program({"trigger": "delivered", "value": 5}, name="Amounts")
        self._send(3)
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_a_dozen_is_twelve(self):
        picking = self._send(1)
        self.assertEqual(self._balances(), (5, 0, 0))
        dozen = self.env.ref("uom.product_uom_dozen")
        self._send(
            move_ids=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 2,
                        "product_uom": dozen.id,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                    }
                )
            ]
        )
        self.assertEqual(self._balances(), (125, 0, 0))

    def test_nothing_waits_for_a_payment_of_goods_that_nobody_invoices(self):
        program = self._create_program(
            {
                "role": "owner",
                "trigger": "delivered",
                "hold": "until_paid",
                "document_kind_ids": [
                    Command.set(self._get_document_kinds("delivery", "sale").ids)
                ],
            },
            name="Paid",
        )
        self.assertIn("Delivery without an order", program.rule_ids.warning)
        self.assertNotIn("sale", program.rule_ids.warning)
        self._send(3)
        self.assertEqual(self._balances(), (15, 0, 0))  # 3 × 5 of the other program

    def test_straight_from_the_vendor(self):
        """What a vendor sends to the client without an order of the client."""
        self._send(
            location_id=self.env.ref("stock.stock_location_suppliers").id,
        )
        self.assertEqual(self._balances(), (50, 0, 0))
