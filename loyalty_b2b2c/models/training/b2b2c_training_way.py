from dataclasses import dataclass
from datetime import datetime

from odoo import api, models
from odoo.fields import Domain


@dataclass(frozen=True, slots=True)
class Judged:
    """That somebody did a training.

    :param float score: percent, or how many people came: what thresholds of prizes ask
    :param passed_at: when, naive UTC
    :param str hold: why an officer looks at it first, a code of
        ``b2b2c.training.proof.hold``; empty for nothing
    """

    score: float
    passed_at: datetime
    hold: str = ""


class B2b2cTrainingWay(models.AbstractModel):
    """How a training is proved: what a challenge asks of it.

    Whoever knows such trainings, as an add-on beside surveys, brings
    ``b2b2c.training.way.<code>`` that inherits this model, and in the same file the
    entry of ``training_way`` on ``b2b2c.challenge`` with the fields it needs.  What
    people did is noted where it happens (``b2b2c.training.attempt._note``) and judged
    after the commit.
    """

    _name = "b2b2c.training.way"
    _description = "Way to Prove a Training"

    #: Whether it happens at occasions of its own, each of which may pay.
    _has_occasions = False
    #: Groups of Odoo whose people say who passed, and so could say it of themselves.
    _staff_groups = ()

    @api.model
    def _get_way(self, code):
        """Return the model of a way."""
        return self.env[f"b2b2c.training.way.{code}"]

    def _get_content(self, challenge):
        """Return what has to be passed, all of it, and how it looks now.

        :return: dict subject -> fingerprint.  A subject is ``"model,id"``; who passes
            one whose fingerprint has changed since the start waits for an officer
        """
        raise NotImplementedError

    def _get_problems(self, challenge):
        """Return why the challenge cannot be started: sentences, with what to do."""
        return []

    def _get_advice(self, challenge):
        """Return what a manager should know before, in one sentence or two."""
        return ""

    def _get_path(self, challenge, member):
        """Return the path of the page where a participant does it, empty for none."""
        return ""

    def _get_memberships(self, challenge, attempt):
        """Return with which memberships somebody did something.

        :param attempt: ``b2b2c.training.attempt``
        :return: ``b2b2c.member`` of the challenge's company, in force, the oldest
            first, with superuser rights
        :raise AmbiguousPerson: it may have been several people
        """
        members = self.env["b2b2c.member"].sudo()
        if attempt.member_id:
            found = Domain("id", "=", attempt.member_id.id)
        elif attempt.partner_id:
            person = attempt.partner_id.id
            found = Domain("partner_id", "=", person)
            found |= Domain("contact_id", "=", person)
        else:
            return members
        found &= Domain("company_id", "=", challenge.company_id.id)
        found &= Domain("state", "in", ("enrolled", "suspended"))
        return members.search(found, order="enrolled_at, id")

    def _could_say_so(self, member):
        """Tell whether a participant has the rights to let himself pass.

        :param member: ``b2b2c.member`` with superuser rights
        """
        people = self.env["b2b2c.authority"]._follow_contacts(member.partner_id)
        return any(
            user.has_group(group)
            for user in people.user_ids
            for group in self._staff_groups
        )

    def _assess(self, challenge, attempt):
        """Return whether an attempt proves the training.

        :param attempt: ``b2b2c.training.attempt`` of one of the subjects
        :return: :class:`Judged`, ``None`` when it does not, or does not any more
        """
        if attempt.is_undone or not attempt.is_passed:
            return None
        return Judged(attempt.score, attempt.passed_at)
