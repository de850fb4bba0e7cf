"""A certification of Odoo Surveys pays who passed it, as it was when it was passed."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c_portal.tests.common import PASSWORD, PortalCommon

from .survey_common import SurveyTrainingCommon


@tagged("post_install", "-at_install")
class TestSurveyTraining(SurveyTrainingCommon):
    """Half of the questions is 50 points, all of them 80."""

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _start(self, **values):
        return self._create_training(
            training_way="survey", survey_id=self.survey.id, **values
        )

    def test_the_gallery_shows_it_to_who_can_choose(self):
        groups = ("loyalty_b2b2c.group_manager",)
        for login, more, shown in (
            ("plain", (), False),
            ("more", ("survey.group_survey_user",), True),
        ):
            manager = self._create_user(f"gallery.{login}", *groups, *more)
            gallery = self.env["b2b2c.mechanic"].with_user(manager)
            codes = [
                row["code"]
                for part in gallery.get_gallery()
                for row in part["mechanics"]
            ]
            self.assertEqual("challenge_certification" in codes, shown, login)

    def test_the_gallery_asks_which_certification(self):
        dialog = self.env["b2b2c.challenge.begin"].create(
            {"template": "certification", "program_id": self.program.id, "points": 70}
        )
        with self.assertRaisesRegex(UserError, "Choose the certification"):
            dialog.action_begin()
        dialog.survey_id = self.survey
        draft = self.env["b2b2c.challenge"].browse(dialog.action_begin()["res_id"])
        self.assertEqual(
            (draft.training_way, draft.survey_id, draft.prize_ids.points),
            ("survey", self.survey, 70),
        )
        draft.action_start()
        self._answer(self.anna, 2)
        self.assertEqual(self._get_points(self.anna), 70)

    def test_who_passes_is_paid_once(self):
        training = self._start()
        self._answer(self.anna, 1)
        self._answer(self.anna, 2)
        self._answer(self.bohdan, 2)
        self._answer(self.clara, 0)
        self.assertEqual(
            self._get_proofs(training),
            [(self.anna, "passed", 50), (self.bohdan, "passed", 100)],
        )
        people = (self.anna, self.bohdan, self.clara)
        self.assertEqual([self._get_points(one) for one in people], [50, 80, 0])

    def test_trying_out_and_unfinished_answers_pay_nothing(self):
        training = self._start()
        self._answer(self.anna, 2, test_entry=True)
        started = self.survey._create_answer(partner=self.bohdan.partner_id)
        question = self.survey.question_ids[0]
        started._save_lines(question, str(question.suggested_answer_ids[0].id))
        # a survey officer writes that it is finished: it was not
        started.write({"state": "done"})
        self._judge()
        self.assertTrue(started.scoring_success)
        self.assertFalse(self._get_proofs(training))

    def test_a_question_edited_later_changes_no_score(self):
        training = self._start()
        failed = self._answer(self.anna, 0)
        passed = self._answer(self.bohdan, 1)
        wrong = self.survey.question_ids[0].suggested_answer_ids[1]
        wrong.write({"is_correct": True, "answer_score": 10})
        failed.user_input_line_ids.answer_score = 10
        self.assertTrue(failed.scoring_success)  # what Odoo says now
        self.env["b2b2c.training.attempt"].search([])._judge_again()
        self.assertEqual(self._get_proofs(training), [(self.bohdan, "passed", 50)])
        self.assertTrue(training.training_changed)
        self._answer(self.clara, 1)  # passes what was made easier
        held = training.proof_ids.filtered(lambda one: one.state == "held")
        self.assertEqual((held.member_id, held.hold), (self.clara, "changed"))
        passed.unlink()
        self._judge()
        self.assertEqual(self._get_points(self.bohdan), 0)

    def test_each_change_that_matters_is_noticed(self):
        training = self._start()
        question = self.survey.question_ids[0]
        for record, values in (
            (self.survey, {"scoring_success_min": 10}),
            (self.survey, {"users_login_required": False}),
            (question, {"title": "Another question"}),
            (question.suggested_answer_ids[1], {"answer_score": 5}),
            (question.suggested_answer_ids[0], {"value": "Maybe"}),
            (
                self.survey,
                {"question_and_page_ids": [Command.delete(question.id)]},
            ),
        ):
            self.survey.write({"users_login_required": True})
            training.action_accept_content()
            self.assertFalse(training.training_changed)
            record.write(values)
            training.invalidate_recordset(["training_changed"])
            self.assertTrue(training.training_changed, values)

    def test_answers_set_back_are_taken_back(self):
        training = self._start()
        answers = self._answer(self.anna, 1)
        self.assertEqual(self._get_points(self.anna), 50)
        answers.write({"state": "in_progress"})
        self._judge()
        self.assertEqual(self._get_points(self.anna), 0)
        question = self.survey.question_ids[1]
        answers._save_lines(question, str(question.suggested_answer_ids[0].id))
        answers._mark_done()
        self._judge()
        self.assertEqual(self._get_points(self.anna), 80)
        self.assertEqual(
            sorted(row[1:] for row in self._get_proofs(training)),
            [("passed", 100), ("withdrawn", 50)],
        )

    def test_questions_nobody_was_asked_do_not_count(self):
        """The score is read after the ones are dropped that a condition left out."""
        first, second = self.survey.question_ids
        second.triggering_answer_ids = first.suggested_answer_ids[1]
        training = self._start()
        answers = self.survey._create_answer(partner=self.anna.partner_id)
        answers._save_lines(first, str(first.suggested_answer_ids[0].id))
        self.assertEqual(answers.scoring_percentage, 50)  # of both, before the end
        answers._mark_done()
        self._judge()
        self.assertEqual(self._get_proofs(training), [(self.anna, "passed", 100)])

    def test_what_proves_nothing_is_not_started(self):
        for words, values in (
            ("before the first answer", {"scoring_success_min": 0}),
            ("Require Login", {"users_login_required": False}),
            ("archived", {"active": False}),
            ("right answers", {"scoring_type": "scoring_with_answers"}),
            ("no certification", {"certification": False}),
            ("nobody can pass", {"question_and_page_ids": [Command.clear()]}),
        ):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.survey.write(values)
                self._start()
        training = self._start()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.survey.unlink()
        self.assertIn("let people pass", training.training_advice)

    def test_a_fault_of_ours_stops_no_survey(self):
        self._start()
        attempts = self.env.registry["b2b2c.training.attempt"]
        with (
            patch.object(attempts, "_note", side_effect=KeyError("x")),
            mute_logger("odoo.addons.loyalty_b2b2c.models.base.harmless"),
        ):
            answers = self._answer(self.anna, 2)
        self.assertEqual(answers.state, "done")


@tagged("post_install", "-at_install")
class TestSurveyPage(PortalCommon, SurveyTrainingCommon, HttpCase):
    """Answered by HTTP, as a participant does."""

    def test_somebody_else_cannot_answer(self):
        training = self._create_training(
            training_way="survey",
            survey_id=self.survey.id,
            role_ids=[Command.clear()],
        )
        way = training._get_training_way()
        start = way._get_path(training, self.member)
        self.assertIn("/web/login", self._get(start, login=None).text)
        page = self._get(start)
        answers = self.survey.user_input_ids
        self.assertEqual(answers.partner_id, self.member.partner_id)
        self.assertIn(answers.access_token, page.url + page.text)
        values = {
            str(question.id): str(question.suggested_answer_ids[0].id)
            for question in self.survey.question_ids
        }
        submit = f"/survey/submit/{self.survey.access_token}/{answers.access_token}"
        begin = submit.replace("submit", "begin")
        self.authenticate("petro", PASSWORD)  # got the link from her
        answer = self.make_jsonrpc_request(begin, {})
        self.assertIn("error", str(answer))
        self.authenticate("olena", PASSWORD)
        self.make_jsonrpc_request(begin, {})
        self.make_jsonrpc_request(submit, values)
        self._judge()
        self.env.invalidate_all()
        self.assertEqual(self._get_proofs(training), [(self.member, "passed", 100)])
