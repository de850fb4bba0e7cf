"""Figures of the dashboards: the same folded or not, and always the ledger's."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import LoyaltyCommon

FIGURES = (
    "issued",
    "pending",
    "reversed",
    "spent",
    "expired",
    "adjusted",
    "moved",
    "outstanding",
    "reserved",
)


@tagged("post_install", "-at_install")
class TestFigures(LoyaltyCommon):
    """5 % of an order of 1,000.00 is 50 points; a point is worth 0.10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.b2b2c_timezone = "UTC"
        cls.unit.point_value = 0.1
        cls.program = cls._create_program()
        cls.ranges = cls.env["b2b2c.stat.range"]

    def tearDown(self):
        self.assertBooksRight()
        self.ranges._fold()
        self.assertBooksRight()
        super().tearDown()

    def _figures(self, model="b2b2c.report.day", **terms):
        """Return the figures of this program, without zeros."""
        terms = terms or {"program_id": self.program.id}
        domain = [(name, "=", value) for name, value in terms.items()]
        self.env.invalidate_all()
        totals = self.env[model]._get_totals(domain, "unit_id").get(self.unit.id, {})
        return {name: totals[name] for name in FIGURES if totals.get(name)}

    def assertFigures(self, **expected):
        """Compare before and after folding, in both grains."""
        for _ in range(2):
            for model in ("b2b2c.report.day", "b2b2c.report.member"):
                with self.subTest(model=model):
                    self.assertEqual(self._figures(model), expected)
            self.ranges._fold()

    def _earn(self, **order):
        order = self._create_order(**order)
        self._process()
        return order

    def test_earned(self):
        self._earn()
        self.assertFigures(issued=50, outstanding=50)

    def test_pending_counts_apart(self):
        self.program.rule_ids.hold = "until_paid"
        self._earn()
        self.assertFigures(pending=50)

    def test_spending_counts_for_the_program_it_came_from(self):
        self._earn()
        self._account()._redeem(20, source_key="r/1")
        self.assertFigures(issued=50, spent=20, outstanding=30)

    def test_reserved_is_owed_until_it_is_spent(self):
        self._earn()
        account = self._account()
        reservation = account._reserve(20, source_key="h/1")
        self.assertFigures(issued=50, reserved=20, outstanding=50)
        account._capture(reservation, 5)
        self.assertFigures(issued=50, spent=5, reserved=15, outstanding=45)
        account._release(reservation)
        self.assertFigures(issued=50, spent=5, outstanding=45)
        # nothing of it belongs to no program
        self.assertFalse(self._figures(program_id=False))

    def test_a_reservation_of_points_of_two_programs(self):
        """40 of the 50 of one program and 30 of the other: the older ones first."""
        self._earn()
        other = self._create_program({"name": "Other", "value": 3})
        self.program.action_close()
        self._earn()
        account = self._account()
        reservation = account._reserve(70, source_key="h/1")

        def reserved():
            return [
                (figures.get("reserved", 0), figures.get("spent", 0))
                for figures in (
                    self._figures(program_id=self.program.id),
                    self._figures(program_id=other.id),
                )
            ]

        self.assertEqual(reserved(), [(50, 0), (20, 0)])
        account._capture(reservation, 40)
        self.assertEqual(reserved(), [(10, 40), (20, 0)])
        account._capture(reservation, 15)
        self.assertEqual(reserved(), [(0, 50), (15, 5)])
        account._release(reservation)
        self.assertEqual(reserved(), [(0, 50), (0, 5)])
        self.ranges._fold()
        self.assertEqual(reserved(), [(0, 50), (0, 5)])

    def test_a_spending_that_is_undone(self):
        self._earn()
        account = self._account()
        entry = account._redeem(20, source_key="r/1")
        self.ranges._fold()
        account._reverse(entry, 8, reason="Test")
        self.assertFigures(issued=50, spent=12, outstanding=38)

    def test_expired_and_brought_back(self):
        self.program.rule_ids.write({"expiry": "months", "expiry_count": 1})
        order = self._earn()
        account = self._account()
        account._expire("2099-01-01 00:00:00")
        self.assertFigures(issued=50, expired=50)
        order._action_cancel()
        self._process()
        self.assertFigures(issued=50, reversed=50)

    def test_cancelled_order(self):
        order = self._earn()
        order._action_cancel()
        self._process()
        self.assertFigures(issued=50, reversed=50)

    def test_spent_and_cancelled_is_a_debt(self):
        order = self._earn()
        self._account()._redeem(50, source_key="r/1")
        order._action_cancel()
        self._process()
        self.assertFigures(issued=50, spent=50)
        self._account()._adjust(50, source_key="a/1", reason="Test")
        self._account()._fold()
        figures = self._figures(unit_id=self.unit.id)
        self.assertEqual(
            figures, {"issued": 50, "spent": 50, "adjusted": 50, "reversed": 50}
        )

    def test_sums_are_the_sum_of_their_parts(self):
        order = self._earn()
        account = self._account()
        account._adjust(7, source_key="a/1", reason="Test")
        account._adjust(-3, source_key="a/2", reason="Test")
        account._redeem(20, source_key="r/1")
        other = self._create_member(name="Petro", email="p@example.com")
        account._transfer(other._get_account(self.unit), 4, source_key="t/1")
        order.order_line.product_uom_qty = 4
        self._process()
        for _ in range(2):
            f = self.env["b2b2c.report.day"]._get_totals([], "unit_id")[self.unit.id]
            self.assertEqual(
                f["outstanding"],
                f["issued"] - f["reversed"] - f["spent"] - f["expired"]
                + f["adjusted"] + f["moved"],
            )  # fmt: skip
            self.assertEqual(f["outstanding"], 50 + 7 - 3 - 20 - 30)
            self.ranges._fold()

    # === MONEY === #

    def _money(self):
        self.env.invalidate_all()
        return tuple(
            round(self.program[name], 2) for name in ("liability", "cost_rate")
        )

    def test_liability_and_cost_per_sale(self):
        """50 points of 0.10 for a sale of 1,000.00: 5.00, half a percent."""
        self._earn()
        self.assertEqual(self._money(), (5, 0.5))
        self._account()._redeem(20, source_key="r/1")
        self.assertEqual(self._money(), (3, 0.5))

    def test_amount_follows_the_order(self):
        order = self._earn()
        self.ranges._fold()
        order.order_line.product_uom_qty = 20  # 2,000.00 and 100 points
        self._process()
        self.assertEqual(self._money(), (10, 0.5))
        order.order_line.product_uom_qty = 5
        self._process()
        self.ranges._fold()
        self.assertEqual(self._money(), (2.5, 0.5))
        order._action_cancel()
        self._process()
        self.assertEqual(self._money(), (0, 0))

    def test_a_shared_award_shares_its_sale(self):
        self._create_member(name="Petro", email="p@example.com")
        self.program.rule_ids.pick = "split"
        self._earn()
        self.assertEqual(self._money(), (5, 0.5))

    def test_a_sale_that_each_gets_in_full_counts_once(self):
        """Two get 50 points of 1,000.00: 10.00 of 1,000.00, one percent."""
        self._create_member(name="Petro", email="p@example.com")
        self.program.rule_ids.pick = "each"
        order = self._earn()
        for _ in range(2):
            self.assertEqual(self._rows(), [(50, 500), (50, 500)])
            self.assertEqual(self._money(), (10, 1))
            self.ranges._fold()
        order.order_line.product_uom_qty = 1  # 100.00 and 5 points each
        self._process()
        self.assertEqual(self._rows(), [(5, 50), (5, 50)])
        self.assertEqual(self._money(), (1, 1))
        order._action_cancel()
        self._process()
        self.assertEqual(self._money(), (0, 0))

    def test_a_sale_shared_by_percentages_counts_once(self):
        """60 and 40 % of 50 points for 1,000.00: 5.00 of 1,000.00, half a percent."""
        self._create_member(name="Petro", email="p@example.com", role="owner")
        self.program.rule_ids.share_ids = [
            Command.create({"role": "employee", "percent": 60}),
            Command.create({"role": "owner", "percent": 40}),
        ]
        order = self._earn()
        for _ in range(2):
            self.assertEqual(self._rows(), [(20, 400), (30, 600)])
            self.assertEqual(self._money(), (5, 0.5))
            self.ranges._fold()
        order.order_line.product_uom_qty = 1  # 100.00 and 5 points: 3 and 2
        self._process()
        self.assertEqual(self._rows(), [(2, 40), (3, 60)])
        self.assertEqual(self._money(), (0.5, 0.5))
        order._action_cancel()
        self._process()
        self.assertEqual(self._money(), (0, 0))

    def test_a_share_nobody_else_has_counts_the_whole_sale(self):
        """60 % of 50 points for 1,000.00, the rest is not given: 0.3 percent."""
        self.program.rule_ids.share_ids = [
            Command.create({"role": "employee", "percent": 60})
        ]
        self._earn()
        self.assertEqual(self._rows(), [(30, 1000)])
        self.assertEqual(self._money(), (3, 0.3))

    def _rows(self):
        """Return (points, sales amount) of each participant of the program."""
        self.env.invalidate_all()
        rows = self.env["b2b2c.report.member"]._read_group(
            [("program_id", "=", self.program.id)],
            ["account_id"],
            ["outstanding:sum", "amount:sum"],
        )
        return sorted((points, amount) for _account, points, amount in rows)

    def test_a_point_cannot_cost_less_than_nothing(self):
        with self.assertRaises(ValidationError):
            self.unit.point_value = -1

    # === DAYS === #

    def _days(self):
        rows = self.env["b2b2c.report.day"]._read_group(
            [("program_id", "=", self.program.id)], ["day:day"], ["issued:sum"]
        )
        return {str(day): issued for day, issued in rows}

    def test_days_are_the_company_s(self):
        self._earn(date_order="2024-03-01 22:30:00")
        entry = self._entries("earn")
        entry_day = str(entry.effective_at.date())
        self.assertEqual(self._days(), {entry_day: 50})
        self.ranges._fold()
        self.company.b2b2c_timezone = "Pacific/Kiritimati"  # UTC+14
        self.env.invalidate_all()
        moved = self._days()
        self.ranges._fold()
        self.assertEqual(self._days(), moved)

    # === PROOF === #

    def test_rebuild_is_equal(self):
        self._earn()
        self._account()._redeem(20, source_key="r/1")
        before = self._figures()
        self.ranges._fold()
        self.ranges._rebuild()
        self.assertEqual(self._figures(), before)

    def test_verify_notices_a_wrong_sum(self):
        self._earn()
        self.ranges._fold()
        self.env.cr.execute("UPDATE b2b2c_stat_day SET issued = issued + 1")
        self.assertTrue(self.ranges._verify())
        self.ranges._rebuild()
        self.assertFalse(self.ranges._verify())

    def test_folding_in_small_parts(self):
        for _ in range(5):
            self._earn()
        while self.ranges._fold(limit=2):
            self.assertEqual(self._figures(), {"issued": 250, "outstanding": 250})
        self.assertFalse(self.ranges._verify())

    def test_entries_behind_a_figure(self):
        self._earn()
        self.ranges._fold()
        row = self.env["b2b2c.report.day"].search(
            [("program_id", "=", self.program.id)]
        )
        domain = row.action_open_entries()["domain"]
        self.assertEqual(
            self.env["b2b2c.ledger.entry"].search(domain), self._entries("earn")
        )
