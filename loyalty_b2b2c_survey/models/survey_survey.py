import hashlib
import json

from odoo import models

#: What decides who passes.
_SETTINGS = (
    "active",
    "certification",
    "scoring_type",
    "scoring_success_min",
    "users_login_required",
    "is_attempts_limited",
    "attempts_limit",
    "questions_selection",
)
_QUESTION = ("title", "question_type", "is_scored_question", "answer_score")
_ANSWERS = ("answer_numerical_box", "answer_date", "answer_datetime")
_SUGGESTED = ("value", "is_correct", "answer_score")


class SurveySurvey(models.Model):
    """Whether a survey proves that somebody knows something, and what it asks."""

    _inherit = "survey.survey"

    def _get_b2b2c_subject(self):
        """Return what a training of this survey is about."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    def _get_b2b2c_digest(self):
        """Return the fingerprint of all that decides who passes: the questions, their
        answers and scores, and who may answer."""
        self.ensure_one()
        survey = self.sudo()
        questions = [
            [
                _read(question, _QUESTION + _ANSWERS),
                [
                    _read(answer, _SUGGESTED)
                    for answer in question.suggested_answer_ids.sorted("id")
                ],
            ]
            for question in survey.question_ids.sorted("id")
        ]
        text = json.dumps([_read(survey, _SETTINGS), questions])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

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


def _read(record, names):
    """Return values of a record as JSON can write them; texts in all languages."""
    return [_read_value(record, name) for name in names]


def _read_value(record, name):
    if record._fields[name].translate:
        translations, _context = record.get_field_translations(name)
        return sorted(
            (one["lang"], one["value"] or one["source"])
            for one in translations
            if one["lang"] == "en_US" or one["value"] not in ("", one["source"])
        )
    value = record[name]
    return value if isinstance(value, bool | int | float) else str(value or "")
