from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS
from ...engine import local_day, to_decimal
from ...engine.prize_fund import best_cost
from ...values import aware

_VALID_MONTHS = 1200
#: Settled once a challenge was started.
_SETTLED = {
    "training_way",
    "training_repeat",
    "validity_months",
    "review_above",
    "training_content",
    "training_since",
    "training_version",
}


class B2b2cChallenge(models.Model):
    """Training as a challenge: who passes something is rewarded, once.

    What has to be passed is a way (``b2b2c.training.way``); it is written down at the
    start, so that what is changed later is noticed.  A new version lets everybody pass
    again.
    """

    _inherit = "b2b2c.challenge"

    kind = fields.Selection(
        selection_add=[("training", "Training")],
        ondelete={"training": lambda challenges: challenges.write({"active": False})},
    )
    training_way = fields.Selection(
        [
            ("presentation", "A presentation is held"),
            ("attendance", "A presentation is attended"),
        ],
        string="Proved By",
        tracking=True,
    )
    training_repeat = fields.Selection(
        [
            ("once", "Once"),
            ("lapsed", "Again when it lapsed"),
            ("year", "Once a calendar year"),
            ("each", "Each time"),
        ],
        required=True,
        default="once",
        string="Pays",
        help="Each version pays once, or so often.",
    )
    validity_months = fields.Integer(
        default=0,
        string="Valid for Months",
        help="So long the training is good for; before it lapses the person is "
        "reminded. 0: for ever.",
    )
    review_above = fields.Float(
        **POINTS,
        string="An Officer Looks Above",
        help="Who would get more points than this at once waits for an officer. 0: "
        "nobody waits.",
    )
    training_version = fields.Integer(
        default=1, readonly=True, copy=False, string="Version"
    )
    training_since = fields.Datetime(
        readonly=True, copy=False, help="What was passed before is of no account."
    )
    training_content = fields.Json(readonly=True, copy=False)
    training_advice = fields.Char(compute="_compute_training_advice")
    training_changed = fields.Boolean(
        compute="_compute_training_changed",
        help="What has to be passed looks different from when it was started.",
    )
    # presentations
    min_attendees = fields.Integer(
        default=3,
        string="People at Least",
        help="So many people have to confirm that they were there.",
    )
    attendees_from = fields.Selection(
        [
            ("any", "Anywhere"),
            ("same_shop", "The presenter's own shop"),
            ("other_shop", "Other shops only"),
        ],
        required=True,
        default="any",
        string="Counted From",
        help="Training of the own staff, or of customers and other shops.",
    )
    presentation_hours = fields.Integer(
        default=4,
        string="Hours at Most",
        help="So long after its start people can confirm.",
    )
    attendance_id = fields.Many2one(
        "b2b2c.challenge",
        string="Attendees Get",
        domain="[('kind', '=', 'training'), ('training_way', '=', 'attendance'), "
        "('company_id', '=', company_id)]",
        index="btree_not_null",
        ondelete="restrict",
        help="The training that those who were there have passed; empty: they get "
        "nothing.",
    )
    proof_ids = fields.One2many("b2b2c.training.proof", "challenge_id")
    proof_count = fields.Integer(compute="_compute_proof_count", string="Passed")
    held_count = fields.Integer(compute="_compute_proof_count", string="To Look At")

    _validity_range = models.Constraint(
        f"CHECK (validity_months BETWEEN 0 AND {_VALID_MONTHS})",
        "A training is valid for a hundred years at most; 0 is for ever.",
    )
    _training_has_a_way = models.Constraint(
        "CHECK (kind <> 'training' OR training_way IS NOT NULL)",
        "Choose how the training is proved.",
    )
    _lapses_sometime = models.Constraint(
        "CHECK (training_repeat <> 'lapsed' OR validity_months > 0)",
        "What pays again when it lapsed is valid for some months: enter how many.",
    )
    _presentation_range = models.Constraint(
        "CHECK (min_attendees BETWEEN 1 AND 10000"
        " AND presentation_hours BETWEEN 1 AND 72)",
        "A presentation has one attendee at least, and takes 72 hours at most.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "training_way")
    @api.depends_context("lang")
    def _compute_training_advice(self):
        for challenge in self:
            is_training = challenge._is_training()
            way = is_training and challenge._get_training_way()
            challenge.training_advice = is_training and way._get_advice(challenge)

    @api.depends("state", "training_content")
    def _compute_training_changed(self):
        for challenge in self:
            is_running = challenge._is_training() and challenge.state == "running"
            challenge.training_changed = is_running and (
                challenge._get_training_way()._get_content(challenge.sudo())
                != challenge.training_content
            )

    def _compute_proof_count(self):
        groups = self.env["b2b2c.training.proof"]._read_group(
            [("challenge_id", "in", self.ids)], ["challenge_id", "state"], ["__count"]
        )
        counts = {(challenge, state): count for challenge, state, count in groups}
        for challenge in self:
            challenge.proof_count = counts.get((challenge, "passed"), 0)
            challenge.held_count = counts.get((challenge, "held"), 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("training_way", "training_repeat", "kind")
    def _check_training_repeat(self):
        for challenge in self:
            repeats = challenge._is_training() and challenge.training_repeat == "each"
            if repeats and not challenge._get_training_way()._has_occasions:
                raise ValidationError(
                    self.env._(
                        "“%s” would pay each time somebody passes it again. Let it pay "
                        "once, once a year, or again when it lapsed.",
                        challenge.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        self.check_access("write")
        started = self.sudo().filtered(lambda challenge: challenge.state != "draft")
        settled = self._get_training_settled()
        if started and not self.env.su and vals.keys() & settled:
            raise UserError(
                self.env._(
                    "“%s” was started: what proves the training stays. Make a copy, or "
                    "start a new version.",
                    started[0].name,
                )
            )
        return super().write(vals)

    @api.model
    def _get_training_settled(self):
        """Return the names of the fields that stay once a training was started."""
        return set(_SETTLED)

    # === ACTION METHODS === #

    def action_new_version(self):
        """Let everybody pass the training again, as it is now (managers)."""
        self._check_trainer()
        for challenge in self:
            challenge._settle_training(challenge.training_version + 1)
        return True

    def action_accept_content(self):
        """Say that the training is the same as before, however it was edited
        (managers); who passed meanwhile still waits."""
        self._check_trainer()
        for challenge in self:
            challenge._settle_training(challenge.training_version)
        return True

    def action_open_proofs(self):
        """Open who passed this training."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_training_proof_action"
        )
        return dict(action, domain=[("challenge_id", "=", self.id)], context={})

    def _check_trainer(self):
        """Refuse who must not say what a training is, and what does not run.

        :raise UserError: says why
        """
        self.check_access("write")
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(
                self.env._("Only a loyalty manager says what a training is.")
            )
        for challenge in self:
            if challenge.state != "running" or not challenge._is_training():
                raise UserError(
                    self.env._("“%s” is no training that runs.", challenge.name)
                )

    # === LIFE === #

    def _is_training(self):
        """Tell whether this challenge is a training, and says how it is proved."""
        return self.kind == "training" and bool(self.training_way)

    def _get_training_way(self):
        """Return the model of the way this training is proved."""
        return self.env["b2b2c.training.way"]._get_way(self.training_way)

    def _settle_training(self, version):
        """Write down what has to be passed from now on.

        :param int version: whoever passed an earlier one may pass again
        :raise UserError: it proves nothing as it is
        """
        self.ensure_one()
        challenge = self.sudo()
        way = challenge._get_training_way()
        problems = way._get_problems(challenge)
        if problems:
            raise UserError("\n".join(problems))
        values = {"training_content": way._get_content(challenge)}
        if not challenge.training_since or version > challenge.training_version:
            values["training_since"] = fields.Datetime.now()
        challenge.write({"training_version": version, **values})

    def action_start(self):
        """Write down what has to be passed, too."""
        result = super().action_start()
        for challenge in self:
            if challenge._is_training():
                challenge._settle_training(challenge.training_version)
        return result

    def _check_start(self):
        result = super()._check_start()
        is_endless = not self.last_day and self.recurrence == "once"
        if self._is_training() and self.is_opt_in and is_endless:
            raise UserError(
                self.env._(
                    "What people take on has an end: choose the last day of “%s”.",
                    self.name,
                )
            )
        return result

    def _check_prizes(self):
        result = super()._check_prizes()
        if self._is_training() and self.prize_ids.filtered("place_from"):
            raise UserError(
                self.env._(
                    "A training has no places: its prizes are for a score, or for "
                    "passing it at all."
                )
            )
        return result

    def _open_rounds(self):
        """Open rounds; a training without an end needs none."""
        return super(
            B2b2cChallenge,
            self.filtered(
                lambda challenge: (
                    not challenge._is_training()
                    or challenge.last_day
                    or challenge.recurrence != "once"
                )
            ),
        )._open_rounds()

    def _get_cost_of(self, prizes, people):
        """Everybody passes a training once, with the best score."""
        if not self._is_training():
            return super()._get_cost_of(prizes, people)
        return best_cost(map(to_decimal, prizes.mapped("points")), people)

    def _get_training_round(self, at):
        """Return the round an instant is in, empty without one.

        :param at: naive UTC
        """
        return self.round_ids.filtered(lambda one: one.date_from <= at < one.date_to)[
            :1
        ]

    def _end_training_way(self):
        """Cancel trainings whose way is gone with its add-on; what was passed stays."""
        self.sudo().write(
            {
                "training_way": "attendance",
                "state": "cancelled",
                "cancel_reason": self.env._("The app that proved it was removed."),
                "active": False,
            }
        )

    # === WHO PASSES === #

    @api.model
    def _find_trainings(self, subject):
        """Return the trainings that run of which something is a part, with superuser
        rights.

        :param str subject: see ``b2b2c.training.way._get_content``
        """
        running = self.sudo().search(
            [("kind", "=", "training"), ("state", "=", "running")], order="id"
        )
        return running.filtered(
            lambda challenge: subject in (challenge.training_content or {})
        )

    def _get_training_day(self, at):
        """Return the day an instant is in the program's time zone.

        :param at: naive UTC
        """
        return local_day(aware(at), self.timezone or "UTC")

    def _is_training_open(self, member, at):
        """Tell whether what somebody passed at an instant counts.

        :param member: one ``b2b2c.member`` for whom the training is
        :param at: naive UTC
        """
        if not self.training_since or at < self.training_since:
            return False
        day = self._get_training_day(at)
        if day < self.first_day or (self.last_day and day > self.last_day):
            return False
        if not self.is_opt_in:
            return True
        entries = self.env["b2b2c.challenge.entry"].sudo()
        taken = [
            ("challenge_id", "=", self.id),
            ("member_id", "=", member.id),
            ("state", "=", "joined"),
            ("deadline", ">", at),
        ]
        return bool(entries.search_count(taken, limit=1))

    @api.model
    def _find_trainings_for(self, members, *terms):
        """Return the trainings that run and are for somebody, with superuser rights.

        :param members: ``b2b2c.member`` in force of one person
        :param terms: of a domain, which they satisfy
        """
        running = self.sudo().search(
            [
                ("kind", "=", "training"),
                ("state", "=", "running"),
                ("company_id", "in", members.company_id.ids),
                *terms,
            ]
        )
        return running.filtered(lambda challenge: challenge._find_for(members))

    def _find_for(self, members):
        """Return the memberships among these for whom this challenge is.

        :param members: ``b2b2c.member`` in force of one person
        """
        return members.sudo().filtered(
            lambda one: one.company_id == self.company_id and self._is_for(one)
        )

    # === PRESENTATIONS === #

    def _get_training_subject(self):
        """Return what presentations of this training are about: the training."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    def _counts_attendee(self, employer, place):
        """Tell whether somebody of a shop counts at a presentation.

        :param employer: ``res.partner`` of who came
        :param place: commercial partner of the presenter's shop
        """
        if self.attendees_from == "any":
            return True
        is_own = employer.commercial_partner_id == place
        return is_own == (self.attendees_from == "same_shop")

    def _word_attendees(self):
        """Return who counts at presentations, for who does not."""
        if self.attendees_from == "same_shop":
            return self.env._("This presentation is for the people of its own shop.")
        return self.env._("This presentation is for people of other shops.")

    # === PRIZES === #

    def _get_training_prize(self, score):
        """Return the prize for a score: that of the highest threshold it reaches."""
        reached = self.prize_ids.filtered(lambda prize: prize.threshold <= score)
        return reached.sorted("threshold")[-1:]
