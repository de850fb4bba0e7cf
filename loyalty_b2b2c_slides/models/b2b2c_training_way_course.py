from odoo import fields, models

from odoo.addons.loyalty_b2b2c.models.training.b2b2c_training_way import Judged


class B2b2cChallenge(models.Model):
    """A training may be a course of eLearning."""

    _inherit = "b2b2c.challenge"

    training_way = fields.Selection(
        selection_add=[("course", "A course is passed")],
        ondelete={"course": lambda challenges: challenges._end_training_way()},
    )
    course_id = fields.Many2one(
        "slide.channel",
        string="Course to Pass",
        index="btree_not_null",
        ondelete="restrict",
    )

    _course_is_chosen = models.Constraint(
        "CHECK (training_way <> 'course' OR kind <> 'training'"
        " OR course_id IS NOT NULL)",
        "Choose the course that has to be passed.",
    )

    def _get_training_settled(self):
        return super()._get_training_settled() | {"course_id"}


class B2b2cTrainingWayCourse(models.AbstractModel):
    """A course of eLearning, proved by its certifications: all of them.

    How much of a course somebody finished is no proof: lessons are ticked by whoever
    reads them, quizzes can be tried until they are right, and a lesson that its author
    deletes finishes the course for those who had not done it.
    """

    _name = "b2b2c.training.way.course"
    _description = "A Course Is Passed"
    _inherit = "b2b2c.training.way"

    _staff_groups = (
        "survey.group_survey_user",
        "website_slides.group_website_slides_officer",
    )

    def _get_certifications(self, challenge):
        """Return the lessons of a course that are certifications (sudo)."""
        lessons = challenge.sudo().course_id.slide_ids
        return lessons.filtered(lambda one: one.slide_category == "certification")

    def _get_surveys(self, challenge):
        """Return the certifications that can be passed in a course (sudo)."""
        shown = self._get_certifications(challenge).filtered("is_published")
        return shown.survey_id

    def _get_content(self, challenge):
        return {
            survey._get_b2b2c_subject(): survey._get_b2b2c_digest()
            for survey in self._get_surveys(challenge)
        }

    def _get_problems(self, challenge):
        course = challenge.sudo().course_id
        problems = []
        if not course.active or not course.is_published:
            problems.append(
                self.env._("“%s” is not published: nobody can join it.", course.name)
            )
        if not self._get_certifications(challenge):
            problems.append(
                self.env._(
                    "“%s” has no certification: lessons and quizzes prove nothing. Add "
                    "a certification to it.",
                    course.name,
                )
            )
        for lesson in self._get_certifications(challenge):
            if not lesson.is_published:
                problems.append(
                    self.env._(
                        "The certification “%s” is not published: nobody can pass it.",
                        lesson.name,
                    )
                )
            else:
                problems += lesson.survey_id._get_b2b2c_problems()
        return problems

    def _get_advice(self, challenge):
        return self.env._(
            "A course is proved by its certifications. Whoever may manage surveys can "
            "change questions and scores, and so let people pass."
        )

    def _get_path(self, challenge, member):
        return challenge.sudo().course_id.website_url or ""

    def _assess(self, challenge, attempt):
        """Return that all certifications were passed, by who joined the course; the
        score is the lowest of them."""
        person = attempt.partner_id
        joined = [
            ("channel_id", "=", challenge.course_id.id),
            ("partner_id", "=", person.id),
            ("member_status", "!=", "invited"),
        ]
        members = self.env["slide.channel.partner"].sudo()
        if not person or not members.search_count(joined, limit=1):
            return None
        passed = self._find_passed(challenge, person)
        content = challenge.training_content or {}
        if passed.keys() != content.keys():
            return None
        changed = any(one.digest != content[subject] for subject, one in passed.items())
        return Judged(
            score=min(one.score for one in passed.values()),
            passed_at=max(one.passed_at for one in passed.values()),
            hold="changed" if changed else "",
        )

    def _find_passed(self, challenge, person):
        """Return what a person passed of a course since it counts.

        :return: dict subject -> the latest ``b2b2c.training.attempt``
        """
        attempts = (
            self.env["b2b2c.training.attempt"]
            .sudo()
            .search(
                [
                    ("subject", "in", list(challenge.training_content or {})),
                    ("partner_id", "=", person.id),
                    ("is_passed", "=", True),
                    ("is_undone", "=", False),
                    ("passed_at", ">=", challenge.training_since),
                ],
                order="passed_at, id",
            )
        )
        return {attempt.subject: attempt for attempt in attempts}
