"""Units that mean something: pieces of a product, money, a currency of one's own."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_delivery import DeliveryCommon


@tagged("post_install", "-at_install")
class TestGoodsUnit(DeliveryCommon):
    """A unit that counts kettles; four of them on the account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kettles = cls.env["b2b2c.unit"].create(
            {
                "name": "Kettles",
                "symbol": "kettles",
                "kind": "goods",
                "product_id": cls.kettle.id,
            }
        )
        cls.shelf = cls.member._get_account(cls.kettles)
        cls.shelf._earn(4, source_key="earn/kettles")
        cls.manager = cls._create_user("offers", "loyalty_b2b2c.group_manager")

    def _offer(self):
        action = self.kettles.with_user(self.manager).action_offer_goods()
        return self.env["b2b2c.reward"].browse(action["res_id"])

    def test_it_reads_as_pieces_of_the_product(self):
        self.assertEqual(self.kettles._format(3), "3 × Kettle")
        self.assertEqual(self.unit._format(3), "3 pts")

    def test_people_order_it(self):
        reward = self._offer()
        self.assertEqual(
            (reward.kind, reward.points, reward.product_id, reward.unit_id),
            ("delivery", 1, self.kettle, self.kettles),
        )
        self.assertTrue(reward.is_from_stock)
        self.assertEqual(self._offer(), reward)  # offered once
        request = self._ask(
            reward, quantity=3, answers={"address": str(self.person.id)}
        )
        self._send(request, 3)
        self.assertEqual(self._figures(self.shelf), (1, 1, 0, 0))
        self.assertEqual(self._figures(), (200, 200, 0, 0))
        self.assertEqual(self.kettle.qty_available, 2)

    def test_no_more_than_are_on_the_account(self):
        reward, home = self._offer(), {"address": str(self.person.id)}
        self.assertRefused("points", reward=reward, quantity=5, answers=home)
        self.assertEqual(
            reward._get_offer(self.member, 5).sentence, "1 × Kettle more are needed."
        )

    def test_one_piece_costs_one(self):
        with self.assertRaises(ValidationError):
            self._offer().points = 2

    def test_only_units_of_goods(self):
        with self.assertRaisesRegex(UserError, "counts no product"):
            self.unit.with_user(self.manager).action_offer_goods()

    def test_what_it_may_be_spent_on(self):
        reward = self._offer()
        ways = self.env["b2b2c.spending.way"]
        self.assertIn("delivery", ways._get_ways())
        self.kettles.spending_way_ids = ways.search([("code", "=", "manual")])
        self.assertRefused("not_spendable", reward=reward)

    def test_pieces_are_worth_what_people_read(self):
        self.kettles.with_company(self.company).face_value = 30
        worth = self.kettles._word_worth(3, self.company)
        self.assertIn("90", worth)


@tagged("post_install", "-at_install")
class TestOtherUnits(DeliveryCommon):
    def _unit(self, **values):
        unit = self.env["b2b2c.unit"].create({"name": "X", "symbol": "X", **values})
        self.member._get_account(unit)._earn(50, source_key=f"earn/{unit.id}")
        return unit

    def test_an_internal_currency_and_money_buy_goods(self):
        stars = self._unit(kind="internal", symbol="stars")
        money = self._unit(
            kind="money",
            symbol=self.company.currency_id.symbol,
            currency_id=self.company.currency_id.id,
            decimals=2,
        )
        home = {"address": str(self.person.id)}
        for unit, price in ((stars, 7), (money, 19.5)):
            with self.subTest(unit.kind):
                reward = self._create_reward(
                    "Kettle", price, kind="delivery", product_id=self.kettle.id,
                    unit_id=unit.id,
                )  # fmt: skip
                request = self._ask(reward, f"k/{unit.id}", quantity=2, answers=home)
                self._send(request, 2)
                account = self.member._get_account(unit)
                self.assertEqual(account.balance_available, 50 - 2 * price)

    def test_a_minimum(self):
        stars = self._unit(kind="internal", symbol="stars", spending_minimum=10)
        reward = self._create_reward(
            "Kettle", 7, kind="delivery", product_id=self.kettle.id, unit_id=stars.id
        )
        self.assertRefused("minimum", reward=reward)
        self.assertEqual(reward._get_offer(self.member, 2).refusal, None)
