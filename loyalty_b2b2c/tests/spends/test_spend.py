from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...exceptions import InsufficientPoints, LoyaltyError
from .common import SpendCommon


@tagged("post_install", "-at_install")
class TestSpend(SpendCommon):
    def test_points_are_held_then_spent(self):
        spend = self._hold(10)  # 10 / 0.05
        self.assertEqual((spend.state, spend.points), ("held", 200))
        self.assertEqual(self._get_points(), (800, 200, 0))
        spend._capture()
        spend._capture()  # a repeat changes nothing
        self.assertEqual(spend.state, "spent")
        self.assertEqual(self._get_points(), (800, 0, 0))

    def test_an_amount_costs_whole_points_rounded_up(self):
        self.assertEqual(self._hold("0.99").points, 20)  # 19.8

    def test_asking_again_holds_once(self):
        first = self._hold(10)
        self.assertEqual(self._hold(10), first)
        self.assertEqual(self._get_points(), (800, 200, 0))
        self.assertEqual(self._hold("2.50"), first)
        self.assertEqual(first.amount, 2.5)
        self.assertEqual(self._get_points(), (950, 50, 0))

    def test_a_larger_amount_that_is_not_there_leaves_the_first(self):
        spend = self._hold(10)
        with self.assertRaises(InsufficientPoints):
            self._hold(60)
        self.assertEqual((spend.amount, spend.state), (10, "held"))
        self.assertEqual(self._get_points(), (800, 200, 0))

    def test_what_is_released_is_free_and_can_be_held_again(self):
        spend = self._hold(10)
        spend._release()
        spend._release()
        self.assertEqual((spend.state, self._get_points()), ("released", (1000, 0, 0)))
        self._hold(5)
        self.assertEqual((spend.state, self._get_points()), ("held", (900, 100, 0)))

    def test_a_sale_that_comes_late_is_paid_and_reported(self):
        spend = self._hold(10)
        spend._release()
        spend._capture()
        self.assertEqual(self._get_points(), (800, 0, 0))
        incident = self.env["b2b2c.spend.incident"].search(
            [("spend_id", "=", spend.id)]
        )
        self.assertEqual((len(incident), incident.state), (1, "open"))
        incident.action_settle()
        self.assertEqual(incident.state, "settled")

    def test_points_that_are_gone_are_owed(self):
        spend = self._hold(40)
        spend._release()
        self._hold(50, "till:2")._capture()
        spend._capture()
        self.assertEqual(self._get_points(), (0, 0, 800))

    def test_less_may_be_paid_than_was_reserved(self):
        spend = self._hold(10)
        spend._capture(Decimal(4))
        self.assertEqual((spend.amount, spend.points), (4, 80))
        self.assertEqual(self._get_points(), (920, 0, 0))

    def test_more_may_be_paid_than_was_reserved(self):
        spend = self._hold(10)
        spend._capture(Decimal(12))
        self.assertEqual((spend.amount, spend.points), (12, 240))
        self.assertEqual(self._get_points(), (760, 0, 0))

    def test_parts_that_come_back_give_all_points_back_in_the_end(self):
        spend = self._hold("0.99")  # 20 points
        spend._capture()
        self.assertEqual(spend._give_back(Decimal("0.33"), "r1"), Decimal("0.33"))
        self.assertEqual(self._get_points(), (986, 0, 0))  # 6.66… points
        spend._give_back(Decimal("0.33"), "r1")  # once
        self.assertEqual(self._get_points(), (986, 0, 0))
        spend._give_back(Decimal("0.33"), "r2")  # 13.33…
        self.assertEqual(self._get_points(), (993, 0, 0))
        self.assertEqual(spend._give_back(Decimal(5), "r3"), Decimal("0.33"))
        self.assertEqual(self._get_points(), (1000, 0, 0))
        self.assertEqual(spend._give_back(Decimal(1), "r4"), 0)

    def test_what_is_not_paid_gives_nothing_back(self):
        spend = self._hold(10)
        self.assertEqual(spend._give_back(Decimal(1), "r1"), 0)
        self.assertEqual(self._get_points(), (800, 200, 0))

    def test_what_waits_too_long_is_free(self):
        spend = self._hold(10, minutes=15)
        other = self._hold(10, "till:2", minutes=15)
        past = fields.Datetime.now() - timedelta(minutes=1)
        spend.sudo().valid_until = past
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 1
        ):
            self.spends._cron_release()
        self.assertEqual((spend.state, other.state), ("released", "held"))

    def test_refusals(self):
        stranger = self._create_member(
            name="Ivan", email="ivan@example.com", phone="+380 67 765 43 21"
        )
        self._hold(10)
        for request, sentence in (
            (self._ask(0, "till:2"), "Say how much"),
            (self._ask(-1, "till:2"), "Say how much"),
            (self._ask("1.005", "till:2"), "Say how much"),
            (self._ask(10, member=stranger), "somebody else"),
        ):
            with self.assertRaisesRegex(LoyaltyError, sentence):
                self.spends._hold(request)
        self.unit.with_company(self.company).face_value = 0
        with self.assertRaisesRegex(LoyaltyError, "cannot be spent at a counter"):
            self._hold(1, "till:3")
        self.unit.with_company(self.company).face_value = 0.05
        self.member.action_suspend()
        with self.assertRaisesRegex(LoyaltyError, "cannot be spent now"):
            self._hold(1, "till:3")
        self.assertFalse(self.spends.search([("key", "in", ("till:2", "till:3"))]))

    def test_another_currency_needs_a_rate(self):
        foreign = self.env["res.currency"].create({"name": "XZZ", "symbol": "Z"})
        with self.assertRaisesRegex(LoyaltyError, "no exchange rate for XZZ"):
            self._hold(10, currency=foreign)
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "rate": 2, "name": "2020-01-01"}
        )
        self.assertEqual(self._hold(10, currency=foreign).points, 100)

    def test_what_can_be_spent_is_offered(self):
        [offer] = self.spends._get_spendable(
            self.member, self.company, self.company.currency_id
        )
        self.assertEqual(offer["unit"], self.unit)
        self.assertEqual((offer["points"], offer["amount"]), (1000, 50))

    def test_goods_are_no_money(self):
        pieces = self.unit.copy(
            {"name": "Coffee", "kind": "goods", "product_id": self.product.id}
        )
        pieces.with_company(self.company).face_value = 38.5
        self.member._get_account(pieces)._earn(3, source_key="spend-test/goods")
        [offer] = self.spends._get_spendable(
            self.member, self.company, self.company.currency_id
        )
        self.assertEqual(offer["unit"], self.unit)
        with self.assertRaisesRegex(LoyaltyError, "cannot be spent at a counter"):
            self._hold(5, unit=pieces)

    def test_clients_write_nothing(self):
        spend = self._hold(10)
        officer = self._create_user("counter_officer", "loyalty_b2b2c.group_officer")
        with self.assertRaises(UserError):
            spend.with_user(officer).write({"state": "released"})
        with self.assertRaises(AccessError):
            self.spends.with_user(officer).create({"key": "x"})
        spend.with_user(officer).action_release()
        self.assertEqual(spend.state, "released")
