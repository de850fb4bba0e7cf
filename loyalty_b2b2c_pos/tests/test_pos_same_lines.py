"""The same lines are worth the same on an order and on a ticket of the till."""

from hypothesis import given

from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.documents.same_lines import FEW, SameLines, sales

from .common import PosLoyaltyCommon


@tagged("post_install", "-at_install")
class TestPosSameLines(SameLines, PosLoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products.available_in_pos = True

    def test_any_lines(self):
        """Whatever is sold, comes back or is taken off, line by line and as a whole."""
        FEW(given(sales())(self._compare))()

    def _compare(self, lines):
        with self.undone():
            points = self._get_points(self._sell_by_order(lines))
            ticket = self._ring(
                *((self.products[number], *rest) for number, *rest in lines)
            )
            self.assertEqual(self._get_points(ticket), points)
