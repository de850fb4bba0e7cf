import hashlib
import secrets

from odoo import api, fields, models
from odoo.tools import hmac

from ...engine import rotating_code
from ...values import aware

_TOKEN_BYTES = 9


class B2b2cPresentation(models.Model):
    """A presentation a participant holds, and who confirmed to have been there.

    On the presenter's screen stands a code that changes every half minute; whoever is
    there scans or types it.  The code is made of the server's secret: nothing that is
    stored tells it.
    """

    _name = "b2b2c.presentation"
    _description = "Presentation"
    _order = "starts_at desc, id desc"
    _rec_names_search = ["name", "member_id.name"]

    # What, where, when
    name = fields.Char(required=True, readonly=True, string="About")
    place = fields.Char(required=True, readonly=True)
    starts_at = fields.Datetime(required=True, readonly=True, string="Starts")
    ends_at = fields.Datetime(
        required=True, readonly=True, help="Nobody confirms from then on."
    )
    expected = fields.Integer(readonly=True, string="People Expected")
    photo = fields.Image(
        readonly=True, attachment=True, copy=False, string="Photo of the Room"
    )
    photo_small = fields.Image(
        related="photo", max_width=480, max_height=480, store=True, string="Small Photo"
    )
    photo_digest = fields.Char(readonly=True, copy=False, index="btree_not_null")
    has_same_photo = fields.Boolean(compute="_compute_has_same_photo")

    # Who
    challenge_id = fields.Many2one(
        "b2b2c.challenge",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Training",
    )
    company_id = fields.Many2one(
        related="challenge_id.company_id", store=True, index=True
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Presenter",
    )
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Company or Shop",
        help="Where the presenter worked then.",
    )
    attendee_ids = fields.One2many(
        "b2b2c.presentation.attendee", "presentation_id", string="Who Was There"
    )
    attendee_count = fields.Integer(
        compute="_compute_attendee_count", string="Confirmed"
    )
    proof_ids = fields.One2many(
        "b2b2c.training.proof", compute="_compute_proof_ids", string="Counted As"
    )

    # How far
    state = fields.Selection(
        [
            ("open", "Open"),
            ("counting", "Being counted"),
            ("held", "Held"),
            ("short", "Not proved"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    closed_at = fields.Datetime(readonly=True)
    problem = fields.Char(readonly=True, string="Why Not")
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(_TOKEN_BYTES),
    )

    _token_once = models.UniqueIndex("(token)")
    _ends_after_start = models.Constraint(
        "CHECK (ends_at > starts_at)", "A presentation ends after it starts."
    )
    _due = models.Index("(ends_at) WHERE state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends("attendee_ids")
    def _compute_attendee_count(self):
        counts = dict(
            self.env["b2b2c.presentation.attendee"]._read_group(
                [("presentation_id", "in", self.ids)],
                ["presentation_id"],
                ["__count"],
            )
        )
        for presentation in self:
            presentation.attendee_count = counts.get(presentation, 0)

    @api.depends("photo_digest")
    def _compute_has_same_photo(self):
        for presentation in self:
            presentation.has_same_photo = bool(presentation._find_same_photo())

    @api.depends("state")
    def _compute_proof_ids(self):
        proofs = self.env["b2b2c.training.proof"]
        for presentation in self:
            presentation.proof_ids = proofs.search(
                [("period", "=", presentation._get_occasion())], order="id"
            )

    def _get_occasion(self):
        """Return what this presentation is called where it pays once."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    # === THE CODE === #

    def _get_secret(self):
        """Return what the codes of this presentation are made of."""
        self.ensure_one()
        message = (self.id, self.token)
        return hmac(self.env(su=True), "b2b2c_presentation", message).encode()

    def _get_code(self):
        """Return the code that is shown now.

        :return: ``(digits, seconds it is still shown)``
        """
        now = aware(fields.Datetime.now())
        digits = rotating_code.make_code(self._get_secret(), now)
        return digits, rotating_code.get_seconds_left(now)

    def _is_code(self, text):
        """Tell whether a text is the code that is shown, or was a moment ago."""
        now = aware(fields.Datetime.now())
        return rotating_code.is_right(self._get_secret(), text, now)

    # === THE PHOTO === #

    @api.model
    def _get_digest(self, data):
        """Return what tells photos apart.

        :param bytes data: as it was sent
        """
        return hashlib.sha256(data).hexdigest()

    def _find_same_photo(self):
        """Return another presentation that was shown with the same photo."""
        if not self.photo_digest:
            return self.browse()
        return self.sudo().search(
            [("photo_digest", "=", self.photo_digest), ("id", "!=", self._origin.id)],
            limit=1,
        )
