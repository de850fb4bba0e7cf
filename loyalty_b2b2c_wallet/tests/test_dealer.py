"""A dealer who takes part: points pay the price of the tier, and change none."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.dealers.test_ladder import LadderCommon

from .common import PartPaymentCommon


class DealerPointsCommon(PartPaymentCommon, LadderCommon):
    """Olena is a dealer at 5 %: paper costs her 95.00; a point pays 0.10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ladder = cls._create_ladder()
        cls._create_order(1000, partner_id=cls.person.id)
        cls.dealer = cls._create_dealer(ladder, cls.person)
        cls.seller = cls._create_user(
            "points-seller",
            "sales_team.group_sale_salesman_all_leads",
            "account.group_account_invoice",
        )
        cls.seller.company_ids = cls.company

    def _quote_with_points(self, quantity, points):
        order = self._quote(quantity)
        self.assertEqual(order.amount_total, quantity * 95)
        self._choose(order, points)
        return order.with_user(self.seller)

    def _deviations(self):
        self.env.flush_all()
        return self.env["b2b2c.price.deviation"].search([])

    def _check_paid_and_returned(self):
        """Two of 95.00, 950 points on them; one is credited."""
        order = self._quote_with_points(2, 950)
        self.assertEqual(order.amount_total, 95)
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_total, 95)
        self.assertEqual(order.order_line[0].sudo().b2b2c_net_price, 95)
        self.assertFalse(self._deviations())
        note = invoice._reverse_moves([{}], cancel=False)
        goods = note.invoice_line_ids.filtered(
            lambda line: line.product_id == self.product
        )
        note.invoice_line_ids = [
            Command.delete(line.id) for line in note.invoice_line_ids - goods
        ]
        goods.quantity = 1
        note.action_post()
        self.assertEqual(note.amount_total, 47.5)
        self.assertEqual(self._points(order.sudo())[2], 475)
        # goods that are credited and stay are told, the points are none of them
        told = self._deviations().filtered(lambda one: one.kind == "credit")
        self.assertEqual(told.mapped("product_id"), self.product)
        self.assertEqual(told.mapped("actual"), [0])


@tagged("post_install", "-at_install")
class TestDealerPoints(DealerPointsCommon):
    def test_points_pay_and_what_comes_back_brings_them(self):
        self._check_paid_and_returned()

    def test_they_open_no_way_to_a_lower_price(self):
        order = self._quote_with_points(1, 300)
        goods, points = order.order_line
        for line, values in (
            (goods, {"price_unit": 90}),
            (goods, {"discount": 10}),
            (points, {"price_unit": -0.2}),
            (points, {"product_uom_qty": 900}),
            (points, {"product_id": self.product.id}),
        ):
            with self.subTest(values), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    line.write(values)
                    self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(order.amount_total, 65)
        copied = {
            name: points[name].id
            for name in ("product_id", "coupon_id", "reward_id", "order_id")
        }
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.env["sale.order.line"].create(
                {**copied, "name": "Points", "price_unit": -9}
            )
        self.env.invalidate_all()
        order.action_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", 65))

    def test_who_confirms_online_is_told_no_deviation(self):
        order = self._quote_with_points(1, 300)
        order.with_user(self.env.ref("base.user_root")).action_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", 65))
        self.assertFalse(self._deviations())

    def test_who_becomes_a_dealer_keeps_what_was_chosen(self):
        member = self._create_member(name="Petro", email="petro@example.com")
        member._get_account(self.unit)._earn(1000, source_key="wallet/petro")
        person = member.partner_id
        self._create_order(1000, partner_id=person.id)
        order = self._quote(1, partner_id=person.id)
        self._choose(order, 300)
        self.assertEqual(order.amount_total, 70)
        self._create_dealer(self.dealer.ladder_id, person)
        order.action_update_prices()
        self.assertEqual(order.amount_total, 65)

    def test_control_without_the_hook_points_are_a_forbidden_discount(self):
        lines = type(self.env["sale.order.line"])
        self.patch(lines, "_b2b2c_is_payment", lambda line: False)
        order = self._quote(1)
        with self.assertRaisesRegex(UserError, "nothing else lowers them"):
            self._choose(order, 300)


@tagged("post_install", "-at_install")
class TestDealerPointsDiscount(DealerPointsCommon):
    kind = "discount"

    def test_as_a_discount_too(self):
        self._check_paid_and_returned()
