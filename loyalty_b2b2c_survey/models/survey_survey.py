from odoo import models

from .survey_digest import get_digest


class SurveySurvey(models.Model):
    """Whether a survey proves that somebody knows something, and what it asks."""

    _inherit = "survey.survey"

    def _get_b2b2c_subject(self):
        """Return what a training of this survey is about."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    def _get_b2b2c_digest(self):
        """Return the fingerprint of all that decides who passes."""
        self.ensure_one()
        return get_digest(self.sudo())

    def _get_b2b2c_problems(self):
        """Return why passing this survey proves nothing: sentences with what to do."""
        self.ensure_one()
        survey = self.sudo()
        name = survey.title
        problems = []
        if not survey.active:
            problems.append(self.env._("“%s” is archived: nobody can answer it.", name))
        if not survey.certification:
            problems.append(
                self.env._("“%s” is no certification: tick “Is a Certification”.", name)
            )
        if not survey.question_ids.filtered("is_scored_question"):
            problems.append(
                self.env._(
                    "No question of “%s” has a right answer: nobody can pass.", name
                )
            )
        if survey.scoring_success_min <= 0:
            problems.append(
                self.env._(
                    "“%s” is passed with 0 %%, before the first answer: enter the "
                    "score it takes.",
                    name,
                )
            )
        if not survey.users_login_required:
            problems.append(
                self.env._(
                    "“%s” can be answered by somebody else: tick “Require Login”.", name
                )
            )
        shows = survey.scoring_type != "scoring_without_answers"
        if shows and not survey.is_attempts_limited:
            problems.append(
                self.env._(
                    "“%s” shows the right answers and can be tried again and again: "
                    "limit the attempts, or do not show the answers.",
                    name,
                )
            )
        return problems
