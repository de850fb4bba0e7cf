"""Scores are counted from documents: target minus counted, whatever happens to them."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.challenges.score_feed import ScoreFeed
from .challenge_common import ChallengeCommon


class ScoreCommon(ChallengeCommon):
    """Anna and Bohdan sell in one shop, Clara in another; orders name who sold."""

    @classmethod
    def _start(cls, prizes=None, **values):
        """Start a task that counts pieces of confirmed orders in March 2026."""
        values = {"moment": "confirmed", **values}
        return cls._create_challenge(prizes or {1000: 5}, **values)

    @classmethod
    def _sell(cls, seller, quantity=1, at=None, **values):
        """Let somebody sell pieces of 100.00; the order of the shop says who did."""
        with freeze_time(at or datetime.now()):
            return cls._create_order(
                quantity,
                partner_id=seller.employer_id.id,
                b2b2c_seller_id=seller.id,
                **values,
            )

    def _scores(self, challenge, *members):
        """Process the outbox; return the scores in the only round, in this order."""
        self._process()
        scores = {}
        for one in challenge.round_ids._get_scored():
            scores[one.member_id] = scores.get(one.member_id, 0) + one.score
        return [scores.get(member.id, 0) for member in members]

    def _rows(self, challenge):
        """Return the rows of a challenge, oldest first."""
        rows = self.env["b2b2c.challenge.score"].search(
            [("challenge_id", "=", challenge.id)], order="id"
        )
        return [(row.member_id, row.delta) for row in rows]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestScoreFeed(ScoreCommon):
    """What counts, for whom, and in which round."""

    def test_what_is_sold_counts_for_who_sold_it(self):
        challenge = self._start()
        self._sell(self.anna, 4)
        self._sell(self.anna, 2)
        self._sell(self.clara, 5)
        scores = self._scores(challenge, self.anna, self.bohdan, self.clara)
        self.assertEqual(scores, [6, 0, 5])

    def test_counts_what_each_metric_says(self):
        wanted = {"units": 6, "amount": 600, "sales": 2, "scans": 0}
        challenges = {one: self._start(metric=one) for one in wanted}
        self._sell(self.anna, 4)
        self._sell(self.anna, 2)
        for metric, score in wanted.items():
            self.assertEqual(self._scores(challenges[metric], self.anna), [score])

    def test_a_lowered_and_a_cancelled_order_take_their_part_back(self):
        challenge = self._start()
        order = self._sell(self.anna, 10)
        self.assertEqual(self._scores(challenge, self.anna), [10])
        order.order_line.product_uom_qty = 7
        self.assertEqual(self._scores(challenge, self.anna), [7])
        order._action_cancel()
        self.assertEqual(self._scores(challenge, self.anna), [0])
        rows = [(self.anna, 10), (self.anna, -3), (self.anna, -7)]
        self.assertEqual(self._rows(challenge), rows)

    def test_looking_again_changes_nothing(self):
        challenge = self._start()
        order = self._sell(self.anna, 10)
        self._process()
        for _time in range(3):
            self.env["b2b2c.event"]._record(order)
            self._process()
        self.assertEqual(self._rows(challenge), [(self.anna, 10)])

    def test_another_seller_of_an_order(self):
        challenge = self._start()
        order = self._sell(self.anna, 3)
        self._process()
        order.b2b2c_seller_id = self.bohdan
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._scores(challenge, self.anna, self.bohdan), [0, 3])

    def test_only_products_of_the_categories(self):
        toys = self.env["product.category"].create({"name": "Toys"})
        cars = self.env["product.category"].create(
            {"name": "Cars", "parent_id": toys.id}
        )
        car = self._create_product("Car", 20, categ_id=cars.id)
        challenge = self._start(category_ids=[Command.set(toys.ids)])
        self._sell(self.anna, 3)
        self._sell(self.anna, 2, product=car)
        self.assertEqual(self._scores(challenge, self.anna), [2])
        car.categ_id = self.product.categ_id
        self._sell(self.anna, 4, product=car)
        self.assertEqual(self._scores(challenge, self.anna), [2])

    def test_whom_the_challenge_is_for(self):
        challenge = self._start(shop_ids=[Command.set(self.shop.ids)])
        self._sell(self.anna, 1)
        self._sell(self.clara, 1)
        self.assertEqual(self._scores(challenge, self.anna, self.clara), [1, 0])

    def test_two_challenges_count_the_same_sale(self):
        one, other = self._start(), self._start(metric="amount")
        self._sell(self.anna, 2)
        self.assertEqual(self._scores(one, self.anna), [2])
        self.assertEqual(self._scores(other, self.anna), [200])

    # === WHEN === #

    def test_what_was_sold_before_the_start_of_the_challenge_counts(self):
        """It starts on the 10th and counts from the 1st, in Kyiv."""
        self.program.timezone = "Europe/Kyiv"
        self._sell(self.anna, 1, "2026-02-28 21:59:59")
        self._sell(self.anna, 2, "2026-02-28 22:00:00")
        self._process()
        challenge = self._start()
        self.assertEqual(self._scores(challenge, self.anna), [2])

    def test_the_last_instant_of_a_month_in_which_clocks_change(self):
        """Kyiv is three hours ahead at the end of March: the month ends at 21:00."""
        self.program.timezone = "Europe/Kyiv"
        challenge = self._start()
        self._sell(self.anna, 1, "2026-03-31 20:59:59")
        self._sell(self.anna, 2, "2026-03-31 21:00:00")
        with freeze_time("2026-04-01 10:00:00"):
            self.assertEqual(self._scores(challenge, self.anna), [1])

    def test_what_is_learned_after_the_grace_adds_nothing(self):
        """The month ends with 48 hours of grace."""
        challenge = self._start()
        with freeze_time("2026-04-02 23:59:00"):
            self._sell(self.anna, 1, "2026-03-31 12:00:00")
            self.assertEqual(self._scores(challenge, self.anna), [1])
        with freeze_time("2026-04-03 00:01:00"):
            late = self._sell(self.anna, 2, "2026-03-31 12:00:00")
            self.assertEqual(self._scores(challenge, self.anna), [1])
            self.assertEqual(late.date_order, datetime(2026, 3, 31, 12))

    def test_a_return_after_the_grace_lowers_and_can_be_undone(self):
        challenge = self._start()
        order = self._sell(self.anna, 10)
        self._process()
        with freeze_time("2026-04-04 10:00:00"):
            order.order_line.product_uom_qty = 6
            self.assertEqual(self._scores(challenge, self.anna), [6])
            order.order_line.product_uom_qty = 15
            self.assertEqual(self._scores(challenge, self.anna), [10])

    def test_what_waits_in_the_outbox_is_not_late(self):
        challenge = self._start()
        order = self._sell(self.anna, 3)
        self.env.cr.execute(
            "UPDATE b2b2c_event SET occurred_at = '2026-03-10 12:00:00'"
            " WHERE source_model = 'sale.order' AND source_id = %s",
            [order.id],
        )
        with freeze_time("2026-04-09 10:00:00"):
            self.assertEqual(self._scores(challenge, self.anna), [3])

    def test_nothing_changes_when_the_time_for_returns_is_over(self):
        challenge = self._start(clawback_days=10)
        order = self._sell(self.anna, 10)
        self._process()
        with freeze_time("2026-04-11 00:00:01"):
            order._action_cancel()
            self.assertEqual(self._scores(challenge, self.anna), [10])

    # === PEOPLE WHO GO ON === #

    def test_who_moves_to_another_shop_takes_the_score_along(self):
        """3 sold at the north shop, 2 at the south shop: each shop keeps its own."""
        challenge = self._start()
        self._sell(self.anna, 3)
        self._process()
        with freeze_time("2026-03-12 12:00:00"):
            moved = self.anna._move(self.other_shop)
            self._sell(moved, 2)
            self.assertEqual(self._scores(challenge, self.anna, moved), [0, 5])
        scored = challenge.round_ids._get_scored(moved)
        self.assertEqual(
            [(one.employer_id, one.score) for one in scored],
            [(self.shop.id, 3), (self.other_shop.id, 2)],
        )

    def test_shops_that_become_one_contact(self):
        """3 sold at the north shop, 2 at the south shop, which becomes the first."""
        people = self._start()
        shops = self._create_challenge(
            {(1, 1): 5}, group_by="shop", moment="confirmed", start=False
        )
        shops.shop_target_ids = [
            Command.create({"employer_id": shop.id, "target": target})
            for shop, target in ((self.shop, 30), (self.other_shop, 20))
        ]
        shops.action_start()
        self._sell(self.anna, 3)
        self._sell(self.clara, 2)
        self._process()
        shops.round_ids._fold()
        self._merge(self.other_shop, self.shop)
        for challenge in people | shops:
            scored = challenge.round_ids._get_scored()
            self.assertEqual(
                sorted((one.member_id, one.employer_id, one.score) for one in scored),
                [(self.anna.id, self.shop.id, 3), (self.clara.id, self.shop.id, 2)],
            )
        self.assertEqual(shops.shop_target_ids.employer_id, self.shop)
        self.assertEqual(shops.shop_target_ids.target, 50)
        shops.round_ids._find_unfolded()._fold()
        standing = shops.round_ids.standing_ids
        self.assertEqual((standing.employer_id, standing.score), (self.shop, 5))
        self.assertEqual((people | shops).round_ids._prove(), [])

    def test_scores_are_not_handed_on(self):
        """A membership without points may be corrected, unless it has scored."""
        self.bohdan.employer_id = self.other_shop
        self._start()
        self._sell(self.anna, 3)
        self._process()
        with self.assertRaisesRegex(UserError, "belongs to this person"):
            self.anna.employer_id = self.other_shop

    def test_merged_people_are_one(self):
        double = self._create_seller("Hanna", self.shop)
        challenge = self._start()
        self._sell(self.anna, 3)
        order = self._sell(double, 2)
        self._process()
        self._merge(double.partner_id, self.anna.partner_id)
        self.assertEqual(self._scores(challenge, self.anna), [5])
        order._action_cancel()
        self.assertEqual(self._scores(challenge, self.anna), [3])

    def test_who_is_suspended_goes_on_scoring(self):
        challenge = self._start()
        self.anna.action_suspend()
        with freeze_time("2026-03-11 12:00:00"):
            self._sell(self.anna, 2)
            self.assertEqual(self._scores(challenge, self.anna), [2])

    def test_who_left_scores_no_more(self):
        challenge = self._start()
        self._sell(self.anna, 3)
        self._process()
        self.anna.action_leave()
        with freeze_time("2026-03-11 12:00:00"):
            self._sell(self.anna, 2)
            self.assertEqual(self._scores(challenge, self.anna), [3])

    # === THE BOOK === #

    def test_nobody_writes_scores(self):
        challenge = self._start()
        self._sell(self.anna, 3)
        self._process()
        row = self.env["b2b2c.challenge.score"].search(
            [("challenge_id", "=", challenge.id)]
        )
        with self.assertRaises(UserError):
            row.delta = 30

    def test_a_company_without_challenges_asks_nothing(self):
        self._sell(self.anna, 1)
        with self._watch_feed() as asked:
            self._process()
            self.assertEqual(asked.call_count, 0)
            challenge = self._start()
            self._sell(self.anna, 1)
            self._process()
            self.assertGreater(asked.call_count, 0)
            asked.reset_mock()
            challenge.state = "cancelled"
            self._sell(self.anna, 1)
            self._process()
            self.assertEqual(asked.call_count, 0)

    def test_the_documents_prove_the_scores(self):
        challenge = self._start()
        order = self._sell(self.anna, 10)
        self._sell(self.clara, 4)
        self._process()
        self.assertEqual(challenge.round_ids._prove(), [])
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_qty = 9 WHERE order_id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        [problem] = challenge.round_ids._prove()
        self.assertIn("1 scores are missing or wrong", problem)
        self.assertEqual(len(self._rows(challenge)), 2, "proving changes nothing")
        self.assertEqual(challenge.action_prove()["params"]["type"], "danger")

    def _watch_feed(self):
        """Return a context that counts how often documents are looked at."""
        return patch.object(ScoreFeed, "_feed", autospec=True, return_value=0)
