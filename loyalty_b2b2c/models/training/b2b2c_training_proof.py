from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..base.rows import insert_rows

HOLDS = [
    ("changed", "What has to be passed was changed since the start"),
    ("limit", "More points than one person may give alone"),
    ("own", "The participant could have said so himself"),
    ("suspended", "The participant is paused"),
    ("photo", "The same photo was shown before"),
    ("budget", "Nothing is left to pay the prize"),
]


class B2b2cTrainingProof(models.Model):
    """That a participant passed a training, once per version and period.

    The score is that of the moment it was passed.  One that somebody has to look at is
    held; one whose proof was undone is withdrawn, and its prize taken back, while
    prizes of the challenge can come back.
    """

    _name = "b2b2c.training.proof"
    _description = "Passed Training"
    _inherit = "b2b2c.closed"
    _order = "passed_at desc, id desc"
    _rec_names_search = ["member_id.name", "challenge_id.name"]

    challenge_id = fields.Many2one(
        "b2b2c.challenge",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Training",
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
    attempt_id = fields.Many2one(
        "b2b2c.training.attempt", readonly=True, index=True, ondelete="set null"
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    period = fields.Char(
        required=True, readonly=True, help="Within which it pays once."
    )
    score = fields.Float(readonly=True, aggregator="avg", digits=(16, 2))
    passed_at = fields.Datetime(required=True, readonly=True, string="Passed")
    valid_until = fields.Datetime(readonly=True, index="btree_not_null")
    prize_id = fields.Many2one(
        "b2b2c.challenge.prize", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("held", "To look at"),
            ("passed", "Passed"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        readonly=True,
    )
    hold = fields.Selection(HOLDS, readonly=True, string="Why It Is Looked At")
    reason = fields.Char(readonly=True, string="Why Not")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True)
    is_valid = fields.Boolean(compute="_compute_is_valid", search="_search_is_valid")

    _once = models.UniqueIndex(
        "(challenge_id, member_id, version, period) WHERE state IN ('held', 'passed')",
        "This person passed the training already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("member_id.name", "challenge_id.name")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = f"{proof.member_id.name} · {proof.challenge_id.name}"

    @api.depends("state", "valid_until")
    def _compute_is_valid(self):
        now = fields.Datetime.now()
        for proof in self:
            lapsed = proof.valid_until and proof.valid_until <= now
            proof.is_valid = proof.state == "passed" and not lapsed

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        valid = [
            ("state", "=", "passed"),
            "|", ("valid_until", "=", False), ("valid_until", ">", now),
        ]  # fmt: skip
        return valid if True in value else ["!", "&", *valid]

    # === PROVING === #

    @api.model
    def _prove(self, challenge, attempt):
        """Keep that somebody passed a training, and give the prize, once.

        :param challenge: ``b2b2c.challenge`` that runs
        :param attempt: ``b2b2c.training.attempt``
        :return: why nothing came of it, a code; empty when something did
        :raise AmbiguousPerson: it may have been several people
        """
        way = challenge._get_training_way()
        judged = way._assess(challenge, attempt)
        if not judged:
            return "failed"
        prize = challenge._get_training_prize(judged.score)
        if not prize:
            return "low"
        member, problem = self._find_learner(challenge, attempt, judged)
        if problem:
            return problem
        return self._keep(challenge, attempt, judged, member, prize)

    def _find_learner(self, challenge, attempt, judged):
        """Return ``(member, problem)``: with which membership a person passed.

        :return: an empty member with the code of why it is none
        """
        way = challenge._get_training_way()
        found = way._get_memberships(challenge, attempt)
        if not found:
            return found, "nobody"
        meant = found.filtered(challenge._is_for)
        if not meant:
            return meant, "not_for"
        is_open = challenge._is_training_open
        member = meant.filtered(lambda one: is_open(one, judged.passed_at))[:1]
        return member, "" if member else "outside"

    def _keep(self, challenge, attempt, judged, member, prize):
        """Add the proof of a person who has none yet for the version and period.

        :return: why there is one already, a code; empty when it was added
        """
        earlier = self.search(
            [
                ("challenge_id", "=", challenge.id),
                # whichever role the person passed it in
                ("member_id.partner_id", "=", member.partner_id.id),
                ("version", "=", challenge.training_version),
                ("state", "in", ("held", "passed")),
            ]
        )
        period = self._get_period(challenge, attempt, judged, earlier)
        if period in earlier.mapped("period"):
            return "again"
        ids = insert_rows(
            self,
            [
                {
                    "challenge_id": challenge.id,
                    "company_id": challenge.company_id.id,
                    "member_id": member.id,
                    "employer_id": member.employer_id.id,
                    "attempt_id": attempt.id,
                    "res_model": attempt.res_model,
                    "res_id": attempt.res_id,
                    "version": challenge.training_version,
                    "period": period,
                    "score": judged.score,
                    "passed_at": judged.passed_at,
                    "valid_until": self._get_valid_until(challenge, judged),
                    "prize_id": prize.id,
                    "state": "held",
                    "hold": self._get_hold(challenge, attempt, judged, member, prize),
                }
            ],
        )
        if not ids:  # somebody else judged the same at the same time
            return "again"
        challenge.invalidate_recordset(["proof_ids"], flush=False)
        proof = self.browse(ids)
        if proof.hold:
            proof._tell("training_held")
        else:
            proof._give()
        return ""

    def _get_period(self, challenge, attempt, judged, earlier):
        """Return within which period something pays once.

        :param earlier: proofs of the person for the version that stand
        """
        repeat = challenge.training_repeat
        if repeat == "each":
            return attempt.occasion
        if repeat == "year":
            return str(challenge._get_training_day(judged.passed_at).year)
        if repeat == "lapsed":
            lapsed = earlier.filtered(
                lambda proof: (
                    proof.valid_until and proof.valid_until <= judged.passed_at
                )
            )
            return str(len(lapsed) + 1)
        return "once"

    def _get_valid_until(self, challenge, judged):
        if not challenge.validity_months:
            return None
        return judged.passed_at + relativedelta(months=challenge.validity_months)

    def _get_hold(self, challenge, attempt, judged, member, prize):
        """Return why an officer looks at a proof first, ``None`` for nothing."""
        content = challenge.training_content or {}
        limit = challenge.review_above
        if content.get(attempt.subject, attempt.digest) != attempt.digest:
            return "changed"
        if member.state == "suspended":
            return "suspended"
        if challenge._get_training_way()._could_say_so(member):
            return "own"
        if judged.hold:
            return judged.hold
        return "limit" if 0 < limit < prize.points else None
