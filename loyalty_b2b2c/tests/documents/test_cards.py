"""Gift cards and promotions of Odoo's own, beside points: each price counts once."""

from odoo import Command
from odoo.tests import tagged

from ..common import LoyaltyCommon


class PromotionsCommon(LoyaltyCommon):
    """Orders are 10 × 100.00 = 1000 and 5 % are 50 points unless told otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card_product = cls.env.ref("loyalty.gift_card_product_50")
        cls.card_product.taxes_id = False
        values = cls.env["loyalty.program"]._get_template_values()["gift_card"]
        cls.cards = cls.env["loyalty.program"].create({**values, "name": "Gift"})

    def _use(self, card, order):
        """Pay an order with a card, and confirm it."""
        order._try_apply_code(card.code)
        order._apply_program_reward(self.cards.reward_ids[:1], card)
        order.action_confirm()
        return order

    def _promote(self, reward, **values):
        """Create a promotion that applies by itself."""
        return self.env["loyalty.program"].create(
            {
                "name": "Promotion",
                "program_type": "promotion",
                "trigger": "auto",
                "rule_ids": [Command.create({"minimum_amount": 1})],
                "reward_ids": [Command.create({"reward_type": "discount", **reward})],
                **values,
            }
        )

    def _claim(self, order):
        """Apply the promotions that an order has earned, and confirm it."""
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        order.action_confirm()
        return order


@tagged("post_install", "-at_install")
class TestCards(PromotionsCommon):
    def _buy(self, amount):
        """Sell a card; return its order and the card."""
        order = self._create_lines_order((self.card_product, 1, amount))
        card = order.coupon_point_ids.coupon_id.filtered(
            lambda coupon: coupon.program_id == self.cards
        )
        return order, card

    def test_a_card_is_no_sale_and_what_it_pays_is(self):
        self._create_program({"trigger": "confirmed"})
        _sold, card = self._buy(1000)
        self.assertEqual(self._balances(), (0, 0, 0))
        order = self._use(card, self._create_order(confirm=False))
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_an_order_is_as_paid_as_the_card_that_pays_it(self):
        self._create_program({"trigger": "paid"})
        sold, card = self._buy(400)
        order = self._use(card, self._create_order(confirm=False))
        self.assertEqual(order.amount_total, 600)
        invoice = self._invoice(order)
        self._pay(invoice)
        self.assertEqual(self._balances(), (30, 0, 0))  # 600 of money so far
        payment = self._pay(self._invoice(sold))
        self.assertEqual(self._balances(), (50, 0, 0))
        payment.action_draft()
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_a_card_that_was_given_lowers_the_price(self):
        self._create_program({"trigger": "paid"})
        card = self.env["loyalty.card"].create(
            {"program_id": self.cards.id, "points": 400}
        )
        order = self._use(card, self._create_order(confirm=False))
        self.assertEqual(order.amount_total, 600)
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (30, 0, 0))


@tagged("post_install", "-at_install")
class TestPromotions(PromotionsCommon):
    """A promotion lowers the lines that Odoo computed it from, and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ink = cls._create_product("Ink", 80.0)

    def _rule_for(self, product):
        self._create_program(
            {"trigger": "confirmed", "product_ids": [Command.set(product.ids)]}
        )

    def _sell_both(self):
        """6 × 100.00 of paper and 4 × 100.00 of ink."""
        lines = (self.product, 6, 100), (self.ink, 4, 100)
        return self._claim(self._create_lines_order(*lines, confirm=False))

    def test_on_some_products(self):
        """10 % on paper: 540 and 400."""
        self._promote(
            {
                "discount": 10,
                "discount_mode": "percent",
                "discount_applicability": "specific",
                "discount_product_ids": [Command.set(self.product.ids)],
            }
        )
        self._rule_for(self.product)
        order = self._sell_both()
        self.assertEqual(order.amount_untaxed, 940)
        self.assertEqual(self._balances(), (27, 0, 0))

    def test_which_products_is_kept_with_the_order(self):
        promotion = self._promote(
            {
                "discount": 50,
                "discount_mode": "percent",
                "discount_applicability": "specific",
                "discount_product_ids": [Command.set(self.product.ids)],
            }
        )
        self._rule_for(self.ink)
        order = self._sell_both()
        self.assertEqual(self._balances(), (20, 0, 0))
        promotion.reward_ids.discount_product_ids = self.ink
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._balances(), (20, 0, 0))

    def test_on_the_whole_order(self):
        """50 % on everything: 300 of paper."""
        self._promote(
            {
                "discount": 50,
                "discount_mode": "percent",
                "discount_applicability": "order",
            }
        )
        self._rule_for(self.product)
        self._sell_both()
        self.assertEqual(self._balances(), (15, 0, 0))

    def test_on_the_cheapest(self):
        """Half of one piece of ink at 80: 40 less, for ink only."""
        self._promote(
            {
                "discount": 50,
                "discount_mode": "percent",
                "discount_applicability": "cheapest",
            }
        )
        self._rule_for(self.ink)
        lines = (self.product, 6, 100), (self.ink, 4, 80)
        order = self._claim(self._create_lines_order(*lines, confirm=False))
        self.assertEqual(order.amount_untaxed, 880)
        self.assertEqual(self._balances(), (14, 0, 0))  # 5 % of 280

    def test_pieces_for_nothing_do_not_count(self):
        """3 for 2: points for two pieces."""
        self._create_program({"trigger": "confirmed", "kind": "per_unit", "value": 7})
        order = self._create_lines_order(
            (self.product, 2, 100), (self.product, 1, 0), confirm=False
        )
        order.action_confirm()
        self.assertEqual(self._balances(), (14, 0, 0))
