"""How a contest ends: places, prizes, ties, shops, recounts."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .challenge_common import ChallengeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestContestEnd(ChallengeCommon):
    """100, 60 and 30 points for three places."""

    PRIZES = {(1, 1): 100, (2, 2): 60, (3, 3): 30}

    def setUp(self):
        super().setUp()
        board = self._score_board()
        self.board = board.__enter__()
        self.addCleanup(board.__exit__, None, None, None)

    def _score_all(self, round_, *scores):
        """Let Anna, Bohdan and Clara score, in this order, a minute apart."""
        for minute, (seller, score) in enumerate(
            zip(self.sellers, scores, strict=True)
        ):
            with freeze_time(f"2026-03-11 12:0{minute}:00"):
                self.board.add(round_, seller, score)

    def _go_to(self, now):
        with freeze_time(now):
            self._live()

    def _get_points(self):
        """Return what the three have and what waits for them."""
        return [self._balances(seller)[:2] for seller in self.sellers]

    def test_provisional_then_final(self):
        """Prizes wait until 6 April; 190 points were reserved and are given."""
        contest = self._create_challenge(self.PRIZES)
        round_ = contest.round_ids
        self.assertEqual(self._get_used_budget(), 190)
        self._score_all(round_, 5, 9, 7)
        self._go_to("2026-04-03")
        self.assertEqual(self._get_points(), [(0, 30), (0, 100), (0, 60)])
        self.assertFalse(round_.digest)
        self._go_to("2026-04-06")
        self.assertEqual(self._get_points(), [(30, 0), (100, 0), (60, 0)])
        self.assertRecordValues(
            round_.result_ids.sorted("place"),
            [
                {"rank": 1, "member_id": self.bohdan.id, "score": 9, "points": 100},
                {"rank": 2, "member_id": self.clara.id, "score": 7, "points": 60},
                {"rank": 3, "member_id": self.anna.id, "score": 5, "points": 30},
            ],
        )
        self.assertEqual(round_.digest, round_._get_digest())
        self.assertBooksRight()

    def test_returns_while_it_is_provisional(self):
        """Bohdan's goods come back on 4 April: the others move up."""
        contest = self._create_challenge(self.PRIZES)
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        with freeze_time("2026-04-04"):
            self.board.add(contest.round_ids, self.bohdan, -8)
            self._live()
        self.assertEqual(self._get_points(), [(0, 60), (0, 30), (0, 100)])
        self._go_to("2026-04-06")
        self.assertEqual(self._get_points(), [(60, 0), (30, 0), (100, 0)])
        self.assertBooksRight()

    def test_returns_after_it_is_final(self):
        """Nothing moves by itself."""
        contest = self._create_challenge(self.PRIZES)
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        with freeze_time("2026-04-10"):
            self.board.add(contest.round_ids, self.bohdan, -8)
            self._live()
        self.assertEqual(self._get_points(), [(30, 0), (100, 0), (60, 0)])
        self.assertEqual(contest.round_ids.digest, contest.round_ids._get_digest())

    def test_counted_anew(self):
        """Bohdan falls to the third place: he gives 70 back, nobody moves up."""
        contest = self._create_challenge(self.PRIZES)
        round_ = contest.round_ids
        self._score_all(round_, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        before = round_.digest
        self.board.add(round_, self.bohdan, -8)
        self.assertTrue(round_._recount(moves_up=False))
        self.assertEqual(self._get_points(), [(30, 0), (30, 0), (60, 0)])
        self.assertEqual((round_.state, round_.version), ("corrected", 1))
        self.assertNotEqual(round_.digest, before)
        old = round_.result_ids.filtered(lambda one: one.version == 0)
        self.assertEqual(old.sorted("place").mapped("score"), [9, 7, 5])
        own = [("round_id", "=", round_.id)]
        current = old.search([*own, ("is_current", "=", True)], order="place")
        self.assertEqual(current.mapped("score"), [7, 5, 1])
        self.assertEqual(old.search([*own, ("is_current", "=", False)]), old)
        self.assertEqual(self._get_used_budget(), 120)
        self.assertBooksRight()

    def test_counted_anew_and_moved_up(self):
        contest = self._create_challenge(self.PRIZES)
        round_ = contest.round_ids
        self._score_all(round_, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        self.board.add(round_, self.bohdan, -8)
        round_._recount(moves_up=True)
        self.assertEqual(self._get_points(), [(60, 0), (30, 0), (100, 0)])
        self.assertBooksRight()

    def test_less_than_the_least(self):
        """Nobody moves into the prize that stays over."""
        contest = self._create_challenge(self.PRIZES, min_score=6)
        self._score_all(contest.round_ids, 5, 9, 0)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        self.assertEqual(self._get_points(), [(0, 0), (100, 0), (0, 0)])
        results = contest.round_ids.result_ids.sorted("place")
        self.assertEqual(
            results.mapped("problem"), [False, "below_minimum", "no_score"]
        )
        self.assertEqual(self._get_used_budget(), 100)

    def test_equal_scores(self):
        """Anna was first; or both share 160, or both get 100."""
        for policy, points, cost in (
            ("earliest", [100, 60, 30], 190),
            ("share", [80, 80, 30], 190),
            ("all", [100, 100, 30], 300),
        ):
            contest = self._create_challenge(self.PRIZES, tie_policy=policy)
            self.assertEqual(contest.round_ids.reserved_points, cost)
            self._score_all(contest.round_ids, 9, 9, 7)
            self._go_to("2026-04-03")
            self._go_to("2026-04-06")
            results = contest.round_ids.result_ids.sorted("place")
            self.assertEqual(results.mapped("points"), points, policy)
            self.assertEqual(results.mapped("rank"), [1, 1, 3])

    def test_drawn(self):
        """The seed was there before; the draw is the same whenever it is counted."""
        contest = self._create_challenge(self.PRIZES, tie_policy="draw")
        round_ = contest.round_ids
        self.assertTrue(round_.seed)
        self._score_all(round_, 9, 9, 9)
        self._go_to("2026-04-03")
        first = [award.member_id for award in round_.award_ids.sorted("points")]
        self._go_to("2026-04-06")
        again = [award.member_id for award in round_.award_ids.sorted("points")]
        self.assertEqual(first, again)
        self.assertEqual(sorted(round_.award_ids.mapped("points")), [30, 60, 100])

    def test_suspended_left_and_excluded(self):
        """Who is suspended keeps the place, who left has none."""
        contest = self._create_challenge(self.PRIZES)
        self._score_all(contest.round_ids, 5, 9, 7)
        self.bohdan.action_suspend()
        self.clara.action_leave()
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        self.assertEqual(self._get_points(), [(60, 0), (0, 100), (0, 0)])
        self.bohdan.action_resume()
        self._go_to("2026-04-07")
        self.assertEqual(self._get_points(), [(60, 0), (100, 0), (0, 0)])

    def test_shops_compete(self):
        """North Shop has 5 + 9, South Shop 7; the prize is the owner's."""
        owner = self._create_seller("Olha", self.shop)
        owner.role = "owner"
        contest = self._create_challenge(self.PRIZES, group_by="shop")
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        self.assertEqual(self._balances(owner), (100, 0, 0))
        results = contest.round_ids.result_ids.sorted("place")
        self.assertEqual(results.employer_id, self.shop | self.other_shop)
        self.assertEqual(results.mapped("score"), [14, 7])
        self.assertEqual(results.mapped("problem"), [False, "no_owner"])

    def test_shops_that_become_one_keep_their_places(self):
        """14 and 7 pieces: the second shop becomes the first; the result is right."""
        contest = self._create_challenge(self.PRIZES, group_by="shop")
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        round_ = contest.round_ids
        before = round_.digest
        self._merge(self.other_shop, self.shop)
        results = round_.result_ids.sorted("place")
        self.assertEqual(results.employer_id, self.shop)
        self.assertEqual(results.mapped("score"), [14, 7])
        self.assertNotEqual(round_.digest, before)
        self.assertEqual(round_.digest, round_._get_digest())
        self.assertIn("South Shop", contest.message_ids[0].body)

    def test_a_merge_makes_no_wrong_result_right(self):
        contest = self._create_challenge(self.PRIZES, group_by="shop")
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        self.env.flush_all()
        self.cr.execute("UPDATE b2b2c_challenge_result SET score = score + 1")
        self.env.invalidate_all()
        self._merge(self.other_shop, self.shop)
        self.assertNotEqual(contest.round_ids.digest, contest.round_ids._get_digest())

    def test_a_shop_divides_its_prize(self):
        """101 points for two people: 51 and 50; or 101 for each."""
        for way, points in (("split", [(51, 0), (50, 0)]), ("each", [(101, 0)] * 2)):
            with self.subTest(way), self.cr.savepoint() as savepoint:
                contest = self._create_challenge(
                    {(1, 1): 101}, group_by="shop", shop_prize=way
                )
                self._score_all(contest.round_ids, 5, 9, 7)
                self._go_to("2026-04-03")
                self._go_to("2026-04-06")
                self.assertEqual(self._get_points()[:2], points)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_divisions(self):
        """Each shop has a winner; both prizes were reserved."""
        contest = self._create_challenge({(1, 1): 100}, division="shop")
        self.assertEqual(self._get_used_budget(), 200)
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        self.assertEqual(self._get_points(), [(0, 0), (100, 0), (100, 0)])

    def test_points_and_a_certificate(self):
        """A place may have two prizes, of two programs."""
        other = self._create_program(
            {"kind": "fixed", "value": 1, "amount_min": 1e9},
            unit_id=self.env["b2b2c.unit"]
            .create({"name": "Cups", "symbol": "cup", "kind": "internal"})
            .id,
        )
        contest = self._create_challenge({(1, 1): 100}, start=False)
        contest.prize_ids = [
            Command.create({"place_from": 1, "points": 1, "program_id": other.id})
        ]
        contest.action_start()
        self._score_all(contest.round_ids, 5, 9, 7)
        self._go_to("2026-04-03")
        self._go_to("2026-04-06")
        awards = contest.round_ids.award_ids.sorted("points")
        self.assertEqual(awards.member_id, self.bohdan)
        self.assertEqual(awards.mapped("points"), [1, 100])
