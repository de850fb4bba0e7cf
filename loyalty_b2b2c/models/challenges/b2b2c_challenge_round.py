from odoo import api, fields, models
from odoo.fields import Domain

from ...const import POINTS
from ..base.days import word_day
from ..base.rows import update_in_state

#: States of rounds that go on by themselves, and of those whose result stands.
OPEN = ("running", "counting", "provisional")
FINAL = ("final", "corrected")
#: Of rounds before a challenge began: what somebody sold then is what to do better.
PAST = "past"


class B2b2cChallengeRound(models.Model):
    """A round of a challenge: the days in which it counts, and how far it has come.

    A recurring challenge has a row per period.  The round counts from ``date_from`` to
    before ``date_to``; what happened then may come in until ``counts_until``.  Then the
    result can be seen, and on ``final_from`` it is final and prizes are given.
    """

    _name = "b2b2c.challenge.round"
    _description = "Round of a Challenge"
    _inherit = "b2b2c.closed"
    _order = "date_from desc, id desc"

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="challenge_id.kind")
    group_by = fields.Selection(related="challenge_id.group_by")

    # When
    first_day = fields.Date(required=True, readonly=True)
    last_day = fields.Date(required=True, readonly=True)
    date_from = fields.Datetime(required=True, readonly=True, string="Starts")
    date_to = fields.Datetime(required=True, readonly=True, string="Ends")
    counts_until = fields.Datetime(
        required=True,
        readonly=True,
        help="What happened in the round counts when it is known by then.",
    )
    final_from = fields.Datetime(
        required=True, readonly=True, help="The result is final from then on."
    )
    clawback_until = fields.Datetime(
        required=True, readonly=True, help="Prizes of a task come back until then."
    )

    # How far
    state = fields.Selection(
        [
            ("running", "Running"),
            ("counting", "Counting"),
            ("provisional", "Provisional"),
            ("final", "Final"),
            ("corrected", "Corrected"),
            ("cancelled", "Cancelled"),
            ("past", "Before the Start"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="running",
    )
    places_taken = fields.Integer(required=True, readonly=True, default=0)
    is_unpaid = fields.Boolean(
        readonly=True,
        string="Prizes Not Paid",
        help="Somebody reached a prize that no budget pays. It is tried again.",
    )
    seed = fields.Char(
        readonly=True, help="Decides draws; it was chosen before the round closed."
    )
    version = fields.Integer(
        required=True,
        readonly=True,
        default=0,
        help="How often the result was counted anew after it was final.",
    )
    digest = fields.Char(
        readonly=True, string="Fingerprint", help="Of the result, as it became final."
    )
    closed_at = fields.Datetime(readonly=True, string="Final Since")
    reserved_points = fields.Float(
        **POINTS, compute="_compute_reserved_points", string="Reserved"
    )

    entry_ids = fields.One2many("b2b2c.challenge.entry", "round_id")
    result_ids = fields.One2many("b2b2c.challenge.result", "round_id")
    award_ids = fields.One2many("b2b2c.challenge.award", "round_id")

    _one_per_period = models.UniqueIndex(
        "(challenge_id, first_day)", "This round is open already."
    )
    _due = models.Index(
        "(date_to) WHERE state IN ('running', 'counting', 'provisional')"
    )

    # === COMPUTE METHODS === #

    @api.depends("challenge_id.name", "first_day", "last_day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for one in self:
            days = {word_day(self.env, day): 1 for day in (one.first_day, one.last_day)}
            one.display_name = f"{one.challenge_id.name} · {' – '.join(days)}"

    def _compute_reserved_points(self):
        for one in self:
            one.reserved_points = sum(one._get_reserved().values())

    # === BUDGET === #

    def _get_budget_key(self):
        """Return what this round is called where budgets are counted."""
        self.ensure_one()
        return f"b2b2c.challenge.round,{self.id}"

    def _get_reserved(self):
        """Return what this round takes of the budgets of programs.

        :return: dict ``b2b2c.program`` -> Decimal
        """
        self.ensure_one()
        programs = self.challenge_id.sudo().prize_ids.program_id
        scopes = {f"p{program.id}": program for program in programs}
        used = self.env["b2b2c.cap.scope"]._get_used([*scopes], self._get_budget_key())
        return {
            scopes[scope]: own for scope, (_others, own) in sorted(used.items()) if own
        }

    # === GOING ON === #

    @api.model
    def _get_due_domain(self):
        """Return the domain of the rounds that have something to do now."""
        is_over = Domain("date_to", "<=", fields.Datetime.now())
        going_on = Domain("state", "in", OPEN)
        return (going_on & is_over) | Domain("is_unpaid", "=", True)

    def _note_unpaid(self, is_unpaid):
        """Note whether a prize was reached that no budget pays."""
        for one in self:
            update_in_state(one, [one.state], is_unpaid=is_unpaid)
