import hashlib
from datetime import timedelta

from odoo import api, fields, models

from ...engine.typed_text import get_readable
from ...recognition import video as videos
from ...recognition.errors import BadUpload
from ..base.rows import insert_rows, update_in_state
from . import activity_words, video_store
from .b2b2c_activity_piece import PIECE

MEGABYTE = 1024 * 1024
#: Videos a person can begin within an hour.
STARTS_PER_HOUR = 20
#: After so many days without a new piece nobody goes on.
ABANDONED_DAYS = 7


class B2b2cActivityVideo(models.Model):
    """A video of a submission: it arrives in pieces, in any order and as often as the
    network breaks, and is joined without being in memory.

    Uploading → arrived; another one in its place, or none any more, drops it.
    """

    _name = "b2b2c.activity.video"
    _description = "Video of a Submission"
    _order = "submission_id, id"

    submission_id = fields.Many2one(
        "b2b2c.activity.submission",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(readonly=True, string="File Name")
    token = fields.Char(
        required=True, readonly=True, help="What the phone knows the file again by."
    )
    size = fields.Integer(required=True, readonly=True, help="Bytes.")
    kind = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("uploading", "On its way"),
            ("ready", "Arrived"),
            ("dropped", "Dropped"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="uploading",
    )
    digest = fields.Char(readonly=True, help="SHA-256.")
    duration = fields.Integer(readonly=True, help="In seconds; 0: not known.")
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="set null", string="File"
    )
    signs = fields.Json(readonly=True)

    _one_video = models.UniqueIndex(
        "(submission_id) WHERE state != 'dropped'", "There is a video already."
    )
    _same = models.Index("(company_id, digest) WHERE digest IS NOT NULL")

    # === ARRIVING === #

    @api.model
    def _begin(self, submission, token, name, size):
        """Begin to take a video, or go on with it.

        :param submission: ``b2b2c.activity.submission`` that is open, with sudo
        :param str token: what the phone knows the file again by
        :param str name: of the file
        :param int size: bytes
        :return: the video
        :raise ActivityError: it is refused, its text is for the person
        """
        task = submission.challenge_id
        token = hashlib.sha256(token.encode()).hexdigest()  # it has the file's name
        current = submission._get_video()
        if current.token == token and current.size == size:
            return current
        if task.video_use == "none":
            raise activity_words.refusal("no_video_asked", submission)
        if size > task.video_megabytes * MEGABYTE:
            raise activity_words.refusal("video_too_large", submission)
        if size < videos.HEAD_BYTES:
            raise activity_words.refusal("not_video", submission)
        self._check_quota(submission, size)
        current._drop()
        row = {
            "submission_id": submission.id,
            "company_id": submission.company_id.id,
            "name": get_readable(name),
            "token": token,
            "size": size,
            "state": "uploading",
        }
        return self.sudo().browse(insert_rows(self, [row])) or submission._get_video()

    def _check_quota(self, submission, size):
        """Check that a person does not fill the disk.

        :raise ActivityError: too many within the hour, or too much within the day
        """
        member, company = submission.member_id, submission.company_id
        counted = self.env["b2b2c.hour.count"]._count(
            company, f"video/m{member.id}", STARTS_PER_HOUR
        )
        since = fields.Datetime.now() - timedelta(days=1)
        [[before]] = self.sudo()._read_group(
            [("submission_id.member_id", "=", member.id), ("create_date", ">", since)],
            [],
            ["size:sum"],
        )
        limit = company.sudo().b2b2c_activity_day_megabytes * MEGABYTE
        if not counted or (limit and (before or 0) + size > limit):
            raise activity_words.refusal("video_quota", submission)

    def _take(self, number, data, digest=None):
        """Take a piece; one that is there already is welcome again.

        :param int number: from 0
        :param bytes data: its content
        :param str digest: SHA-256 as the phone says, if it can compute one
        :raise ActivityError: it is no part of this video, or the video is none
        """
        self.ensure_one()
        if self.state != "uploading":
            return
        found = hashlib.sha256(data).hexdigest()
        length = self._get_length(number)
        if not length or len(data) != length or (digest and digest != found):
            raise activity_words.refusal("piece_damaged", self.submission_id)
        if number == 0:
            self._check_kind(data)
        self.env["b2b2c.activity.piece"]._add(self, number, found, data)

    def _check_kind(self, data):
        """Return what kind of video begins like this, before the rest is sent.

        :raise ActivityError: it is none
        """
        try:
            return videos.kind(data[: videos.HEAD_BYTES])
        except BadUpload as error:
            raise activity_words.refusal(error.code, self.submission_id) from None

    def _get_piece_count(self):
        """Return how many pieces this video has."""
        return -(-self.size // PIECE)

    def _get_length(self, number):
        """Return how many bytes a piece has; 0: there is no such piece."""
        return max(0, min(PIECE, self.size - number * PIECE)) if number >= 0 else 0

    def _get_missing(self):
        """Return the numbers of the pieces that have not arrived."""
        self.ensure_one()
        if self.state != "uploading":
            return []
        there = set(self.env["b2b2c.activity.piece"]._get_numbers(self))
        return [one for one in range(self._get_piece_count()) if one not in there]

    def _finish(self):
        """Join the pieces; a second time nothing happens.

        :return: whether the video is there; not while pieces are missing
        :raise ActivityError: it is no video
        """
        self.ensure_one()
        if self.state != "uploading" or self._get_missing():
            return self.state == "ready"
        pieces = self.env["b2b2c.activity.piece"]
        kind = self._check_kind(next(pieces._read(self)))
        if not update_in_state(self, ["uploading"], state="ready", kind=kind):
            return self.state == "ready"
        attachment, path, digest = video_store.store(
            self.env,
            pieces._read(self),
            name=self.name or f"video.{kind}",
            mimetype=videos.MIMETYPES[kind],
            res_model=self._name,
            res_id=self.id,
        )
        with path.open("rb") as file:
            seconds = videos.read_duration(file, self.size) if kind != "webm" else None
        self.write(
            {"attachment_id": attachment.id, "digest": digest, "duration": seconds or 0}
        )
        self.signs = ["same_video"] if self._find_same() else []
        self.submission_id._note_signs()
        pieces._delete(self)
        return True

    def _find_same(self):
        """Return the video of another submission with the very same content."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("digest", "=", self.digest),
                ("submission_id", "!=", self.submission_id.id),
            ],
            limit=1,
        )

    # === GOING === #

    def _drop(self):
        """Delete the content of these videos, arrived or not; the rows stay, they count
        for the day."""
        if not self:
            return
        self.env["b2b2c.activity.piece"]._delete(self)
        self.attachment_id.sudo().unlink()
        self.write({"state": "dropped", "name": False})
        self.flush_recordset()

    def _forget(self):
        """Delete what these videos show; that they were there stays."""
        self.env["b2b2c.activity.piece"]._delete(self)
        self.attachment_id.sudo().unlink()
        self.write({"name": False})

    @api.autovacuum
    def _gc_abandoned(self):
        """Delete the pieces of videos nobody goes on with."""
        before = fields.Datetime.now() - timedelta(days=ABANDONED_DAYS)
        waiting = self.search(
            [("state", "=", "uploading"), ("create_date", "<", before)], limit=500
        )
        recent = self.env["b2b2c.activity.piece"]._read_group(
            [("video_id", "in", waiting.ids), ("create_date", ">=", before)],
            ["video_id"],
        )
        (waiting - self.browse().union(*(video for (video,) in recent)))._drop()
        video_store.sweep(self.env)
