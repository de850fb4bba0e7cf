"""What people decide about a challenge: exclusion, recount, prizes taken by hand."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .challenge_common import ChallengeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestChallengeDecisions(ChallengeCommon):
    """100 and 60 points; Anna has 9, Bohdan 7, Clara 5."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.second = cls._create_user("second", "loyalty_b2b2c.group_officer")
        cls.manager = cls._create_user("manager", "loyalty_b2b2c.group_manager")
        cls.user = cls._create_user("user", "loyalty_b2b2c.group_user")
        cls.company.b2b2c_adjust_limit = 1000

    def setUp(self):
        super().setUp()
        board = self._score_board()
        self.board = board.__enter__()
        self.addCleanup(board.__exit__, None, None, None)
        self.contest = self._create_challenge({(1, 1): 100, (2, 2): 60})
        self.round = self.contest.round_ids
        for seller, score in zip(self.sellers, (9, 7, 5), strict=True):
            self.board.add(self.round, seller, score)

    def _go_to(self, *moments):
        for now in moments:
            with freeze_time(now):
                self._live()

    def _get_points(self):
        return [self._balances(seller)[0] for seller in self.sellers]

    def _exclude(self, member, user):
        self.env["b2b2c.challenge.disqualify"].with_user(user).create(
            {
                "round_id": self.round.id,
                "member_id": member.id,
                "reason": "Sales to oneself",
            }
        ).action_disqualify()

    # === EXCLUDING === #

    def test_excluded_while_it_runs(self):
        self._exclude(self.anna, self.officer)
        self._go_to("2026-04-03", "2026-04-06")
        self.assertEqual(self._get_points(), [0, 100, 60])
        entry = self.round._get_entry(self.anna)
        self.assertEqual((entry.state, entry.user_id), ("disqualified", self.officer))
        with self.assertRaisesRegex(UserError, "excluded already"):
            self._exclude(self.anna, self.officer)

    def test_excluded_while_it_is_provisional(self):
        self._go_to("2026-04-03")
        with freeze_time("2026-04-04"):
            self._exclude(self.anna, self.officer)
        self.assertEqual(self.round.result_ids.member_id, self.bohdan | self.clara)
        self._go_to("2026-04-06")
        self.assertEqual(self._get_points(), [0, 100, 60])
        self.assertBooksRight()

    def test_excluded_after_it_was_final(self):
        """The prize is taken back, nobody moves up."""
        self._go_to("2026-04-03", "2026-04-06")
        self._exclude(self.anna, self.officer)
        self.assertEqual(self._get_points(), [0, 60, 0])
        self.assertEqual(self._get_used_budget(), 60)
        messages = self.env["b2b2c.notification"].search(
            [("member_id", "=", self.anna.id), ("kind", "=", "challenge_lost")]
        )
        self.assertIn("Sales to oneself", messages.details["answer"])
        self.assertBooksRight()

    def test_limits_of_an_officer(self):
        """100 points are more than 99; a manager decides."""
        self.company.b2b2c_adjust_limit = 99
        self._go_to("2026-04-03", "2026-04-06")
        with self.assertRaisesRegex(UserError, "a loyalty manager has to decide"):
            with self.cr.savepoint():
                self._exclude(self.anna, self.officer)
        self.assertEqual(self._get_points(), [100, 60, 0])
        self._exclude(self.anna, self.manager)
        self.assertEqual(self._get_points(), [0, 60, 0])

    def test_who_competes_does_not_decide(self):
        """The officer sells in the other shop."""
        self._create_member(
            partner_id=self.officer.partner_id.id,
            role="salesperson",
            employer_id=self.other_shop.id,
        )
        with self.assertRaisesRegex(UserError, "You or your company take part in"):
            self._exclude(self.anna, self.officer)

    # === RECOUNT === #

    def _ask(self, user, **values):
        recounts = self.env["b2b2c.challenge.recount"].with_user(user)
        return recounts.create(
            {"round_id": self.round.id, "reason": "Goods came back", **values}
        )

    def test_recount_by_two_people(self):
        """Anna falls to the third place and gives 100 back; both are told."""
        self._go_to("2026-04-03", "2026-04-06")
        self.board.add(self.round, self.anna, -6)
        recount = self._ask(self.officer, moves_up=True, state="done")
        self.assertEqual(recount.state, "asked")
        self.assertEqual(
            recount.outlook.splitlines(),
            [
                "Bohdan: place 2 → 1, 7 units",
                "Clara: place 3 → 2, 5 units",
                "Anna: place 1 → 3, 3 units",
            ],
        )
        with self.assertRaisesRegex(UserError, "Another person approves"):
            recount.action_approve()
        self.assertEqual(self._get_points(), [100, 60, 0])
        recount.with_user(self.second).action_approve()
        self.assertEqual(self._get_points(), [0, 100, 60])
        self.assertEqual(self.round.state, "corrected")
        kinds = self.env["b2b2c.notification"].search(
            [("kind", "=like", "challenge_%")], order="id"
        )
        told = {(one.member_id.name, one.kind) for one in kinds}
        self.assertIn(("Anna", "challenge_lost"), told)
        self.assertIn(("Clara", "challenge_won"), told)
        with self.assertRaisesRegex(UserError, "decided already"):
            recount.with_user(self.second).action_refuse()
        self.assertBooksRight()

    def test_recount_refused(self):
        self._go_to("2026-04-03", "2026-04-06")
        self.board.add(self.round, self.anna, -6)
        recount = self._ask(self.officer)
        recount.with_user(self.second).action_refuse()
        self.assertEqual(self._get_points(), [100, 60, 0])
        self.assertEqual(recount.decided_by_id, self.second)

    def test_no_recount_before_it_is_final(self):
        with self.assertRaisesRegex(UserError, "Only the final result"):
            self._ask(self.officer)

    def test_who_may_ask(self):
        self._go_to("2026-04-03", "2026-04-06")
        with self.assertRaises(AccessError):
            self._ask(self.user)

    def test_the_result_is_proved(self):
        self._go_to("2026-04-03", "2026-04-06")
        params = self.round.action_prove_result()["params"]
        self.assertEqual(params["type"], "success")
        self.env.cr.execute(
            "UPDATE b2b2c_challenge_result SET rank = 3"
            " WHERE round_id = %s AND rank = 1",
            [self.round.id],
        )
        params = self.round.action_prove_result()["params"]
        self.assertEqual(params["type"], "danger")

    # === BY HAND === #

    def test_a_prize_reversed_by_hand(self):
        self._go_to("2026-04-03", "2026-04-06")
        award = self.round.award_ids.filtered(lambda one: one.member_id == self.anna)
        entry = award.entry_id
        entry.account_id._reverse(entry, 40, reason="A part of it")
        self.assertEqual(award.state, "given")
        entry.account_id._reverse(entry, reason="The rest")
        self.assertEqual((award.state, award.taken_reason), ("taken", "The rest"))
        self.assertFalse(award._take_back("Once more"))
        self.assertEqual(self._get_points(), [0, 60, 0])

    def test_cancelled_in_the_dialog(self):
        dialogs = self.env["b2b2c.challenge.cancel"]
        values = {"challenge_id": self.contest.id, "reason": "No goods"}
        with self.assertRaises(AccessError):
            dialogs.with_user(self.officer).create(values)
        dialogs.with_user(self.manager).create(values).action_cancel()
        self.assertEqual(self.contest.state, "cancelled")
        self.assertEqual(self.contest.cancel_reason, "No goods")
