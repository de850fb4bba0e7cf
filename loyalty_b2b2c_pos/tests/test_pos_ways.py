"""Every way to a lower price at a till is told, with what it costs.

A till is never stopped.  What counts is the result: the pieces of a ticket at the price
of the tier against what was paid, however the till writes it.  Control: a comparison of
nothing but what a client names leaves something that nobody is told of.
"""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models import till_guard
from .test_pos_dealer import PosDealerCommon

TIER = 90


@tagged("post_install", "-at_install")
class TestPosWays(PosDealerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.partner"].create({"name": "Passer-by"})
        cls.other = cls._create_product("Pens", 50, available_in_pos=True)
        cls.tip = cls._create_product("Tip", 0, type="service")
        cls.till.write({"iface_tipproduct": True, "tip_product_id": cls.tip.id})
        choice = cls.env["product.combo"].create(
            {
                "name": "Choice",
                "combo_item_ids": [Command.create({"product_id": cls.product.id})],
            }
        )
        cls.menu = cls._create_product(
            "Menu", 100, type="combo", combo_ids=[Command.set(choice.ids)]
        )

    def setUp(self):
        super().setUp()
        self._grow()

    # === WAYS: each returns the ticket that is looked at === #

    def _cheap(self, **line):
        return self._ring((self.product, 10, 1, line))

    def way_price(self):
        return self._cheap()

    def way_discount(self):
        return self._ring((self.product, 10, TIER, {"discount": 50}))

    def way_old_line_of_a_stranger(self):
        old = self._ring((self.product, 10, 1), partner_id=self.stranger.id)
        return self._cheap(refunded_orderline_id=old.lines.id)

    def way_old_line_of_its_own(self):
        old = self._ring((self.product, 10, 1))
        return self._cheap(refunded_orderline_id=old.lines.id)

    def way_part_of_another_ticket(self):
        old = self._ring((self.menu, 1, TIER))
        return self._cheap(combo_parent_id=old.lines.id)

    def way_part_of_no_combination(self):
        ticket = self._ring((self.product, 1, TIER), (self.product, 9, 1), pay=False)
        ticket.lines[1].combo_parent_id = ticket.lines[0]
        return self._pay(ticket)

    def way_more_parts_than_a_combination_has(self):
        ticket = self._ring((self.menu, 1, TIER), (self.product, 9, 1), pay=False)
        item = self.menu.combo_ids.combo_item_ids
        ticket.lines[1].write(
            {"combo_parent_id": ticket.lines[0].id, "combo_item_id": item.id}
        )
        return self._pay(ticket)

    def way_amount_of_a_line(self):
        ticket = self._ring((self.product, 10, TIER), pay=False)
        ticket.lines.write({"price_subtotal": 10, "price_subtotal_incl": 10})
        ticket.amount_total = 10
        return self._pay(ticket)

    def way_negative_tip(self):
        return self._ring((self.product, 10, TIER), (self.tip, 1, -500))

    def way_reward_line(self):
        if "is_reward_line" not in self.env["pos.order.line"]._fields:
            return self._cheap()
        return self._cheap(is_reward_line=True)

    def way_customer_named_afterwards(self):
        ticket = self._ring((self.product, 10, 1), partner_id=self.stranger.id)
        ticket.partner_id = self.contact
        return ticket

    def way_more_given_back_than_was_paid(self):
        sold = self._ring((self.product, 10, TIER))
        ticket = sold._refund()
        ticket.lines.price_unit = 200
        ticket.lines._onchange_amount_line_all()
        ticket._compute_prices()
        self._pay_till(ticket)
        return ticket

    def way_other_goods_given_back(self):
        sold = self._ring((self.other, 10, 45))
        return self._ring(
            (self.product, -10, 200, {"refunded_orderline_id": sold.lines.id})
        )

    def _pay(self, ticket):
        ticket.add_payment(
            {
                "pos_order_id": ticket.id,
                "amount": ticket.amount_total,
                "payment_method_id": self.card.id,
            }
        )
        ticket.action_pos_order_paid()
        return ticket

    # === WHAT IS MISSING === #

    def _get_missing(self, ticket):
        """Return what a ticket brought less than its goods cost at the tier."""
        prices = {self.product: TIER, self.other: 45, self.menu: TIER}
        worth = sum(prices.get(line.product_id, 0) * line.qty for line in ticket.lines)
        return round(worth - sum(ticket.payment_ids.mapped("amount")), 2)

    def _get_told(self, ticket):
        rows = self.env["b2b2c.price.deviation"].search(
            [("document_model", "=", "pos.order"), ("document_id", "=", ticket.id)]
        )
        return round(sum(rows.mapped("cost")), 2)

    @property
    def _ways(self):
        names = [name for name in dir(self) if name.startswith("way_")]
        return {name: getattr(self, name) for name in names}

    def test_each_way_is_told(self):
        for name, way in self._ways.items():
            with self.subTest(way=name):
                ticket = way()
                self.assertGreater(self._get_missing(ticket), 0)
                self.assertEqual(self._get_told(ticket), self._get_missing(ticket))

    def test_control_who_believes_the_client_is_told_nothing(self):
        believing = {
            "is_part": lambda line: bool(line.combo_parent_id),
            "is_taken_back": lambda line: bool(line.refunded_orderline_id),
            "is_free": lambda line: line.product_id == self.tip,
            "get_unpaid": lambda order: [],
            "get_paid_price": till_guard.net_price,
        }
        blind = {
            "way_old_line_of_a_stranger",
            "way_old_line_of_its_own",
            "way_part_of_another_ticket",
            "way_amount_of_a_line",
            "way_negative_tip",
        }
        with patch.multiple(till_guard, **believing):
            for name in blind:
                with self.subTest(way=name):
                    ticket = self._ways[name]()
                    self.assertGreater(self._get_missing(ticket), 0)
                    self.assertFalse(self._get_told(ticket))

    def test_a_tier_that_was_had_for_a_minute(self):
        fake = self.env["sale.order"].search([], order="id desc", limit=1)
        ticket = self._ring((self.product, 10, TIER))
        self._process()
        self.assertFalse(self._get_told(ticket))
        self._fall(fake)
        self.assertEqual(self._get_told(ticket), 100)

    def test_what_is_right_is_no_deviation(self):
        sold = self._ring((self.product, 10, TIER))
        menu = self._ring((self.menu, 1, 0), (self.product, 1, TIER), pay=False)
        item = self.menu.combo_ids.combo_item_ids
        menu.lines[1].write(
            {"combo_parent_id": menu.lines[0].id, "combo_item_id": item.id}
        )
        for ticket in (
            sold,
            self._bring_back(sold, 4),
            self._pay(menu),
            self._ring((self.product, 10, TIER), (self.tip, 1, 20)),
            self._ring((self.product, -5, TIER)),
        ):
            self.assertFalse(self._get_told(ticket))


@tagged("post_install", "-at_install")
class TestPosReturns(PosDealerCommon):
    """Goods that come back and name no sale lower the latest one."""

    def assertVolume(self, volume):
        self._process()
        self.dealer.invalidate_recordset()
        self.assertEqual(self.dealer.volume, volume)

    def test_a_minus_typed_at_the_till(self):
        self._sell(200)
        self.assertVolume(20000)
        self._ring((self.product, -200, 100))
        self.assertVolume(0)
        self._sell(10)
        self.assertVolume(1000)

    def test_the_latest_sale_first_and_no_more_than_is_left(self):
        old, new = self._sell(100), self._sell(50)
        self.assertVolume(15000)
        self._ring((self.product, -70, 100))
        self.assertVolume(8000)
        rows = self.env["b2b2c.unnamed.return"].search([], order="id")
        self.assertEqual(
            rows.mapped(lambda row: (row.sale_id, row.quantity)),
            [(new.id, 50), (old.id, 20)],
        )
        self._ring((self.product, -500, 100))
        self.assertVolume(0)
        self.assertEqual(sum(rows.search([]).mapped("quantity")), 150)

    def test_what_was_brought_back_by_name_is_not_left(self):
        sold = self._sell(100)
        self._bring_back(sold, 60)
        self._ring((self.product, -60, 100))
        self.assertVolume(0)
        self.assertEqual(self.env["b2b2c.unnamed.return"].search([]).quantity, 40)

    def test_what_was_ordered_comes_back_at_the_till(self):
        order = self._create_order(100)
        self._deliver(order)
        self._invoice(order)
        self.assertVolume(10000)
        self._ring((self.product, -30, 100))
        self.assertVolume(7000)

    def test_of_another_customer_or_product_nothing(self):
        self._sell(100)
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        pens = self._create_product("Pens", 50, available_in_pos=True)
        self._ring((self.product, -50, 100), partner_id=stranger.id)
        self._ring((pens, -50, 50))
        self.assertVolume(10000)

    def test_points_are_taken_back(self):
        self._create_program({"trigger": "paid"})
        self._sell(100)
        self.assertEqual(self._balances(), (500, 0, 0))
        self._ring((self.product, -40, 100))
        self.assertEqual(self._balances(), (300, 0, 0))
        self.assertBooksRight()

    def test_a_correction_on_the_same_ticket(self):
        self._create_program({"trigger": "paid"})
        self._ring((self.product, 10, 100), (self.product, -2, 100))
        self.assertVolume(800)
        self.assertEqual(self._balances(), (40, 0, 0))

    def test_a_correction_beside_an_older_sale_and_more_than_the_ticket_has(self):
        """Of 5 pieces back, 2 are the ticket's own and 3 of the sale before."""
        old = self._sell(10)
        self._ring((self.product, 10, 100), (self.product, -2, 100))
        self.assertVolume(1800)
        self.assertFalse(self.env["b2b2c.unnamed.return"].search([]))
        self._ring((self.product, 2, 100), (self.product, -5, 100))
        self.assertVolume(1500)
        row = self.env["b2b2c.unnamed.return"].search([])
        self.assertEqual((row.quantity, row.sale_model), (3, "pos.order"))
        self.assertNotEqual(row.sale_id, old.id)  # the latest one

    def test_an_exchange_lowers_what_is_given_for_it(self):
        """Pens that nobody here sold: they lower the ticket, as a discount does."""
        pens = self._create_product("Pens", 50, available_in_pos=True)
        self._ring((self.product, 10, 100), (pens, -2, 50))
        self.assertVolume(900)

    def test_control_without_it_the_volume_stays(self):
        self._sell(200)
        source = type(self.env["b2b2c.source.pos.order"])
        with patch.object(source, "_find_unnamed_returns", lambda self, ids: []):
            self._ring((self.product, -200, 100))
            self.assertVolume(20000)
