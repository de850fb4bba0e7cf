"""Builders of certifications, for the tests of surveys and of courses."""

from odoo import Command

from odoo.addons.loyalty_b2b2c.tests.training.training_common import TrainingCommon


class SurveyTrainingCommon(TrainingCommon):
    """A certification of two questions, each worth 10; passed with 50 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls._create_survey("Product Expert")

    @classmethod
    def _create_survey(cls, title, **values):
        question = {
            "question_type": "simple_choice",
            "constr_mandatory": False,
            "suggested_answer_ids": [
                Command.create(
                    {"value": "Right", "is_correct": True, "answer_score": 10}
                ),
                Command.create({"value": "Wrong"}),
            ],
        }
        return cls.env["survey.survey"].create(
            {
                "title": title,
                "certification": True,
                "scoring_type": "scoring_without_answers",
                "scoring_success_min": 50,
                "users_login_required": True,
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    Command.create({**question, "title": f"Question {number}"})
                    for number in (1, 2)
                ],
                **values,
            }
        )

    def _answer(self, member, right, survey=None, judge=True, **values):
        """Finish a certification as a participant.

        :param int right: how many of the two questions are answered rightly
        """
        survey = survey or self.survey
        answers = survey._create_answer(
            partner=member.partner_id, check_attempts=False, **values
        )
        for number, question in enumerate(survey.question_ids):
            suggested = question.suggested_answer_ids
            chosen = suggested[0] if number < right else suggested[1]
            answers._save_lines(question, str(chosen.id))
        answers._mark_done()
        if judge:
            self._judge()
        return answers
