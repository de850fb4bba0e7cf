"""Thresholds: reached, lost again, once per round, for the first, in a row."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .challenge_common import ChallengeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestChallengeTasks(ChallengeCommon):
    """10 units are worth 50 points, 20 units 30 more."""

    def setUp(self):
        super().setUp()
        board = self._score_board()
        self.board = board.__enter__()
        self.addCleanup(board.__exit__, None, None, None)

    def test_step_by_step(self):
        challenge = self._create_challenge({10: 50, 20: 30})
        round_ = challenge.round_ids
        for units, points in ((9, 0), (1, 50), (9, 50), (1, 80), (20, 80)):
            self.board.add(round_, self.anna, units)
            self.assertEqual(self._balances(self.anna), (points, 0, 0))
        awards = round_.award_ids
        self.assertEqual(
            awards.sorted("id").mapped("reason"),
            ["March: 10 units reached", "March: 20 units reached"],
        )
        self.assertBooksRight()

    def test_two_steps_at_once(self):
        challenge = self._create_challenge({10: 50, 20: 30})
        self.board.add(challenge.round_ids, self.anna, 25)
        self.assertEqual(self._balances(self.anna), (80, 0, 0))

    def test_taken_back_and_reached_again(self):
        challenge = self._create_challenge({10: 50, 20: 30})
        round_ = challenge.round_ids
        for units, points in ((20, 80), (-1, 50), (-10, 0), (1, 50), (10, 80)):
            self.board.add(round_, self.anna, units)
            self.assertEqual(self._balances(self.anna), (points, 0, 0), units)
        self.assertBooksRight()

    def test_until_prizes_come_back(self):
        """30 days after March: 29 April takes the prize back, 30 April does not."""
        challenge = self._create_challenge({10: 50})
        round_ = challenge.round_ids
        self.board.add(round_, self.anna, 10)
        self.board.add(round_, self.bohdan, 10)
        with freeze_time("2026-04-07"):
            self._live()
            self._live()
        self.assertEqual(round_.state, "final")
        self.assertEqual(self._get_used_budget(), 100)
        with freeze_time("2026-04-30 23:59:59"):
            self.board.add(round_, self.anna, -1)
        with freeze_time("2026-05-01 00:00:00"):
            self.board.add(round_, self.bohdan, -1)
        self.assertEqual(self._balances(self.anna), (0, 0, 0))
        self.assertEqual(self._balances(self.bohdan), (50, 0, 0))

    def test_only_who_took_it_on(self):
        """Who takes it on later has what was reached before, and who left has not."""
        challenge = self._create_challenge({10: 50}, is_opt_in=True)
        round_ = challenge.round_ids
        self.board.add(round_, self.anna, 10)
        self.assertEqual(self._balances(self.anna), (0, 0, 0))
        round_._join(self.anna)
        self.assertEqual(self._balances(self.anna), (50, 0, 0))
        round_._join(self.bohdan)
        round_._leave(self.bohdan)
        self.board.add(round_, self.bohdan, 10)
        self.assertEqual(self._balances(self.bohdan), (0, 0, 0))

    def test_only_the_first(self):
        """Two prizes: the third gets one when the first one's sale is undone."""
        challenge = self._create_challenge({10: 50}, winners=2)
        round_ = challenge.round_ids
        self.assertEqual(self._get_used_budget(), 100)
        for seller in self.sellers:
            self.board.add(round_, seller, 10)
        for seller, points in zip(self.sellers, (50, 50, 0), strict=True):
            self.assertEqual(self._balances(seller), (points, 0, 0))
        self.board.add(round_, self.anna, -1)
        for seller, points in zip(self.sellers, (0, 50, 50), strict=True):
            self.assertEqual(self._balances(seller), (points, 0, 0))
        self.board.add(round_, self.anna, 5)
        self.assertEqual(self._balances(self.anna), (0, 0, 0))
        self.assertBooksRight()

    def test_moved_to_another_shop(self):
        """What was sold in both shops is one score, and the prize is given once."""
        challenge = self._create_challenge({10: 50, 20: 30})
        round_ = challenge.round_ids
        self.board.add(round_, self.anna, 10)
        moved = self.anna._move(self.other_shop)
        self.board.hand_over(self.anna, moved)
        self.board.add(round_, moved, 9)
        self.assertEqual(self._balances(moved), (50, 0, 0))  # the points came along
        self.board.add(round_, moved, 1)
        self.assertEqual(self._balances(moved), (80, 0, 0))
        self.board.add(round_, moved, -15)
        self.assertEqual(round_.award_ids.mapped("state"), ["taken", "taken"])
        # what was booked at the first shop is owed there
        self.assertEqual(self._balances(self.anna), (0, 0, 50))
        self.assertEqual(self._balances(moved), (50, 0, 0))
        self.assertBooksRight()

    def test_a_prize_that_no_budget_pays(self):
        """A second person comes when there is money for one; then it is raised."""
        self.company.b2b2c_manager_id = self.env.user
        self.program.budget_points = 50
        shop = self._create_shop("New Shop")
        first = self._create_seller("Dana", shop)
        challenge = self._create_challenge({10: 50}, shop_ids=[Command.set(shop.ids)])
        second = self._create_seller("Emil", shop)
        round_ = challenge.round_ids
        self.board.add(round_, first, 10)
        self.board.add(round_, second, 10)
        self.assertEqual(self._balances(second), (0, 0, 0))
        self.assertIn("used up", challenge.activity_ids.note)
        self._live()
        self.assertTrue(round_.is_unpaid)
        self.program.budget_points = 100
        self._live()
        self.assertEqual(self._balances(second), (50, 0, 0))
        self.assertFalse(round_.is_unpaid)

    def test_taken_on_before_moving(self):
        """Who took it on at the first shop takes part at the second."""
        challenge = self._create_challenge({10: 50}, is_opt_in=True)
        round_ = challenge.round_ids
        round_._join(self.anna)
        moved = self.anna._move(self.other_shop)
        self.board.add(round_, moved, 10)
        self.assertEqual(self._balances(moved), (50, 0, 0))

    def test_suspended(self):
        """The prize waits, and is there when the person may go on."""
        challenge = self._create_challenge({10: 50})
        self.anna.action_suspend()
        self.board.add(challenge.round_ids, self.anna, 10)
        self.assertEqual(self._balances(self.anna), (0, 50, 0))
        self._live()
        self.assertEqual(self._balances(self.anna), (0, 50, 0))
        self.anna.action_resume()
        self._live()
        self.assertEqual(self._balances(self.anna), (50, 0, 0))

    def test_each_round_by_itself(self):
        challenge = self._create_challenge({10: 50}, recurrence="week")
        self.board.add(challenge.round_ids, self.anna, 10)
        with freeze_time("2026-03-16"):
            self._live()
            week = challenge.round_ids.filtered(lambda one: one.state == "running")
            self.board.add(week, self.anna, 9)
            self.assertEqual(self._balances(self.anna), (50, 0, 0))
            self.board.add(week, self.anna, 1)
        self.assertEqual(self._balances(self.anna), (100, 0, 0))

    def _go_through_weeks(self, challenge, units):
        """Let Anna score in each week of March from the 9th on; return her points."""
        points = []
        for monday, sold in zip((9, 16, 23), units, strict=True):
            with freeze_time(f"2026-03-{monday:02} 12:00:00"):
                self._live()
                week = challenge.round_ids.sorted("first_day")[-1]
                self.board.add(week, self.anna, sold)
                points.append(self._balances(self.anna)[0])
        return points

    def test_weeks_in_a_row(self):
        """Ten units in two weeks, one after the other."""
        challenge = self._create_challenge({10: 50}, start=False, recurrence="week")
        challenge.prize_ids.streak = 2
        challenge.action_start()
        self.assertEqual(self._go_through_weeks(challenge, (10, 12, 15)), [0, 50, 50])

    def test_a_week_between(self):
        challenge = self._create_challenge({10: 50}, start=False, recurrence="week")
        challenge.prize_ids.streak = 2
        challenge.action_start()
        self.assertEqual(self._go_through_weeks(challenge, (10, 9, 10)), [0, 0, 0])

    def test_better_than_before(self):
        """10 % more than the average of the weeks before: 10, then 11, then 12.

        Anna enrolled on the first day of it: she has no past before.
        """
        self.anna.enrolled_at = "2026-03-09 00:00:00"
        challenge = self._create_challenge(
            {10: 50}, recurrence="week", best_rounds=3, best_percent=10
        )
        points = self._go_through_weeks(challenge, (10, 11, 11))
        self.assertEqual(points, [50, 100, 100])
