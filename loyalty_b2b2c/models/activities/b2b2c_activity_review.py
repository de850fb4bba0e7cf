from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.distance import kilometres
from ..base.rows import update_in_state
from ..people.authority import decides

#: Kilometres between the position and the shop without a sign.
FAR = 2
#: Answer that has a reason -> the states before and after it.
ANSWERS = {
    "send_back": ("handed_in", "sent_back"),
    "refuse": ("handed_in", "refused"),
    "take_back": ("accepted", "cancelled"),
}


class B2b2cActivitySubmission(models.Model):
    """The desk of those who look at submissions."""

    _inherit = "b2b2c.activity.submission"

    @api.depends_context("uid")
    def _compute_waiting_count(self):
        count = self.search_count(self._get_waiting_domain())
        for one in self:
            is_one = one.state == "handed_in" and (
                one.first_reviewer_id != self.env.user
            )
            one.waiting_count = count - is_one

    # === DECISIONS === #

    @decides("member_id", "employer_id")
    def action_accept(self):
        """Accept this submission with its scores (officers), above the limit as the
        first of two.

        :return: a short message, and then the next submission that waits
        """
        one = self._check_reviewer("handed_in")
        if one._needs_another(self.env.user):
            text = self.env._(
                "%s: accepted by you; a second person has to.", one.display_name
            )
        else:
            one._accept(self.env.user)
            text = self.env._(
                "%(name)s: accepted, %(prize)s.",
                name=one.display_name,
                prize=one.prize_text or self.env._("no prize"),
            )
        return self._open_next(text)

    @decides("member_id", "employer_id")
    def action_send_back(self):
        """Ask what is wrong: the participant may hand it in again (officers)."""
        return self._ask("send_back", self.env._("Send Back"))

    @decides("member_id", "employer_id")
    def action_refuse(self):
        """Ask why this submission is refused for good (officers)."""
        return self._ask("refuse", self.env._("Refuse"))

    @decides("member_id", "employer_id")
    def action_take_back(self):
        """Ask why the prize of this submission is taken back (officers)."""
        return self._ask("take_back", self.env._("Take Back"))

    def action_next(self):
        """Open the next submission that waits for this person, else the list."""
        self.check_access("read")
        return self._open_next()

    def _ask(self, answer, title):
        """Return the dialog that asks for a reason.

        :param str answer: of :data:`ANSWERS`
        :raise UserError: the user may not answer so
        """
        self._check_reviewer(ANSWERS[answer][0])
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "b2b2c.activity.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_submission_id": self.id, "default_answer": answer},
        }

    # === THE QUEUE === #

    def _open_next(self, text=None):
        """Return the action that opens the next submission that waits, else the list.

        :param str text: what was done, shown for a moment
        """
        waiting = self._get_waiting(after=self) or self._get_waiting()
        return {
            "type": "ir.actions.client",
            "tag": "b2b2c_receipt_next",
            "params": {
                "res_id": waiting.id,
                "message": text,
                "list": "loyalty_b2b2c.b2b2c_activity_submission_action",
            },
        }

    def _get_waiting(self, after=None):
        """Return the oldest submission the user can decide on, after another one."""
        domain = self._get_waiting_domain()
        if after:
            domain = [*domain, ("handed_in_at", ">", after.handed_in_at)]
        return self.search(domain, order="handed_in_at, id", limit=1)

    def _get_waiting_domain(self):
        """Return the domain of submissions the user can decide on."""
        return [
            ("state", "=", "handed_in"),
            ("first_reviewer_id", "!=", self.env.uid),
        ]

    # === CHECKS === #

    def _check_reviewer(self, state):
        """Return this submission (with sudo) for an officer who may decide on it.

        :param str state: in which it has to be
        :raise UserError: the user may not, or it is in another state
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on submissions.")
            )
        self.check_access("read")
        one = self.sudo()
        if one.state != state:
            raise UserError(
                self.env._("%s does not wait for this decision.", one.display_name)
            )
        return one

    def _needs_another(self, user):
        """Note a first approval; tell whether a second person has to follow.

        :raise UserError: the same person a second time
        """
        if not self.needs_second:
            return False
        if self.env["b2b2c.authority"]._is_same_user(user, self.first_reviewer_id):
            raise UserError(
                self.env._("You accepted it already; a second person has to, too.")
            )
        if self.first_reviewer_id:
            return False
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_activity_submission SET first_reviewer_id = %s
                 WHERE id = %s AND first_reviewer_id IS NULL
                   AND state = 'handed_in' RETURNING id
                """,
                user.id,
                self.id,
            )
        )
        self.invalidate_recordset(["first_reviewer_id"])
        self.message_post(
            body=self.env._("%s accepted; a second person has to.", user.name)
        )
        return True

    # === WHAT FOLLOWS === #

    def _accept(self, user):
        """Accept what was handed in, and give the prize.

        :raise UserError: somebody was faster, or the person is suspended
        """
        self.ensure_one()
        if self.member_id.state == "suspended":
            raise UserError(
                self.env._(
                    "%s is suspended: decide when that is over, or refuse it.",
                    self.member_id.name,
                )
            )
        prize, points = self._get_prize()
        self._move(
            "handed_in",
            user,
            state="accepted",
            reason_code=None,
            answer=None,
            prize_id=prize.id or None,
            points=points,
        )
        self._award()
        self._log(self.env._("Accepted by %s.", user.name))
        if not self.award_id:
            self._tell("activity_accepted")

    def _award(self):
        """Give the prize of what was accepted, unless it was given."""
        for one in self.filtered(lambda one: one.prize_id and not one.award_id):
            if not one.points:
                continue
            lang = one.member_id.partner_id.lang
            reason = one.challenge_id.with_context(lang=lang).name
            one.award_id = one.challenge_id._award(
                one.member_id,
                one._get_key(),
                one.prize_id,
                reason,
                round_id=one.round_id,
                points=one.points,
            )

    def _answer(self, answer, reason_code, note, user):
        """Send back, refuse or take back, with a reason the participant reads.

        :param str answer: of :data:`ANSWERS`
        :param str reason_code: of ``activity_words.REASONS``
        :param str note: a few words more, may be empty
        :raise UserError: somebody was faster
        """
        before, state = ANSWERS[answer]
        text = {
            "send_back": self.env._("Sent back by %s.", user.name),
            "refuse": self.env._("Refused by %s.", user.name),
            "take_back": self.env._("Taken back by %s.", user.name),
        }[answer]
        self._move(
            before,
            user,
            state=state,
            reason_code=reason_code,
            answer=(note or "").strip() or None,
        )
        if answer == "take_back":
            self.challenge_id._take_back(self._get_key(), self.reason_text)
        self._log(text)
        self._tell(f"activity_{state}")

    def _move(self, before, user, **columns):
        """Move to another state, once.

        :raise UserError: it is not in the state before any more
        """
        columns.update(
            decided_by_id=user.id,
            decided_at=fields.Datetime.now(),
        )
        if not update_in_state(self, [before], **columns):
            raise UserError(self.env._("%s was decided meanwhile.", self.display_name))

    def _log(self, text):
        """Keep a step in the chatter, with the reason."""
        self.message_post(body="\n".join(filter(None, [text, self.reason_text])))

    def _tell(self, kind):
        """Tell the participant what became of it."""
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": kind,
                    "key": f"{kind}/{self.id}/{self.attempt}",
                    "member_id": self.member_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": {
                        "task": self.challenge_id.name,
                        "reason": self.reason_text or "",
                    },
                }
            ]
        )

    # === SIGNS === #

    def _get_sign_codes(self):
        """Return what looks unusual, as codes of ``activity_words``."""
        self.ensure_one()
        codes = {code for photo in self.photo_ids for code in photo.signs or []}
        codes |= set(self._get_video().signs or [])
        shop = self.sudo().employer_id
        if self.has_position and (shop.partner_latitude or shop.partner_longitude):
            there = (shop.partner_latitude, shop.partner_longitude)
            slack = self.accuracy / 1000
            if kilometres((self.latitude, self.longitude), there) > FAR + slack:
                codes.add("far")
        return codes
