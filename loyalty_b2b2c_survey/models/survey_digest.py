"""The fingerprint of a survey: whether what has to be passed is still the same."""

import hashlib
import json

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


def get_digest(survey):
    """Return the fingerprint of all that decides who passes: the questions, their
    answers and scores, and who may answer.

    :param survey: one ``survey.survey``, readable
    :return: 32 hexadecimal digits
    """
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
