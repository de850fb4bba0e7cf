"""Requests given piece by piece: each piece's points are spent once, or free again."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_redemption import RedemptionCommon


@tagged("post_install", "-at_install")
class TestParts(RedemptionCommon):
    """Three mugs at 20 points; 100 points to spend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="earn/parts")
        cls.mug.write({"points": 20, "is_limited": True, "stock": 10})
        cls.request = cls._ask(cls, quantity=3)

    def _pieces(self):
        """Return (given, returned, waiting) pieces and the state."""
        self.request.invalidate_recordset()
        return (
            self.request.quantity_given,
            self.request.quantity_returned,
            self.request.quantity_waiting,
            self.request.state,
        )

    def test_what_is_given_is_spent_and_the_rest_waits(self):
        self.request._give(1, self.officer)
        self.assertEqual(self._pieces(), (1, 0, 2, "requested"))
        self.assertEqual(self._figures(), (40, 80, 40, 0))
        self.request._give(2, self.officer)
        self.assertEqual(self._pieces(), (3, 0, 0, "fulfilled"))
        self.assertEqual(self._figures(), (40, 40, 0, 0))
        self.assertEqual([e.points for e in self._entries("redeem")], [-20, -40])

    def test_fulfilling_spends_what_still_waits(self):
        self.request._give(2, self.officer)
        self.request.with_user(self.officer).action_fulfil()
        self.assertEqual(self._pieces(), (3, 0, 0, "fulfilled"))
        self.assertEqual([e.points for e in self._entries("redeem")], [-40, -20])

    def test_the_rest_is_refused_and_what_was_given_stays(self):
        self.request._give(2, self.officer)
        self.request._refuse(self.officer, "The third one broke")
        self.assertEqual(self._pieces(), (2, 0, 0, "fulfilled"))
        self.assertEqual(self._figures(), (60, 60, 0, 0))
        self.assertEqual(self.mug.stock_taken, 2)
        self.assertEqual(self.request.entry_id, self._entries("redeem"))
        message = self.env["b2b2c.notification"].search([("kind", "=", "refused")])
        self.assertEqual(message.points, 20)

    def test_the_rest_is_called_off(self):
        self.request._give(1, self.officer)
        self.request._cancel(self.env.user)
        self.assertEqual(self._pieces(), (1, 0, 0, "fulfilled"))
        self.assertEqual(self._figures(), (80, 80, 0, 0))

    def test_no_more_than_was_requested(self):
        for quantity in (0, -1, 4):
            with self.subTest(quantity), self.assertRaises(UserError):
                self.request._give(quantity, self.officer)
        self.request._refuse(self.officer, "None left")
        with self.assertRaises(UserError):
            self.request._give(1, self.officer)
        self.assertEqual(self._figures(), (100, 100, 0, 0))

    def test_pieces_come_back_one_by_one(self):
        self.request._fulfil(self.officer)
        self.request._return(self.officer, "Broken", quantity=1)
        self.assertEqual(self._pieces(), (3, 1, 0, "fulfilled"))
        self.assertEqual(self._figures(), (60, 60, 0, 0))
        self.request._return(self.officer, "Broken", quantity=2)
        self.assertEqual(self._pieces(), (3, 3, 0, "returned"))
        self.assertEqual(self._figures(), (100, 100, 0, 0))
        self.assertEqual(self.mug.stock_taken, 0)
        told = self.env["b2b2c.notification"].search([("kind", "=", "returned")])
        self.assertEqual(sorted(told.mapped("points")), [20, 40])

    def test_points_of_several_parts_come_back(self):
        self.request._give(1, self.officer)
        self.request._fulfil(self.officer)  # 20, then 40
        self.request._return(self.officer, "All broken")
        self.assertEqual(self._figures(), (100, 100, 0, 0))
        back = self._entries("reverse")
        self.assertEqual(back.mapped("points"), [40, 20])
        self.assertEqual(back.reversal_of_id, self._entries("redeem"))

    def test_what_was_given_comes_back_while_the_rest_waits(self):
        self.request._give(2, self.officer)
        self.request._return(self.officer, "Broken", quantity=2)
        self.assertEqual(self._pieces(), (2, 2, 1, "requested"))
        self.assertEqual(self._figures(), (80, 100, 20, 0))
        self.request._refuse(self.officer, "We sell no mugs any more")
        self.assertEqual(self._pieces(), (2, 2, 0, "refused"))
        self.assertEqual(self._figures(), (100, 100, 0, 0))

    def test_no_more_comes_back_than_was_given(self):
        self.request._give(2, self.officer)
        for quantity in (0, 3):
            with self.subTest(quantity), self.assertRaises(UserError):
                self.request._return(self.officer, "Broken", quantity=quantity)
        self.request._fulfil(self.officer)
        self.request._return(self.officer, "Broken")
        self.request._return(self.officer, "A double click")
        self.assertEqual(self._figures(), (100, 100, 0, 0))
