from odoo import models

from .b2b2c_training_way import Judged


class B2b2cTrainingWayPresentation(models.AbstractModel):
    """A presentation somebody holds: enough people confirmed that they were there."""

    _name = "b2b2c.training.way.presentation"
    _description = "A Presentation Is Held"
    _inherit = "b2b2c.training.way"

    _has_occasions = True

    def _get_content(self, challenge):
        return {challenge._get_training_subject(): ""}

    def _get_advice(self, challenge):
        return self.env._(
            "People confirm with a code on the presenter's screen that changes every "
            "half minute. Look at the photo and at who was there where much is paid."
        )

    def _get_path(self, challenge, member):
        return challenge.company_id._get_rewards_path("presentations")

    def _assess(self, challenge, attempt):
        judged = super()._assess(challenge, attempt)
        presentation = self.env["b2b2c.presentation"].sudo()
        presentation = presentation.browse(attempt.res_id).exists()
        if not judged or presentation.state != "held":
            return None
        hold = "photo" if presentation._find_same_photo() else ""
        return Judged(judged.score, judged.passed_at, hold)


class B2b2cTrainingWayAttendance(models.AbstractModel):
    """A presentation somebody attended and confirmed."""

    _name = "b2b2c.training.way.attendance"
    _description = "A Presentation Is Attended"
    _inherit = "b2b2c.training.way"

    _has_occasions = True

    def _get_content(self, challenge):
        return {challenge._get_training_subject(): ""}

    def _get_problems(self, challenge):
        trainings = self.env["b2b2c.challenge"].sudo()
        named = [("attendance_id", "=", challenge.id)]
        if trainings.search_count(named, limit=1):
            return []
        return [
            self.env._(
                "No presentation leads here: choose “%s” as what attendees get where "
                "presentations are held.",
                challenge.name,
            )
        ]

    def _get_path(self, challenge, member):
        return challenge.company_id._get_rewards_path("attend")

    def _assess(self, challenge, attempt):
        judged = super()._assess(challenge, attempt)
        attendee = self.env["b2b2c.presentation.attendee"].sudo()
        attendee = attendee.browse(attempt.res_id).exists()
        is_held = attendee.presentation_id.state == "held"
        return judged if judged and is_held else None
