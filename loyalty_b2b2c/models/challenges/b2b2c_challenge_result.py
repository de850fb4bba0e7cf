from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS


class B2b2cChallengeResult(models.Model):
    """Which place somebody, or a shop, reached in a round.

    While the round is provisional the rows are written anew with each count; once it is
    final they stay.  A recount adds rows of the next version.
    """

    _name = "b2b2c.challenge.result"
    _description = "Result of a Challenge"
    _inherit = "b2b2c.closed"
    _order = "round_id desc, version desc, division, place, id"

    round_id = fields.Many2one(
        "b2b2c.challenge.round", required=True, readonly=True, ondelete="restrict"
    )
    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    version = fields.Integer(required=True, readonly=True, default=0)
    is_current = fields.Boolean(
        compute="_compute_is_current", search="_search_is_current"
    )
    division = fields.Char(readonly=True, help="Among whom the place was reached.")
    rank = fields.Integer(required=True, readonly=True, string="Place")
    score = fields.Float(**POINTS, required=True, readonly=True)
    reached_at = fields.Datetime(
        readonly=True, help="When the score was reached; it decides between equals."
    )
    place = fields.Integer(
        required=True,
        readonly=True,
        string="Rank",
        help="The place among all, each once: what decides between equal scores.",
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Participant",
        help="Empty where shops compete.",
    )
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Company or Shop",
    )
    prize_id = fields.Many2one(
        "b2b2c.challenge.prize", readonly=True, ondelete="restrict"
    )
    points = fields.Float(**POINTS, readonly=True, string="Prize in Points")
    wins = fields.Json(
        readonly=True,
        help="All prizes: a list of ``{prize, program, member, points}``.",
    )
    is_held = fields.Boolean(readonly=True, string="Under Review")
    problem = fields.Selection(
        [
            ("no_score", "Nothing was scored"),
            ("below_minimum", "Less than the least score"),
            ("no_prize", "No prize for this place"),
            ("drawn_out", "Others with the same score were ahead"),
            ("held", "Suspended: the prize waits"),
            ("no_owner", "The shop has no owner who takes part"),
        ],
        readonly=True,
        string="Why No Prize",
    )

    _person_once = models.UniqueIndex(
        "(round_id, version, member_id) WHERE member_id IS NOT NULL",
        "This person has a place in the round already.",
    )
    # the place, not the shop: shops that become one contact keep what each had
    _shop_once = models.UniqueIndex(
        "(round_id, version, coalesce(division, ''), place) WHERE member_id IS NULL",
        "A shop has this place in the round already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("rank", "member_id.name", "employer_id.name")
    def _compute_display_name(self):
        for result in self:
            who = result.member_id.name or result.employer_id.name
            result.display_name = f"{result.rank}. {who}"

    @api.depends("version", "round_id.version")
    def _compute_is_current(self):
        for result in self:
            result.is_current = result.version == result.round_id.version

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = SQL(
            "(SELECT s.id FROM b2b2c_challenge_result s"
            "   JOIN b2b2c_challenge_round r ON r.id = s.round_id"
            "  WHERE s.version = r.version)"
        )
        return [("id", "in" if True in value else "not in", current)]
