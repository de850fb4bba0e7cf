"""What a challenge would have cost a year ago, and the templates one begins with."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_score_feed import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01 12:00:00")
class TestChallengeCosts(ScoreCommon):
    """Sold in 2025: in February 6 and 2, in March 12, 11 and 1, in April nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for month, seller, quantity in (
            (2, cls.anna, 6),
            (2, cls.bohdan, 2),
            (3, cls.anna, 12),
            (3, cls.bohdan, 11),
            (3, cls.clara, 1),
        ):
            at = datetime(2025, month, 10, 12)
            cls._sell(seller, quantity, at).date_order = at

    def _estimate(self, prizes, **values):
        """Return low, likely and high cost, and how many would have won."""
        values = {"moment": "confirmed", "recurrence": "month", **values}
        challenge = self._create_challenge(prizes, start=False, **values)
        challenge.action_estimate()
        return (
            challenge.estimated_low,
            challenge.estimated_cost,
            challenge.estimated_high,
            challenge.estimated_people,
        )

    def test_a_task(self):
        self.assertEqual(self._estimate({5: 10, 10: 50}), (0, 120, 120, 2))
        self.assertEqual(self._estimate({5: 10}, winners=1), (0, 10, 10, 1))
        self.assertFalse(self.env["b2b2c.challenge.score"].search([]))

    def test_who_is_no_seller_of_today_is_not_asked(self):
        shops = [Command.set(self.other_shop.ids)]
        self.assertEqual(self._estimate({1: 10}, shop_ids=shops), (0, 10, 10, 1))

    def test_a_contest(self):
        prizes = {(1, 1): 100, (2, 2): 50, (3, 3): 25}
        self.assertEqual(self._estimate(prizes), (0, 175, 175, 3))
        self.assertEqual(self._estimate(prizes, min_score=10), (0, 150, 150, 2))
        self.assertEqual(
            self._estimate(prizes, group_by="shop", shop_prize="each"),
            (0, 250, 250, 2),
        )  # both people of the first shop have 100, Clara 50

    def test_goods_of_an_order_and_of_its_invoice_count_once(self):
        order = self._sell(self.clara, 9, datetime(2025, 3, 12))
        order.date_order = datetime(2025, 3, 12)
        invoice = order._create_invoices()
        invoice.invoice_date = "2025-03-12"
        invoice.action_post()
        self.assertEqual(self._estimate({20: 10}), (0, 0, 0, 0))

    def test_only_drafts(self):
        challenge = self._start()
        with self.assertRaisesRegex(UserError, "drafts"):
            challenge.action_estimate()

    def test_what_is_reserved_and_given(self):
        with freeze_time("2026-03-10 12:00:00"):
            challenge = self._start({10: 50}, winners=2)
            self.assertEqual(challenge.greatest_cost, 100)
            self._sell(self.anna, 10)
            self._process()
        self.assertEqual(challenge.reserved_points, 100)
        self.assertEqual((challenge.given_points, challenge.winner_count), (50, 1))
        challenge.round_ids._fold()
        challenge.invalidate_recordset()
        self.assertEqual(challenge.takers_count, 1)

    # === TEMPLATES === #

    def test_each_template_makes_a_draft_that_can_be_started(self):
        templates = self.env["b2b2c.challenge"]._get_templates()
        self.assertLessEqual(
            {"week", "top", "shelf", "video", "presentation"}, {*templates}
        )
        for code in templates.keys() - {"course"}:  # of an add-on, which asks for more
            with self.subTest(code), self.env.cr.savepoint():
                dialog = self.env["b2b2c.challenge.begin"].create(
                    {"template": code, "program_id": self.program.id}
                )
                action = dialog.action_begin()
                challenge = self.env["b2b2c.challenge"].browse(action["res_id"])
                self.assertEqual(challenge.state, "draft")
                challenge.action_start()
                self.assertEqual(challenge.state, "running")

    def test_goal_and_prize_are_those_entered(self):
        dialog = self.env["b2b2c.challenge.begin"].create(
            {"template": "top", "program_id": self.program.id, "points": 90}
        )
        challenge = self.env["b2b2c.challenge"].browse(dialog.action_begin()["res_id"])
        self.assertEqual(
            [(one.place_from, one.points) for one in challenge.prize_ids],
            [(1, 90), (2, 60), (3, 30)],
        )
        dialog.points = 0
        with self.assertRaisesRegex(UserError, "above 0"):
            dialog.action_begin()

    def test_an_officer_begins_none(self):
        officer = new_test_user(self.env, "desk", groups="loyalty_b2b2c.group_officer")
        with self.assertRaises(AccessError):
            self.env["b2b2c.challenge.begin"].with_user(officer).create(
                {"template": "week", "program_id": self.program.id}
            )
