from odoo import models

_SUBMISSION = (
    "challenge_id", "employer_id", "state", "note", "taken_at", "place", "latitude",
    "longitude", "handed_in_at", "attempt", "photo_count", "score", "reason_text",
    "decided_at",
)  # fmt: skip


class B2b2cMember(models.Model):
    """What a participant handed in for tasks of photos and video."""

    _inherit = "b2b2c.member"

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        return {
            **super()._get_personal_data(),
            "submissions": self._to_rows(self._get_submissions(), _SUBMISSION),
        }

    def _get_personal_records(self):
        return [*super()._get_personal_records(), self._get_submissions()]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.activity.criterion", impersonal=["name", "hint"])
        texts.add("b2b2c.activity.sample", impersonal=["name", "image"])
        texts.add(
            "b2b2c.activity.submission",
            replaced=["answer"],
            cleared=["note", "place"],
            impersonal=["reason_code"],
            mine=person.is_mine("member_id", self.ids),
        )
        texts.add(
            "b2b2c.activity.photo",
            cleared=["image", "mark", "camera_time"],
            impersonal=["upload_hash", "fingerprint", "signs"],
        )
        texts.add(
            "b2b2c.activity.video",
            cleared=["name"],
            impersonal=["token", "kind", "digest", "signs"],
        )
        texts.add("b2b2c.activity.piece", cleared=["data"], impersonal=["digest"])
        return texts

    def _erase_personal_data(self, person):
        """Delete photos, videos and where they were taken; what waits is refused."""
        result = super()._erase_personal_data(person)
        submissions = self._get_submissions()
        for one in submissions:
            if one.state == "handed_in":
                one._answer("refuse", "other", None, self.env.user)
        submissions._forget_pictures()
        submissions.video_ids.filtered(lambda one: one.state == "uploading")._drop()
        submissions.write(
            {
                "note": False,
                "place": False,
                "has_position": False,
                "latitude": 0,
                "longitude": 0,
                "accuracy": 0,
            }
        )
        return result

    def _get_submissions(self):
        return (
            self.env["b2b2c.activity.submission"]
            .sudo()
            .search([("member_id", "in", self.ids)])
        )
