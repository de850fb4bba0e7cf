from odoo import fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...engine import to_decimal
from ...engine.prize_fund import best_cost

#: Megabytes of a video that a task may ask for at most.
MOST_MEGABYTES = 500
_MOST_PHOTOS = 20

#: What people count on once the task was started.
_SETTLED = {
    "photo_min",
    "photo_max",
    "video_use",
    "video_megabytes",
    "is_place_asked",
    "criterion_ids",
    "is_by_score",
}


class B2b2cChallenge(models.Model):
    """A task that is done in front of a camera: a shelf, a promotion, a presentation.

    Whoever takes part hands in photos or a video, ticks a checklist, and somebody of
    the office looks at it.
    """

    _inherit = "b2b2c.challenge"

    kind = fields.Selection(
        selection_add=[("activity", "Photo or video")],
        ondelete={"activity": "cascade"},
    )

    # What is asked
    photo_min = fields.Integer(
        string="Photos at Least", default=1, help="0: no photo has to be handed in."
    )
    photo_max = fields.Integer(
        string="Photos at Most", default=6, help="0: photos are not asked for."
    )
    video_use = fields.Selection(
        [
            ("none", "No video"),
            ("optional", "A video, if they like"),
            ("required", "A video"),
        ],
        string="Video",
        required=True,
        default="none",
    )
    video_megabytes = fields.Integer(
        string="Largest Video, MB", default=100, help="500 at most."
    )
    is_place_asked = fields.Boolean(
        string="Ask Where",
        help="The page asks where it was. The position of the phone is added only when "
        "the participant presses the button for it.",
    )
    criterion_ids = fields.One2many(
        "b2b2c.activity.criterion", "challenge_id", string="Checklist", copy=True
    )
    sample_ids = fields.One2many(
        "b2b2c.activity.sample",
        "challenge_id",
        string="How It Should Be",
        copy=True,
    )

    # How it is decided
    is_by_score = fields.Boolean(
        string="Prize by Score",
        help="Of the prize so much is given as of the scores of the checklist. "
        "Otherwise what is accepted gets the whole prize.",
    )
    two_above = fields.Float(
        **POINTS,
        string="Two People Above",
        help="A larger prize is given when two people have accepted. 0: never.",
    )
    reviewer_ids = fields.Many2many(
        "res.users",
        "b2b2c_challenge_reviewer_rel",
        string="Reviewers",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("loyalty_b2b2c.group_officer").ids)
        ],
        help="They have a to-do while something waits. None: the loyalty manager has.",
    )
    submission_ids = fields.One2many("b2b2c.activity.submission", "challenge_id")
    submission_count = fields.Integer(compute="_compute_submission_counts")
    submission_waiting_count = fields.Integer(
        compute="_compute_submission_counts", string="To Review"
    )

    _photos_range = models.Constraint(
        f"CHECK (photo_min >= 0 AND photo_max BETWEEN photo_min AND {_MOST_PHOTOS})",
        f"Photos are {_MOST_PHOTOS} at most, and not fewer at most than at least.",
    )
    _video_range = models.Constraint(
        f"CHECK (video_megabytes BETWEEN 1 AND {MOST_MEGABYTES})",
        f"A video has between 1 and {MOST_MEGABYTES} megabytes.",
    )
    _something_is_asked = models.Constraint(
        "CHECK (kind <> 'activity' OR photo_max > 0 OR video_use <> 'none')",
        "Ask for photos or for a video.",
    )
    _two_above_range = models.Constraint(
        "CHECK (two_above >= 0)", "The limit for two people is not negative."
    )

    # === COMPUTE METHODS === #

    def _compute_submission_counts(self):
        counts = {
            (challenge, state): count
            for challenge, state, count in self.env[
                "b2b2c.activity.submission"
            ]._read_group(
                [("challenge_id", "in", self.ids), ("state", "!=", "draft")],
                ["challenge_id", "state"],
                ["__count"],
            )
        }
        for challenge in self:
            own = {
                state: count
                for (one, state), count in counts.items()
                if one == challenge
            }
            challenge.submission_count = sum(own.values())
            challenge.submission_waiting_count = own.get("handed_in", 0)

    # === CRUD METHODS === #

    def write(self, vals):
        self.check_access("write")
        started = self.sudo().filtered(
            lambda one: one.kind == "activity" and one.state != "draft"
        )
        if started and vals.keys() & _SETTLED:
            raise UserError(
                self.env._(
                    "“%s” was started: people do what it asked for. Copy it, and "
                    "change the copy.",
                    started[0].name,
                )
            )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_open_submissions(self):
        """Open what was handed in here."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_activity_submission_action"
        )
        waits = {"search_default_waiting": 1} if self.submission_waiting_count else {}
        return dict(action, domain=[("challenge_id", "=", self.id)], context=waits)

    # === PRIZES === #

    def _check_prizes(self):
        super()._check_prizes()
        if self.kind != "activity":
            return
        if self.prize_ids.filtered("place_from"):
            raise UserError(
                self.env._(
                    "Nobody competes for places here: leave the place of the prizes "
                    "empty."
                )
            )
        if self.prize_ids.filtered("threshold") and not self._get_max_score():
            raise UserError(
                self.env._(
                    "A prize has a threshold, and nothing of the checklist is scored: "
                    "enter the greatest scores."
                )
            )

    def _get_cost_of(self, prizes, people):
        """Each person gets one prize of a program: the one of the highest threshold."""
        if self.kind != "activity":
            return super()._get_cost_of(prizes, people)
        return best_cost(map(to_decimal, prizes.mapped("points")), people)

    def _get_max_score(self):
        """Return how many points of score the checklist gives at most."""
        self.ensure_one()
        return sum(self.sudo().criterion_ids.mapped("max_score"))
