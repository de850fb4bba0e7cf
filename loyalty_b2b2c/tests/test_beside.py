"""Beside apps that change what a delivery, a price list or an invoice is.

They are not in the database of the other tests; ``./loyalty test alone`` has them.
"""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.documents import books
from .dealers.test_ladder import LadderCommon
from .documents.books_common import BooksCommon
from .documents.test_deliveries import DeliveriesCommon


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestGoodsBeside(DeliveriesCommon):
    """Five points for each unit that reached the client."""

    def _sell_kit(self):
        """Return an order of ten kits, each of two pens and three pads."""
        pen, pad = (self._create_product(name, 1) for name in ("Pen", "Pad"))
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": pen.id, "product_qty": 2}),
                    Command.create({"product_id": pad.id, "product_qty": 3}),
                ],
            }
        )
        order = self._create_order()
        self.assertEqual(order.picking_ids.move_ids.product_id, pen | pad)
        return order, pen, pad

    def _ship_parts(self, order, quantities):
        picking = order.picking_ids.filtered(lambda one: one.state != "done")
        for move in picking.move_ids:
            move.quantity = quantities[move.product_id]
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self._process()
        return picking

    def test_a_kit_counts_when_all_its_parts_are_there(self):
        order, pen, pad = self._sell_kit()
        self._ship_parts(order, {pen: 20, pad: 6})
        self.assertEqual(self._balances(), (10, 0, 0))  # two kits
        self._ship_parts(order, {pad: 24})
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_a_kit_is_no_reward(self):
        """Its parts leave, and no transfer says how many kits were given."""
        reward = self.env["b2b2c.reward"].create(
            {
                "name": "Set",
                "points": 10,
                "kind": "delivery",
                "product_id": self.product.id,
                "company_id": self.company.id,
            }
        )
        self.assertFalse(reward._get_offer(self.member).own_sentence)
        self._sell_kit()  # from now on it is one
        self.env.invalidate_all()
        offer = reward._get_offer(self.member)
        self.assertEqual(offer.sentence, "This cannot be delivered at the moment.")
        with self.assertRaisesRegex(ValidationError, "is a kit"):
            reward.copy()

    def test_a_part_that_comes_back_takes_its_kit_back(self):
        order, pen, pad = self._sell_kit()
        picking = self._ship_parts(order, {pen: 20, pad: 30})
        self.assertEqual(self._balances(), (50, 0, 0))
        self._return_moves(
            picking,
            {move: 6 if move.product_id == pad else 0 for move in picking.move_ids},
        )
        self.assertEqual(self._balances(), (40, 0, 0))

    def test_what_the_vendor_ships_to_the_client_counts(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        self.product.write(
            {
                "is_storable": True,
                "route_ids": [Command.set(route.ids)],
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 60})],
            }
        )
        order = self._create_order()
        purchase = order._get_purchase_orders()
        self.assertEqual(purchase.partner_id, vendor)
        purchase.button_confirm()
        [picking] = purchase.picking_ids
        self.assertTrue(picking.is_dropship)
        self.assertEqual(self._balances(), (0, 0, 0))
        self._ship(picking, 4)
        self._process()
        self.assertEqual(self._balances(), (20, 0, 0))
        self._ship(picking.backorder_ids)
        self._process()
        self.assertEqual(self._balances(), (50, 0, 0))


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestPartnership(LadderCommon):
    """Partner levels whose price lists are those of tiers."""

    def _create_level(self, tier):
        return self.env["res.partner.grade"].create(
            {"name": tier.name, "default_pricelist_id": tier.pricelist_id.id}
        )

    def test_the_level_follows_the_tier(self):
        ladder = self._create_ladder()
        ordinary, silver, _gold = map(self._create_level, ladder.tier_ids)
        dealer = self._create_dealer(ladder)
        self.assertEqual(self.client.grade_id, ordinary)
        order = self._sell(1000)
        self.assertEqual((dealer.tier_id.discount, self.client.grade_id), (5, silver))
        self.assertEqual(self._discount_of(), 5)
        order._action_cancel()
        self._process()
        self.assertEqual(self.client.grade_id, ordinary)
        dealer.action_end()
        self.assertFalse(self.client.grade_id)

    def test_a_level_without_a_tier_stays(self):
        other = self.env["res.partner.grade"].create({"name": "Friend"})
        self.client.grade_id = other
        dealer = self._create_dealer(self._create_ladder())
        self._sell(1000)
        self.assertEqual((dealer.tier_id.discount, self.client.grade_id), (5, other))

    def test_nobody_gives_a_dealer_a_better_level(self):
        ladder = self._create_ladder()
        _ordinary, _silver, gold = map(self._create_level, ladder.tier_ids)
        self._create_dealer(ladder)
        salesman = self._create_user(
            "seller", "sales_team.group_sale_salesman", "base.group_partner_manager"
        )
        with self.assertRaisesRegex(UserError, "price list, level"):
            self.client.with_user(salesman).grade_id = gold
        membership = self._create_product("Gold membership", 1, type="service")
        membership.write({"service_tracking": "partnership", "grade_id": gold.id})
        order = self._create_order(
            1, product=membership, confirm=False, user_id=salesman.id
        )
        with self.assertRaisesRegex(UserError, "price list, level"):
            order.with_user(salesman).action_confirm()
        self.assertEqual(self._discount_of(), 0)


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestDebitNotes(BooksCommon):
    def test_a_debit_note_is_a_sale_of_its_own_that_belongs_to_the_first(self):
        invoice = self._create_sale()
        debit = self._create_sale(50, debit_origin_id=invoice.id)
        credit = self._note(debit, 20)
        self._receive(invoice)
        self.assertPaid(invoice, 1)
        self.assertPaid(debit, 0)
        self.assertEqual(books.get_notes(invoice), [(debit, 1), (credit, 1)])
        self.assertEqual(books.get_notes(debit), [(credit, 1)])
        payment = self._receive(debit, 30)
        self.assertPaid(debit, 1)
        self.assertIn(invoice, books.get_component(payment.move_id))
