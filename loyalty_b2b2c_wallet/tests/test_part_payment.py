"""A quotation is paid in part with points: the lines, the ledger, the limits."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PartPaymentCommon


@tagged("post_install", "-at_install")
class TestPartPayment(PartPaymentCommon):
    def test_as_many_as_the_person_chooses(self):
        order = self._quote()
        self._choose(order, 300)
        self.assertEqual(order.amount_total, 70)
        self.assertPoints(order, 300, 0, 0)
        self._choose(order, 120)
        self.assertEqual(order.amount_total, 88)
        self._choose(order, 0)
        self.assertEqual(order.amount_total, 100)
        self.assertFalse(order._b2b2c_get_point_lines())

    def test_confirming_spends_and_cancelling_gives_back(self):
        order = self._quote()
        self._choose(order, 300)
        order.action_confirm()
        self.assertPoints(order, 300, 0, 300)
        self.assertEqual(self.account.balance_available, 700)
        order._action_cancel()
        self.assertPoints(order, 0, 0, 0)
        self.assertEqual(self.account.balance_available, 1000)
        order.action_draft()
        order.action_confirm()
        self.assertPoints(order, 0, 0, 0)

    def test_a_payment_reserves_and_its_failure_frees(self):
        order = self._quote()
        self._choose(order, 300)
        payment = self._pay(order)
        self.assertPoints(order, 300, 300, 0)
        self.assertEqual(self.account.balance_available, 700)
        payment._set_error("declined")
        self.assertPoints(order, 300, 0, 0)
        second = self._pay(order)
        self.assertPoints(order, 300, 300, 0)
        second._set_done()
        second._post_process()
        self.assertEqual(order.state, "sale")
        self.assertPoints(order, 300, 0, 300)

    def test_goods_that_come_back_bring_points_and_money(self):
        self.product.invoice_policy = "delivery"
        order = self._quote(3)
        self._choose(order, 1000)
        order.action_confirm()
        order.order_line.filtered(lambda x: x.product_id == self.product).qty_delivered = 3
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_total, 200)
        self.assertPoints(order, 1000, 0, 1000)
        order.order_line.filtered(lambda x: x.product_id == self.product).qty_delivered = 2
        credit = self._invoice(order)
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 66.6))
        self.assertPoints(order, 1000, 0, 666)
        self.assertEqual(self.account.balance_available, 334)

    def test_above_what_there_is(self):
        order = self._quote()
        with self.assertRaisesRegex(UserError, "up to 1,000 pts"):
            self._choose(order, 1001)
