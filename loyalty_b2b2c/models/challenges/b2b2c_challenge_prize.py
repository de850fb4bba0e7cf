from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS


class B2b2cChallengePrize(models.Model):
    """What a place, or a threshold, is worth: points of a program.

    A program may exchange its points at once for a reward, so a prize can be a
    certificate, a coupon, or a thing.
    """

    _name = "b2b2c.challenge.prize"
    _description = "Prize of a Challenge"
    _order = "challenge_id, threshold, place_from, id"

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="challenge_id.company_id", store=True)
    kind = fields.Selection(related="challenge_id.kind")
    threshold = fields.Float(
        **POINTS,
        required=True,
        default=0,
        help="Who counts so much gets the prize, once in each round.",
    )
    streak = fields.Integer(
        required=True,
        default=1,
        string="Rounds in a Row",
        help="The threshold has to be reached in so many rounds, one after the other.",
    )
    place_from = fields.Integer(string="From Place", required=True, default=0)
    place_to = fields.Integer(
        string="To Place",
        compute="_compute_place_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    program_id = fields.Many2one(
        "b2b2c.program",
        string="Points Of",
        compute="_compute_program_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="If this program exchanges its points at once, the prize is a "
        "certificate, a coupon or a thing.",
    )
    points = fields.Float(**POINTS, required=True)
    symbol = fields.Char(related="program_id.symbol")
    prize_text = fields.Char(compute="_compute_prize_text", string="Prize")

    _points_are_positive = models.Constraint(
        "CHECK (points > 0)", "A prize is more than nothing: enter its points."
    )
    _streak_is_positive = models.Constraint(
        "CHECK (streak >= 1)", "A threshold is reached in one round at least."
    )
    _threshold_is_positive = models.Constraint(
        "CHECK (threshold >= 0)", "A threshold is not negative."
    )
    _places_in_order = models.Constraint(
        "CHECK (place_from >= 0 AND place_to >= place_from)",
        "The last place of a prize comes after its first place.",
    )

    # === COMPUTE METHODS === #

    @api.depends("place_from")
    def _compute_place_to(self):
        for prize in self:
            prize.place_to = max(prize.place_to, prize.place_from)

    @api.depends("challenge_id.program_id")
    def _compute_program_id(self):
        for prize in self:
            prize.program_id = prize.program_id or prize.challenge_id.program_id

    @api.depends("points", "program_id.unit_id", "program_id.grant_reward_id")
    @api.depends_context("lang")
    def _compute_prize_text(self):
        for prize in self:
            prize.prize_text = prize._get_text()

    @api.depends("prize_text")
    def _compute_display_name(self):
        for prize in self:
            prize.display_name = prize.prize_text

    def _get_text(self, points=None):
        """Return the prize in the reader's words: points, or the reward they become.

        :param points: another number of them, where several share the prize
        """
        self.ensure_one()
        prize = self.sudo()
        points = prize.points if points is None else points
        if prize.program_id.grant_reward_id:
            return prize.program_id.grant_reward_id.name
        return prize.program_id.unit_id._format(points) if prize.program_id else ""

    # === CONSTRAINT METHODS === #

    @api.constrains("program_id", "challenge_id")
    def _check_program(self):
        for prize in self:
            if prize.program_id.company_id != prize.challenge_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to another company than the challenge.",
                        prize.program_id.name,
                    )
                )

    @api.constrains(
        "threshold", "streak", "place_from", "place_to", "challenge_id", "program_id"
    )
    def _check_places(self):
        """Refuse two prizes of one program for one place, or for one threshold.

        Of two programs they are points and a certificate, for instance.
        """
        for challenge in self.challenge_id:
            for program in challenge.prize_ids.program_id:
                prizes = challenge.prize_ids.filtered(
                    lambda one, of=program: one.program_id == of
                )
                prizes._check_each_place_once()

    def _check_each_place_once(self):
        """Refuse that these prizes, of one program, are for the same."""
        placed = self.filtered("place_from").sorted("place_from")
        for before, after in zip(placed, placed[1:], strict=False):
            if after.place_from <= before.place_to:
                raise ValidationError(
                    self.env._(
                        "Place %s has two prizes; give each place one.",
                        after.place_from,
                    )
                )
        steps = [(one.threshold, one.streak) for one in self - placed]
        if len(set(steps)) < len(steps):
            raise ValidationError(
                self.env._(
                    "Two prizes have the same threshold; each step is higher than the "
                    "one before."
                )
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        prizes = super().create(vals_list)
        prizes._check_draft()
        return prizes

    def write(self, vals):
        self.check_access("write")
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()

    def _check_draft(self):
        """Refuse to change what people count on."""
        started = self.challenge_id.sudo().filtered(lambda one: one.state != "draft")
        if started:
            raise UserError(
                self.env._(
                    "“%s” was started: its prizes stay as they are.", started[0].name
                )
            )
