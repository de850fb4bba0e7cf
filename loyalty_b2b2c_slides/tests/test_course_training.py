"""A course pays who passed its certifications; lessons done prove nothing."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c_survey.tests.survey_common import SurveyTrainingCommon


@tagged("post_install", "-at_install")
class TestCourseTraining(SurveyTrainingCommon):
    """A course of two lessons and two certifications."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_survey("Safety")
        cls.course = cls.env["slide.channel"].create(
            {
                "name": "All About Paper",
                "is_published": True,
                "enroll": "public",
                "visibility": "public",
                "slide_ids": [
                    Command.create(
                        {
                            "name": f"Lesson {number}",
                            "slide_category": "article",
                            "is_published": True,
                        }
                    )
                    for number in (1, 2)
                ]
                + [
                    Command.create(
                        {
                            "name": survey.title,
                            "slide_category": "certification",
                            "survey_id": survey.id,
                            "is_published": True,
                        }
                    )
                    for survey in (cls.survey, cls.second)
                ],
            }
        )
        cls.lessons = cls.course.slide_ids.filtered(
            lambda one: one.slide_category == "article"
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _start(self, **values):
        return self._create_training(
            training_way="course", course_id=self.course.id, **values
        )

    def _join(self, member):
        self.course._action_add_members(member.partner_id)

    def _get_status(self, member):
        return self.course.channel_partner_all_ids.filtered(
            lambda one: one.partner_id == member.partner_id
        ).member_status

    def test_both_certifications_prove_it(self):
        training = self._start()
        self._join(self.anna)
        self._answer(self.anna, 2)
        self.assertFalse(self._get_proofs(training))
        self._answer(self.anna, 1, self.second)
        self.assertEqual(self._get_proofs(training), [(self.anna, "passed", 50)])
        self._answer(self.anna, 2, self.second)
        self.assertEqual(self._get_points(self.anna), 50)

    def test_who_did_not_join_passed_no_course(self):
        training = self._start()
        self._answer(self.anna, 2)
        self._answer(self.anna, 2, self.second)
        self.assertFalse(self._get_proofs(training))

    def test_lessons_that_go_away_pay_nobody(self):
        """Odoo finishes the course for everybody who had done the rest."""
        training = self._start()
        for member in self.sellers:
            self._join(member)
        done = self.env["slide.slide.partner"].create(
            [
                {
                    "slide_id": self.lessons[0].id,
                    "channel_id": self.course.id,
                    "partner_id": member.partner_id.id,
                    "completed": True,
                }
                for member in self.sellers
            ]
        )
        self.assertEqual(len(done), 3)
        others = self.course.slide_ids - self.lessons[0]
        others[0].unlink()
        others[1:].write({"is_published": False})
        self._judge()
        self.assertEqual(
            {self._get_status(member) for member in self.sellers}, {"completed"}
        )
        self.assertFalse(self._get_proofs(training))
        self.assertTrue(training.training_changed)

    def test_a_certification_passed_by_nobody_is_none(self):
        """With 0 % to reach Odoo says passed before the first answer."""
        training = self._start()
        self._join(self.anna)
        (self.survey | self.second).scoring_success_min = 0
        for lesson in self.course.slide_ids - self.lessons:
            membership = self.env["slide.slide.partner"].create(
                {
                    "slide_id": lesson.id,
                    "channel_id": self.course.id,
                    "partner_id": self.anna.partner_id.id,
                }
            )
            lesson.survey_id._create_answer(
                partner=self.anna.partner_id,
                check_attempts=False,
                slide_id=lesson.id,
                slide_partner_id=membership.id,
            )
        membership._recompute_completion()
        joined = self.course.channel_partner_all_ids.filtered(
            lambda one: one.partner_id == self.anna.partner_id
        )
        self.assertTrue(joined.survey_certification_success)
        self._judge()
        self.assertFalse(self._get_proofs(training))

    def test_a_new_version_is_passed_anew_in_all_its_parts(self):
        training = self._start()
        self._join(self.anna)
        self._answer(self.anna, 2)
        self._answer(self.anna, 2, self.second)
        self.assertEqual(self._get_points(self.anna), 80)
        self.env.cr.execute(
            "UPDATE b2b2c_training_attempt SET passed_at = passed_at - interval '1 day'"
        )
        self.env.invalidate_all()
        training.action_new_version()
        self._answer(self.anna, 2)
        self.assertEqual(self._get_points(self.anna), 80)
        self._answer(self.anna, 2, self.second)
        self.assertEqual(self._get_points(self.anna), 160)

    def test_one_of_its_parts_is_undone(self):
        training = self._start()
        self._join(self.anna)
        first = self._answer(self.anna, 2)
        self._answer(self.anna, 2, self.second)
        self.assertEqual(self._get_points(self.anna), 80)
        first.unlink()
        self._judge()
        self.assertEqual(self._get_proofs(training), [(self.anna, "withdrawn", 100)])
        self._answer(self.anna, 1)
        self.assertEqual(self._get_points(self.anna), 50)

    def test_a_changed_certification_waits(self):
        training = self._start()
        self._join(self.anna)
        self.second.question_ids[0].title = "Easier"
        self._answer(self.anna, 2, self.second)
        self._answer(self.anna, 2)  # this one is as it was
        [proof] = training.proof_ids
        self.assertEqual((proof.state, proof.hold), ("held", "changed"))

    def test_what_proves_nothing_is_not_started(self):
        certifications = self.course.slide_ids - self.lessons
        for words, change in (
            ("not published: nobody can join", lambda: self.course.write(
                {"is_published": False}
            )),
            ("is not published: nobody can pass", lambda: certifications[0].write(
                {"is_published": False}
            )),
            ("before the first answer", lambda: self.second.write(
                {"scoring_success_min": 0}
            )),
            ("has no certification", lambda: certifications.unlink()),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                change()
                self._start()

    def test_the_gallery_asks_which_course(self):
        dialog = self.env["b2b2c.challenge.begin"].create(
            {"template": "course", "program_id": self.program.id, "points": 70}
        )
        with self.assertRaisesRegex(UserError, "Choose the course"):
            dialog.action_begin()
        dialog.course_id = self.course
        draft = self.env["b2b2c.challenge"].browse(dialog.action_begin()["res_id"])
        self.assertEqual(
            (draft.training_way, draft.course_id, draft.prize_ids.points),
            ("course", self.course, 70),
        )
