from odoo import api, fields, models


class B2b2cChallengeEntry(models.Model):
    """That somebody takes part in a round: took it on, or is named in it.

    Where everybody takes part at once, an entry is only there for who does not want to
    be shown, or was disqualified.
    """

    _name = "b2b2c.challenge.entry"
    _description = "Taking Part in a Challenge"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_names_search = ["member_id.name"]

    round_id = fields.Many2one(
        "b2b2c.challenge.round", required=True, readonly=True, ondelete="restrict"
    )
    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        string="Participant",
    )
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Company or Shop",
        help="Where the person worked then.",
    )
    state = fields.Selection(
        [
            ("joined", "Takes part"),
            ("left", "Left"),
            ("disqualified", "Disqualified"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="joined",
    )
    joined_at = fields.Datetime(required=True, readonly=True, string="Taken On")
    deadline = fields.Datetime(
        required=True, readonly=True, help="What happens from then on does not count."
    )
    is_hidden = fields.Boolean(
        readonly=True, string="Name Not Shown", help="The person asked for it."
    )
    is_named = fields.Boolean(
        readonly=True,
        string="Name Shown to All",
        help="The person agreed that people of other shops see the name.",
    )
    reason = fields.Char(readonly=True, string="Why Disqualified")
    user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", string="Decided By"
    )

    _once = models.UniqueIndex(
        "(round_id, member_id)", "This person takes part already."
    )

    @api.depends("challenge_id.name", "member_id.name")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = f"{entry.member_id.name} · {entry.challenge_id.name}"
