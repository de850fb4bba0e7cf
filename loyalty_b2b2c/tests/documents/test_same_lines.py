"""The same lines are worth the same on every kind of document."""

from hypothesis import given

from odoo.tests import tagged

from .same_lines import FEW, SameLines, sales


@tagged("post_install", "-at_install")
class TestSameLines(SameLines):
    def test_by_hand(self):
        """8 × 10.00 and 2 × 33.00, two of the eight back, 10 % off: 126 - 12.60."""
        lines = [(0, 8, 10.0), (1, 2, 33.0), (0, -2, 10.0), (3, 1, -12.6)]
        points = self._get_points(self._sell_by_order(lines))
        # 7 % of 54.00 and of 59.40 are 3.78 and 4.158, together 7
        self.assertEqual(points, {"lines": [3, 4], "document": [7], "pieces": [18, 6]})

    def test_any_lines(self):
        """Orders, invoices and reported sales agree, line by line and as a whole."""
        FEW(given(sales())(self._compare))()

    def _compare(self, lines):
        with self.undone():
            points = self._get_points(self._sell_by_order(lines))
            self.assertEqual(self._get_points(self._sell_by_invoice(lines)), points)
            if all(pieces > 0 and price > 0 for _number, pieces, price in lines):
                # nobody reports what is below zero
                self.assertEqual(self._get_points(self._sell_by_report(lines)), points)
