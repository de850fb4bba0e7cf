import base64
from datetime import timedelta

from odoo import api, fields, models

from ...engine.typed_text import is_storable
from ...exceptions import LoyaltyError
from ...recognition import sandbox
from ...recognition.errors import BadUpload
from ...recognition.sniff import MAX_BYTES
from ..base.rows import update_in_state

_MAX_TEXT = 120
_MAX_EXPECTED = 10000
#: So far ahead a presentation is announced.
_AHEAD = timedelta(days=60)
#: So many a person may open within an hour.
OPENED = 10


class B2b2cPresentation(models.Model):
    """How a presentation is opened, closed, and comes to count."""

    _inherit = "b2b2c.presentation"

    # === OPENING === #

    @api.model
    def _open(self, member, challenge, values):
        """Open a presentation of a participant.

        :param member: ``b2b2c.member`` who holds it
        :param challenge: ``b2b2c.challenge`` it is for
        :param dict values: ``name``, ``place``, ``expected`` and ``starts_at`` (naive
            UTC), as somebody typed them; what the page could not read is ``None``
        :return: the presentation, with superuser rights
        :raise LoyaltyError: says what is missing, for the person
        """
        if challenge not in self._get_offered(member):
            raise LoyaltyError(self.env._("You cannot open this presentation."))
        counts = self.env["b2b2c.hour.count"].sudo()
        scope = f"presentations/p{member.partner_id.id}"
        values = self._read_values(values)
        if not counts._count_apart(member.company_id, {scope: OPENED}):
            raise LoyaltyError(
                self.env._("You opened several presentations within the hour.")
            )
        hours = timedelta(hours=challenge.presentation_hours)
        return self.sudo().create(
            {
                **values,
                "ends_at": values["starts_at"] + hours,
                "challenge_id": challenge.id,
                "member_id": member.id,
                "employer_id": member.employer_id.id,
            }
        )

    @api.model
    def _get_offered(self, members):
        """Return the trainings for which these may hold a presentation (sudo).

        :param members: ``b2b2c.member`` in force
        """
        return self.env["b2b2c.challenge"]._find_trainings_for(
            members, ("training_way", "=", "presentation")
        )

    def _read_values(self, values):
        """Return what somebody typed, fit to store.

        :raise LoyaltyError: says what is missing
        """
        name, place = _clean(values.get("name")), _clean(values.get("place"))
        now = fields.Datetime.now()
        expected, starts_at = values.get("expected") or 0, values.get("starts_at")
        if not name:
            raise LoyaltyError(self.env._("Write what the presentation is about."))
        if not place:
            raise LoyaltyError(self.env._("Write where it takes place."))
        if not 0 < expected <= _MAX_EXPECTED:
            raise LoyaltyError(self.env._("Write how many people you expect."))
        if not starts_at or not now - timedelta(hours=1) <= starts_at <= now + _AHEAD:
            raise LoyaltyError(
                self.env._("It starts now, or within the next %s days.", _AHEAD.days)
            )
        return {
            "name": name,
            "place": place,
            "expected": expected,
            "starts_at": max(starts_at, now),
        }

    def _set_photo(self, data):
        """Keep the photo of the room, made harmless.

        :param bytes data: what a stranger sent
        :raise LoyaltyError: it is no picture, or too late
        """
        self.ensure_one()
        if self.state != "open":
            raise LoyaltyError(self.env._("This presentation is over."))
        if not data or len(data) > MAX_BYTES:
            size = MAX_BYTES // 1024**2
            raise LoyaltyError(self.env._("Take a photo of at most %s MB.", size))
        try:
            [page, *_others] = sandbox.clean(data)
        except BadUpload:
            raise LoyaltyError(self.env._("This file is no photo.")) from None
        self.write(
            {
                "photo": base64.b64encode(page),
                "photo_digest": self._get_digest(data),
            }
        )

    # === CLOSING === #

    def _close(self):
        """Close a presentation: from now on nobody confirms.

        Who came is counted in a transaction of its own: this one does not see who
        confirmed while it ran.

        :return: whether it was open
        """
        self.ensure_one()
        closed = update_in_state(
            self, ["open"], state="counting", closed_at=fields.Datetime.now()
        )
        if closed:
            self.env["b2b2c.training.attempt"].sudo()._process_after_commit()
        return closed

    @api.model
    def _count_closed(self):
        """Say of closed presentations whether they were held: enough people confirmed,
        and there is a photo."""
        for presentation in self.sudo().search([("state", "=", "counting")]):
            problem = presentation._get_problem()
            values = {"state": "short", "problem": problem} if problem else {}
            if update_in_state(
                presentation, ["counting"], **{"state": "held", **values}
            ):
                presentation._note_attempts()

    def _note_attempts(self):
        """Note the training of the presenter, and of those who were there."""
        self.ensure_one()
        if self.state == "held":
            attempts = self.env["b2b2c.training.attempt"].sudo()
            attempts._note(self._get_attempts())

    def _cancel(self):
        """Close a presentation that does not take place."""
        self.ensure_one()
        return update_in_state(
            self, ["open"], state="cancelled", closed_at=fields.Datetime.now()
        )

    def _get_problem(self):
        """Return why this presentation is not proved, empty when it is."""
        self.ensure_one()
        words = self.with_context(lang=self.member_id.lang or self.env.lang)
        missing = self.challenge_id.min_attendees - self.attendee_count
        if missing > 0:
            return words.env._(
                "%(came)s of %(least)s people confirmed.",
                came=self.attendee_count,
                least=self.challenge_id.min_attendees,
            )
        if not self.photo_digest:
            return words.env._("There is no photo of the room.")
        return ""

    def _get_attempts(self):
        """Return what is noted when this presentation was held: the presenter's
        training, and those of who was there."""
        occasion = self._get_occasion()
        rows = [
            {
                "res_model": self._name,
                "res_id": self.id,
                "subject": self.challenge_id._get_training_subject(),
                "occasion": occasion,
                "partner_id": self.member_id.partner_id.id,
                "member_id": self.member_id.id,
                "score": self.attendee_count,
                "passed_at": self.starts_at,
            }
        ]
        attendance = self.challenge_id.attendance_id
        return rows + [
            {
                "res_model": attendee._name,
                "res_id": attendee.id,
                "subject": attendance._get_training_subject(),
                "occasion": occasion,
                "partner_id": attendee.member_id.partner_id.id,
                "member_id": attendee.member_id.id,
                "score": 100,
                "passed_at": attendee.confirmed_at,
            }
            for attendee in (self.attendee_ids if attendance else ())
        ]

    @api.model
    def _close_overdue(self):
        """Close what nobody closed."""
        overdue = [("state", "=", "open"), ("ends_at", "<=", fields.Datetime.now())]
        for presentation in self.sudo().search(overdue, order="id"):
            presentation._close()


def _clean(text):
    """Return a text in one line, empty for what cannot be stored."""
    if not isinstance(text, str) or not is_storable(text):
        return ""
    return " ".join(text.split())[:_MAX_TEXT]
