"""A training pays once per person, version and period; ``fake_exam.py`` adds exams."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import fakes
from .fake_exam import FAKES
from .training_common import TrainingCommon


@tagged("post_install", "-at_install")
class TestTraining(TrainingCommon):
    """Passing brings 50 points, from 95 % on 80."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, *FAKES)
        cls.exam = cls.env["b2b2c.fake.exam"].create({"name": "Ten questions"})
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.manager = cls._create_user("manager", "loyalty_b2b2c.group_manager")

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _create_exam(self, **values):
        return self._create_training(
            training_way="fake_exam", exam_id=self.exam.id, **values
        )

    def _write(self, member, score, judge=True):
        """Let a person write the exam; return the paper."""
        paper = self.env["b2b2c.fake.paper"]._hand_in(
            self.exam, member.partner_id, score
        )
        if judge:
            self._judge()
        return paper

    def _get_problem(self, paper):
        """Return why a paper paid nothing."""
        attempts = self.env["b2b2c.training.attempt"]
        return attempts.search(
            [("res_model", "=", paper._name), ("res_id", "=", paper.id)]
        ).problem

    # === WHAT IT PAYS === #

    def test_the_prize_is_that_of_the_highest_threshold(self):
        training = self._create_exam()
        self._write(self.anna, 70)
        self._write(self.bohdan, 95)
        failed = self._write(self.clara, 49)
        people = (self.anna, self.bohdan, self.clara)
        self.assertEqual([self._get_points(one) for one in people], [50, 80, 0])
        self.assertEqual(self._get_problem(failed), "failed")
        self.assertEqual(
            self._get_proofs(training),
            [(self.anna, "passed", 70), (self.bohdan, "passed", 95)],
        )

    def test_everybody_passes_once_with_the_best_score_at_most(self):
        training = self._create_exam()
        self.assertEqual(training._get_greatest_cost(3), {self.program: 240})
        places = {"is_opt_in": True, "places": 2, "last_day": fields.Date.today()}
        training = self._create_exam(**places)
        self.assertEqual(training._get_greatest_cost(3), {self.program: 160})

    def test_below_the_first_threshold_a_better_score_still_counts(self):
        training = self._create_exam(prizes={90: 50})
        low = self._write(self.anna, 85)
        self.assertEqual(self._get_problem(low), "low")
        self.assertEqual(self._get_proofs(training), [])
        self._write(self.anna, 91)
        self.assertEqual(self._get_points(self.anna), 50)

    def test_once_per_person_in_whichever_role(self):
        training = self._create_exam()
        second = self._create_member(
            partner_id=self.anna.partner_id.id,
            role="salesperson",
            employer_id=self.other_shop.id,
        )
        self._write(self.anna, 70)
        again = self._write(self.anna, 100)
        self.assertEqual(self._get_problem(again), "again")
        self.anna.action_leave()  # and now the other role is the first
        self._write(second, 100)
        self.assertEqual(self._get_proofs(training), [(self.anna, "passed", 70)])
        self.assertEqual(self._get_points(self.anna), 50)
        self.assertEqual(self._get_points(second), 0)

    def test_a_new_version_pays_again(self):
        training = self._create_exam()
        self._write(self.anna, 70)
        with self.assertRaises(AccessError):
            training.with_user(self.officer).action_new_version()
        training.with_user(self.manager).action_new_version()
        self._write(self.anna, 70)
        self._write(self.anna, 70)
        self.assertEqual(self._get_points(self.anna), 100)
        self.assertEqual(training.proof_ids.mapped("version"), [2, 1])

    def test_it_pays_again_when_it_lapsed(self):
        with freeze_time("2026-03-01 12:00:00"):
            self._create_exam(validity_months=12, training_repeat="lapsed")
            self._write(self.anna, 70)
        with freeze_time("2027-03-01 11:59:59"):
            self._write(self.anna, 70)
            self.assertEqual(self._get_points(self.anna), 50)
        with freeze_time("2027-03-01 12:00:00"):
            self._write(self.anna, 70)
            self._write(self.anna, 70)
            self.assertEqual(self._get_points(self.anna), 100)

    def test_a_year_is_one_of_the_program(self):
        self.program.timezone = "Europe/Kyiv"  # two hours ahead
        with freeze_time("2026-12-31 21:00:00"):
            self._create_exam(training_repeat="year")
            self._write(self.anna, 70)
            self._write(self.anna, 70)
        with freeze_time("2026-12-31 22:00:00"):
            self._write(self.anna, 70)
        self.assertEqual(self._get_points(self.anna), 100)

    # === WHOM IT IS FOR === #

    def test_who_is_not_meant_gets_nothing_and_the_reason_is_kept(self):
        training = self._create_exam()
        stranger = self.env["res.partner"].create({"name": "Nobody"})
        papers = self.env["b2b2c.fake.paper"]
        self.assertEqual(
            [
                self._get_problem(papers._hand_in(self.exam, person, 70))
                for person in (stranger, self.member.partner_id)
                for _judged in [None]
            ],
            [False, False],  # nobody judged yet
        )
        self._judge()
        attempts = self.env["b2b2c.training.attempt"].search([], limit=2, order="id")
        self.assertEqual(attempts.mapped("problem"), ["nobody", "not_for"])
        self.assertFalse(training.proof_ids)

    def test_before_the_start_and_after_the_end_nothing_counts(self):
        with freeze_time("2026-03-01 09:00:00"):
            self._create_exam(first_day="2026-03-02", last_day="2026-03-03")
            early = self._write(self.anna, 70)
        with freeze_time("2026-03-04 00:00:00"):
            late = self._write(self.anna, 70)
        self.assertEqual(self._get_problem(early), "outside")
        self.assertEqual(self._get_problem(late), "outside")
        with freeze_time("2026-03-03 23:59:59"):
            self._write(self.anna, 70)
        self.assertEqual(self._get_points(self.anna), 50)

    def test_what_was_passed_before_start_was_pressed_is_passed_again(self):
        """The first day is the 1st, *Start* was pressed on the 10th: who passed on the
        5th has nothing, passes again and is paid, once; so it is with a version."""
        with freeze_time("2026-03-05 12:00:00"):
            training = self._create_exam(start=False, first_day="2026-03-01")
            before = self._write(self.anna, 100)
        with freeze_time("2026-03-10 12:00:00"):
            training.action_start()
            self._judge()
        self.assertFalse(training.proof_ids)
        with freeze_time("2026-03-11 12:00:00"):
            self._write(self.anna, 70)
            self._write(self.anna, 100)
        self.assertEqual(self._get_proofs(training), [(self.anna, "passed", 70)])
        self.assertEqual(self._get_points(self.anna), 50)
        with freeze_time("2026-03-20 12:00:00"):
            training.action_new_version()
            attempts = self.env["b2b2c.training.attempt"].search([])
            attempts._judge_again()  # what was passed is of the version of then
        self.assertEqual(self._get_points(self.anna), 50)
        self.assertEqual(self._get_problem(before), "outside")

    def test_who_is_paused_waits(self):
        training = self._create_exam()
        self.anna.action_suspend()
        self._write(self.anna, 70)
        [proof] = training.proof_ids
        self.assertEqual((proof.state, proof.hold), ("held", "suspended"))
        self.assertEqual(self._get_points(self.anna), 0)

    # === WHAT AN OFFICER LOOKS AT === #

    def test_what_was_changed_since_the_start_waits(self):
        training = self._create_exam()
        self.exam.name = "Ten easy questions"
        self.assertTrue(training.training_changed)
        self._write(self.anna, 70)
        self._write(self.bohdan, 70)
        first, second = training.proof_ids.sorted("id")
        self.assertEqual(first.hold, "changed")
        self.assertEqual(training.held_count, 2)
        first.with_user(self.officer).action_accept()
        self._refuse(second, "Too easy")
        self.assertEqual(self._get_points(self.anna), 50)
        self.assertEqual(self._get_points(self.bohdan), 0)
        training.with_user(self.manager).action_accept_content()
        self._write(self.bohdan, 70)  # refused, so he may pass it as it is now
        self._write(self.anna, 70)
        self.assertEqual(self._get_points(self.bohdan), 50)
        self.assertEqual(self._get_points(self.anna), 50)

    def test_more_than_one_person_may_give_waits(self):
        training = self._create_exam(review_above=50)
        self._write(self.anna, 70)
        self._write(self.bohdan, 96)
        held = training.proof_ids.filtered(lambda one: one.state == "held")
        self.assertEqual((held.member_id, held.hold), (self.bohdan, "limit"))
        with self.assertRaises(UserError):
            held.with_user(
                self._create_user("clerk", "loyalty_b2b2c.group_user")
            ).action_accept()
        held.with_user(self.officer).action_accept()
        with self.assertRaisesRegex(UserError, "not waiting"):
            held.with_user(self.officer).action_accept()
        self.assertEqual(self._get_points(self.bohdan), 80)

    def test_what_no_budget_pays_is_given_when_it_does(self):
        self.program.budget_points = 210  # three people at 80 do not fit
        with self.assertRaisesRegex(UserError, "240"):
            self._create_exam(last_day=fields.Date.today() + timedelta(days=9))
        self.program.budget_points = 60
        training = self._create_exam()
        self._write(self.anna, 70)
        self._write(self.bohdan, 70)
        held = training.proof_ids.filtered(lambda one: one.state == "held")
        self.assertEqual(held.hold, "budget")
        self.program.budget_points = 100
        self.env["b2b2c.training.proof"]._give_unpaid()
        self.assertEqual(self._get_points(self.bohdan), 50)

    def _refuse(self, proof, reason):
        action = proof.with_user(self.officer).action_refuse()
        dialog = self.env[action["res_model"]].with_user(self.officer)
        dialog = dialog.with_context(**action["context"]).create({"reason": reason})
        dialog.action_refuse()

    # === WHAT IS UNDONE === #

    def test_the_score_is_that_of_the_moment(self):
        training = self._create_exam()
        paper = self._write(self.anna, 70)
        paper.score = 20
        self.env["b2b2c.training.attempt"].search([])._judge_again()
        self.assertEqual(self._get_proofs(training), [(self.anna, "passed", 70)])

    def test_what_is_deleted_is_taken_back_and_the_next_best_counts(self):
        training = self._create_exam()
        best = self._write(self.anna, 96)
        self._write(self.anna, 70)
        self.assertEqual(self._get_points(self.anna), 80)
        best.unlink()
        self._judge()
        self.assertEqual(self._get_points(self.anna), 50)
        self.assertEqual(
            sorted(self._get_proofs(training), key=lambda row: row[2]),
            [(self.anna, "passed", 70), (self.anna, "withdrawn", 96)],
        )

    def test_after_the_days_it_comes_back_a_prize_stays(self):
        with freeze_time("2026-03-01 12:00:00"):
            training = self._create_exam(clawback_days=30)
            paper = self._write(self.anna, 70)
        with freeze_time("2026-03-31 12:00:01"):
            paper.unlink()
            self._judge()
            self.assertEqual(self._get_points(self.anna), 50)
            with self.assertRaisesRegex(UserError, "come back any more"):
                self._refuse(training.proof_ids, "Cheated")

    def test_an_officer_takes_back_what_was_passed(self):
        training = self._create_exam()
        self._write(self.anna, 70)
        self._refuse(training.proof_ids, "Somebody else wrote it")
        self.assertEqual(training.proof_ids.state, "withdrawn")
        self.assertEqual(self._get_points(self.anna), 0)
        words = self._get_messages(self.anna, "training_withdrawn")
        self.assertIn("Somebody else wrote it", words)

    # === STARTING === #

    def test_what_proves_nothing_is_not_started(self):
        self.exam.is_published = False
        with self.assertRaisesRegex(UserError, "Publish the exam first"):
            self._create_exam()
        self.exam.is_published = True
        for problem, values in (
            ("pay each time", {"training_repeat": "each"}),
            ("lapses_sometime", {"training_repeat": "lapsed"}),
            ("training_has_a_way", {"training_way": False}),
        ):
            with (
                self.assertRaisesRegex(Exception, problem),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._create_training(
                    **{
                        "training_way": "fake_exam",
                        "exam_id": self.exam.id,
                        **values,
                    }
                )
        with self.assertRaisesRegex(UserError, "choose the last day"):
            self._create_exam(is_opt_in=True)
        with self.assertRaisesRegex(UserError, "has no places"):
            self._create_exam(
                prizes={},
                prize_ids=[
                    Command.create({"place_from": 1, "place_to": 1, "points": 5})
                ],
            )

    def test_what_was_started_stays(self):
        training = self._create_exam()
        for values in ({"training_way": "attendance"}, {"review_above": 9}):
            with self.assertRaisesRegex(UserError, "was started"):
                training.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            training.with_user(self.officer).write({"review_above": 9})

    # === MESSAGES === #

    def test_people_are_reminded_once_before_it_lapses(self):
        with freeze_time("2026-03-01 12:00:00"):
            self._create_exam(validity_months=12, training_repeat="lapsed")
            self._write(self.anna, 70)
            self.assertIn(
                "Mar 1, 2027", self._get_messages(self.anna, "training_passed")
            )
        proofs = self.env["b2b2c.training.proof"]
        with freeze_time("2027-01-30 11:59:59"):
            proofs._remind()
            self.assertFalse(self._get_messages(self.anna, "training_lapsing"))
        with freeze_time("2027-01-30 12:00:00"):
            proofs._remind()
            proofs._remind()
            self.assertEqual(
                self._get_messages(self.anna, "training_lapsing").count("lapses soon"),
                1,
            )

    def _get_messages(self, member, kind):
        """Return all that a participant was told of a kind, as one text."""
        messages = self.env["b2b2c.notification"].search(
            [("member_id", "=", member.id), ("kind", "=", kind)]
        )
        words = [
            [one._get_kind().headline(one), *one._get_kind().sentences(one)]
            for one in messages
        ]
        return " ".join(sum(words, []))

    # === PERSONAL DATA === #

    def test_a_training_belongs_to_a_copy_of_ones_data(self):
        self._create_exam()
        self._write(self.anna, 70)
        [row] = self.anna._get_personal_data()["trainings"]
        self.assertEqual((row["score"], row["state"]), (70, "passed"))


@tagged("post_install", "-at_install")
class TestTrainingKind(TrainingCommon):
    def test_a_training_without_what_it_needs_says_so(self):
        with self.assertRaisesRegex(UserError, "No presentation leads here"):
            self._create_training(training_way="attendance")
        with self.assertRaisesRegex(UserError, "Add a prize"):
            self._create_training(training_way="presentation", prizes={})
