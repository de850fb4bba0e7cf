"""Better than one's own past, which begins before the challenge does."""

from freezegun import freeze_time

from odoo.tests import tagged

from .test_score_feed import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestPersonalBest(ScoreCommon):
    """March 2026 against the three months before, 10 % better; 5 pieces at least."""

    def _start(self, **values):
        values = {"best_rounds": 3, "best_percent": 10, "clawback_days": 30, **values}
        return super()._start({5: 50}, **values)

    def _sell_before(self, seller):
        """12, 9 and 9 pieces from December to February: 10 a month; the orders."""
        return [
            self._sell(seller, pieces, at=f"{month}-15 12:00:00")
            for month, pieces in (("2025-12", 12), ("2026-01", 9), ("2026-02", 9))
        ]

    def _get_points(self, *members):
        self._process()
        return [self._balances(member)[0] for member in members]

    def test_the_months_before_the_challenge_count(self):
        """Anna needs 11, Bohdan, who sold nothing, 5."""
        self._sell_before(self.anna)
        self._process()
        challenge = self._start()
        self._sell(self.anna, 10)
        self._sell(self.bohdan, 5)
        self.assertEqual(self._get_points(self.anna, self.bohdan), [0, 50])
        self._sell(self.anna, 1)
        self.assertEqual(self._get_points(self.anna), [50])
        before = challenge.round_ids.filtered(lambda one: one.state == "past")
        self.assertEqual(
            [str(day) for day in before.sorted("first_day").mapped("first_day")],
            ["2025-12-01", "2026-01-01", "2026-02-01"],
        )
        self.assertEqual(challenge.round_ids._prove(), [])
        self.assertEqual(self._get_used_budget(), 150, "three people, one round")

    def test_nobody_wins_twice_for_the_past(self):
        """Nothing is given for the months before, nor opened a second time."""
        self._sell_before(self.anna)
        challenge = self._start()
        self._process()
        self.assertFalse(challenge.round_ids.award_ids)
        self._live()
        self.assertEqual(len(challenge.round_ids), 4)

    def test_a_return_of_then_lowers_what_is_needed_now(self):
        """12, 9 and 0 are 7 a month: with 10 % more 7.7, so 8."""
        *_others, february = self._sell_before(self.anna)
        self._process()
        self._start()
        self._sell(self.anna, 8)
        self.assertEqual(self._get_points(self.anna), [0])
        february._action_cancel()
        self.assertEqual(self._get_points(self.anna), [50])

    def test_what_is_entered_later_asks_for_no_more(self):
        """An order of February that is typed in on 20 March changes nothing."""
        self._sell_before(self.anna)
        self._process()
        challenge = self._start()
        self._process()
        with freeze_time("2026-03-20 12:00:00"):
            late = self._sell(self.anna, 30)
            late.date_order = "2026-02-20 12:00:00"
            self._sell(self.anna, 11)
            self.assertEqual(self._get_points(self.anna), [50])
        told = self.env["b2b2c.notification"].search([("kind", "=", "challenge_late")])
        self.assertFalse(told.filtered(lambda one: one.res_id == challenge.id))

    def test_who_came_later_has_a_shorter_past(self):
        """Anna enrolled in February: her 9 of then, and 10 % more, are 10."""
        *_others, _february = self._sell_before(self.anna)
        self.anna.enrolled_at = "2026-02-01 00:00:00"
        self._start()
        self._sell(self.anna, 9)
        self.assertEqual(self._get_points(self.anna), [0])
        self._sell(self.anna, 1)
        self.assertEqual(self._get_points(self.anna), [50])

    def test_what_is_taken_on_is_compared_as_well(self):
        """Nobody could take it on in the months before: they count all the same."""
        self._sell_before(self.anna)
        challenge = self._start(is_opt_in=True)
        round_ = challenge.round_ids.filtered(lambda one: one.state == "running")
        round_._join(self.anna)
        self._sell(self.anna, 10)
        self.assertEqual(self._get_points(self.anna), [0])
        self._sell(self.anna, 1)
        self.assertEqual(self._get_points(self.anna), [50])

    def test_nobody_sees_them(self):
        self._sell_before(self.anna)
        challenge = self._start()
        self._process()
        for one in challenge.round_ids:
            is_seen = one.state == "running"
            self.assertEqual(one._is_open_to(self.anna), is_seen)
            self.assertEqual(one._has_trace_of(self.anna), False)
        going_on = self.env["b2b2c.challenge.round"]._find_going_on(self.anna)
        self.assertEqual(
            [one.first_day.month for one, _member in going_on], [3], "March alone"
        )
