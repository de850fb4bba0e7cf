"""Budgets on live data: what is left, who is alerted, and what happens when raised."""

from odoo import Command
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestBudget(LoyaltyCommon):
    """An order of 10 × 100.00 is worth 50 points, pending until it is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"hold": "until_paid"}, budget_points=120)
        cls.manager = cls._create_user("boss", "loyalty_b2b2c.group_manager")
        cls.company.b2b2c_manager_id = cls.manager

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _buy(self, number=1, paid=False):
        orders = self.env["sale.order"]
        for _number in range(number):
            orders += self._create_order()
        if paid:
            for order in orders:
                self._pay(self._invoice(order))
        self._process()
        return orders

    def _raise_budget(self, points):
        self.program.budget_points = points
        self.env.invalidate_all()

    def _alerts(self):
        """Run the alert and return the summaries of the manager's to-dos."""
        self.program._cron_alert_budgets()
        return self.program.activity_ids.sorted("id").mapped("summary")

    # === WHAT IS LEFT === #

    def test_spent_pending_and_left(self):
        self._buy(paid=True)
        self._buy()
        self.assertRecordValues(
            self.program,
            [
                {
                    "budget_issued": 50,
                    "budget_pending": 50,
                    "budget_left": 20,
                    "cut_count": 0,
                }
            ],
        )
        self.assertEqual(self.program.budget_share, 83.3)

    def test_search_nearly_used(self):
        nearly = [("budget_share", ">=", 80), ("id", "=", self.program.id)]
        self._buy()
        self.assertFalse(self.program.search(nearly))
        self._buy()
        self.assertEqual(self.program.search(nearly), self.program)

    def test_it_stops_gracefully_and_says_why(self):
        orders = self._buy(4)
        self.assertEqual(self._balances(), (0, 120, 0))
        self.assertFalse(self._events(orders, "failed"))
        third = self._entries("earn")[2]
        self.assertEqual(third.points_pending, 20)
        self.assertIn(
            "Reduced by the program budget of 120: 20 left, 50 deserved.",
            third.explanation_text,
        )

    # === ALERTS === #

    def test_alert_once_per_level(self):
        self._buy()
        self.assertEqual(self._alerts(), [])
        self._buy()  # 100 of 120
        for _repeat in range(2):
            self.assertEqual(self._alerts(), ["80 % of the budget is used"])
        self._buy()  # 120 of 120
        for _repeat in range(2):
            self.assertEqual(
                self._alerts(),
                ["80 % of the budget is used", "The budget is used up"],
            )
        self.assertEqual(self.program.activity_ids.user_id, self.manager)

    def test_alert_starts_when_a_level_is_passed(self):
        cron = self.env.ref("loyalty_b2b2c.cron_budget")
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", cron.id)]
        self._buy()
        self.assertEqual(triggers.search_count(domain), 0)
        self._buy()
        self.assertEqual(triggers.search_count(domain), 1)

    def test_a_return_and_a_new_sale_alert_no_second_time(self):
        order = self._buy(2)[1]
        self._alerts()
        order._action_cancel()
        self._process()
        self._buy()
        self.assertEqual(len(self._alerts()), 1)

    def test_a_raised_budget_alerts_anew(self):
        self._buy(2)
        self._alerts()
        self._raise_budget(1000)
        self.assertEqual(self.program.budget_alerted, 0)
        self._buy(14)  # 800 of 1,000
        self.assertEqual(len(self._alerts()), 2)

    # === DOCUMENTS THAT WERE CUT === #

    def test_cut_documents_get_the_rest_when_the_budget_is_raised(self):
        self._buy(5)  # 50, 50, 20, nothing, nothing
        self.assertRecordValues(self.program, [{"cut_count": 3, "cut_points": 130}])
        self._raise_budget(200)
        self.program.with_user(self.manager).action_recheck_cuts()
        self.assertEqual(self._balances(), (0, 200, 0))  # the earliest first: 30, 50
        self.env.invalidate_all()
        self.assertRecordValues(self.program, [{"cut_count": 1, "cut_points": 50}])

    def test_recheck_without_a_raise_changes_nothing(self):
        self._buy(3)
        self.program.action_recheck_cuts()
        self.assertEqual(self._balances(), (0, 120, 0))
        self.assertEqual(self.program.cut_count, 1)

    def test_points_that_become_free_reach_earlier_documents(self):
        orders = self._buy(3)
        orders[0]._action_cancel()
        self._process()
        self.assertEqual(self._balances(), (0, 70, 0))
        self.program.action_recheck_cuts()
        self.assertEqual(self._balances(), (0, 100, 0))
        self.env.invalidate_all()
        self.assertEqual(self.program.cut_count, 0)

    def test_cuts_by_a_limit_of_a_rule_count_too(self):
        self.program.write(
            {
                "budget_points": 0,
                "rule_ids": [
                    Command.update(self.program.rule_ids.id, {"cap_member": 70})
                ],
            }
        )
        self._buy(2)
        self.assertRecordValues(self.program, [{"cut_count": 1, "cut_points": 30}])
