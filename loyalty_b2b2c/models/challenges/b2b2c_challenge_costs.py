from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import POINTS
from .b2b2c_challenge_round import OPEN
from .cost_estimate import CostEstimate


class B2b2cChallenge(models.Model):
    """What a challenge costs: before it starts, while it runs, at most."""

    _inherit = "b2b2c.challenge"

    greatest_cost = fields.Float(
        **POINTS,
        compute="_compute_greatest_cost",
        string="At Most per Round",
        help="What the prizes of a round can cost; so much is reserved from the budget "
        "when it opens.",
    )
    reserved_points = fields.Float(
        **POINTS, compute="_compute_reserved_points", string="Reserved Now"
    )
    given_points = fields.Float(
        **POINTS,
        compute="_compute_given_points",
        string="Given So Far",
        help="Prizes that were given or wait, without those taken back.",
    )
    winner_count = fields.Integer(
        compute="_compute_given_points", string="People with a Prize"
    )
    takers_count = fields.Integer(
        compute="_compute_takers_count",
        string="Taking Part",
        help="Who took it on, or has scored, in the rounds that go on.",
    )

    # Estimate
    estimated_at = fields.Datetime(readonly=True, copy=False)
    estimated_low = fields.Float(**POINTS, readonly=True, copy=False, string="Low")
    estimated_cost = fields.Float(**POINTS, readonly=True, copy=False, string="Likely")
    estimated_high = fields.Float(**POINTS, readonly=True, copy=False, string="High")
    estimated_people = fields.Integer(
        readonly=True, copy=False, string="Would Have Won"
    )
    estimated_documents = fields.Integer(
        readonly=True, copy=False, string="Documents Looked At"
    )
    is_estimate_partial = fields.Boolean(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("prize_ids.points", "prize_ids.place_to", "state")
    def _compute_greatest_cost(self):
        for challenge in self:
            people = challenge._count_audience()
            cost = challenge._get_greatest_cost(people)
            challenge.greatest_cost = sum(cost.values())

    def _compute_reserved_points(self):
        for challenge in self:
            open_rounds = challenge.round_ids.filtered(lambda one: one.state in OPEN)
            challenge.reserved_points = sum(open_rounds.mapped("reserved_points"))

    def _compute_given_points(self):
        groups = self.env["b2b2c.challenge.award"]._read_group(
            [("challenge_id", "in", self.ids), ("state", "!=", "taken")],
            ["challenge_id"],
            ["points:sum", "member_id:count_distinct"],
        )
        given = {challenge: row for challenge, *row in groups}
        for challenge in self:
            points, people = given.get(challenge, (0, 0))
            challenge.given_points = points
            challenge.winner_count = people

    def _compute_takers_count(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.challenge_id, count(DISTINCT p.member_id)
                  FROM b2b2c_challenge_round r
                  JOIN (SELECT round_id, member_id FROM b2b2c_challenge_standing
                         WHERE challenge_id = ANY(%(ids)s)
                     UNION
                        SELECT round_id, member_id FROM b2b2c_challenge_entry
                         WHERE challenge_id = ANY(%(ids)s) AND state = 'joined') p
                    ON p.round_id = r.id
                 WHERE r.state IN ('running', 'counting', 'provisional')
              GROUP BY 1
                """,
                ids=self.ids,
            )
        )
        counts = dict(rows)
        for challenge in self:
            challenge.takers_count = counts.get(challenge.id, 0)

    # === ACTION METHODS === #

    def action_estimate(self):
        """Estimate what a round costs, from what was sold a year ago (managers)."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft" or self.kind not in self._get_scored_kinds():
            raise UserError(
                self.env._("The cost of drafts is estimated that count what is sold.")
            )
        self._check_prizes()
        found = CostEstimate(self.sudo()).get()
        self.sudo().write(
            {
                "estimated_at": fields.Datetime.now(),
                "estimated_low": found.low,
                "estimated_cost": found.likely,
                "estimated_high": found.high,
                "estimated_people": found.people,
                "estimated_documents": found.documents,
                "is_estimate_partial": found.is_partial,
            }
        )
        return True
