import base64
import hashlib

from odoo import api, fields, models

from ...recognition import sandbox
from ...recognition.errors import BadUpload
from . import activity_words


class B2b2cActivityPhoto(models.Model):
    """A photo of a submission: encoded by us, never the bytes that were sent."""

    _name = "b2b2c.activity.photo"
    _description = "Photo of a Submission"
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
    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, readonly=True, ondelete="cascade"
    )
    image = fields.Binary(attachment=True, readonly=True)
    upload_hash = fields.Char(required=True, readonly=True)
    camera_time = fields.Char(
        readonly=True, help="As the camera wrote it, which anybody can change."
    )

    # What machines saw, see ``_cron_look``
    look_state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Looked at"),
            ("failed", "Not readable here"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    look_attempts = fields.Integer(required=True, readonly=True, default=0)
    fingerprint = fields.Char(readonly=True)
    mark = fields.Binary(attachment=True, readonly=True)
    signs = fields.Json(readonly=True)
    alike_id = fields.Many2one(
        "b2b2c.activity.photo",
        readonly=True,
        string="Looks Like",
        index="btree_not_null",
        ondelete="set null",
    )
    alike_text = fields.Char(compute="_compute_alike_text")

    _once = models.UniqueIndex(
        "(submission_id, upload_hash)", "This photo is there already."
    )
    _recent = models.Index("(company_id, challenge_id, id DESC)")
    _same = models.Index("(company_id, upload_hash)")
    _to_look_at = models.Index("(id) WHERE look_state = 'waiting'")

    # === COMPUTE METHODS === #

    @api.depends("submission_id.member_id.name")
    def _compute_display_name(self):
        for photo in self:
            photo.display_name = self.env._(
                "Photo of %s", photo.submission_id.member_id.name
            )

    @api.depends("alike_id")
    @api.depends_context("lang", "tz")
    def _compute_alike_text(self):
        for photo in self:
            photo.alike_text = activity_words.where_from(photo.sudo().alike_id)

    # === BUSINESS METHODS === #

    @api.model
    def _add(self, submission, data):
        """Store a photo of a submission, once however often it is sent.

        :param submission: ``b2b2c.activity.submission`` that is open, with sudo
        :param bytes data: what a stranger sent
        :return: the photo
        :raise ActivityError: it is refused, its text is for the person
        """
        digest = hashlib.sha256(data).hexdigest()
        known = submission.photo_ids.filtered(lambda one: one.upload_hash == digest)
        if known:
            return known
        if len(submission.photo_ids) >= submission.challenge_id.photo_max:
            raise activity_words.refusal("photos_full", submission)
        try:
            image, taken = sandbox.clean_photo(data)
        except BadUpload as error:
            raise activity_words.refusal(error.code, submission) from None
        photo = self.sudo().create(
            {
                "submission_id": submission.id,
                "company_id": submission.company_id.id,
                "challenge_id": submission.challenge_id.id,
                "image": base64.b64encode(image),
                "upload_hash": digest,
                "camera_time": taken,
            }
        )
        self.env.ref("loyalty_b2b2c.cron_activity").sudo()._trigger()
        return photo

    def _forget(self):
        """Delete what these photos show; that they were there stays."""
        self.write({"image": False, "mark": False, "camera_time": False})
