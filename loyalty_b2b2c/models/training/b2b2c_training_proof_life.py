from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.rows import update_in_state
from ..people.authority import decides

#: So long before it lapses a person is reminded.
REMIND_DAYS = 30


class B2b2cTrainingProof(models.Model):
    """What becomes of a passed training: given, refused, withdrawn, lapsed."""

    _inherit = "b2b2c.training.proof"

    # === ACTION METHODS === #

    @decides("member_id")
    def action_accept(self):
        """Say that people passed, and give the prizes (officers)."""
        self._check_officer()
        for proof in self.sudo():
            if proof.state != "held":
                raise UserError(self.env._("“%s” is not waiting.", proof.display_name))
            proof._give(self.env.user)
        return True

    @decides("member_id")
    def action_refuse(self):
        """Ask why these do not count."""
        self._check_officer()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_training_refuse_action"
        )
        return dict(action, context={"default_proof_ids": self.ids})

    def action_open_source(self):
        """Open what proves it."""
        self.ensure_one()
        self.check_access("read")
        if not self.res_model or self.res_model not in self.env:
            raise UserError(self.env._("What proved it is not there any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _check_officer(self):
        """:raise UserError: the user is no officer"""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer decides whether somebody passed.")
            )

    # === BUSINESS METHODS === #

    def _get_award_key(self):
        """Return what the prize of this proof is for, once."""
        self.ensure_one()
        return f"training/{self.id}"

    def _give(self, user=None):
        """Let the person have passed, and give the prize.

        :param user: ``res.users`` who decided, nobody where nobody had to
        :return: whether it was waiting
        """
        self.ensure_one()
        values = {"state": "passed"}
        if user:
            values |= {"decided_by_id": user.id, "decided_at": fields.Datetime.now()}
        if not update_in_state(self, ["held"], **values):
            return False
        challenge = self.challenge_id
        words = self.with_context(lang=self.member_id.lang or self.env.lang).env
        award = challenge._award(
            self.member_id,
            self._get_award_key(),
            self.prize_id,
            words._("“%s” passed", challenge.with_env(words).name),
            round_id=challenge._get_training_round(self.passed_at),
        )
        if not award:  # the manager has a to-do; it is tried again every hour
            update_in_state(self, ["passed"], state="held", hold="budget")
            return False
        self._tell("training_passed")
        return True

    @api.model
    def _give_unpaid(self):
        """Try again to give what no budget paid."""
        unpaid = [("state", "=", "held"), ("hold", "=", "budget")]
        for proof in self.sudo().search(unpaid, order="id"):
            proof._give()

    def _refuse(self, reason, user):
        """Let proofs count for nothing: those that wait are refused, others withdrawn.

        :param str reason: for the person
        :param user: ``res.users`` who decided
        """
        decided = {"decided_by_id": user.id, "decided_at": fields.Datetime.now()}
        for proof in self:
            if update_in_state(
                proof, ["held"], state="refused", reason=reason, **decided
            ):
                proof._tell("training_withdrawn")
            else:
                proof._withdraw(reason, **decided)

    def _can_come_back(self):
        """Tell whether the prize can still be taken back."""
        self.ensure_one()
        days = timedelta(days=self.challenge_id.clawback_days)
        return fields.Datetime.now() < self.passed_at + days

    def _withdraw(self, reason, **columns):
        """Take the prize back while that can be.

        :param str reason: for the person
        :return: whether it was taken back
        """
        self.ensure_one()
        if not self._can_come_back():
            return False
        if not update_in_state(
            self, ["passed"], state="withdrawn", reason=reason, **columns
        ):
            return False
        self.challenge_id._take_back(self._get_award_key(), reason)
        self._tell("training_withdrawn")
        return True

    @api.model
    def _undo(self, attempt):
        """Look at what rests on something that was undone.

        :param attempt: ``b2b2c.training.attempt`` that does not hold any more
        """
        people = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        people = people.search(
            [
                "|", "|",
                ("id", "=", attempt.member_id.id),
                ("partner_id", "in", attempt.partner_id.ids),
                ("contact_id", "in", attempt.partner_id.ids),
            ]
        )  # fmt: skip
        standing = self.sudo().search(
            [
                ("state", "in", ("held", "passed")),
                "|", ("attempt_id", "=", attempt.id), ("member_id", "in", people.ids),
            ]
        )  # fmt: skip
        for proof in standing:
            if attempt.subject in (proof.challenge_id.training_content or {}):
                proof._look_again()

    def _look_again(self):
        """Refuse or withdraw this proof unless it is one still; then let whatever else
        the person passed count."""
        self.ensure_one()
        way = self.challenge_id._get_training_way()
        if self.attempt_id and way._assess(self.challenge_id, self.attempt_id):
            return
        words = self.with_context(lang=self.member_id.lang or self.env.lang).env
        reason = words._("What proved it was deleted or set back.")
        ended = update_in_state(self, ["held"], state="refused", reason=reason)
        if ended:
            self._tell("training_withdrawn")
        if ended or self._withdraw(reason):
            self._find_others()._judge_again()

    def _find_others(self):
        """Return what else the person passed of the same training."""
        attempts = self.env["b2b2c.training.attempt"].sudo()
        return attempts.search(
            [
                ("subject", "in", list(self.challenge_id.training_content or {})),
                ("partner_id", "in", self.attempt_id.partner_id.ids),
                ("is_passed", "=", True),
                ("is_undone", "=", False),
                ("state", "=", "done"),
            ],
            order="id",
        )

    # === MESSAGES === #

    def _tell(self, kind):
        """Queue a message to each person.

        :param str kind: of ``b2b2c.notification``
        """
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": kind,
                    "key": f"{kind}/{proof.id}",
                    "member_id": proof.member_id.id,
                    "res_model": proof._name,
                    "res_id": proof.id,
                }
                for proof in self
                if not proof.member_id.erased_at
            ]
        )

    @api.model
    def _remind(self):
        """Remind people whose training lapses soon, once each."""
        now = fields.Datetime.now()
        lapsing = self.sudo().search(
            [
                ("state", "=", "passed"),
                ("valid_until", ">", now),
                ("valid_until", "<=", now + timedelta(days=REMIND_DAYS)),
                ("member_id.state", "=", "enrolled"),
                ("challenge_id.state", "=", "running"),
            ]
        )
        lapsing._tell("training_lapsing")
