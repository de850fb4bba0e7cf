"""Places read cheaply: folded from the scores, with what one person sees of them."""

from freezegun import freeze_time

from odoo.tests import tagged

from .test_score_feed import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestStandings(ScoreCommon):
    """Six people; Anna 9, Bohdan 7, Clara 7 (later), Dana 5, Emil 3, Fedir 1."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-10 11:00:00"):
            cls.contest = cls._start({(1, 1): 100, (2, 3): 50})
            cls.dana, cls.emil, cls.fedir = (
                cls._create_seller(name, cls.other_shop)
                for name in ("Dana", "Emil", "Fedir")
            )
        cls.round = cls.contest.round_ids

    def _sell_all(self):
        people = self.anna, self.bohdan, self.clara, self.dana, self.emil, self.fedir
        for number, (seller, quantity) in enumerate(
            zip(people, (9, 7, 7, 5, 3, 1), strict=True)
        ):
            with freeze_time(f"2026-03-10 11:{10 + number}:00"):
                self._sell(seller, quantity, f"2026-03-10 11:{10 + number}:00")
                self._process()

    def _fold(self):
        self.env["b2b2c.challenge.round"]._find_unfolded()._fold()

    def _places(self):
        """Return (name, place, in order, score) as it was folded."""
        return [
            (one.member_id.name, one.rank, one.place, one.score)
            for one in self.round.standing_ids.sorted("place")
        ]

    def test_equal_scores_share_a_place(self):
        self._sell_all()
        self._fold()
        self.assertEqual(
            self._places(),
            [
                ("Anna", 1, 1, 9), ("Bohdan", 2, 2, 7), ("Clara", 2, 3, 7),
                ("Dana", 4, 4, 5), ("Emil", 5, 5, 3), ("Fedir", 6, 6, 1),
            ],
        )  # fmt: skip

    def test_is_folded_when_something_has_changed(self):
        self._sell_all()
        self.assertEqual(self.env["b2b2c.challenge.round"]._find_unfolded(), self.round)
        self._fold()
        self.assertFalse(self.env["b2b2c.challenge.round"]._find_unfolded())
        self._sell(self.dana, 3)
        self._process()
        self._fold()
        self.assertEqual(self._places()[1], ("Dana", 2, 2, 8))
        dana = self.round.standing_ids.filtered(lambda one: one.member_id == self.dana)
        self.assertEqual((dana.rank, dana.rank_before), (2, 4))
        self.assertBooksRight()

    def test_a_standing_that_somebody_edited_is_found(self):
        self._sell_all()
        self._fold()
        self.env.cr.execute(
            "UPDATE b2b2c_challenge_standing SET score = 90 WHERE member_id = %s",
            [self.dana.id],
        )
        self.env.invalidate_all()
        [problem] = map(str, self.env["b2b2c.account"]._verify_all())
        self.assertIn("(4, 90.0) instead of (4, 5.0)", problem)

    def test_who_leaves_has_no_place(self):
        self._sell_all()
        self._fold()
        self.anna.action_leave()
        self.bohdan.action_suspend()
        self._fold()
        self.assertEqual(self._places()[0], ("Bohdan", 1, 1, 7))
        self.assertEqual(len(self._places()), 5)
        self.assertTrue(self.round.standing_ids.sorted("place")[0].is_held)

    def test_what_a_person_sees(self):
        """The first three, the own neighbours, and what the place above takes."""
        self._sell_all()
        self._fold()
        board = self.round._get_board(self.emil)
        self.assertEqual(board["top"].member_id, self.sellers)
        self.assertEqual(board["around"].member_id, self.dana | self.emil | self.fedir)
        self.assertEqual((board["next_rank"], board["missing"]), (4, 2))
        first = self.round._get_board(self.anna)
        self.assertEqual((first["own"].rank, first["next_rank"]), (1, None))
        self.assertFalse(first["around"])

    def test_the_own_score_is_that_of_this_moment(self):
        self._sell_all()
        self._fold()
        self._sell(self.emil, 2)
        self._process()
        self.assertEqual(self.round._get_scores(self.emil), {self.emil.id: 5})
        self.assertEqual(self.round._get_board(self.emil)["own"].score, 3)

    def test_what_counted_and_what_did_not(self):
        order = self._sell(self.anna, 2)
        self._sell(self.anna, 3)
        self._process()
        order._action_cancel()
        self._process()
        counted = self.round._get_counted_rows(self.anna)
        self.assertEqual([row["score"] for row in counted], [3])

    def test_shops_compete_with_what_was_sold_there(self):
        """North: Anna 9, Bohdan 7; Anna moves south and sells 2 there."""
        shops = self._start({(1, 1): 100}, group_by="shop")
        self._sell_all()
        with freeze_time("2026-03-12 12:00:00"):
            self._sell(self.anna._move(self.other_shop), 2, "2026-03-12 12:00:00")
            self._process()
        shops.round_ids._fold()
        standings = shops.round_ids.standing_ids.sorted("place")
        self.assertEqual(
            [(one.employer_id, one.score) for one in standings],
            [(self.other_shop, 18), (self.shop, 16)],
        )
        self.assertFalse(standings.member_id)
        board = shops.round_ids._get_board(shop=self.shop)
        self.assertEqual((board["next_rank"], board["missing"]), (1, 2))

    def test_shops_per_head(self):
        """North: 16 of two people; south: 16 of four, one of whom sold nothing."""
        shops = self._start({(1, 1): 100}, group_by="shop", shop_metric="per_head")
        self._sell_all()
        shops.round_ids._fold()
        standings = shops.round_ids.standing_ids.sorted("place")
        self.assertEqual(
            [(one.employer_id, one.score) for one in standings],
            [(self.shop, 8), (self.other_shop, 4)],
        )

    def test_one_person_is_no_team(self):
        least = {"group_by": "shop", "shop_metric": "per_head", "shop_min_size": 3}
        shops = self._start({(1, 1): 100}, **least)
        self._sell_all()
        shops.round_ids._fold()
        self.assertEqual(shops.round_ids.standing_ids.employer_id, self.other_shop)
