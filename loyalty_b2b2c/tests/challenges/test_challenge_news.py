"""What people hear of challenges: the start, nearly there, another place, the end."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_score_feed import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestChallengeNews(ScoreCommon):
    def _heard(self, member, kind):
        """Return the headlines a participant was told, the oldest first."""
        messages = self.env["b2b2c.notification"].search(
            [("member_id", "=", member.id), ("kind", "=", f"challenge_{kind}")],
            order="id",
        )
        return messages.mapped("headline")

    def test_the_start_is_told_to_those_it_is_for(self):
        self._start({10: 50}, name="Ten Boxes", shop_ids=self.shop.ids)
        told = [self._heard(one, "started") for one in self.sellers]
        self.assertEqual(told, [["New for you: “Ten Boxes”"]] * 2 + [[]])
        message = self.env["b2b2c.notification"].search(
            [("member_id", "=", self.anna.id)]
        )
        self.assertEqual(message.sentences[0], "To win: 50 pts.")

    def test_a_program_that_tells_nothing(self):
        self.program.notify = False
        self._start({10: 50})
        self._sell(self.anna, 8)
        self._process()
        self.assertFalse(self.env["b2b2c.notification"].search([]))

    def test_nearly_there_is_from_four_fifths_on(self):
        self._start({10: 50})
        self._sell(self.anna, 7)
        self._process()
        self.assertEqual(self._heard(self.anna, "near"), [])
        self._sell(self.anna, 1)
        self._process()
        self.assertEqual(self._heard(self.anna, "near"), ["2 units more for 50 pts"])
        self._sell(self.anna, 1)
        self._process()
        self.assertEqual(len(self._heard(self.anna, "near")), 1)
        self._sell(self.clara, 12)
        self._process()
        self.assertEqual(self._heard(self.clara, "near"), [], "there at once")

    def test_another_place_is_told_once_a_day(self):
        round_ = self._start({(1, 1): 100}, name="Cup").round_ids
        for day, seller, quantity in (
            (10, self.anna, 5),
            (10, self.bohdan, 3),
            (10, self.bohdan, 4),  # ahead
            (10, self.anna, 4),  # back in front, on the same day
            (11, self.bohdan, 9),
        ):
            with freeze_time(f"2026-03-{day} 15:00:00"):
                self._sell(seller, quantity, datetime(2026, 3, day, 14))
                self._process()
                round_._fold()
        self.assertEqual(
            self._heard(self.bohdan, "place"),
            ["“Cup”: up to place 1", "“Cup”: up to place 1"],
        )
        self.assertEqual(
            self._heard(self.anna, "place"),
            ["“Cup”: down to place 2", "“Cup”: down to place 2"],
        )
        self.assertEqual(self._heard(self.clara, "place"), [])

    def test_the_end_is_told_to_who_won_nothing(self):
        self._start({(1, 1): 100}, name="Cup", grace_hours=0, review_days=0)
        self._start({10: 50}, name="Ten Boxes", grace_hours=0, review_days=0)
        self._sell(self.anna, 12)
        self._sell(self.bohdan, 4)
        self._process()
        with freeze_time("2026-04-01 12:00:00"):
            self._live()
            self._live()
        self.assertEqual(self._heard(self.anna, "over"), [])
        self.assertEqual(len(self._heard(self.anna, "won")), 2)
        self.assertEqual(
            sorted(self._heard(self.bohdan, "over")),
            ["“Cup” is over", "“Ten Boxes” is over"],
        )
        self.assertEqual(self._heard(self.clara, "over"), [])

    def test_what_came_too_late_is_told_once(self):
        self._start({10: 50}, name="Ten Boxes", grace_hours=24)
        with freeze_time("2026-04-03 12:00:00"):
            order = self._sell(self.anna, 4)
            order.date_order = datetime(2026, 3, 31, 10)
            for _time in range(2):
                self.env["b2b2c.event"]._record(order)
                self._process()
        self.assertEqual(
            self._heard(self.anna, "late"),
            [f"{order.name} does not count in “Ten Boxes”"],
        )
