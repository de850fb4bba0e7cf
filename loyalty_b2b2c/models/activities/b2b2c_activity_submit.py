from datetime import timedelta

from odoo import api, fields, models

from ...engine.typed_text import get_readable
from ..base.rows import insert_rows, update_in_state
from . import activity_words
from .b2b2c_activity_submission import OPEN

#: Who gets something back has so many hours at least, whenever the task ends.
SENT_BACK_HOURS = 72
_LONGEST_NOTE = 2000
_LONGEST_PLACE = 200
#: Minutes by which the clock of a phone may be ahead.
_CLOCK_MINUTES = 15


class B2b2cActivitySubmission(models.Model):
    """The participant's side: begin, add photos and a video, hand in.

    What was begun in time may be handed in for the hours of grace: a network that
    breaks costs nobody the prize.
    """

    _inherit = "b2b2c.activity.submission"

    # === BEGINNING === #

    @api.model
    def _find(self, challenge, member):
        """Return what somebody works on for a task, with sudo: what was sent back and
        can still be put right, or else what belongs to the round of now.

        When there is no round any more, it is the last one.
        """
        own = self.sudo().search(
            [("challenge_id", "=", challenge.id), ("member_id", "=", member.id)],
            order="id desc",
        )
        now = fields.Datetime.now()
        again = own.filtered(
            lambda one: one.state == "sent_back" and now < one._get_last_moment()
        )
        round_ = self._get_round(challenge)
        if again or not round_:
            return (again or own)[:1]
        return own.filtered(lambda one: one.round_id == round_)

    @api.model
    def _begin(self, challenge, member):
        """Return what somebody has for a task in the round of now; begin it first.

        :param challenge: ``b2b2c.challenge`` of photos or video
        :param member: ``b2b2c.member`` who takes part
        :return: the submission (with sudo)
        :raise ActivityError: the person does not take part; the text is for the person
        """
        challenge, member = challenge.sudo(), member.sudo()
        known = self._find(challenge, member)
        if known:
            return known
        code = self._get_obstacle(challenge, member)
        if code:
            raise activity_words.refusal(code, challenge)
        row = {
            "challenge_id": challenge.id,
            "round_id": self._get_round(challenge).id,
            "company_id": challenge.company_id.id,
            "member_id": member.id,
            "employer_id": member.employer_id.id,
            "state": "draft",
            "attempt": 0,
        }
        insert_rows(self, [row])
        return self._find(challenge, member)

    @api.model
    def _get_round(self, challenge):
        """Return the round of a task whose work may be handed in now: the newest that
        has begun and counts."""
        now = fields.Datetime.now()
        return (
            self.env["b2b2c.challenge.round"]
            .sudo()
            .search(
                [
                    ("challenge_id", "=", challenge.id),
                    ("date_from", "<=", now),
                    ("state", "in", ("running", "counting")),
                ],
                order="date_from DESC",
                limit=1,
            )
        )

    @api.model
    def _get_obstacle(self, challenge, member):
        """Return why somebody cannot begin now, a code of ``activity_words``; or
        ``None``."""
        round_ = self._get_round(challenge)
        if challenge.kind != "activity" or challenge.state != "running" or not round_:
            return "not_running"
        if member.state != "enrolled" or not challenge._is_for(member):
            return "not_for_you"
        entry = round_._get_entry(member)
        if not round_._takes_part(member, entry):
            is_out = entry.state == "disqualified"
            return "disqualified" if is_out else "not_taken_on"
        if fields.Datetime.now() >= (entry.deadline or round_.date_to):
            return "too_late"
        return None

    def _get_deadline(self):
        """Return until when this can be begun."""
        self.ensure_one()
        entry = self.round_id._get_entry(self.member_id)
        return entry.deadline or self.round_id.date_to

    def _get_last_moment(self):
        """Return until when this can be handed in."""
        self.ensure_one()
        last = self._get_deadline() + timedelta(
            hours=self.sudo().challenge_id.grace_hours
        )
        if self.state == "sent_back":
            again = self.decided_at + timedelta(hours=SENT_BACK_HOURS)
            return max(last, again)
        return last

    def _check_open(self):
        """Check that the participant may still change this.

        :raise ActivityError: it was handed in, or the time is over
        """
        self.ensure_one()
        if self.state not in OPEN:
            raise activity_words.refusal("handed_in", self)
        if self.challenge_id.state == "cancelled":
            raise activity_words.refusal("not_running", self)
        if self.member_id.state != "enrolled":
            raise activity_words.refusal("not_for_you", self)
        if self.round_id._get_entry(self.member_id).state == "disqualified":
            raise activity_words.refusal("disqualified", self)
        if fields.Datetime.now() >= self._get_last_moment():
            raise activity_words.refusal("too_late", self)

    # === PICTURES === #

    def _add_photo(self, data):
        """Add a photo, see ``b2b2c.activity.photo._add``."""
        self._check_open()
        return self.env["b2b2c.activity.photo"]._add(self, data)

    def _remove_photo(self, photo_id):
        """Remove a photo of this submission; none that is not there."""
        self._check_open()
        self.photo_ids.filtered(lambda photo: photo.id == photo_id).unlink()
        self._note_signs()

    def _begin_video(self, token, name, size):
        """Begin to take a video, see ``b2b2c.activity.video._begin``."""
        self._check_open()
        return self.env["b2b2c.activity.video"]._begin(self, token, name, size)

    def _remove_video(self):
        """Remove the video of this submission."""
        self._check_open()
        self._get_video()._drop()
        self._note_signs()

    def _get_video(self):
        """Return the video of this submission, arrived or on its way."""
        self.ensure_one()
        return (
            self.env["b2b2c.activity.video"]
            .sudo()
            .search([("submission_id", "=", self.id), ("state", "!=", "dropped")])
        )

    def _note_signs(self):
        """Write down whether something looks unusual: lists are filtered by it."""
        for one in self:
            one.is_unusual = bool(one._get_sign_codes())

    # === HANDING IN === #

    def _hand_in(self, values, ticked=()):
        """Hand this in; a second press of the button does nothing.

        :param dict values: what the person says: ``note``, ``place``, ``taken_at``
            (naive UTC), ``position`` (latitude, longitude, metres) or ``None``
        :param ticked: ids of the lines of the checklist that were ticked
        :raise ActivityError: something is missing, or the time is over
        """
        self.ensure_one()
        if self.state == "handed_in":
            return
        self._check_open()
        values = self._prepare_words(values)
        code = self._get_missing(values)
        if code:
            raise activity_words.refusal(code, self)
        self.write(values)
        if update_in_state(
            self,
            OPEN,
            state="handed_in",
            attempt=self.attempt + 1,
            handed_in_at=fields.Datetime.now(),
            first_reviewer_id=None,
        ):
            self._set_ticks(set(ticked))
            self._note_signs()
            self.env.ref("loyalty_b2b2c.cron_activity_review").sudo()._trigger()

    def _prepare_words(self, values):
        """Return what a person says as values of fields, cut to a sensible length."""
        position = values.get("position")
        latitude, longitude, accuracy = position or (0, 0, 0)
        return {
            "note": _cut(values.get("note"), _LONGEST_NOTE),
            "place": _cut(values.get("place"), _LONGEST_PLACE),
            "taken_at": values.get("taken_at") or fields.Datetime.now(),
            "has_position": bool(position),
            "latitude": latitude,
            "longitude": longitude,
            "accuracy": accuracy,
        }

    def _get_missing(self, values):
        """Return what is missing to hand this in, a code of ``activity_words``; or
        ``None``."""
        task, video = self.challenge_id, self._get_video()
        ahead = fields.Datetime.now() + timedelta(minutes=_CLOCK_MINUTES)
        missing = (
            ("photos_missing", len(self.photo_ids) < task.photo_min),
            ("video_incomplete", video.state == "uploading"),
            ("video_missing", task.video_use == "required" and not video),
            ("place_missing", task.is_place_asked and not values["place"]
             and not values["has_position"]),
            ("taken_in_future", values["taken_at"] > ahead),
        )  # fmt: skip
        return next((code for code, holds in missing if holds), None)

    def _set_ticks(self, ticked):
        """Write down what was ticked; what was is scored in full until somebody looks.

        :param set ticked: ids of lines of the checklist
        """
        scores = self.env["b2b2c.activity.score"].sudo()
        known = {line.criterion_id: line for line in self.score_ids}
        for criterion in self.challenge_id.criterion_ids:
            is_ticked = criterion.id in ticked
            values = {
                "is_ticked": is_ticked,
                "score": criterion.max_score if is_ticked else 0,
            }
            if criterion in known:
                known[criterion].write(values)
            else:
                scores.create(
                    {**values, "submission_id": self.id, "criterion_id": criterion.id}
                )

    @api.model
    def _word(self, code, challenge):
        """Return why somebody cannot do something, as a sentence.

        :param code: of ``activity_words.REFUSALS``
        """
        return activity_words.REFUSALS[code](self.env, challenge)


def _cut(text, longest):
    """Return a text a person entered as it can be stored, ``False`` for none."""
    return get_readable(text or "").strip()[:longest] or False
