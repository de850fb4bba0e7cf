from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...engine import to_decimal, to_fraction
from . import activity_words

#: The states in which the participant can still change it.
OPEN = ("draft", "sent_back")


class B2b2cActivitySubmission(models.Model):
    """What somebody did for a task of photos or video, as it was handed in.

    One for each person and round: draft → handed in → accepted or refused, and sent
    back → handed in again between.  What was accepted has its prize
    (``b2b2c.challenge.award``); a prize that is taken back cancels it.
    """

    _name = "b2b2c.activity.submission"
    _description = "Submission"
    _inherit = ["mail.thread"]
    _order = "handed_in_at, id"
    _rec_names_search = ["member_id.name", "challenge_id.name"]

    challenge_id = fields.Many2one(
        "b2b2c.challenge",
        string="Task",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    round_id = fields.Many2one(
        "b2b2c.challenge.round", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    employer_id = fields.Many2one(
        "res.partner",
        string="Company or Shop",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Where the person worked then.",
    )
    state = fields.Selection(
        [
            ("draft", "Begun"),
            ("handed_in", "Handed in"),
            ("sent_back", "Sent back"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("cancelled", "Taken back"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
    )

    # What the participant says
    note = fields.Text(readonly=True, string="Words of the Participant")
    taken_at = fields.Datetime(
        readonly=True, string="Taken", help="As the participant says."
    )
    place = fields.Char(readonly=True, help="As the participant says.")
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    accuracy = fields.Integer(readonly=True, help="Of the position, in metres.")
    has_position = fields.Boolean(readonly=True)
    handed_in_at = fields.Datetime(readonly=True, string="Handed In")
    attempt = fields.Integer(required=True, readonly=True, default=0)
    photo_ids = fields.One2many(
        "b2b2c.activity.photo", "submission_id", readonly=True, string="Pictures"
    )
    video_ids = fields.One2many(
        "b2b2c.activity.video", "submission_id", readonly=True, string="Videos"
    )
    photo_count = fields.Integer(compute="_compute_photo_count")

    # What it is like
    description = fields.Html(related="challenge_id.description")
    sample_ids = fields.One2many(related="challenge_id.sample_ids")
    is_unusual = fields.Boolean(readonly=True)
    signs_text = fields.Text(compute="_compute_signs_text", string="Please Look")

    # The decision
    score_ids = fields.One2many(
        "b2b2c.activity.score", "submission_id", string="Checklist"
    )
    score = fields.Integer(compute="_compute_score", store=True)
    max_score = fields.Integer(compute="_compute_score", store=True)
    symbol = fields.Char(related="challenge_id.symbol")
    prize_points = fields.Float(
        **POINTS, compute="_compute_prize", string="Prize When Accepted"
    )
    prize_text = fields.Char(compute="_compute_prize", string="Prize")
    needs_second = fields.Boolean(compute="_compute_prize")
    first_reviewer_id = fields.Many2one(
        "res.users", readonly=True, string="First Approval", ondelete="set null"
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(readonly=True)
    reason_code = fields.Char(readonly=True)
    answer = fields.Text(readonly=True, string="Words to the Participant")
    reason_text = fields.Text(compute="_compute_reason_text", string="Why")
    award_id = fields.Many2one(
        "b2b2c.challenge.award",
        readonly=True,
        string="Prize Given",
        index="btree_not_null",
        ondelete="restrict",
    )
    prize_id = fields.Many2one(
        "b2b2c.challenge.prize",
        readonly=True,
        string="Prize Decided",
        ondelete="restrict",
    )
    points = fields.Float(**POINTS, readonly=True, string="Prize in Points")
    waiting_count = fields.Integer(
        compute="_compute_waiting_count", string="More That Wait"
    )

    _once = models.UniqueIndex(
        "(round_id, member_id)", "This person has begun already."
    )
    _waiting = models.Index("(challenge_id) WHERE state = 'handed_in'")

    # === COMPUTE METHODS === #

    @api.depends("member_id.name", "challenge_id.name")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.member_id.name} · {one.challenge_id.name}"

    @api.depends("photo_ids")
    def _compute_photo_count(self):
        for one in self:
            one.photo_count = len(one.photo_ids)

    @api.depends("score_ids.score", "score_ids.max_score")
    def _compute_score(self):
        for one in self:
            one.score = sum(one.score_ids.mapped("score"))
            one.max_score = sum(one.score_ids.mapped("max_score"))

    @api.depends("score", "max_score", "state")
    def _compute_prize(self):
        for one in self:
            prize, points = one._get_prize()
            one.prize_points = points
            one.prize_text = prize._get_text(points) if prize else ""
            limit = to_decimal(one.sudo().challenge_id.two_above)
            one.needs_second = bool(limit) and points > limit

    @api.depends("reason_code", "answer")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for one in self:
            one.reason_text = " ".join(activity_words.reasons(one))

    @api.depends("photo_ids.signs", "video_ids.signs", "has_position")
    @api.depends_context("lang")
    def _compute_signs_text(self):
        for one in self:
            one.signs_text = "\n".join(activity_words.signs(one))

    # === CRUD METHODS === #

    def write(self, vals):
        """Let officers score what waits; everything else is done by methods."""
        self.check_access("write")
        if not self.env.su:
            self._check_scoring(vals)
        result = super().write(vals)
        if not self.env.su and vals:
            # who accepted, accepted other scores
            self.sudo().write({"first_reviewer_id": False})
        return result

    def _check_scoring(self, vals):
        """Check that these submissions may be scored now.

        :raise UserError: they do not wait, or the values are nobody's to change
        """
        if not vals.keys() <= {"score_ids"}:
            raise UserError(self.env._("Only the scores of a submission can change."))
        self.sudo()._check_scored()

    def _check_scored(self):
        """Refuse to score what does not wait, or is one's own.

        :raise UserError: says why
        """
        if any(one.state != "handed_in" for one in self):
            raise UserError(self.env._("Only what waits for an answer is scored."))
        self.env["b2b2c.authority"]._check(
            self.env.user, members=self.member_id, partners=self.employer_id
        )

    # === THE PRIZE === #

    def _get_key(self):
        """Return what the prize of this submission is for, see
        ``b2b2c.challenge._award``."""
        self.ensure_one()
        return f"activity/{self.id}"

    def _get_prize(self):
        """Return ``(prize, points)`` for what is accepted with the scores of now.

        Of several prizes it is the one with the highest threshold that the score
        reaches; when points go by score, that share of it.

        :return: an empty record and 0 when no threshold is reached
        """
        self.ensure_one()
        prizes = self.sudo().challenge_id.prize_ids.sorted("threshold")
        reached = prizes.filtered(
            lambda one: to_decimal(one.threshold) <= to_decimal(self.score)
        )[-1:]
        if not reached:
            return reached, to_decimal(0)
        points = to_decimal(reached.points)
        if self.sudo().challenge_id.is_by_score and self.max_score:
            share = to_fraction(points) * self.score / self.max_score
            points = reached.program_id.unit_id._get_rounding().down(share)
        return reached, points
