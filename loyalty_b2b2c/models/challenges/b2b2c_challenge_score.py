from odoo import fields, models

from ...const import POINTS
from ..base.implied import Implied


class B2b2cChallengeScore(models.Model):
    """What a line of a document adds to, or takes from, somebody's score in a round.

    Rows are added by :class:`~.score_feed.ScoreFeed`, never changed: with them the
    score of any day can be proved as it was known then.  They are kept for everybody a
    challenge is for; who took it on, and from when on it counts for whom, is asked when
    scores are added up (:func:`~.score_sums.get_sums`).

    Whoever sells pays for each row, so it says nothing twice: the round keeps its
    challenge and company, the membership knows the shop.
    """

    _name = "b2b2c.challenge.score"
    _description = "Score in a Challenge"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "source_key"
    _log_access = False

    challenge_id = Implied("b2b2c.challenge", required=True, readonly=True)
    round_id = fields.Many2one(
        "b2b2c.challenge.round", required=True, readonly=True, ondelete="restrict"
    )
    company_id = Implied("res.company", required=True, readonly=True)
    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Participant",
    )
    employer_id = fields.Many2one(
        related="member_id.employer_id",
        string="Company or Shop",
        help="Where the person worked when it counted first: who moves has another "
        "membership.",
    )
    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    document_name = fields.Char(readonly=True, string="Document")
    line_key = fields.Char(required=True, readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True, string="Happened")
    delta = fields.Float(**POINTS, required=True, readonly=True, string="Score")
    learned_at = fields.Datetime(
        required=True,
        readonly=True,
        help="When it reached us: what is learned after the hours of grace does not "
        "count.",
    )
    recorded_at = fields.Datetime(required=True, readonly=True)
    source_key = fields.Char(required=True, readonly=True)

    _source_once = models.UniqueIndex("(source_key)", "This has already been counted.")
    _document = models.Index("(document_model, document_id)")
    _round_member = models.Index("(round_id, member_id)")

    def init(self):
        """Keep the history as it is: append-only for everybody."""
        self._make_append_only()
        # before it was released a row named the shop: the column is required there
        self.env.cr.execute(
            "ALTER TABLE b2b2c_challenge_score DROP COLUMN IF EXISTS employer_id"
        )
