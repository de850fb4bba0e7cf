from odoo import api, fields, models

from ...const import POINTS


class B2b2cChallengeStanding(models.Model):
    """Where somebody, or a shop, stands in a round: read cheaply, folded anew often.

    ``b2b2c.challenge.round._fold`` writes it from the scores; nothing is decided by it.
    A round that closes counts the scores themselves.
    """

    _name = "b2b2c.challenge.standing"
    _description = "Standing in a Challenge"
    _inherit = "b2b2c.closed"
    _order = "round_id desc, division, place, id"
    _log_access = False

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, readonly=True, index=True, ondelete="restrict"
    )
    round_id = fields.Many2one(
        "b2b2c.challenge.round", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        string="Participant",
        help="Empty where shops compete.",
    )
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Company or Shop",
    )
    division = fields.Char(required=True, readonly=True, default="")
    rank = fields.Integer(
        required=True, readonly=True, string="Place", help="Equal scores share it."
    )
    place = fields.Integer(
        required=True,
        readonly=True,
        string="In Order",
        help="Each once: who reached an equal score first is ahead.",
    )
    tied = fields.Integer(required=True, readonly=True, string="With This Place")
    rank_before = fields.Integer(
        readonly=True, string="Place Before", help="When it was folded last; 0: none."
    )
    score = fields.Float(**POINTS, required=True, readonly=True)
    reached_at = fields.Datetime(
        readonly=True, help="When the score was reached; it decides between equals."
    )
    is_held = fields.Boolean(readonly=True, string="Under Review")
    folded_at = fields.Datetime(required=True, readonly=True, string="As Of")

    _person_once = models.UniqueIndex(
        "(round_id, member_id) WHERE member_id IS NOT NULL",
        "This person has a standing in the round already.",
    )
    _shop_once = models.UniqueIndex(
        "(round_id, employer_id) WHERE member_id IS NULL",
        "This shop has a standing in the round already.",
    )
    _places = models.Index("(round_id, division, place)")

    @api.depends("rank", "member_id.name", "employer_id.name")
    def _compute_display_name(self):
        for standing in self:
            who = standing.member_id.name or standing.employer_id.name
            standing.display_name = f"{standing.rank}. {who}"
