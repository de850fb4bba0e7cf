from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.rows import update_in_state
from ..people.authority import decides
from .b2b2c_challenge_round import FINAL

_CLOSED = {"state", "requested_by_id", "decided_by_id", "decided_at"}


class B2b2cChallengeRecount(models.Model):
    """That a final result shall be counted anew: one person asks, another one decides.

    Places never move by themselves once they are final, whatever is returned.
    """

    _name = "b2b2c.challenge.recount"
    _description = "Recount of a Contest"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "round_id"

    round_id = fields.Many2one(
        "b2b2c.challenge.round",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', 'in', ('final', 'corrected')), ('kind', '=', 'contest')]",
    )
    challenge_id = fields.Many2one(related="round_id.challenge_id", store=True)
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    reason = fields.Char(required=True, tracking=True)
    moves_up = fields.Boolean(
        string="Others Move Up",
        tracking=True,
        help="Who is better now gets the prize of the new place. Otherwise a prize "
        "that somebody loses stays over.",
    )
    state = fields.Selection(
        [("asked", "Asked"), ("done", "Counted"), ("refused", "Refused")],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="asked",
        tracking=True,
    )
    requested_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="restrict",
        default=lambda self: self.env.user,
        string="Asked By",
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    decided_at = fields.Datetime(readonly=True, copy=False)
    outlook = fields.Text(
        compute="_compute_outlook", string="What Changes", compute_sudo=True
    )

    _one_asked = models.UniqueIndex(
        "(round_id) WHERE state = 'asked'", "A recount of this round was asked for."
    )

    # === COMPUTE METHODS === #

    @api.depends("round_id", "moves_up", "state")
    @api.depends_context("lang")
    def _compute_outlook(self):
        for recount in self:
            recount.outlook = (
                recount.round_id and recount.state == "asked" and recount._get_outlook()
            )

    def _get_outlook(self):
        """Return in words which places are others now."""
        before = {
            (one.member_id.id or -one.employer_id.id): one
            for one in self.round_id.result_ids.filtered("is_current")
        }
        lines = []
        for outcome in self.round_id._count_outcomes():
            place = outcome.place
            old = before.get(place.key) or before.get(-place.key)
            if old and old.rank != place.rank:
                lines.append(
                    self.env._(
                        "%(who)s: place %(before)s → %(after)s, %(score)s",
                        who=old.member_id.name or old.employer_id.name,
                        before=old.rank,
                        after=place.rank,
                        score=self.challenge_id._format_score(place.score),
                    )
                )
        return "\n".join(lines) or self.env._("No place changes.")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever asks is who is signed in, whatever a client sends."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - _CLOSED}
                for vals in vals_list
            ]
        recounts = super().create(vals_list)
        for recount in recounts:
            recount._check_round()
        return recounts

    def write(self, vals):
        self.check_access("write")
        if not self.env.su and vals.keys() & _CLOSED:
            raise UserError(self.env._("Use the buttons to decide about a recount."))
        if not self.env.su and any(recount.state != "asked" for recount in self):
            raise UserError(self.env._("This recount was decided already."))
        return super().write(vals)

    def _check_round(self):
        """Refuse what cannot be counted anew."""
        round_ = self.sudo().round_id
        if round_.kind != "contest" or round_.state not in FINAL:
            raise UserError(
                self.env._(
                    "Only the final result of a contest is counted anew; before that "
                    "it follows by itself."
                )
            )

    # === ACTION METHODS === #

    @decides("round_id.award_ids.member_id", asked_by="requested_by_id")
    def action_approve(self):
        """Count anew what somebody else asked for."""
        for recount in self:
            recount._decide("done")
            recount.sudo().round_id._recount(recount.moves_up)
        return True

    @decides("round_id.award_ids.member_id", asked_by="requested_by_id")
    def action_refuse(self):
        """Let the result stay as it is."""
        for recount in self:
            recount._decide("refused")
        return True

    def _decide(self, state):
        """Note a decision; of two at the same time one counts."""
        self.check_access("write")
        self.round_id.challenge_id._check_outsider()
        if not update_in_state(
            self.sudo(),
            ["asked"],
            state=state,
            decided_by_id=self.env.user.id,
            decided_at=fields.Datetime.now(),
        ):
            raise UserError(self.env._("This recount was decided already."))
