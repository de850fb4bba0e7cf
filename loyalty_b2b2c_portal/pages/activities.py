"""The page of one task of photos or video."""

from math import isfinite

from odoo import fields

from odoo.addons.loyalty_b2b2c.models.activities.b2b2c_activity_piece import PIECE
from odoo.addons.loyalty_b2b2c.models.activities.b2b2c_activity_submission import OPEN
from odoo.addons.loyalty_b2b2c.values import aware

from .. import addresses
from . import words
from .typed import get_zone, read_moment

#: Characters of a time to the minute.
_MINUTE = 16
#: State -> tone of Bootstrap.
_TONES = {
    "handed_in": "warning",
    "sent_back": "danger",
    "accepted": "success",
    "refused": "danger",
    "cancelled": "secondary",
}


class ActivityPage:
    """What a participant sees of a task of photos or video, and of what was handed in.

    :param task: ``b2b2c.challenge`` with superuser rights
    :param member: the membership that takes part
    """

    def __init__(self, task, member):
        self.task, self.member, self.env = task, member, task.env
        submissions = self.env["b2b2c.activity.submission"]
        self.submission = submissions._find(task, member)
        self._round = submissions._get_round(task)

    def begin(self):
        """Return the submission of this person; begin it when there is none.

        :raise ActivityError: the person does not take part
        """
        if not self.submission:
            submissions = self.env["b2b2c.activity.submission"]
            self.submission = submissions._begin(self.task, self.member)
        return self.submission

    def join(self):
        """Take the task on.

        :raise UserError: it cannot be, and why
        """
        self._round._join(self.member)

    # === WHAT IT SHOWS === #

    def values(self, posted=None):
        """Return what the page shows.

        :param posted: what the person entered before something went wrong
        """
        one = self.submission
        code = None if one else self._get_obstacle()
        is_open = bool(one.state in OPEN and self._is_in_time()) if one else not code
        return {
            "task": self.task,
            "address": addresses.path("activity", task=self.task.id),
            "member": self.member,
            "prizes": self.task.prize_ids.mapped("prize_text"),
            "deadline": self._get_deadline_text(),
            "criteria": self._get_criteria(posted),
            "samples": [
                {
                    "url": addresses.path("activity_sample", sample=sample.id),
                    "name": sample.name,
                }
                for sample in self.task.sample_ids
            ],
            "photos": self._get_photos(),
            "photos_text": self._get_photos_text(),
            "can_add": is_open and len(one.photo_ids) < self.task.photo_max,
            "video": self._get_video(),
            "is_open": is_open,
            "is_to_take_on": code == "not_taken_on" and bool(self._round),
            "obstacle": self._get_obstacle_text(code),
            "status": self._get_status(),
            "words": self._get_words(posted),
        }

    def _get_obstacle(self):
        submissions = self.env["b2b2c.activity.submission"]
        return submissions._get_obstacle(self.task, self.member)

    def _get_obstacle_text(self, code):
        """Return why it cannot be begun, or handed in any more."""
        submissions = self.env["b2b2c.activity.submission"]
        if code:
            return submissions._word(code, self.task)
        if self.submission.state in OPEN and not self._is_in_time():
            return submissions._word("too_late", self.task)
        return ""

    def _is_in_time(self):
        return fields.Datetime.now() < self.submission._get_last_moment()

    def _get_deadline_text(self):
        """Return until when there is time."""
        if self.submission.state == "sent_back":
            last = self.submission._get_last_moment()
        elif self.submission:
            last = self.submission._get_deadline()
        else:
            entry = self._round._get_entry(self.member) if self._round else None
            last = (entry and entry.deadline) or self._round.date_to
        return words.moment(self.env, last) if last else ""

    def _get_criteria(self, posted):
        """Return the lines of the checklist, with what is ticked."""
        ticked = self.read_ticks(posted) if posted else None
        before = {line.criterion_id.id: line for line in self.submission.score_ids}
        is_decided = self.submission.state in ("accepted", "refused", "cancelled")
        rows = []
        for one in self.task.criterion_ids:
            line = before.get(one.id)
            rows.append(
                {
                    "id": one.id,
                    "name": one.name,
                    "hint": one.hint,
                    "is_ticked": one.id in ticked
                    if ticked is not None
                    else bool(line and line.is_ticked),
                    "score": self.env._("%(score)s of %(most)s",
                                        score=line.score, most=one.max_score)
                    if line and is_decided and one.max_score
                    else "",
                }
            )  # fmt: skip
        return rows

    def _get_photos(self):
        return [
            {
                "id": photo.id,
                "url": addresses.path("activity_photo", photo=photo.id),
            }
            for photo in self.submission.photo_ids
            if photo.with_context(bin_size=True).image
        ]

    def _get_photos_text(self):
        """Return how many photos are asked for."""
        least, most = self.task.photo_min, self.task.photo_max
        if not most:
            return ""
        if least == most:
            return self.env._("%s photos", most)
        if not least:
            return self.env._("Up to %s photos", most)
        return self.env._("%(least)s to %(most)s photos", least=least, most=most)

    def _get_video(self):
        """Return the state of the video, ``None`` when none is asked for."""
        if self.task.video_use == "none":
            return None
        clip = self.submission._get_video() if self.submission else None
        is_ready = bool(clip and clip.state == "ready")
        percent = 0
        if clip and not is_ready:
            missing, count = len(clip._get_missing()), clip._get_piece_count()
            percent = 100 * (count - missing) // count
        return {
            "id": clip.id if clip else 0,
            "name": clip.name if clip else "",
            "is_ready": is_ready,
            "is_waiting": bool(clip) and not is_ready,
            "percent": percent,
            "url": addresses.path("activity_video", video=clip.id) if is_ready else "",
            "megabytes": self.task.video_megabytes,
            "is_required": self.task.video_use == "required",
        }

    def _get_status(self):
        """Return how far it is: text, tone and why; ``None`` before it is handed in."""
        one = self.submission
        if not one or one.state == "draft":
            return None
        texts = {
            "handed_in": self.env._("Handed in: somebody looks at it."),
            "sent_back": self.env._("Sent back: put it right and hand it in again."),
            "accepted": self.env._("Accepted"),
            "refused": self.env._("Not accepted"),
            "cancelled": self.env._("The prize was taken back."),
        }
        prize = one.prize_id._get_text(one.points) if one.prize_id else ""
        text = texts[one.state]
        if one.state == "accepted" and prize and one.points:
            text = self.env._("Accepted: %s", prize)
        return {
            "text": text,
            "tone": _TONES[one.state],
            "why": one.reason_text if one.state != "accepted" else "",
            "day": words.day(self.env, one.handed_in_at),
        }

    def _get_words(self, posted):
        """Return what the person entered, or handed in before."""
        if posted:
            names = ("note", "place", "taken_at", "latitude", "longitude", "accuracy")
            return {name: posted.get(name) or "" for name in names}
        one = self.submission
        taken = one.taken_at or fields.Datetime.now()
        local = aware(taken).astimezone(get_zone(self.env))
        return {
            "note": one.note or "",
            "place": one.place or self.member.employer_id.name,
            "taken_at": local.strftime("%Y-%m-%dT%H:%M"),
            "latitude": one.latitude if one.has_position else "",
            "longitude": one.longitude if one.has_position else "",
            "accuracy": one.accuracy if one.has_position else "",
        }

    # === WHAT WAS ENTERED === #

    def read_words(self, posted):
        """Return what the person entered, as ``_hand_in`` takes it.

        What is no time and no place is none: the page offers nothing else.
        """
        return {
            "note": posted.get("note"),
            "place": posted.get("place"),
            "taken_at": read_moment(self.env, (posted.get("taken_at") or "")[:_MINUTE]),
            "position": _read_position(posted),
        }

    def read_ticks(self, posted):
        """Return the ids of the lines of the checklist that were ticked."""
        return {
            one.id
            for one in self.task.criterion_ids
            if posted.get(f"criterion_{one.id}")
        }


def _read_position(posted):
    """Return ``(latitude, longitude, metres)``, ``None`` for what is no place."""
    try:
        latitude, longitude, accuracy = (
            float(posted.get(name) or "nan")  # float: degrees, no amounts
            for name in ("latitude", "longitude", "accuracy")
        )
    except ValueError:
        return None
    is_place = abs(latitude) <= 90 and abs(longitude) <= 180
    if not is_place or not isfinite(accuracy):
        return None
    return latitude, longitude, max(0, min(round(accuracy), 1_000_000))


def to_begin(video):
    """Return what a phone needs to send a video."""
    return {
        "id": video.id,
        "size": video.size,
        "piece": PIECE,
        "state": video.state,
        "missing": video._get_missing(),
    }
