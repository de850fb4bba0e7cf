"""A ticket counts from the day its session was opened, whatever its date says."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import PosLoyaltyCommon


@tagged("post_install", "-at_install")
class TestPosDay(PosLoyaltyCommon):
    """A campaign of January gives 5 %; the till is opened in February."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program(
            {
                "trigger": "confirmed",
                "valid_from": "2026-01-01 00:00:00",
                "valid_until": "2026-02-01 00:00:00",
            }
        )
        cls.company.b2b2c_manager_id = cls._create_user(
            "dates",
            "base.group_user",
            "loyalty_b2b2c.group_manager",
            "point_of_sale.group_pos_manager",
        )
        cls.cashier = cls._create_user(
            "cashier", "base.group_user", "point_of_sale.group_pos_user"
        )
        cls.till.current_session_id.start_at = "2026-02-10 08:00:00"

    def _sell_on(self, at, user=None):
        """Sell 1000 at a till whose clock says ``at``."""
        ticket = self._create_ticket((self.product, 10, 100.0), date_order=at)
        ticket.add_payment(
            {
                "pos_order_id": ticket.id,
                "amount": ticket.amount_total,
                "payment_method_id": self.card.id,
            }
        )
        ticket.with_user(user or self.cashier).action_pos_order_paid()
        return ticket

    def _get_reports(self, ticket):
        return ticket.message_ids.filtered(
            lambda message: "before it was sold" in (message.body or "")
        )

    def test_a_clock_that_is_set_back(self):
        with freeze_time("2026-02-10 10:00:00"):
            ticket = self._sell_on("2026-01-15 10:00:00")
            self.assertEqual(self._balances(), (0, 0, 0))
            self.assertTrue(self._get_reports(ticket))
            self.assertEqual(
                self.env["b2b2c.source.pos.order"]._get_occurred_at(ticket),
                datetime(2026, 2, 10, 10),
            )

    def test_a_date_that_somebody_writes_afterwards(self):
        with freeze_time("2026-02-10 10:00:00"):
            ticket = self._sell_on("2026-02-10 09:00:00")
            self.assertFalse(self._get_reports(ticket))
            ticket.with_user(self.cashier).date_order = "2026-01-15 10:00:00"
            self.assertEqual(self._balances(), (0, 0, 0))
            self.assertTrue(self._get_reports(ticket))

    def test_without_a_connection_and_history(self):
        self.till.current_session_id.start_at = "2026-01-29 08:00:00"
        with freeze_time("2026-02-01 10:00:00"):  # a session of February would refuse
            ticket = self._sell_on("2026-01-30 10:00:00")
            self.assertEqual(self._balances(), (50, 0, 0))
            self.assertFalse(self._get_reports(ticket))
        self.till.current_session_id.start_at = "2026-02-10 08:00:00"
        with freeze_time("2026-02-10 10:00:00"):
            self._sell_on("2026-01-15 10:00:00", self.env.ref("base.user_root"))
            self.assertEqual(self._balances(), (100, 0, 0))
