"""How rounds go on, how people take part in them, and how a challenge ends."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .challenge_common import ChallengeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestChallengeRounds(ChallengeCommon):
    """March: counting until 2 April, provisional until 5 April, then final."""

    def test_states(self):
        challenge = self._create_challenge({10: 50})
        round_ = challenge.round_ids
        for now, state in (
            ("2026-03-31 23:59:59", "running"),
            ("2026-04-01 00:00:00", "counting"),
            ("2026-04-02 23:59:59", "counting"),
            ("2026-04-03 00:00:00", "provisional"),
            ("2026-04-05 23:59:59", "provisional"),
            ("2026-04-06 00:00:00", "final"),
        ):
            with freeze_time(now):
                self._live()
                self._live()
                self.assertEqual(round_.state, state, now)
        self.assertEqual(challenge.state, "closed")
        self.assertEqual(round_.closed_at, datetime(2026, 4, 6))

    def test_all_at_once(self):
        """A server that was off for a month does everything that was due."""
        challenge = self._create_challenge({10: 50})
        with freeze_time("2026-05-01"):
            self._live()
        self.assertEqual(challenge.round_ids.state, "final")
        self.assertEqual(challenge.state, "closed")

    def test_budget_comes_back(self):
        """Three people could have 50 each; one has it, 100 are free again."""
        challenge = self._create_challenge({10: 50})
        with self._score_board() as board:
            board.add(challenge.round_ids, self.anna, 10)
            self.assertEqual(self._get_used_budget(), 150)
            with freeze_time("2026-05-01"):
                self._live()
                self._live()
        self.assertEqual(challenge.round_ids.state, "final")
        self.assertEqual(self._get_used_budget(), 50)

    def test_the_next_round_without_a_budget(self):
        """The manager has a to-do; with a larger budget the round opens."""
        self.company.b2b2c_manager_id = self.env.user
        self.program.budget_points = 150
        challenge = self._create_challenge({10: 50}, recurrence="week", last_day=False)
        with freeze_time("2026-03-16"):
            self._live()
            self._live()
            self.assertEqual(len(challenge.round_ids), 1)
            self.assertEqual(len(challenge.activity_ids), 1)
            self.assertIn("can cost 150", challenge.activity_ids.note)
            self.program.budget_points = 300
            self._live()
        self.assertEqual(
            challenge.round_ids.mapped("first_day"),
            [date(2026, 3, 16), date(2026, 3, 9)],
        )

    # === TAKING PART === #

    def test_taken_on(self):
        challenge = self._create_challenge({10: 50}, is_opt_in=True, places=1)
        round_ = challenge.round_ids
        entry = round_._join(self.anna)
        self.assertEqual(round_._join(self.anna), entry)
        self.assertEqual(entry.deadline, round_.date_to)
        with self.assertRaisesRegex(UserError, "All 1 places are taken"):
            round_._join(self.bohdan)
        round_._leave(self.anna)
        self.assertEqual(entry.state, "left")
        self.assertTrue(round_._join(self.bohdan))
        self.assertEqual(round_.places_taken, 1)
        with self.assertRaisesRegex(UserError, "nothing to give up"):
            round_._leave(self.anna)

    def test_who_cannot_take_it_on(self):
        challenge = self._create_challenge({10: 50}, is_opt_in=True)
        round_ = challenge.round_ids
        with self.assertRaisesRegex(UserError, "not for you"):
            round_._join(self.member)
        self.anna.action_suspend()
        with self.assertRaisesRegex(UserError, "not for you"):
            round_._join(self.anna)
        with freeze_time("2026-04-01"), self.assertRaisesRegex(UserError, "is over"):
            round_._join(self.bohdan)
        automatic = self._create_challenge({10: 50})
        with self.assertRaisesRegex(UserError, "take part in .* already"):
            automatic.round_ids._join(self.bohdan)

    def test_own_deadline(self):
        """Seven days from the 10th end with the 16th; those of the 28th with March."""
        challenge = self._create_challenge({10: 50}, is_opt_in=True, deadline_days=7)
        round_ = challenge.round_ids
        self.assertEqual(round_._join(self.anna).deadline, datetime(2026, 3, 17))
        with freeze_time("2026-03-28"):
            self.assertEqual(round_._join(self.clara).deadline, round_.date_to)

    def test_name_not_shown(self):
        contest = self._create_challenge({(1, 1): 50})
        round_ = contest.round_ids
        round_._show_name(self.anna, False)
        self.assertTrue(round_._get_entry(self.anna).is_hidden)
        round_._show_name(self.anna, True)
        self.assertFalse(round_._get_entry(self.anna).is_hidden)
        with self.assertRaisesRegex(UserError, "not for you"):
            round_._show_name(self.member, False)

    # === ENDING === #

    def test_cancelled(self):
        """What was reached stays, what was reserved is free."""
        challenge = self._create_challenge({10: 50})
        with self._score_board() as board:
            board.add(challenge.round_ids, self.anna, 10)
            challenge._cancel("The goods are not there")
            board.add(challenge.round_ids, self.bohdan, 10)
        self.assertEqual(challenge.state, "cancelled")
        self.assertEqual(challenge.round_ids.state, "cancelled")
        self.assertEqual(self._balances(self.anna), (50, 0, 0))
        self.assertEqual(self._balances(self.bohdan), (0, 0, 0))
        self.assertEqual(self._get_used_budget(), 50)
        told = self.env["b2b2c.notification"].search(
            [("kind", "=", "challenge_cancelled")]
        )
        self.assertEqual(told.member_id, self.anna)
        self.assertEqual(told.details["answer"], "The goods are not there")
        with self.assertRaisesRegex(UserError, "nothing to cancel"):
            challenge._cancel("Again")

    def test_stopped(self):
        """The week goes on to its end, and no other follows."""
        challenge = self._create_challenge({10: 50}, recurrence="week", last_day=False)
        challenge.action_stop()
        self.assertEqual(challenge.last_day, date(2026, 3, 15))
        with freeze_time("2026-03-16"):
            self._live()
        self.assertEqual(len(challenge.round_ids), 1)

    def test_copied_to_the_next_month(self):
        challenge = self._create_challenge({(1, 3): 50})
        action = challenge.action_copy_on()
        copy = self.env["b2b2c.challenge"].browse(action["res_id"])
        self.assertEqual(copy.first_day, date(2026, 4, 1))
        self.assertEqual(copy.last_day, date(2026, 4, 30))
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.prize_ids.points, 50)
        self.assertFalse(copy.round_ids)
